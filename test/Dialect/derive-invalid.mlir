// RUN: costate-opt %s -verify-diagnostics -split-input-file

func.func private @f(%x: f64) -> f64
// expected-error @below {{'costate.derive' op is a jvp, but only a jet has variables, indices and weights}}
costate.derive @g = jvp @f wrt [0] variables [[0, 0]]

// -----

func.func private @f(%x: f64) -> f64
// expected-error @below {{'costate.derive' op lists no argument to differentiate by}}
costate.derive @g = jvp @f

// -----

func.func private @f(%x: f64) -> f64
// expected-error @below {{'costate.derive' op is a jet, which requires variables and indices}}
costate.derive @g = jet @f

// -----

func.func private @f(%x: f64) -> f64
// expected-error @below {{'costate.derive' op is a jet, which names variables and not arguments to differentiate by}}
costate.derive @g = jet @f wrt [0] variables [[0, 0]] indices [[1]]

// -----

func.func private @f(%x: f64) -> f64
// expected-error @below {{'costate.derive' op has the variable [0], but an argument and a component are required}}
costate.derive @g = jet @f variables [[0]] indices [[1]]

// -----

func.func private @f(%x: f64) -> f64
// expected-error @below {{'costate.derive' op has the multi-index [1, 2] for 1 variables}}
costate.derive @g = jet @f variables [[0, 0]] indices [[1, 2]]

// -----

func.func private @f(%x: f64) -> f64
// expected-error @below {{'costate.derive' op has the multi-index [-1] with a negative exponent}}
costate.derive @g = jet @f variables [[0, 0]] indices [[-1]]

// -----

func.func private @f(%x: f64) -> f64
// expected-error @below {{has the weights [1.000000e+00, 2.000000e+00] for 1 multi-indices}}
costate.derive @g = jet @f variables [[0, 0]] indices [[1]] weights [[1.0, 2.0]]

// -----

// expected-note @below {{@f is defined here}}
func.func private @f(%x: tensor<2xf64>) -> f64
// expected-error @below {{'costate.derive' op has the variable [0, 2], but @f has no such component}}
costate.derive @g = jet @f variables [[0, 2]] indices [[1]]

// -----

// expected-note @below {{@f is defined here}}
func.func private @f(%x: tensor<2xf64>) -> f64
// expected-error @below {{'costate.derive' op differentiates by argument 1, but @f has 1}}
costate.derive @g = jvp @f wrt [1]

// -----

func.func private @f(%x: f64) -> f64
// expected-error @below {{'costate.derive' op is a jvp, but only a gram is across samples or has a diagonal}}
costate.derive @g = jvp @f wrt [0] diagonal
