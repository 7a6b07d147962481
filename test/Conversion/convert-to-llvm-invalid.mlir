// RUN: costate-opt %s -verify-diagnostics -split-input-file -costate-convert-to-llvm

// A statement that names functions, which are LLVM's afterwards.
func.func private @f(%x: f64) -> f64 {
  return %x : f64
}
func.func private @f_vjp(%x: f64, %w: f64) -> (f64, f64) {
  return %x, %w : f64, f64
}
// expected-error@+1 {{is left where machine code is made; -costate-expand-transforms resolves it}}
costate.custom_derivative @f vjp @f_vjp

// -----

func.func @f(%x: f64) -> f64 {
  return %x : f64
}
// expected-error@+1 {{is left where machine code is made; -costate-expand-transforms resolves it}}
costate.derive @f_jvp = jvp @f wrt [0]
