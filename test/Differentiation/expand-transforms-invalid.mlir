// RUN: costate-opt %s -costate-expand-transforms -verify-diagnostics -split-input-file

// expected-error @below {{'costate.derive' op depends on itself}}
costate.derive @a = jvp @b wrt [0]
costate.derive @b = jvp @a wrt [0]

// -----

func.func @f(%x: f64) -> f64 {
  %y:2 = costate.call @df(%x, %x) : (f64, f64) -> (f64, f64)
  return %y#1 : f64
}
// expected-error @below {{'costate.derive' op depends on itself}}
costate.derive @df = jvp @f wrt [0]

// -----

// A derivative has the location of its source.
// expected-note @below {{@df is defined here}}
func.func @f(%x: f64) -> f64 {
  return %x : f64
}
costate.derive @df = jvp @f wrt [0]
func.func @g(%x: f64) -> f64 {
  // expected-error @below {{'costate.call' op has type '(f64) -> f64', but @df has type '(f64, f64) -> (f64, f64)'}}
  %y = costate.call @df(%x) : (f64) -> f64
  return %y : f64
}

// -----

costate.network @u(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
// expected-error @below {{'costate.derive' op derives from @u, which is not a function}}
costate.derive @du = jvp @u wrt [0]

// -----

// What a declared derivative takes is known when it is made.
// expected-error @below {{'func.func' op has 2 arguments, so there is none to differentiate by at 2}}
func.func @f(%x: f64) -> f64 {
  return %x : f64
}
costate.derive @df = jvp @f wrt [0]
costate.derive @ddf = jvp @df wrt [2]

// -----

// expected-error @below {{'func.func' op has a result of type 'tensor<?xf64>', but a Jacobian requires static shapes}}
func.func @f(%x: tensor<3xf64>, %n: index) -> tensor<?xf64> {
  %y = tensor.extract_slice %x[0] [%n] [1] : tensor<3xf64> to tensor<?xf64>
  return %y : tensor<?xf64>
}
costate.derive @df = jacobian @f wrt [0]
