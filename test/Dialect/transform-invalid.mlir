// RUN: costate-opt %s -verify-diagnostics -split-input-file

// expected-error@+1 {{derives from @f, which is not in this module}}
costate.derive @derive_c1 = vjp @f wrt [0]

// -----

// expected-note@+1 {{@f is defined here}}
func.func private @f(f64) -> f64
// expected-error@+1 {{differentiates by argument 1, but @f has 1}}
costate.derive @derive_c2 = gradient @f wrt [1]

// -----

func.func @call_c1(%x: f64) -> f64 {
  // expected-error@+1 {{calls @f, which is not in this module}}
  %y = costate.call @f(%x) : (f64) -> f64
  return %y : f64
}

// -----

// expected-note@+1 {{@f is defined here}}
func.func private @f(f64, f64) -> f64
func.func @call_c2(%x: f64) -> f64 {
  // expected-error@+1 {{has type '(f64) -> f64', but @f has type '(f64, f64) -> f64'}}
  %y = costate.call @f(%x) : (f64) -> f64
  return %y : f64
}

// -----

// expected-note@+1 {{@wave is defined here}}
costate.network @wave(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.residual @call_c2_network(%x: tensor<2xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{has type '(tensor<2xf64>) -> tensor<1xf64>', but @wave has type '(tensor<1xf64>) -> tensor<1xf64>'}}
  %u = costate.call @wave(%x) : (tensor<2xf64>) -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
