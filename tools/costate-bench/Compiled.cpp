//===- Compiled.cpp - A step that Costate compiles, loads and runs ----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#include "Compiled.h"
#include "costate/Runtime/ABI.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

using namespace costate::bench;
using nlohmann::json;
namespace fs = std::filesystem;

extern char **environ;

namespace {

/// A folder that goes with this object.
struct TemporaryFolder {
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "costate-bench-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw std::runtime_error("cannot make a temporary folder: " + std::string(std::strerror(errno)));
    path = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

void runProgram(const std::vector<std::string> &words) {
  std::vector<char *> arguments;
  for (const std::string &word : words)
    arguments.push_back(const_cast<char *>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child;
  if (int error = posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ))
    throw std::runtime_error("cannot run " + words[0] + ": " + std::strerror(error));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error(words[0] + " failed");
}

struct CloseLibrary {
  void operator()(void *library) const { dlclose(library); }
};
using Library = std::unique_ptr<void, CloseLibrary>;

template <class Symbol> Symbol *find(const Library &library, const char *name) {
  auto *symbol = reinterpret_cast<Symbol *>(dlsym(library.get(), name));
  if (!symbol)
    throw std::runtime_error(std::string("the compiled problem does not define ") + name);
  return symbol;
}

/// Zeroed memory that vectors may load from.
template <class Element> struct Buffer {
  explicit Buffer(size_t count)
      : memory(static_cast<Element *>(std::aligned_alloc(64, (count * sizeof(Element) + 63) / 64 * 64)),
               &std::free) {
    if (!memory)
      throw std::bad_alloc();
    std::memset(memory.get(), 0, count * sizeof(Element));
  }
  Element *data() const { return memory.get(); }
  std::unique_ptr<Element, decltype(&std::free)> memory;
};

int64_t elements(const json &shape) {
  int64_t count = 1;
  for (const json &extent : shape)
    count *= extent.get<int64_t>();
  return count;
}

template <class Real> class CompiledStep : public Step {
public:
  CompiledStep(const Workload &workload, Library loaded)
      : library(std::move(loaded)), program(json::parse(find<const char>(library, "costate_program"))),
        size(static_cast<int64_t>(workload.parameters.size())),
        count(static_cast<int64_t>(workload.times.size())), capacity((count + 63) / 64 * 64), theta(size),
        grad(size), metrics(program.at("metrics").size()),
        workspace(program.value("host_workspace_bytes", int64_t(0)) +
                  program.at("workspace_bytes_per_worker").get<int64_t>() * costate_rt_threads() + 64) {
    if (program.at("parameter_count") != size)
      throw std::runtime_error("the compiled problem has " + program.at("parameter_count").dump() +
                               " parameters, the baseline " + std::to_string(size));
    findTotal();
    placeParameters(workload.network);
    bindEntry(workload);
    setParameters(workload.parameters);
  }

  void setParameters(const std::vector<double> &parameters) override {
    for (int64_t i = 0; i < size; ++i)
      theta.data()[place[i]] = static_cast<Real>(parameters[i]);
  }

  void run() override { entry(arguments.data(), workspace.data()); }

  double loss() const override { return metrics.data()[total]; }

  std::vector<double> gradient() const override {
    std::vector<double> values(size);
    for (int64_t i = 0; i < size; ++i)
      values[i] = grad.data()[place[i]];
    return values;
  }

private:
  void findTotal() {
    const json &described = program.at("metrics");
    for (total = 0; total < described.size(); ++total)
      if (described[total].value("kind", "") == "total")
        return;
    throw std::runtime_error("the compiled problem reports no total");
  }

  /// The compiled layout, layer by layer, in the order of the workload's: weight [out][in], then bias.
  void placeParameters(Network network) {
    std::vector<std::vector<int64_t>> shapes;
    for (int layer = 0; layer <= network.depth; ++layer) {
      int64_t in = layer == 0 ? 2 : network.width, out = layer == network.depth ? 1 : network.width;
      shapes.push_back({out, in});
      shapes.push_back({out});
    }
    const json &described = program.at("parameters");
    if (described.size() != shapes.size())
      throw std::runtime_error("the compiled problem has " + std::to_string(described.size()) +
                               " parameter tensors, expected were " + std::to_string(shapes.size()));
    for (size_t i = 0; i < shapes.size(); ++i) {
      if (described[i].at("shape") != json(shapes[i]))
        throw std::runtime_error("parameter " + described[i].at("name").dump() + " has shape " +
                                 described[i].at("shape").dump() + ", expected was " +
                                 json(shapes[i]).dump());
      int64_t offset = described[i].at("offset");
      for (int64_t k = 0; k < elements(shapes[i]); ++k)
        place.push_back(offset + k);
    }
  }

  /// Points stand last; rows from the count on repeat the last valid row.
  void fillColumns(const Workload &workload) {
    points = Buffer<Real>(2 * capacity);
    for (int64_t i = 0; i < capacity; ++i) {
      int64_t row = std::min(i, count - 1);
      points.data()[i] = static_cast<Real>(workload.times[row]);
      points.data()[capacity + i] = static_cast<Real>(workload.places[row]);
    }
  }

  void bindEntry(const Workload &workload) {
    auto *table = find<const costate_entry>(library, "costate_entries");
    while (table->name && std::strcmp(table->name, "gradient") != 0)
      ++table;
    if (!table->name)
      throw std::runtime_error("the compiled problem has no entry 'gradient'");
    entry = table->function;
    fillColumns(workload);

    const json &entries = program.at("entries");
    auto described = std::find_if(entries.begin(), entries.end(),
                                  [](const json &candidate) { return candidate.at("name") == "gradient"; });
    int columns = 0;
    for (const json &argument : described->at("args")) {
      std::string role = argument.at("role");
      if (role == "theta")
        arguments.push_back(theta.data());
      else if (role == "grad")
        arguments.push_back(grad.data());
      else if (role == "metrics")
        arguments.push_back(metrics.data());
      else if (role == "count")
        arguments.push_back(&count);
      else if (role == "column" && elements(argument.at("shape")) == 2 && ++columns == 1)
        arguments.push_back(points.data());
      else
        throw std::runtime_error("the entry 'gradient' takes what this benchmark does not have: " +
                                 argument.dump());
    }
    // The capacity of the only column.
    for (int i = 0; i < columns; ++i)
      arguments.push_back(&capacity);
  }

  Library library;
  json program;
  int64_t size, count, capacity;
  Buffer<Real> theta, grad, metrics, points{1};
  Buffer<char> workspace;
  std::vector<int64_t> place;
  std::vector<void *> arguments;
  costate_entry_function entry = nullptr;
  size_t total = 0;
};

} // namespace

std::unique_ptr<Step> costate::bench::compileStep(const Workload &workload, const std::string &real,
                                                  const std::string &costatec) {
  TemporaryFolder folder;
  std::string source = folder.path / "burgers.mlir", object = folder.path / "burgers.o",
              shared = folder.path / "burgers.so";
  std::ofstream(source) << burgersProblem(workload.network, real);
  runProgram({costatec, source, "--emit=obj", "-o", object});
  runProgram({COSTATE_CXX, "-shared", object, "-o", shared, "-lm"});
  Library library(dlopen(shared.c_str(), RTLD_NOW | RTLD_LOCAL));
  if (!library)
    throw std::runtime_error(std::string("cannot load the compiled problem: ") + dlerror());
  if (real == "f32")
    return std::make_unique<CompiledStep<float>>(workload, std::move(library));
  return std::make_unique<CompiledStep<double>>(workload, std::move(library));
}
