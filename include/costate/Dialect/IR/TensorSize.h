//===- TensorSize.h - How large a tensor may be ------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIALECT_IR_TENSORSIZE_H
#define COSTATE_DIALECT_IR_TENSORSIZE_H

#include "mlir/IR/BuiltinTypeInterfaces.h"
#include "llvm/Support/MathExtras.h"

namespace costate {

/// What a process can address on x86-64, in numbers of eight bytes. Sizes and places of a few such tensors
/// can be computed without an overflow.
constexpr int64_t kMostElements = int64_t(1) << 44;

/// Whether a tensor with these extents has no more elements; dynamic extents are not counted.
inline bool isAddressable(llvm::ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    if (!mlir::ShapedType::isDynamic(extent) &&
        (llvm::MulOverflow(count, std::max<int64_t>(extent, 1), count) || count > kMostElements))
      return false;
  return true;
}

/// What is wrong with a tensor that has more.
constexpr llvm::StringLiteral kNotAddressable = "a tensor has no more elements than can be addressed, 2^44";

} // namespace costate

#endif // COSTATE_DIALECT_IR_TENSORSIZE_H
