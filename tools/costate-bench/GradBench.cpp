//===- GradBench.cpp - The evals of GradBench beside its other tools --------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#include "GradBench.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

int costate::bench::runGradBench(int argc, char **argv) {
  std::string costatec = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "costatec";
  std::vector<std::string> words = {"python3", COSTATE_GRADBENCH_SCRIPT, "--costatec", costatec};
  words.insert(words.end(), argv + 2, argv + argc);
  std::vector<char *> pointers;
  for (std::string &word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  execvp(pointers[0], pointers.data());
  std::fprintf(stderr, "costate-bench: cannot run %s: %s\n", pointers[0], std::strerror(errno));
  return 1;
}
