//===- Passes.td - Passes of Dialect/Transforms ------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
include "mlir/Pass/PassBase.td"

def ExpandTransforms : Pass<"costate-expand-transforms", "::mlir::ModuleOp"> {
  let summary = "Replaces declared derivatives by functions";
  let description = [{
    Replaces every `costate.derive` by a private `func.func` of its name, and every `costate.call` of a function by
    `func.call`. A derivative of a derivative, or of a function that calls one, comes after it; a derivative that
    depends on itself is an error.

    Before: sources are functions or other derivatives. After: no `costate.derive` and no `costate.call` is left.

    ```mlir
    costate.derive @g = gradient @f wrt [0]
    // becomes func.func private @g(%x: f64) -> (f64, f64)
    ```

    Calls are inlined into derivatives. Where that would double code, a large function that is called at more than one
    place, they stay calls, of derivatives that are made once; if the module is no program, such functions are marked
    `no_inline`.

    A remark of the category `seeds` tells how each Jacobian and Hessian is found, one of the category `checkpoints`
    what each loop of a derivative backwards records.

    `memory-limit` becomes the attribute `costate.memory_limit` of the module: the bytes that the loops of a derivative
    backwards may record, unless its function has a limit of its own.

    See `test/Differentiation/expand-transforms.mlir` and `test/Differentiation/memory-limit.mlir`.
  }];
  let options = [Option<"memoryLimit", "memory-limit", "int64_t", "0",
                        "Bytes that the loops of a derivative backwards may record; 0: any number">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def NormalizePoints : Pass<"costate-normalize-points", "::mlir::ModuleOp"> {
  let summary = "Writes the functions of one point in the ops that have derivatives";
  let description = [{
    Before: level 2. After: the functions that `costate.reduce_set` and `costate.map_set` take, and what these call or derive
    from, are as `costate-normalize-forms` leaves them, which derivatives begin with, too: the values and their
    derivatives are computed by the same ops, once, and batching meets no others.

    See `test/Dialect/Transforms/normalize-points.mlir`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def LowerNetworksPass : Pass<"costate-lower-networks", "::mlir::ModuleOp"> {
  let summary = "Lowers networks and residuals to functions of one point";
  let description = [{
    Before: level 1. After: every network, residual and function is a `func.func` that takes the parameters it needs, its
    own and those of what it calls, before its own arguments; such an argument carries `costate.parameter`. Layers are
    contractions and elementwise ops, calls are `func.call`, derivatives by inputs stay. The module attribute
    `costate.parameters` holds the layout of θ: the parameters of the networks in order, then the variables. The problem
    op stays as it is.

    Example: `test/Dialect/Transforms/lower-networks.mlir`.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def MergeChannelsPass : Pass<"costate-merge-channels", "::mlir::ModuleOp"> {
  let summary = "Joins derivatives that are used only as a sum with constant coefficients";
  let description = [{
    Before: functions with derivative ops. After: each is a `costate.operator`, and operators on one value whose only use is
    one sum, through constant factors, are one operator: one Taylor channel instead of several. This reorders the terms
    of sums. An operator whose derivatives are needed anyway, on the way to higher ones, is left apart. A remark of the
    category `jets` tells each merged channel.

    Example: `test/Dialect/Transforms/merge-channels.mlir`.
  }];
}

def ExpandDerivativesPass : Pass<"costate-expand-derivatives", "::mlir::ModuleOp"> {
  let summary = "Computes derivatives by inputs as Taylor coefficients";
  let description = [{
    Before: functions with derivative ops by values of theirs. After: none is left; the functions that they call are
    inlined, and the Taylor coefficients that the operators need are computed beside the values. A remark of the category
    `jets` tells how many there are.

    An operator that has second derivatives in `min-directions` directions or more with one weight, as a Laplacian in
    many dimensions has, gets its first-order coefficients written once for all of them: they are computed from a
    `costate.direction`, and products of two are summed by `costate.sum_directions`, for `costate-batch-directions`.

    Example: `test/Dialect/Transforms/expand-derivatives.mlir`.
  }];
  let options = [
    Option<"minDirections", "min-directions", "unsigned", "16", "The fewest directions that are written once for all">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect"];
}

def LowerImplicitPass : Pass<"costate-lower-implicit", "::mlir::func::FuncOp"> {
  let summary = "Lowers equations to iterations, and linear systems to factors and solutions";
  let description = [{
    Before: a function with `costate.root`, `costate.fixed_point`, `costate.krylov_solve` and `costate.linear_solve`;
    its derivatives have been made. After: the first three are loops (Newton's method, iteration, conjugate gradients or
    BiCGSTAB) and a linear system is a `costate.lu` and a `costate.lu_solve`. Common subexpressions then leave one
    factorisation for all systems with one matrix: for a solution, its tangents and its adjoints.

    ```mlir
    %y = costate.linear_solve %A, %b : tensor<3x3xf64>, tensor<3xf64>
    // becomes
    %factors, %swaps = costate.lu %A : tensor<3x3xf64> -> tensor<3x3xf64>, tensor<3x2xf64>
    %y = costate.lu_solve %factors, %swaps, %b : tensor<3x3xf64>, tensor<3x2xf64>, tensor<3xf64>
    ```

    See `test/Dialect/Transforms/lower-implicit.mlir`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def LowerFactorizationsPass : Pass<"costate-lower-factorizations", "::mlir::func::FuncOp"> {
  let summary = "Lowers factorisations and what is solved with them to loops";
  let description = [{
    Before: `costate.lu` and `costate.lu_solve`. After: Gaussian elimination as `scf.for` over the elements of tensors, with
    bounds and indices that no data decides.

    See `test/Dialect/Transforms/lower-implicit.mlir`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect"];
}
