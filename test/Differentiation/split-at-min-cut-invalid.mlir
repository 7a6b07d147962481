// RUN: costate-opt %s -costate-split-at-min-cut="function=f params=0" -split-input-file -verify-diagnostics

// Through what has no body no cut can be seen.
func.func private @loss(f64) -> f64
func.func @f(%p: f64, %x: f64) -> f64 {
  // expected-error @below {{'func.call' op cannot be split: found a call of @loss, required a function with a body of one block that does not call itself}}
  %y = func.call @loss(%p) : (f64) -> f64
  return %y : f64
}

// -----

func.func private @blocks(%p: f64) -> f64 {
  cf.br ^bb1(%p : f64)
^bb1(%q: f64):
  return %q : f64
}
func.func @f(%p: f64) -> f64 {
  // expected-error @below {{'func.call' op cannot be split: found a call of @blocks}}
  %y = func.call @blocks(%p) : (f64) -> f64
  return %y : f64
}

// -----

func.func private @g(%p: f64) -> f64 {
  // expected-error @below {{'func.call' op cannot be split: found a call of @f, required a function with a body of one block that does not call itself}}
  %y = func.call @f(%p) : (f64) -> f64
  return %y : f64
}
func.func @f(%p: f64) -> f64 {
  %y = func.call @g(%p) : (f64) -> f64
  return %y : f64
}
