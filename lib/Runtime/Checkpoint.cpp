//===- Checkpoint.cpp - All that a run needs to go on -----------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Checkpoint.h"

#include "Error.h"
#include "File.h"
#include "Numbers.h"
#include "RunFolder.h"
#include "Safetensors.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>

using namespace costate::rt;

static std::string stateTensor(const State &state) { return "state/" + state.name; }

static void *parameterData(const Session &session, const Parameter &parameter) {
  return static_cast<char *>(session.theta.data()) + parameter.offset * bytesOf(session.program.precision);
}

void costate::rt::writeCheckpoint(const std::string &path, const Session &session, int64_t stepsDone) {
  const Program &program = session.program;
  std::vector<TensorView> tensors;
  for (const Parameter &parameter : program.parameters)
    tensors.push_back(
        {parameter.name, program.precision, parameter.shape, parameterData(session, parameter)});
  for (size_t i = 0; i < program.states.size(); ++i)
    tensors.push_back({stateTensor(program.states[i]), program.precision, program.states[i].shape,
                       session.states[i].data()});
  std::map<std::string, std::string> metadata = {
      {"format", "costate-checkpoint-2"},
      {"program", program.name},
      {"ir_hash", program.irHash},
      {"precision", nameOf(program.precision)},
      {"step", std::to_string(stepsDone)},
      {"seed", std::to_string(session.seed)},
      {"random", "philox4x32-10, counters are functions of seed and step"},
  };
  for (size_t i = 0; i < program.hypers.size(); ++i)
    metadata["hyper." + program.hypers[i].name] = numberText(session.hyperBases[i]);
  writeFileAtomically(path, formatSafetensors(tensors, metadata));
}

/// The tensors of a file whose content belongs to the caller.
static StoredTensors parseCheckpoint(const std::string &content, const std::string &what) {
  StoredTensors stored = parseSafetensors(content, what);
  // What other tools write has none.
  if (stored.metadata.count("format") && !stored.metadata.count("crc32"))
    fail(what, ": damaged: its metadata has no checksum");
  return stored;
}

/// Throws where an element is not finite: a run writes none such.
template <typename T>
static void checkFinite(std::string_view bytes, const std::string &tensor, const std::string &what) {
  for (size_t i = 0; i * sizeof(T) < bytes.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    if (!std::isfinite(value))
      throw Damaged(cat(what, ": tensor '", tensor, "': element ", i, " is ", numberText(value),
                        ", required finite numbers"));
  }
}

int64_t costate::rt::readCheckpoint(const std::string &path, Session &session) {
  const Program &program = session.program;
  std::string what = cat("checkpoint '", path, "'");
  std::string content;
  StoredTensors stored;
  try {
    content = readFile(path);
    stored = parseCheckpoint(content, what);
  } catch (const Error &error) {
    throw Damaged(error.what());
  }

  auto find = [&](const std::string &name, const Shape &shape) {
    auto found = stored.tensors.find(name);
    const char *dtype = program.precision == Precision::F32 ? "F32" : "F64";
    if (found == stored.tensors.end())
      fail(what, ": tensor '", name, "' of shape ", textOf(shape), " is missing");
    const StoredTensor &tensor = found->second;
    if (tensor.shape != shape || tensor.dtype != dtype)
      fail(what, ": tensor '", name, "': found ", textOf(tensor.shape), " ", tensor.dtype, ", required ",
           textOf(shape), " ", dtype);
    if (program.precision == Precision::F32)
      checkFinite<float>(tensor.bytes, name, what);
    else
      checkFinite<double>(tensor.bytes, name, what);
    return tensor.bytes;
  };
  int64_t step = -1;
  const std::string &stepText = stored.metadata["step"];
  auto parsed = std::from_chars(stepText.data(), stepText.data() + stepText.size(), step);
  if (parsed.ec != std::errc() || step < 0)
    fail(what, ": its metadata names no step");
  // Look at everything before anything is changed.
  for (const Parameter &parameter : program.parameters)
    find(parameter.name, parameter.shape);
  for (const State &state : program.states)
    find(stateTensor(state), state.shape);

  for (const Parameter &parameter : program.parameters) {
    std::string_view bytes = find(parameter.name, parameter.shape);
    std::memcpy(parameterData(session, parameter), bytes.data(), bytes.size());
  }
  for (size_t i = 0; i < program.states.size(); ++i) {
    std::string_view bytes = find(stateTensor(program.states[i]), program.states[i].shape);
    std::memcpy(session.states[i].data(), bytes.data(), bytes.size());
  }
  return step;
}

NewestCheckpoint costate::rt::readNewestCheckpoint(const std::vector<std::string> &paths, Session &session) {
  for (const std::string &path : paths)
    try {
      return {path, readCheckpoint(path, session)};
    } catch (const Damaged &error) {
      std::fprintf(stderr, "warning: %s; the checkpoint before it is taken\n", error.what());
    }
  fail("none of ", paths.size(), " checkpoints is whole");
}

NewestCheckpoint costate::rt::readParameters(const std::string &fileOrFolder, Session &session) {
  if (!std::filesystem::is_directory(fileOrFolder))
    return {fileOrFolder, readCheckpoint(fileOrFolder, session)};
  std::vector<std::string> checkpoints = RunFolder::open(fileOrFolder).checkpoints();
  if (checkpoints.empty())
    fail("'", fileOrFolder, "' has no checkpoint");
  return readNewestCheckpoint(checkpoints, session);
}
