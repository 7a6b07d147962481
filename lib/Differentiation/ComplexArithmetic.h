//===- ComplexArithmetic.h - Complex functions by real ones -----------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_COMPLEXARITHMETIC_H
#define COSTATE_LIB_DIFFERENTIATION_COMPLEXARITHMETIC_H

#include "mlir/IR/Builders.h"

namespace costate {

/// A complex number as its real and its imaginary part.
struct Pair {
  mlir::Value re, im;
};

/// What an op of `complex` on scalars computes, from its operands as pairs: a pair, or one value (then `im`
/// is null) where the result is real. Nothing for an op that has no such form.
std::optional<Pair> expandArithmetic(mlir::OpBuilder &builder, mlir::Operation *op,
                                     llvm::ArrayRef<Pair> operands);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_COMPLEXARITHMETIC_H
