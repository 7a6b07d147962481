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
