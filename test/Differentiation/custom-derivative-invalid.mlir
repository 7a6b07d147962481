// RUN: costate-opt %s -costate-expand-transforms -verify-diagnostics -split-input-file

func.func private @clipped(%x: f64) -> f64 {
  return %x : f64
}
func.func private @clipped_vjp(%x: f64, %w: f64) -> (f64, f64) {
  return %x, %w : f64, f64
}
costate.custom_derivative @clipped vjp @clipped_vjp
func.func private @f(%x: f64) -> f64 {
  // expected-error@+1 {{is a derivative forwards of what has a vjp only, @clipped_vjp}}
  %y = func.call @clipped(%x) : (f64) -> f64
  return %y : f64
}
costate.derive @f_jvp = jvp @f wrt [0]

// -----

// A jvp that is not linear is found where it is transposed.
func.func private @g(%x: f64) -> f64 {
  return %x : f64
}
func.func private @g_jvp(%x: f64, %dx: f64) -> (f64, f64) {
  // expected-error@+1 {{'math.sin' op is not linear in what is transposed}}
  %s = math.sin %dx : f64
  return %x, %s : f64, f64
}
costate.custom_derivative @g jvp @g_jvp
costate.derive @g_vjp = vjp @g wrt [0]

// -----

// A call that is no statement's.
func.func private @h(%x: f64) -> f64 {
  // expected-error@+1 {{names @missing, which is not a function of this module}}
  %y = costate.custom_call @h(%x) jvp @missing : (f64) -> f64
  return %y : f64
}
costate.derive @h_jvp = jvp @h wrt [0]

// -----

// The same where the derivative forwards is differentiated.
func.func private @identity(%x: f64) -> f64 {
  return %x : f64
}
func.func private @identity_vjp(%x: f64, %w: f64) -> (f64, f64) {
  return %x, %w : f64, f64
}
costate.custom_derivative @identity vjp @identity_vjp
func.func private @k(%x: f64) -> f64 {
  // expected-error@+1 {{is a derivative forwards of what has a vjp only, @identity_vjp}}
  %y = func.call @identity(%x) : (f64) -> f64
  return %y : f64
}
costate.derive @k_jvp = jvp @k wrt [0]
costate.derive @k_jvp_jvp = jvp @k_jvp wrt [0]

// -----

// A tangent that is zero, of nobody knows which extents.
func.func private @h(%x: tensor<?xf64>, %y: f64) -> f64 {
  return %y : f64
}
func.func private @h_jvp(%x: tensor<?xf64>, %y: f64, %dx: tensor<?xf64>, %dy: f64) -> (f64, f64) {
  return %y, %dy : f64, f64
}
costate.custom_derivative @h jvp @h_jvp
func.func private @use(%x: tensor<?xf64>, %y: f64) -> f64 {
  // expected-error@+1 {{has a derivative by or of a 'tensor<?xf64>' that is zero, but whose extents are not known}}
  %z = func.call @h(%x, %y) : (tensor<?xf64>, f64) -> f64
  return %z : f64
}
costate.derive @use_jvp = jvp @use wrt [1]
