//===- Safetensors.h - Named tensors in one file ----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_SAFETENSORS_H
#define COSTATE_LIB_RUNTIME_SAFETENSORS_H

#include "Buffer.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace costate::rt {

/// A tensor to be written; the memory is the caller's.
struct TensorView {
  std::string name;
  Precision precision;
  Shape shape;
  const void *data;
};

/// A tensor that was read; the bytes belong to the file's content.
struct StoredTensor {
  std::string dtype;
  Shape shape;
  std::string_view bytes;
};

struct StoredTensors {
  std::map<std::string, StoredTensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// Adds `crc32` to the metadata: of the whole file, with zeros in its own place.
std::string formatSafetensors(const std::vector<TensorView> &tensors,
                              const std::map<std::string, std::string> &metadata);

/// Checks everything that the format requires: lengths, types, shapes, that the tensors fill the file without
/// gap or overlap; and the checksum, where the metadata has one.
StoredTensors parseSafetensors(std::string_view content, const std::string &what);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_SAFETENSORS_H
