//===- Differentiation.h - Derivatives of functions --------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_DIFFERENTIATION_H
#define COSTATE_DIFFERENTIATION_DIFFERENTIATION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/BitVector.h"

namespace costate {

/// An attribute of a function, or of its module: how many bytes the loops of one derivative backwards may
/// record. Schemes for the loops are chosen so that the fewest iterations run again; an error at a loop where
/// there are none.
constexpr llvm::StringLiteral kMemoryLimitAttr = "costate.memory_limit";

// Each makes a new private function and puts it after `function`, which stays as it is. `wrt` lists
// arguments. With x the arguments and y the results of `function`:

/// (x, tangents of wrt) -> (y, tangents of y)
mlir::FailureOr<mlir::func::FuncOp> createJvp(mlir::func::FuncOp function, llvm::ArrayRef<int64_t> wrt,
                                              llvm::StringRef name);

/// (x, cotangents of y) -> (y, cotangents of wrt)
mlir::FailureOr<mlir::func::FuncOp> createVjp(mlir::func::FuncOp function, llvm::ArrayRef<int64_t> wrt,
                                              llvm::StringRef name);

/// The transpose of a function that is linear in the arguments `wrt`: (x without wrt, cotangents of y) ->
/// (cotangents of wrt). An error at each op that is not linear in them.
mlir::FailureOr<mlir::func::FuncOp> createTranspose(mlir::func::FuncOp function, llvm::ArrayRef<int64_t> wrt,
                                                    llvm::StringRef name);

/// (x) -> (y, gradients by wrt); y is one scalar, or a tensor of one element.
mlir::FailureOr<mlir::func::FuncOp> createGradient(mlir::func::FuncOp function, llvm::ArrayRef<int64_t> wrt,
                                                   llvm::StringRef name);

/// How many products with seeds a matrix of derivatives takes: Jacobian times tangents, or cotangents times
/// it.
struct SeedCount {
  int64_t seeds;
  bool forwards;
  int64_t rows, columns;
};

/// Replaces `function` by one for `lanes` samples at once: the arguments in `varying` and all results have
/// one more dimension, the last. Batching is not known here.
using BatchFunction = llvm::function_ref<mlir::FailureOr<mlir::func::FuncOp>(
    mlir::func::FuncOp function, const llvm::BitVector &varying, int64_t lanes)>;

/// (x) -> for each result and each of wrt a tensor of shape result × argument; scalars have the shape of rank
/// 0. By columns, by rows, or by sums of columns or of rows that do not meet, whichever is cheapest. `count`,
/// if given, says which. Many seeds are a dimension that `batch` adds, and a loop.
mlir::FailureOr<mlir::func::FuncOp> createJacobian(mlir::func::FuncOp function, llvm::ArrayRef<int64_t> wrt,
                                                   llvm::StringRef name, BatchFunction batch,
                                                   SeedCount *count = nullptr);

/// (x) -> for each pair of wrt a tensor of shape argument × argument; y is one scalar. By columns, or by sums
/// of columns that do not meet.
mlir::FailureOr<mlir::func::FuncOp> createHessian(mlir::func::FuncOp function, llvm::ArrayRef<int64_t> wrt,
                                                  llvm::StringRef name, BatchFunction batch,
                                                  SeedCount *count = nullptr);

/// (x, tangents of wrt) -> for each of wrt the product of the Hessian with the tangents; y is one scalar.
mlir::FailureOr<mlir::func::FuncOp> createHvp(mlir::func::FuncOp function, llvm::ArrayRef<int64_t> wrt,
                                              llvm::StringRef name);

/// A variable of a jet: a component (row-major, flat) of an argument.
struct ArgumentComponent {
  int64_t argument;
  int64_t component;
};

/// (x) -> for each result and each multi-index the partial derivative, of the type of the result. A
/// multi-index has one exponent for each variable.
mlir::FailureOr<mlir::func::FuncOp> createJet(mlir::func::FuncOp function,
                                              llvm::ArrayRef<ArgumentComponent> variables,
                                              llvm::ArrayRef<llvm::SmallVector<unsigned>> indices,
                                              llvm::ArrayRef<llvm::SmallVector<double>> weights,
                                              llvm::StringRef name);

/// Writes `function` in the ops that have derivatives: structured control flow as `scf.for`, `if` and
/// `while`, buffers that it alone knows and complex scalars as values that these carry, `linalg` in its
/// normal form, and what depends on `sources` and has none as loops over elements. What is none of these is
/// left as it is.
mlir::LogicalResult normalize(mlir::func::FuncOp function, mlir::ValueRange sources);

/// Rewrites the contractions, convolutions, elementwise ops, maps and reductions of `linalg` in `function`,
/// `tensor.gather`, `tensor.scatter` and padding by other than constants, to the few ops that have rules:
/// `linalg.contract`, `broadcast`, `transpose`, `fill`, `reduce` of a sum or an extremum, products with
/// windows, loops that move elements, and `arith`/`math` on tensors. What has no such form is left as it is.
mlir::LogicalResult normalizeLinalg(mlir::func::FuncOp function);

/// Removes what no result needs and what is there twice.
void simplifyFunction(mlir::func::FuncOp function);

} // namespace costate

#endif // COSTATE_DIFFERENTIATION_DIFFERENTIATION_H
