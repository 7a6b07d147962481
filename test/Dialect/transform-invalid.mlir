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

// -----

// expected-note @below {{@f is defined here}}
func.func private @f(%w: f64, %x: f64) -> f64
// expected-error @below {{'costate.derive' op has samples of argument 2, but @f has 2}}
costate.derive @derive_c3 = gram @f wrt [0] across [2] samples 4

// -----

func.func private @f(%w: f64, %x: f64) -> f64
// expected-error @below {{'costate.derive' op differentiates by argument 0, which must then be the same for all samples}}
costate.derive @derive_c3_wrt = gram @f wrt [0] across [1, 0] samples 4

// -----

func.func private @f(%w: f64, %x: f64) -> f64
// expected-error @below {{'costate.derive' op requires both the arguments that samples differ in and how many there are}}
costate.derive @derive_c4 = gram @f wrt [0] across [1]

// -----

func.func private @f(%w: f64, %x: f64) -> f64
// expected-error @below {{'costate.derive' op has 0 samples, but at least one is required}}
costate.derive @derive_c4_count = gram @f wrt [0] across [1] samples 0

// -----

func.func private @f(%w: f64, %x: f64) -> f64
// expected-error @below {{'costate.derive' op lists argument 0 twice}}
costate.derive @derive_c5 = jvp @f wrt [0, 0]

// -----

// expected-note @below {{@f is defined here}}
func.func private @f(%w: f64, %x: f64) -> f64
// expected-error @below {{'costate.derive' op differentiates by argument 9223372036854775807, but @f has 2}}
costate.derive @derive_c5_beyond = vjp @f wrt [9223372036854775807, -9223372036854775808]

// -----

func.func private @f(%w: f64, %x: f64) -> f64
// expected-error @below {{'costate.derive' op lists argument 1 twice}}
costate.derive @derive_c5_hessian = hessian @f wrt [1, 0, 1]

// -----

func.func private @f(%w: f64, %x: f64) -> f64
// expected-error @below {{'costate.derive' op lists argument 1 twice}}
costate.derive @derive_c5_across = gram @f wrt [0] across [1, 1] samples 4

// -----

func.func private @f(%w: tensor<2xf64>) -> f64
// expected-error @below {{'costate.derive' op lists the variable [0, 1] twice}}
costate.derive @derive_c5_variable = jet @f variables [[0, 1], [0, 1]] indices [[1, 1]]

// -----

func.func private @f(%x: f64, %y: f64) -> f64
// expected-error @below {{'costate.derive' op has the multi-index [25, 0] of order 25; required is an order of at most 24}}
costate.derive @derive_c6 = jet @f variables [[0, 0], [1, 0]] indices [[25, 0]]

// -----

func.func private @f(%x: tensor<9xf64>) -> f64
// expected-error @below {{'costate.derive' op has the multi-index [1, 1, 1, 1, 1, 1, 1, 1, 1], which takes 19683 products of lower derivatives for each product of values; required are at most 8192}}
costate.derive @derive_c6_products = jet @f variables [[0, 0], [0, 1], [0, 2], [0, 3], [0, 4], [0, 5], [0, 6], [0, 7], [0, 8]] indices [[1, 1, 1, 1, 1, 1, 1, 1, 1]]
