// RUN: costate-opt %s -verify-diagnostics -split-input-file -costate-lower-networks

// expected-error@+1 {{calls itself, directly or through another function; recursion cannot be differentiated}}
costate.network @loop(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @loop(%x) : (tensor<1xf64>) -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

// expected-error@+1 {{calls itself, directly or through another function; recursion cannot be differentiated}}
costate.network @loop(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @between(%x) : (tensor<1xf64>) -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
func.func private @between(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @loop(%x) : (tensor<1xf64>) -> tensor<1xf64>
  return %u : tensor<1xf64>
}
