//===- BaseBuffer.h - What a view of a buffer is a part of ---------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_BASEBUFFER_H
#define COSTATE_LIB_CONVERSION_BASEBUFFER_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace costate {

/// The buffer that a view, or a view of a view, shows a part of; the buffer itself if it is no view. A view
/// of the workspace is a buffer of its own: the plan keeps those that are alive at the same time apart.
inline mlir::Value baseOf(mlir::Value buffer) {
  while (auto view = buffer.getDefiningOp<mlir::ViewLikeOpInterface>()) {
    if (mlir::isa<mlir::memref::ViewOp>(view))
      break;
    buffer = view.getViewSource();
  }
  return buffer;
}

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_BASEBUFFER_H
