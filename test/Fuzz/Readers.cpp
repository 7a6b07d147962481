//===- Readers.cpp - Any bytes to the readers of the runtime ----------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// A reader takes what it is given or throws Error; nothing else is thrown, no
// memory is touched that is not its own, and what it returns is consistent.
// FUZZ_READER names the one that a target is made of.
//
//===----------------------------------------------------------------------===//

#include "Config.h"
#include "Csv.h"
#include "Error.h"
#include "Npy.h"
#include "Npz.h"
#include "Program.h"
#include "Safetensors.h"
#include "costate/Runtime/ABI.h"

#include <bit>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <unistd.h>

using namespace costate::rt;

// The library's main is not wanted here, its descriptor is nobody's.
extern "C" const char costate_program[] = "{}";
extern "C" const costate_entry costate_entries[] = {{"step", [](void **, void *) {}}, {nullptr, nullptr}};

namespace {

void require(bool condition, const char *what) {
  if (condition)
    return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

void checkArray(const Array &array) {
  // What cannot be read as numbers is said once somebody asks for it.
  if (!array.problem.empty())
    return require(array.values.empty(), "an array that cannot be read holds nothing");
  uint64_t elements = 1;
  for (int64_t extent : array.shape) {
    require(extent >= 0, "an extent is not negative");
    elements *= static_cast<uint64_t>(extent);
  }
  require(elements == array.values.size(), "an array has as many values as its shape says");
}

bool sameBits(const std::vector<double> &a, const std::vector<double> &b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
           return std::bit_cast<uint64_t>(x) == std::bit_cast<uint64_t>(y);
         });
}

[[maybe_unused]] void npy(std::string_view bytes) {
  Array array = parseNpy(bytes, "input");
  checkArray(array);
  if (!array.problem.empty())
    return;
  Array again = parseNpy(formatNpy(array.shape, array.values, Precision::F64), "output");
  require(again.shape == array.shape && sameBits(again.values, array.values),
          "what is written is read again");
}

[[maybe_unused]] void npz(std::string_view bytes) {
  std::vector<std::pair<std::string, std::string>> members;
  for (const auto &[name, content] : parseZip(bytes, "input"))
    members.emplace_back(name, content);
  std::map<std::string, std::string> again = parseZip(formatZip(members), "output");
  require(again.size() == members.size(), "every member is written");
  for (const auto &[name, content] : members)
    require(again[name] == content, "a member is read as it was written");
  for (const auto &[name, array] : parseNpz(bytes, "input"))
    checkArray(array);
}

[[maybe_unused]] void csv(std::string_view text) {
  for (const auto &[name, array] : parseCsv(text, "input"))
    checkArray(array);
}

[[maybe_unused]] void safetensors(std::string_view bytes) {
  for (const auto &[name, tensor] : parseSafetensors(bytes, "input").tensors)
    require(tensor.bytes.empty() ||
                (tensor.bytes.data() >= bytes.data() &&
                 tensor.bytes.data() + tensor.bytes.size() <= bytes.data() + bytes.size()),
            "a tensor lies within the file");
}

[[maybe_unused]] void descriptor(std::string_view text) {
  parseProgram(std::string(text).c_str(), costate_entries);
}

/// A file in memory, by the path that a reader opens.
std::string inMemory(std::string_view content) {
  static const std::string path = "/dev/shm/costate-fuzz-" + std::to_string(getpid());
  std::ofstream(path, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
  return path;
}

[[maybe_unused]] void config(std::string_view text) {
  static const Program program = parseProgram(
      R"({"schema": 1, "name": "p", "precision": "f64", "parameter_count": 0, "training": {"steps": 10},
          "hypers": [{"name": "optimizer.lr", "default": 0.001}], "entries": [{"name": "step", "args": []}]})",
      costate_entries);
  Config settings(program);
  settings.readFile(inMemory(text));
  Program changed = program, repeated = program;
  settings.apply(changed);
  Config again(program);
  again.readFile(inMemory(settings.text()));
  again.apply(repeated);
  require(std::bit_cast<uint64_t>(repeated.hypers[0].value) ==
                  std::bit_cast<uint64_t>(changed.hypers[0].value) &&
              repeated.training.steps == changed.training.steps &&
              repeated.training.seed == changed.training.seed,
          "what was resolved is read again as it was");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  try {
    FUZZ_READER({reinterpret_cast<const char *>(data), size});
  } catch (const Error &error) {
    require(*error.what() != 0, "an error says something");
    if (std::getenv("COSTATE_FUZZ_VALID"))
      require(false, error.what());
  }
  return 0;
}
