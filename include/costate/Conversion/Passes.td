// Passes of Conversion.
include "mlir/Pass/PassBase.td"

def VectorizeTiles : Pass<"costate-vectorize-tiles"> {
  let summary = "Write linalg on memrefs as loops over explicit register tiles";
  let description = [{
    Before: `linalg` ops and `memref.copy` on buffers. After: neither; each has become `scf.for` loops around `vector`
    loads, stores and FMAs. Vectors run along the dimension in which outputs are contiguous (the lanes of a tile) or, for
    weight gradients, along the reduced lanes; a register tile of several rows and vectors is carried by the innermost
    reduction loop. Extents need not divide: tails get smaller tiles and narrower vectors, all of power-of-two width.
    Sums are formed in an order that depends on shapes alone. Ops without a form in vectors become scalar loops.

    ```mlir
    linalg.matmul ins(%w, %a : memref<50x50xf32>, memref<50x64xf32>) outs(%z : memref<50x64xf32>)
    ```

    becomes a loop over blocks of 5 rows whose inner loop carries 5 x 4 vectors of 16 lanes.
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "int64_t", "512", "Width of a vector register: 128, 256 or 512">,
  ];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}
