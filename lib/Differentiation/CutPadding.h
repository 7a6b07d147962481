//===- CutPadding.h - Padding by less than nothing --------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_CUTPADDING_H
#define COSTATE_LIB_DIFFERENTIATION_CUTPADDING_H

#include "mlir/IR/Operation.h"

namespace costate {

/// Leaves `tensor.pad` by constant amounts of at least zero, or of unknown sizes. A negative amount cuts.
/// Upstream drops any padding that leaves the type as it is, and writes beside the result otherwise.
void cutPadding(mlir::Operation *root);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_CUTPADDING_H
