//===- MinNormSolve.h - Minimum-norm solutions of small semidefinite systems --------------------*- C++
//-*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_SOLVERS_MINNORMSOLVE_H
#define COSTATE_SOLVERS_MINNORMSOLVE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace costate {

// Each of these returns a private pure function of `module`, defining it on first use (a declaration of that
// name gets a body). They work on static shapes of `type` (f32 or f64) with ops that batching covers: no
// branch and no loop bound depends on data. Finite input never gives NaN; A = 0 gives x = 0.

/// `@costate_min_norm_solve_MxF(%A: tensor<MxMxF>, %b: tensor<MxF>) -> (%x: tensor<MxF>, %rank: F, %min: F,
/// %max: F)`: x = A⁺ b, the shortest x that minimises ‖A x − b‖, for a symmetric positive semidefinite A (its
/// upper triangle is read), such as J Jᵀ. `rank` is the number of eigenvalues that count, `max` the largest
/// eigenvalue and `min` the smallest, 0 where it does not count; max / min is the condition number.
///
/// An eigenvalue counts if it is greater than `tolerance` · max; a tolerance of 0 stands for M·ε. A Gram
/// matrix that was summed over n terms in working precision carries an error near √n·ε · max, so callers may
/// want more.
mlir::func::FuncOp getOrCreateMinNormSolve(mlir::ModuleOp module, int64_t size, mlir::FloatType type,
                                           double tolerance = 0);

/// `@costate_low_rank_min_norm_solve_MxCxF(%B: tensor<MxCxF>, %b: tensor<MxF>) -> (%x, %rank, %min, %max)`:
/// the same for A = B Bᵀ, given B with few columns, in O(M C²). `min` and `max` are those among the C
/// eigenvalues of Bᵀ B, which are the eigenvalues of A but M − C zeros.
mlir::func::FuncOp getOrCreateLowRankMinNormSolve(mlir::ModuleOp module, int64_t size, int64_t columns,
                                                  mlir::FloatType type, double tolerance = 0);

/// `@costate_psd_factor_MxF(%G: tensor<MxMxF>) -> (%L: tensor<MxMxF>)`: G = L Lᵀ for a positive semidefinite
/// G of any rank. With J = S K (through a bottleneck of M values, G = K Kᵀ), S L is a B for the function
/// above.
mlir::func::FuncOp getOrCreatePSDFactor(mlir::ModuleOp module, int64_t size, mlir::FloatType type);

} // namespace costate

#endif // COSTATE_SOLVERS_MINNORMSOLVE_H
