//===- Peers.cpp - The benchmarks beside JAX and PyTorch --------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#include "Peers.h"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;

extern char **environ;

namespace {

std::vector<char *> wordsOf(std::vector<std::string> &words) {
  std::vector<char *> pointers;
  for (std::string &word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Whether the command ran and did not fail; says so otherwise.
bool succeeds(std::vector<std::string> words) {
  pid_t child;
  if (int error = posix_spawnp(&child, words[0].c_str(), nullptr, nullptr, wordsOf(words).data(), environ)) {
    std::fprintf(stderr, "costate-bench: cannot run %s: %s\n", words[0].c_str(), std::strerror(error));
    return false;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

fs::path defaultEnvironment() {
  if (const char *cache = std::getenv("XDG_CACHE_HOME"); cache && *cache)
    return fs::path(cache) / "costate" / "peers";
  const char *home = std::getenv("HOME");
  return fs::path(home ? home : "/tmp") / ".cache" / "costate" / "peers";
}

} // namespace

int costate::bench::runPeers(int argc, char **argv) {
  CLI::App app(
      "Times the compiled benchmarks beside JAX, folx and PyTorch, by turns, and prints tables.\n"
      "What stands behind the options below goes to peers/main.py, whose own --help lists it: --only, "
      "--threads,\n--rounds, --points, --results, --report.",
      "costate-bench --peers");
  std::string environment, scripts = COSTATE_PEERS_SCRIPTS;
  app.add_option("--peers", environment,
                 "Virtual environment with the peers, made from pip if it is missing (default: "
                 "costate/peers in the cache folder)")
      ->expected(0, 1)
      ->required();
  app.add_option("--scripts", scripts, "Folder of the scripts")->capture_default_str();
  app.set_help_flag("");
  app.allow_extras();
  CLI11_PARSE(app, argc, argv);

  fs::path place = environment.empty() ? defaultEnvironment() : fs::path(environment);
  fs::path python = place / "bin" / "python";
  if (!fs::exists(python) && !succeeds({"python3", fs::path(scripts) / "environment.py", place})) {
    std::fprintf(stderr, "costate-bench: the environment with the peers could not be made in %s\n",
                 place.c_str());
    return 1;
  }
  fs::path tools = fs::read_symlink("/proc/self/exe").parent_path();
  std::vector<std::string> words = {python,       fs::path(scripts) / "main.py",
                                    "--costatec", tools / "costatec",
                                    "--runtime",  tools.parent_path() / "lib" / "libcostate_rt.a",
                                    "--problems", COSTATE_BENCHMARKS,
                                    "--llvm",     COSTATE_LLVM,
                                    "--cxx",      COSTATE_CXX};
  for (const std::string &word : app.remaining())
    words.push_back(word);
  execv(python.c_str(), wordsOf(words).data());
  std::fprintf(stderr, "costate-bench: cannot run %s: %s\n", python.c_str(), std::strerror(errno));
  return 1;
}
