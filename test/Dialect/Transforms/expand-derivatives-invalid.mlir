// RUN: costate-opt %s -costate-expand-derivatives -verify-diagnostics -split-input-file

// expected-note @below {{@f is defined here}}
func.func private @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error @below {{'func.call' op calls @f recursively; recursion cannot be differentiated}}
  %y = func.call @f(%x) : (tensor<1xf64>) -> tensor<1xf64>
  return %y : tensor<1xf64>
}
func.func @g(%x: tensor<1xf64>) -> tensor<1xf64> {
  %y = func.call @f(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %d = costate.diff %y by %x[0, 0] : tensor<1xf64>, tensor<1xf64>
  return %d : tensor<1xf64>
}

// -----

// expected-note @below {{@even is defined here}}
func.func private @even(%x: tensor<1xf64>) -> tensor<1xf64> {
  %y = func.call @odd(%x) : (tensor<1xf64>) -> tensor<1xf64>
  return %y : tensor<1xf64>
}
func.func private @odd(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error @below {{'func.call' op calls @even recursively; recursion cannot be differentiated}}
  %y = func.call @even(%x) : (tensor<1xf64>) -> tensor<1xf64>
  return %y : tensor<1xf64>
}
func.func @g(%x: tensor<1xf64>) -> tensor<1xf64> {
  %y = func.call @even(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %d = costate.diff %y by %x[0, 0] : tensor<1xf64>, tensor<1xf64>
  return %d : tensor<1xf64>
}
