//===- Passes.td - Passes of Batching ----------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
include "mlir/Pass/PassBase.td"

def BatchDirectionsPass : Pass<"costate-batch-directions", "::mlir::ModuleOp"> {
  let summary = "Makes the directions of derivatives a dimension of tensors";
  let description = [{
    Before: functions with `costate.direction`, as `costate-expand-derivatives` leaves them for operators with many
    second derivatives, such as a Laplacian in many dimensions. After: none; what is computed for each direction is
    computed for all of them at once, on tensors with one more dimension, the last, and `costate.sum_directions` is a
    sum over it. So the code does not grow with the number of directions. A matrix times all unit vectors is the
    matrix.

    Example: `test/Batching/batch-directions.mlir`.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect"];
}

def TileSetsPass : Pass<"costate-tile-sets", "::mlir::ModuleOp"> {
  let summary = "Lowers reductions and maps over sets to loops over tiles of points";
  let description = [{
    Before: level 3. Every `costate.reduce_set` and `costate.map_set` calls a pointwise function without derivative ops.
    After: level 4. The function is batched in place over tiles of points; the tiles are grouped in chunks, which are
    independent iterations of an `scf.forall`; partial sums are added in the order of the chunks, so that a result
    does not depend on the number of threads. Pointwise functions that nothing calls any more are erased.

    The tile of an op is its attribute `tile`, else the option, else 64 points in f32 and 32 in f64, or down to a
    quarter of that where the largest value of a tile would be larger than `value-bytes`: what a tile computes is to
    stay in the cache. With `fit-cache` it is so, too, where loads and stores decide and the values of a tile that are
    alive at once would not stay in the first cache of a CPU.

    Example: `test/Batching/tile-sets.mlir`.
  }];
  let options = [
    Option<"tile", "tile", "int64_t", "0", "Points in a tile (a divisor of 64; 0: chosen)">,
    Option<"valueBytes", "value-bytes", "int64_t", "0", "The largest value of a tile that is not split (0: no limit)">,
    Option<"fitCache", "fit-cache", "bool", "false", "Choose smaller tiles where these stay in the first cache of a CPU">,
    Option<"chunks", "chunks", "int64_t", "16", "The largest number of chunks, each with a partial sum of its own">
  ];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect", "::mlir::affine::AffineDialect"];
}

def ReassociateContractionsPass : Pass<"costate-reassociate-contractions", "::mlir::func::FuncOp"> {
  let summary = "Multiplies and sums tensors in the cheapest order found";
  let description = [{
    Reads connected tensor ops (contractions and outer products as `linalg.contract`, `linalg.generic` or named ops;
    `arith.addf`, `subf`, `mulf`, `negf`; splats, broadcasts and transposes) as sums of products of indexed tensors, as
    an einsum does, and writes them anew where that takes fewer multiply-adds on their static shapes:

    - a product of several tensors in the best pairwise order: (A B) x as A (B x);
    - an inner product of sums of outer products by their factors, <Σᵢ δᵢ aᵢᵀ, Σⱼ εⱼ bⱼᵀ> = Σᵢⱼ (δᵢ·εⱼ)(aᵢ·bⱼ), which never
      forms a matrix and needs each symmetric pair once;
    - a scaled outer product by scaling the smaller factor, s δ aᵀ = (s δ) aᵀ;
    - terms with a common factor as one, Σₖ δₖ aᵀ = (Σₖ δₖ) aᵀ.

    An intermediate value with several users is read through by all of them where that is cheaper in total. Code without
    a contraction or an outer product stays as it is, and so does code for which nothing cheaper is found.

    Floating-point sums and products are reassociated: results differ by rounding. That is what the pass is for; run it
    only where this is acceptable. Running it twice changes nothing more.

    Before and after: pure tensor code of the same meaning. Ops that are not needed any more are erased, and common
    subexpressions of what was rewritten are merged.

    Example: `test/Batching/reassociate-contractions.mlir`.
  }];
  let options = [
    Option<"printCosts", "print-costs", "bool", "false", "Remark on the multiply-adds of each function before and after">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}
