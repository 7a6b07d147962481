//===- ThreadAccess.h - Which threads touch which elements --------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_GPU_THREADACCESS_H
#define COSTATE_LIB_CONVERSION_GPU_THREADACCESS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace costate {

/// How the iterations of a linalg op are shared out.
struct Distribution {
  /// The loop that is the thread; none: threads take the output elements in turn.
  std::optional<unsigned> lane;
  /// Parallel loops, outermost first, in the order of the output's dimensions; the others reduce.
  llvm::SmallVector<unsigned> parallel, reduction;

  static Distribution of(mlir::linalg::LinalgOp op, int64_t threads);
};

/// What an op does to one buffer.
struct ThreadAccess {
  mlir::Value root;
  bool writes = false;
  /// Thread t touches only elements whose last index is t + origin.
  bool ownLane = false;
  mlir::OpFoldResult origin;

  /// Whether two threads may touch the same element, one of them writing.
  bool conflictsWith(const ThreadAccess &other) const;
};

/// The whole buffer that a view shows.
mlir::Value rootOf(mlir::Value buffer);

/// What one op that may stand in a phase, or a load, does to memory.
llvm::SmallVector<ThreadAccess> accessesOf(mlir::Operation *op, int64_t threads);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_GPU_THREADACCESS_H
