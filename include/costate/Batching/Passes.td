//===- Passes.td - Passes of Batching ----------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
include "mlir/Pass/PassBase.td"

def TileSetsPass : Pass<"costate-tile-sets", "::mlir::ModuleOp"> {
  let summary = "Lowers reductions and maps over sets to loops over tiles of points";
  let description = [{
    Before: level 3. Every `costate.reduce_set` and `costate.map_set` calls a pointwise function without derivative ops.
    After: level 4. The function is batched in place over tiles of points; the tiles are grouped in chunks, which are
    independent iterations of an `scf.forall`; partial sums are added in the order of the chunks, so that a result
    does not depend on the number of threads. Pointwise functions that nothing calls any more are erased.

    The tile of an op is its attribute `tile`, else the option, else 64 points in f32 and 32 in f64.

    Example: `test/Batching/tile-sets.mlir`.
  }];
  let options = [
    Option<"tile", "tile", "int64_t", "0", "Points in a tile (a divisor of 64; 0: chosen by the element type)">,
    Option<"chunks", "chunks", "int64_t", "16", "The largest number of chunks, each with a partial sum of its own">
  ];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect", "::mlir::affine::AffineDialect"];
}
