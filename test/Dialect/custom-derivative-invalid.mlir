// RUN: costate-opt %s -verify-diagnostics -split-input-file

func.func @custom_c1(%x: f64) -> f64 {
  return %x : f64
}
// expected-error@+1 {{requires either a jvp or a vjp}}
costate.custom_derivative @custom_c1

// -----

// expected-error@+1 {{names @custom_c2, which is not a function of this module}}
costate.custom_derivative @custom_c2 jvp @custom_c2

// -----

func.func @custom_c3(%x: f64) -> f64 {
  return %x : f64
}
func.func @other(%x: f64, %dx: f64) -> (f64, f64) {
  return %x, %dx : f64, f64
}
costate.custom_derivative @custom_c3 jvp @other
// expected-error@+1 {{states another derivative of @custom_c3}}
costate.custom_derivative @custom_c3 vjp @other

// -----

func.func @custom_c4(%x: f64, %i: index) -> f64 {
  return %x : f64
}
// expected-error@+1 {{states the derivative of @custom_c4, which has a value of type 'index'; floats and tensors of floats are required}}
costate.custom_derivative @custom_c4 jvp @custom_c4

// -----

func.func @custom_c4_memory(%x: memref<4xf64>) -> f64 {
  %c0 = arith.constant 0 : index
  %y = memref.load %x[%c0] : memref<4xf64>
  return %y : f64
}
// expected-error@+1 {{which has a value of type 'memref<4xf64>'; floats and tensors of floats are required}}
costate.custom_derivative @custom_c4_memory jvp @custom_c4_memory

// -----

func.func @custom_c5(%x: f64, %y: f64) -> f64 {
  return %x : f64
}
// expected-error@+1 {{has the derivative @custom_c5 of type '(f64, f64) -> f64', but '(f64, f64, f64) -> (f64, f64, f64)' is required}}
costate.custom_derivative @custom_c5 vjp @custom_c5
