//===- Passes.td - Passes of Differentiation ---------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
include "mlir/Pass/PassBase.td"

def SplitAtMinCutPass : Pass<"costate-split-at-min-cut", "::mlir::ModuleOp"> {
  let summary = "Splits a function where the least flows from its parameters to its results";
  let description = [{
    Before: a pure function `f` with one block. After: beside it `f_head`, from the arguments of `f` to the values of a
    minimum cut, and `f_tail`, from these values and the arguments to the results. A cut is a set of floating-point
    values through which every path from a parameter to a result passes; a minimum one has the fewest elements, and of
    several it is the nearest to the results. The tail does not use the parameters.

    The Jacobian of the results by the parameters is that of the tail by the cut times that of the head by the
    parameters: m constraints on a network of c outputs have a Gram matrix of rank c at most.

    Example: `test/Differentiation/split-at-min-cut.mlir`.
  }];
  let options = [
    Option<"function", "function", "std::string", "", "The function to split">,
    ListOption<"params", "params", "unsigned", "The numbers of the arguments that are parameters">,
    Option<"printWidth", "print-width", "bool", "false", "Remark on the number of elements of the cut">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def NormalizeForms : Pass<"costate-normalize-forms", "::mlir::func::FuncOp"> {
  let summary = "Writes functions in the ops that have derivatives";
  let description = [{
    What every derivative runs first, for one by all arguments: `affine`, `scf.index_switch`, `forall` and `parallel` become
    `scf.for` and `scf.if`; buffers that only the function knows become tensors that these carry, and complex scalars pairs of
    floats; `linalg` takes its normal form (`costate-normalize-linalg`), and what has none, or a dynamic size, becomes loops over
    elements.

    ```mlir
    %m = memref.alloca() : memref<f64>
    scf.for %i = %a to %b step %c {
      %x = memref.load %m[] : memref<f64>
      %y = math.sin %x : f64
      memref.store %y, %m[] : memref<f64>
    }
    // becomes a loop that carries an f64
    ```

    See `test/Differentiation/normalize-forms.mlir`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def CutPadding : Pass<"costate-cut-padding"> {
  let summary = "Leaves padding by at least nothing";
  let description = [{
    A negative amount of `tensor.pad` cuts: it becomes a slice, which is padded by what is not negative. Amounts that are not
    constant, between static shapes, become a loop over the elements. Upstream folds what pads and cuts alike, and writes
    what it cuts beside the result.

    ```mlir
    %y = tensor.pad %x low[-2] high[2] { ... } : tensor<5xf64> to tensor<5xf64>
    // becomes
    %s = tensor.extract_slice %x[2] [3] [1] : tensor<5xf64> to tensor<3xf64>
    %y = tensor.pad %s low[0] high[2] { ... } : tensor<3xf64> to tensor<5xf64>
    ```

    See `test/Differentiation/cut-padding.mlir`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def LowerControl : Pass<"costate-lower-control", "::mlir::func::FuncOp"> {
  let summary = "Writes control flow of affine and switches in loops and conditions of scf";
  let description = [{
    `affine` control flow cannot be inlined into that of `scf` and has no bufferization, nor has `scf.parallel` that reduces tensors;
    upstream's of `scf.index_switch` does not see that its results are what its regions yield, so that such a value is
    written over. All become `scf.for`, `scf.parallel` and `scf.if`.

    See `test/Differentiation/lower-control.mlir`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"];
}

def NormalizeMoves : Pass<"costate-normalize-moves", "::mlir::func::FuncOp"> {
  let summary = "Writes gathers and scatters as loops over their indices";
  let description = [{
    `tensor.gather` and `tensor.scatter` of static shapes, which upstream lowers nowhere, become loops that move one slice
    for each tuple of indices.

    See `test/Differentiation/normalize-moves.mlir`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def DecomposeAggregates : Pass<"costate-decompose-aggregates", "::mlir::func::FuncOp"> {
  let summary = "Writes ops that stand for several others, such as softmax, as those";
  let description = [{
    `linalg.softmax` has neither loops nor a derivative of its own; the reductions and elementwise ops that it stands for
    have both.

    See `test/Differentiation/decompose-aggregates.mlir`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
                           "::mlir::tensor::TensorDialect"];
}

def NormalizeLinalg : Pass<"costate-normalize-linalg", "::mlir::func::FuncOp"> {
  let summary = "Rewrites linalg on tensors to the few ops that have derivative rules";
  let description = [{
    Named contractions and generics that are contractions become `linalg.contract`; elementwise generics, maps and
    elementwise ops become `arith` and `math` on tensors, their operands broadcast and transposed; sums and
    extrema become `linalg.reduce`; a convolution becomes a generic that multiplies and adds, with windows such as
    2·o + k among its maps; gather and scatter become loops. What has no such form stays, and is an error only where its derivative is asked for.

    ```mlir
    %y = linalg.matvec ins(%A, %x : tensor<3x2xf64>, tensor<2xf64>) outs(%z : tensor<3xf64>) -> tensor<3xf64>
    // becomes linalg.contract indexing_maps = [(i, k) -> (i, k), (i, k) -> (k), (i, k) -> (i)]
    ```

    See `test/Differentiation/normalize-linalg.mlir`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def SimplifyLoops : Pass<"costate-simplify-loops", "::mlir::func::FuncOp"> {
  let summary = "Drops what loops carry and nobody needs, and moves out what is the same in each iteration";
  let description = [{
    A value that a loop carries is dropped if no result of the function needs it, also where such values need each other
    from one iteration to the next: after inlining, the caller of a jvp may ask for the tangent alone, and the loop
    carries the primal no more. Results of canonicalization, which looks at one op at a time, are not enough for that.

    ```mlir
    %r:2 = scf.for %i = %a to %b step %c iter_args(%x = %x0, %y = %y0) -> (f64, f64) {
      %u = math.exp %x : f64   // only %r#0 needs it, which nobody asks for
      %v = math.sin %y : f64
      scf.yield %u, %v : f64, f64
    }
    // becomes a loop that carries %y alone
    ```

    See `test/Differentiation/simplify-loops.mlir`.
  }];
}
