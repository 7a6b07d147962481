// The problem's own strategies are checked by the dialect, one given by the option by the pass.
// RUN: costate-opt %s -verify-diagnostics -split-input-file -costate-lower-networks -costate-insert-multipliers
// RUN: rm -rf %t && split-file %S/Inputs/errors.mlir %t
// RUN: not costate-opt %t/inequality.mlir -costate-lower-networks -costate-insert-multipliers='strategy="#costate.tanabe<mode = reduction>"' 2>&1 >/dev/null | FileCheck %s --check-prefix=INEQUALITY
// RUN: not costate-opt %t/inequality.mlir -costate-lower-networks -costate-insert-multipliers='strategy="#costate.tanabe<mode = per_sample>"' 2>&1 >/dev/null | FileCheck %s --check-prefix=INEQUALITY
// RUN: costate-opt %t/inequality.mlir -costate-lower-networks -costate-insert-multipliers='strategy="#costate.penalty<weight = 1.0>"' -o /dev/null
// RUN: not costate-opt %t/mean.mlir -costate-lower-networks -costate-insert-multipliers='strategy="#costate.tanabe<mode = per_sample>"' 2>&1 >/dev/null | FileCheck %s --check-prefix=MEAN
// RUN: not costate-opt %t/mean.mlir -costate-lower-networks -costate-insert-multipliers=strategy=unit 2>&1 >/dev/null | FileCheck %s --check-prefix=OPTION
// RUN: not costate-opt %t/mean.mlir -costate-lower-networks -costate-insert-multipliers=strategy=#costate.penlty 2>&1 >/dev/null | FileCheck %s --check-prefix=UNKNOWN
// RUN: not costate-opt %t/mean.mlir -costate-insert-multipliers 2>&1 >/dev/null | FileCheck %s --check-prefix=ORDER

// ORDER: error: has no table of parameters; run costate-lower-networks before
// Every constraint that is not admitted is named, not only the first.
// INEQUALITY: inequality.mlir:8:3: error: constraint "low" is an inequality, but #costate.tanabe takes equalities only; #costate.penalty takes both
// INEQUALITY: inequality.mlir:9:3: error: constraint "high" is an inequality, but #costate.tanabe takes equalities only; #costate.penalty takes both
// MEAN: mean.mlir:8:3: error: constraint "mean" is aggregated over its set, but #costate.tanabe<mode = per_sample> has a multiplier for every sample; use mode = reduction
// OPTION: error: `unit` is not a strategy; one is written like #costate.penalty<weight = 1.0> or #costate.tanabe<mode = per_sample>
// UNKNOWN: error: unknown attribute `penlty` in dialect `costate`
// UNKNOWN: error: `#costate.penlty` is not a strategy

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @inequality_reduction {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  // expected-error@+1 {{is an inequality, which strategy tanabe does not admit}}
  costate.subject_to "low" @f(x) >= 1.0 over @line by #costate.tanabe<mode = reduction>
  costate.train by #costate.euler<dt = 0.01> steps 10
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @inequality_per_sample {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  // expected-error@+1 {{is an inequality, which strategy tanabe does not admit}}
  costate.subject_to "low" @f(x) <= 1.0 over @line by #costate.tanabe<mode = per_sample>
  costate.train by #costate.euler<dt = 0.01> steps 10
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @aggregated {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  // expected-error@+1 {{constraint "mean" is aggregated over its set, but #costate.tanabe<mode = per_sample> has a multiplier for every sample; use mode = reduction}}
  costate.subject_to "mean" mean @f(x) == 1.0 over @line by #costate.tanabe<mode = per_sample>
  costate.train by #costate.euler<dt = 0.01> steps 10
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @line_search {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  // expected-error@+1 {{constraint "f" gives a direction that is not the gradient of the loss, which the line search of #costate.gradient_descent<lr = 1.0, armijo = 0.0001> needs; leave `armijo` out, or use #costate.penalty}}
  costate.subject_to "f" @f(x) == 1.0 over @line by #costate.tanabe<mode = reduction>
  costate.train by #costate.gradient_descent<lr = 1.0, armijo = 1.0e-4> steps 10
}

// -----

// expected-note@+1 {{the first is here}}
costate.problem @one {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  costate.train by #costate.euler<dt = 0.01> steps 10
}
// expected-error@+1 {{is the second problem of this module; one program solves one problem}}
costate.problem @two {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  costate.train by #costate.euler<dt = 0.01> steps 10
}

// -----

// expected-error@+1 {{does not say how to train; add `costate.train`}}
costate.problem @untrained {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
}

// -----

// expected-error@+1 {{has no set of points; add `costate.data` or `costate.sample`}}
costate.problem @no_sets {
  costate.train by #costate.euler<dt = 0.01> steps 10
}

// -----

// expected-error@+1 {{asks for nothing; add `costate.minimize` or `costate.subject_to`}}
costate.problem @nothing {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  costate.train by #costate.euler<dt = 0.01> steps 10
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @no_parameters {
  // expected-error@+1 {{no term or constraint over @line depends on a parameter of a network or on a variable}}
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  costate.subject_to "f" @f(x) == 1.0 over @line by #costate.tanabe<mode = per_sample>
  costate.train by #costate.euler<dt = 0.01> steps 10
}

// -----

costate.variable @w init 0.5 : tensor<1xf64>
// expected-error@+1 {{@gradient is named like a function of the step that is made; give it another name}}
costate.residual @gradient(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<1xf64>
  costate.yield %w : tensor<1xf64>
}
costate.problem @symbols {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  costate.minimize "gradient" square(@gradient(x)) over @line
  costate.train by #costate.euler<dt = 0.01> steps 10
}

// -----

costate.variable @v init 0.5 : tensor<1xf32>
costate.variable @w init 0.5 : tensor<1xf64>
costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<1xf64>
  costate.yield %w : tensor<1xf64>
}
// expected-error@+1 {{computes in 'f64', but the parameter "v" is a 'tensor<1xf32>'}}
costate.problem @precisions {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  costate.minimize "f" square(@f(x)) over @line
  costate.train by #costate.euler<dt = 0.01> steps 10
}
