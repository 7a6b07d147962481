// RUN: costate-opt %s -costate-batch-directions -split-input-file -verify-diagnostics

func.func @not_summed(%x: tensor<3xf64>) -> tensor<3xf64> {
  %v = costate.direction [0, 1, 2] : tensor<3xf64>
  %y = arith.mulf %x, %v : tensor<3xf64>
  // expected-error @below {{uses a value that differs from direction to direction}}
  return %y : tensor<3xf64>
}

// -----

func.func private @f(tensor<3xf64>) -> tensor<3xf64>
func.func @call() -> tensor<3xf64> {
  %v = costate.direction [0, 1, 2] : tensor<3xf64>
  // expected-error @below {{cannot be batched: it depends on the sample and has no batching rule, as elementwise ops, linalg on tensors, ops that move and reshape tensors, scf.if, scf.for and scf.while have}}
  %y = func.call @f(%v) : (tensor<3xf64>) -> tensor<3xf64>
  %s = costate.sum_directions %y over %v : tensor<3xf64>, tensor<3xf64>
  return %s : tensor<3xf64>
}

// -----

// expected-error @below {{'costate.direction' op is in no func.func; run costate-lower-networks before}}
%v = costate.direction [0, 1, 2] : tensor<3xf64>
