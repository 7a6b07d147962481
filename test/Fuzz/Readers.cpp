//===- Readers.cpp - Any bytes to the readers of the runtime ----------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// A reader takes what it is given or throws Error; nothing else is thrown, no
// memory is touched that is not its own, what it returns is consistent, and what
// a writer writes is read again, bit for bit.
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
#include "Schedules.h"
#include "costate/Runtime/ABI.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
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

/// What was written must not be refused.
template <typename F> auto readAgain(const F &read) {
  try {
    return read();
  } catch (const Error &error) {
    std::fprintf(stderr, "%s\n", error.what());
    require(false, "what is written is read again");
    std::abort();
  }
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

bool sameBits(double a, double b) { return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }

bool sameBits(const std::vector<double> &a, const std::vector<double> &b) {
  return std::ranges::equal(a, b, [](double x, double y) { return sameBits(x, y); });
}

[[maybe_unused]] void npy(std::string_view bytes) {
  Array array = parseNpy(bytes, "input");
  checkArray(array);
  if (!array.problem.empty())
    return;
  std::string written = formatNpy(array.shape, array.values, Precision::F64);
  Array again = readAgain([&] { return parseNpy(written, "output"); });
  require(again.shape == array.shape && sameBits(again.values, array.values),
          "what is written is read again");
}

[[maybe_unused]] void npz(std::string_view bytes) {
  std::vector<std::pair<std::string, std::string>> members;
  for (const auto &[name, content] : parseZip(bytes, "input"))
    members.emplace_back(name, content);
  std::map<std::string, std::string> again =
      readAgain([&] { return parseZip(formatZip(members), "output"); });
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

/// Writes tensors and metadata, and reads them.
void checkWriter(const std::vector<TensorView> &tensors, const std::map<std::string, std::string> &metadata) {
  std::string written = formatSafetensors(tensors, metadata);
  StoredTensors again = readAgain([&] { return parseSafetensors(written, "output"); });
  require(again.tensors.size() == tensors.size(), "every tensor is written");
  for (const TensorView &tensor : tensors) {
    const StoredTensor &found = again.tensors[tensor.name];
    require(found.dtype == (tensor.precision == Precision::F32 ? "F32" : "F64") &&
                found.shape == tensor.shape,
            "a tensor is read with its type and shape");
    require(found.bytes.empty() || std::memcmp(found.bytes.data(), tensor.data, found.bytes.size()) == 0,
            "a tensor is read bit for bit");
  }
  require(again.metadata.erase("crc32") == 1, "a checksum is written");
  std::map<std::string, std::string> others = metadata;
  others.erase("crc32");
  require(again.metadata == others, "metadata are read as they were written");
}

[[maybe_unused]] void safetensors(std::string_view bytes) {
  // Any bits as numbers of each type.
  std::vector<TensorView> tensors;
  for (Precision precision : {Precision::F32, Precision::F64}) {
    auto size = static_cast<int64_t>(bytes.size() / bytesOf(precision));
    tensors.push_back(
        {precision == Precision::F32 ? "single" : "double", precision, {size, 1}, bytes.data()});
  }
  checkWriter(tensors, {});

  StoredTensors found = parseSafetensors(bytes, "input");
  tensors.clear();
  for (const auto &[name, tensor] : found.tensors) {
    require(tensor.bytes.empty() ||
                (tensor.bytes.data() >= bytes.data() &&
                 tensor.bytes.data() + tensor.bytes.size() <= bytes.data() + bytes.size()),
            "a tensor lies within the file");
    if (tensor.dtype == "F32" || tensor.dtype == "F64")
      tensors.push_back(
          {name, tensor.dtype == "F32" ? Precision::F32 : Precision::F64, tensor.shape, tensor.bytes.data()});
  }
  checkWriter(tensors, found.metadata);
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

bool same(const Schedule &a, const Schedule &b) {
  return a.kind == b.kind && a.every == b.every && sameBits(a.factor, b.factor) && sameBits(a.rate, b.rate) &&
         a.steps == b.steps && sameBits(a.final, b.final) && !a.then == !b.then &&
         (!a.then || same(*a.then, *b.then));
}

/// Everything that a configuration may change.
bool same(const Program &a, const Program &b) {
  return std::ranges::equal(a.hypers, b.hypers,
                            [](const Hyper &x, const Hyper &y) {
                              return sameBits(x.value, y.value) && same(x.schedule, y.schedule);
                            }) &&
         std::ranges::equal(a.sets, b.sets,
                            [](const SetSpec &x, const SetSpec &y) {
                              return x.count == y.count && x.perAxis == y.perAxis &&
                                     x.resampleEvery == y.resampleEvery;
                            }) &&
         a.training.batch == b.training.batch && a.training.epochs == b.training.epochs &&
         a.training.steps == b.training.steps && a.training.seed == b.training.seed &&
         sameBits(a.training.feasibility, b.training.feasibility);
}

/// Settings of every kind, under names that need quotes.
Program describe(const char *precision) {
  std::string text = R"({"schema": 1, "name": "p", "precision": ")" + std::string(precision) + R"(",
    "parameter_count": 0, "training": {"steps": 10, "batch": 4},
    "hypers": [
      {"name": "optimizer.lr", "default": 0.001, "range": "positive", "schedule": {"kind": "warmup", "steps": 7,
        "then": {"kind": "cosine", "steps": 90, "final": 0.1}}},
      {"name": "optimizer.dt", "default": 0.3, "schedule": {"kind": "step", "every": 10, "factor": 0.5}},
      {"name": "a \"b\" \u00e9.\t", "default": -0.0, "schedule": {"kind": "exponential", "rate": 0.9}},
      {"name": "optimizer", "default": 0.7, "range": "fraction"}],
    "sets": [
      {"name": "points", "kind": "sample", "region": {"kind": "box", "lower": [0], "upper": [1]},
       "sampler": "sobol", "count": 4, "columns": [{"name": "x", "shape": [1]}]},
      {"name": "grid", "kind": "sample", "region": {"kind": "box", "lower": [0, 0], "upper": [1, 1]},
       "sampler": "grid", "per_axis": [2, 3], "resample_every": 5, "columns": [{"name": "x", "shape": [2]}]},
      {"name": "data", "kind": "data", "columns": [{"name": "x", "shape": [1]}]}],
    "entries": [{"name": "step", "args": []}]})";
  return parseProgram(text.c_str(), costate_entries);
}

void checkConfig(const Program &program, std::string_view text) {
  Config settings(program);
  settings.readFile(inMemory(text));
  Program changed = program, repeated = program;
  // The innermost schedules belong to all copies.
  for (Program *copy : {&changed, &repeated})
    for (Hyper &hyper : copy->hypers)
      if (hyper.schedule.then)
        hyper.schedule.then = std::make_shared<Schedule>(*hyper.schedule.then);
  settings.apply(changed);
  readAgain([&] {
    Config again(program);
    again.readFile(inMemory(settings.text()));
    again.apply(repeated);
    return 0;
  });
  require(same(changed, repeated), "what was resolved is read again as it was");
}

[[maybe_unused]] void config(std::string_view text) {
  static const Program programs[] = {describe("f64"), describe("f32")};
  for (const Program &program : programs)
    checkConfig(program, text);
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
