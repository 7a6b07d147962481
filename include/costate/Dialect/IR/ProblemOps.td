//===- ProblemOps.td - A problem, and how it is trained ----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_PROBLEM_OPS
#define COSTATE_PROBLEM_OPS

include "costate/Dialect/IR/CostateDialect.td"
include "costate/Dialect/IR/OptimizerAttrs.td"
include "mlir/IR/SymbolInterfaces.td"

def Costate_ProblemOp : Costate_Op<"problem", [Symbol, IsolatedFromAbove, SingleBlock, NoTerminator,
                                               NoRegionArguments]> {
  let summary = "A constrained learning problem";
  let description = [{
    Sets of points (`data`, `sample`), terms of the objective (`minimize`), constraints (`subject_to`) and how
    to train (`train`, once). The names of sets belong to the problem, and so do those of terms and constraints.

    ```mlir
    costate.problem @sine_waves {
      costate.data @train (x: tensor<1xf64>, y: tensor<1xf64>)
      costate.minimize "data" square(@wave(x) - y) over @train
      costate.subject_to "helmholtz" @helmholtz(x) == 0.0 over @train by #costate.tanabe<mode = per_sample>
      costate.train by #costate.adam<lr = 1.0e-3> batch 100 epochs 40
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<StrAttr>:$sym_visibility);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// The `data` or `sample` op of that name; null where there is none.
    ::mlir::Operation *lookupSet(::llvm::StringRef name);
    /// The `train` op; null where there is none.
    ::costate::TrainOp getTrainOp();
  }];
}

def Costate_TrainOp : Costate_Op<"train", [HasParent<"ProblemOp">]> {
  let summary = "How the problem is trained";
  let description = [{
    `batch` is the number of points of a data set in one step; without it every step takes the whole of it.
    Training lasts for `epochs` passes over the first data set, or for `steps` steps. `seed` (0 unless said,
    below 2^64) fixes initialisation, shuffling and sampling.

    ```mlir
    costate.train by #costate.adam<lr = 1.0e-3> schedule #costate.cosine<steps = 1000> batch 100 epochs 40 seed 1
    ```
  }];
  let arguments = (ins Costate_OptimizerAttrInterface:$optimizer, OptionalAttr<Costate_ScheduleAttrInterface>:$schedule,
                       OptionalAttr<I64Attr>:$batch, OptionalAttr<I64Attr>:$epochs, OptionalAttr<I64Attr>:$steps,
                       DefaultValuedAttr<I64Attr, "0">:$seed);
  let assemblyFormat = [{
    `by` $optimizer (`schedule` $schedule^)? (`batch` custom<Whole>($batch)^)?
    (`epochs` custom<Whole>($epochs)^)? (`steps` custom<Whole>($steps)^)?
    (`seed` custom<Seed>($seed)^)? attr-dict
  }];
  let hasVerifier = 1;
}

#endif // COSTATE_PROBLEM_OPS
