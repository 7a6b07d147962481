//===- Npy.h - NumPy arrays -------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_NPY_H
#define COSTATE_LIB_RUNTIME_NPY_H

#include "Buffer.h"

#include <string>
#include <string_view>
#include <vector>

namespace costate::rt {

/// An array as it stands in a file, in C order, as doubles (which hold every f32 and every integer up to
/// 2^53).
struct Array {
  Shape shape;
  std::vector<double> values;
  /// As the file named it: "<f8", "<i4", ...
  std::string dtype;
  /// Why it cannot be used, where its elements are no numbers; it has no values then.
  std::string problem{};
};

/// Reads the bytes of an .npy file: floats of 16 to 64 bits, integers and booleans of either byte order.
/// `what` names it in messages.
Array parseNpy(std::string_view bytes, const std::string &what);

/// Writes version 1.0, little-endian, C order, in the precision given.
std::string formatNpy(const Shape &shape, const std::vector<double> &values, Precision precision);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_NPY_H
