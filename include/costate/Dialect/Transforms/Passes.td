// Passes of Dialect/Transforms.
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

    See `test/Differentiation/expand-transforms.mlir`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}
