// RUN: costate-opt %s -verify-diagnostics -split-input-file -costate-lower-networks

costate.network @u(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{the other}}
  %u = costate.dense %x -> 1 : tensor<1xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
// expected-error@+1 {{declares the parameter "u.layer0.bias", as another symbol does}}
costate.variable @"u.layer0.bias" init 0.0 : tensor<1xf64>

// -----

// expected-error@+1 {{calls itself, directly or through another function; recursion cannot be differentiated}}
costate.network @loop(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @loop(%x) : (tensor<1xf64>) -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
