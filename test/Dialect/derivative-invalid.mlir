// RUN: costate-opt %s -verify-diagnostics -split-input-file

costate.residual @residual_c1(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{declares parameters, which only a costate.network may do}}
  %u = costate.dense %x -> 1 : tensor<1xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

costate.residual @derivative_c6(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = math.sin %x : tensor<1xf64>
  %a = costate.diff %u by %x[0, 0, 0] : tensor<1xf64>, tensor<1xf64>
  // expected-error@+1 {{makes a derivative of order 5, but the highest is 4}}
  %b = costate.diff %a by %x[0, 0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %b : tensor<1xf64>
}

// -----

costate.network @relu(%x: tensor<1xf64>, %y: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{this layer; tanh, swish, softplus and gelu are smooth}}
  %h = costate.dense %x -> 4 activation(relu) : tensor<1xf64> -> tensor<4xf64>
  %g = costate.dense %y -> 4 : tensor<1xf64> -> tensor<4xf64>
  %m = arith.mulf %h, %g : tensor<4xf64>
  %u = costate.dense %m -> 1 : tensor<4xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// By y, and by x once, is fine.
costate.residual @smooth(%x: tensor<1xf64>, %y: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @relu(%x, %y) : (tensor<1xf64>, tensor<1xf64>) -> tensor<1xf64>
  %a = costate.diff %u by %y[0, 0] : tensor<1xf64>, tensor<1xf64>
  %b = costate.diff %u by %x[0] : tensor<1xf64>, tensor<1xf64>
  %r = arith.addf %a, %b : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.residual @derivative_c7(%x: tensor<1xf64>, %y: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @relu(%x, %y) : (tensor<1xf64>, tensor<1xf64>) -> tensor<1xf64>
  // expected-error@+1 {{is a derivative of order 2 through relu, whose second derivative is zero or undefined}}
  %a = costate.laplacian %u by %x : tensor<1xf64>, tensor<1xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.network @relu(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{this layer; tanh, swish, softplus and gelu are smooth}}
  %h = costate.dense %x -> 1 activation(relu) : tensor<1xf64> -> tensor<1xf64>
  costate.yield %h : tensor<1xf64>
}

costate.residual @derivative_c7_twice(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @relu(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %a = costate.grad %u by %x : tensor<1xf64>, tensor<1xf64> -> tensor<1xf64>
  // expected-error@+1 {{is a derivative of order 2 through relu}}
  %b = costate.grad %a by %x : tensor<1xf64>, tensor<1xf64> -> tensor<1xf64>
  costate.yield %b : tensor<1xf64>
}

// -----

costate.residual @derivative_c1(%x: tensor<2x2xf64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{differentiates by a 'tensor<2x2xf64>', but can only by a vector, tensor<nxT>}}
  %a = costate.diff %u by %x[0] : tensor<1xf64>, tensor<2x2xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @derivative_c1_scalar(%x: tensor<f64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{differentiates by a 'tensor<f64>', but needs a vector, tensor<nxT>}}
  %a = costate.grad %u by %x : tensor<1xf64>, tensor<f64> -> tensor<1xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

func.func @derivative_c2(%x: tensor<2xf32>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{differentiates a value of 'f64' by an input of 'f32'}}
  %a = costate.diff %u by %x[0] : tensor<1xf64>, tensor<2xf32>
  return %a : tensor<1xf64>
}

// -----

costate.residual @derivative_c3(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{the value is defined here}}
  %y = arith.addf %x, %x : tensor<1xf64>
  %u = math.sin %y : tensor<1xf64>
  // expected-error@+1 {{differentiates by a value that is not an argument of the enclosing function}}
  %a = costate.diff %u by %y[0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @derivative_c4(%x: tensor<2xf64>, %u: tensor<1xf64>) -> tensor<2xf64> {
  // expected-error@+1 {{has no input to differentiate by, but needs at least one}}
  %a = "costate.grad"(%u) : (tensor<1xf64>) -> tensor<2xf64>
  costate.yield %a : tensor<2xf64>
}

// -----

costate.residual @derivative_c8(%x: tensor<65536xf64>, %t: tensor<1xf64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{differentiates by 65537 components, but takes at most 65536}}
  %a = costate.laplacian %u by %x, %t : tensor<1xf64>, tensor<65536xf64>, tensor<1xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @derivative_c5(%x: tensor<2xf64>, %t: tensor<1xf64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{has input 2 twice}}
  %a = costate.laplacian %u by %x, %t, %x : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>, tensor<2xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @diff_c1(%x: tensor<2xf64>) -> tensor<2xf64> {
  %u = math.sin %x : tensor<2xf64>
  // expected-error@+1 {{differentiates by component 2, but the input has type 'tensor<2xf64>'}}
  %a = costate.diff %u by %x[0, 2] : tensor<2xf64>, tensor<2xf64>
  costate.yield %a : tensor<2xf64>
}

// -----

costate.residual @diff_c2(%x: tensor<2xf64>) -> tensor<2xf64> {
  %u = math.sin %x : tensor<2xf64>
  // expected-error@+1 {{is a derivative of order 5, but the highest is 4}}
  %a = costate.diff %u by %x[0, 0, 1, 1, 1] : tensor<2xf64>, tensor<2xf64>
  costate.yield %a : tensor<2xf64>
}

// -----

costate.residual @diff_c2_none(%x: tensor<2xf64>) -> tensor<2xf64> {
  %u = math.sin %x : tensor<2xf64>
  // expected-error@+1 {{names no component to differentiate by, but needs 1 to 4}}
  %a = costate.diff %u by %x[] : tensor<2xf64>, tensor<2xf64>
  costate.yield %a : tensor<2xf64>
}

// -----

costate.residual @diff_c3(%x: tensor<2xf64>) -> tensor<2xf64> {
  %u = math.sin %x : tensor<2xf64>
  // expected-error@+1 {{has 1 inputs, but indices for 2}}
  %a = "costate.diff"(%u, %x) {indices = [array<i64: 0>, array<i64: 1>]} : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
  costate.yield %a : tensor<2xf64>
}

// -----

costate.residual @grad_c1(%x: tensor<2xf64>) -> tensor<2xf64> {
  %u = math.sin %x : tensor<2xf64>
  // expected-error@+1 {{is of a 'tensor<2xf64>', but needs a scalar field, tensor<1xf64>}}
  %a = costate.grad %u by %x : tensor<2xf64>, tensor<2xf64> -> tensor<2xf64>
  costate.yield %a : tensor<2xf64>
}

// -----

costate.residual @grad_c2(%x: tensor<2xf64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{has result 'tensor<1xf64>', but it is 'tensor<2xf64>'}}
  %a = costate.grad %u by %x : tensor<1xf64>, tensor<2xf64> -> tensor<1xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @grad_c2_inputs(%x: tensor<2xf64>, %t: tensor<1xf64>, %u: tensor<1xf64>) -> tensor<2xf64> {
  // expected-error@+1 {{has result 'tensor<2xf64>', but it is 'tensor<3xf64>'}}
  %a = costate.grad %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<2xf64>
  costate.yield %a : tensor<2xf64>
}

// -----

costate.residual @jacobian_c1(%x: tensor<2xf64>, %u: tensor<1x1xf64>) -> tensor<1x2xf64> {
  // expected-error@+1 {{is of a 'tensor<1x1xf64>', but needs a vector field, tensor<nxf64>}}
  %a = costate.jacobian %u by %x : tensor<1x1xf64>, tensor<2xf64> -> tensor<1x2xf64>
  costate.yield %a : tensor<1x2xf64>
}

// -----

costate.residual @jacobian_c2(%x: tensor<2xf64>, %u: tensor<3xf64>) -> tensor<2x3xf64> {
  // expected-error@+1 {{has result 'tensor<2x3xf64>', but it is 'tensor<3x2xf64>'}}
  %a = costate.jacobian %u by %x : tensor<3xf64>, tensor<2xf64> -> tensor<2x3xf64>
  costate.yield %a : tensor<2x3xf64>
}

// -----

costate.residual @hessian_c1(%x: tensor<2xf64>, %u: tensor<3xf64>) -> tensor<2x2xf64> {
  // expected-error@+1 {{is of a 'tensor<3xf64>', but needs a scalar field, tensor<1xf64>}}
  %a = costate.hessian %u by %x : tensor<3xf64>, tensor<2xf64> -> tensor<2x2xf64>
  costate.yield %a : tensor<2x2xf64>
}

// -----

costate.residual @hessian_c2(%x: tensor<2xf64>, %u: tensor<1xf64>) -> tensor<2xf64> {
  // expected-error@+1 {{has result 'tensor<2xf64>', but it is 'tensor<2x2xf64>'}}
  %a = costate.hessian %u by %x : tensor<1xf64>, tensor<2xf64> -> tensor<2xf64>
  costate.yield %a : tensor<2xf64>
}

// -----

costate.residual @hessian_c2_inputs(%x: tensor<2xf64>, %t: tensor<1xf64>, %u: tensor<1xf64>) -> tensor<2x2xf64> {
  // expected-error@+1 {{has result 'tensor<2x2xf64>', but it is 'tensor<3x3xf64>'}}
  %a = costate.hessian %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<2x2xf64>
  costate.yield %a : tensor<2x2xf64>
}

// -----

costate.residual @div_c1(%x: tensor<2xf64>, %u: tensor<3xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{is of a 'tensor<3xf64>', but needs as many components as its input has, tensor<2xf64>}}
  %a = costate.div %u by %x : tensor<3xf64>, tensor<2xf64> -> tensor<1xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @div_c1_inputs(%x: tensor<2xf64>, %t: tensor<1xf64>, %u: tensor<2xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{is of a 'tensor<2xf64>', but needs as many components as its inputs have together, tensor<3xf64>}}
  %a = costate.div %u by %x, %t : tensor<2xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<1xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @div_c2(%x: tensor<2xf64>, %u: tensor<2xf64>) -> tensor<2xf64> {
  // expected-error@+1 {{has result 'tensor<2xf64>', but it is 'tensor<1xf64>'}}
  %a = costate.div %u by %x : tensor<2xf64>, tensor<2xf64> -> tensor<2xf64>
  costate.yield %a : tensor<2xf64>
}

// -----

costate.residual @laplacian_c1(%x: tensor<2xf64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{sums over component 2, but its inputs have 2}}
  %a = costate.laplacian %u by %x components [0, 2] : tensor<1xf64>, tensor<2xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @laplacian_c1_inputs(%x: tensor<2xf64>, %t: tensor<1xf64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{sums over component 3, but its inputs have 3}}
  %a = costate.laplacian %u by %x, %t components [2, 3] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @laplacian_c2(%x: tensor<2xf64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{sums over component 0 twice}}
  %a = costate.laplacian %u by %x components [0, 0] : tensor<1xf64>, tensor<2xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @laplacian_c3(%x: tensor<2xf64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{names no component, but needs at least one}}
  %a = costate.laplacian %u by %x components [] : tensor<1xf64>, tensor<2xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @operator_c1(%x: tensor<2xf64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{has no term, but needs at least one}}
  %a = costate.operator %u by (%x) terms [] : tensor<1xf64>, tensor<2xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @operator_c2(%x: tensor<2xf64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{has a term of order 5, but the highest is 4}}
  %a = costate.operator %u by (%x) terms [#costate.term<1.0, [0, 0, 0, 0, 0]>] : tensor<1xf64>, tensor<2xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @operator_c3(%x: tensor<2xf64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{has a term with indices 1, 0, but they must be sorted}}
  %a = costate.operator %u by (%x) terms [#costate.term<1.0, [1, 0]>] : tensor<1xf64>, tensor<2xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

costate.residual @operator_c4(%x: tensor<2xf64>, %t: tensor<1xf64>, %u: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{differentiates by variable 3, but its inputs have 3}}
  %a = costate.operator %u by (%x, %t) terms [#costate.term<1.0, [3]>] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  costate.yield %a : tensor<1xf64>
}

// -----

func.func @derivative_c6_function(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = math.sin %x : tensor<1xf64>
  %a = costate.laplacian %u by %x : tensor<1xf64>, tensor<1xf64>
  // expected-error@+1 {{makes a derivative of order 5, but the highest is 4}}
  %b = costate.diff %a by %x[0, 0, 0] : tensor<1xf64>, tensor<1xf64>
  return %b : tensor<1xf64>
}

// -----

costate.network @relu(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{this layer; tanh, swish, softplus and gelu are smooth}}
  %h = costate.dense %x -> 1 activation(relu) : tensor<1xf64> -> tensor<1xf64>
  costate.yield %h : tensor<1xf64>
}

func.func private @twice(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @relu(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %r = arith.addf %u, %u : tensor<1xf64>
  return %r : tensor<1xf64>
}

// In a function as in a residual, through every kind of call.
func.func @derivative_c7_function(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = func.call @twice(%x) : (tensor<1xf64>) -> tensor<1xf64>
  // expected-error@+1 {{is a derivative of order 2 through relu, whose second derivative is zero or undefined}}
  %a = costate.diff %u by %x[0, 0] : tensor<1xf64>, tensor<1xf64>
  return %a : tensor<1xf64>
}

// -----

func.func @no_direction() -> tensor<2xf64> {
  // expected-error@+1 {{needs a component}}
  %v = costate.direction [] : tensor<2xf64>
  return %v : tensor<2xf64>
}

// -----

func.func @no_such_direction() -> tensor<2xf64> {
  // expected-error@+1 {{has a component 2, but 'tensor<2xf64>' has 2}}
  %v = costate.direction [0, 2] : tensor<2xf64>
  return %v : tensor<2xf64>
}

// -----

func.func @sum_over_no_direction(%x: tensor<2xf64>) -> tensor<2xf64> {
  // expected-error@+1 {{needs a 'costate.direction' to sum over}}
  %s = costate.sum_directions %x over %x : tensor<2xf64>, tensor<2xf64>
  return %s : tensor<2xf64>
}

// -----

// Two residuals, one of which calls the other, take a second derivative together.
costate.network @relu(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{this layer; tanh, swish, softplus and gelu are smooth}}
  %h = costate.dense %x -> 1 activation(relu) : tensor<1xf64> -> tensor<1xf64>
  costate.yield %h : tensor<1xf64>
}
costate.residual @slope(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @relu(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %d = costate.diff %u by %x[0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %d : tensor<1xf64>
}
costate.residual @derivative_c7_through_a_call(%x: tensor<1xf64>) -> tensor<1xf64> {
  %s = costate.call @slope(%x) : (tensor<1xf64>) -> tensor<1xf64>
  // expected-error@+1 {{is a derivative of order 2 through relu}}
  %d = costate.diff %s by %x[0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %d : tensor<1xf64>
}

// -----

// So do two with arithmetic between them.
costate.network @relu(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{this layer}}
  %h = costate.dense %x -> 1 activation(relu) : tensor<1xf64> -> tensor<1xf64>
  costate.yield %h : tensor<1xf64>
}
costate.residual @derivative_c7_squared(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @relu(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %d = costate.diff %u by %x[0] : tensor<1xf64>, tensor<1xf64>
  %s = arith.mulf %d, %d : tensor<1xf64>
  // expected-error@+1 {{is a derivative of order 2 through relu}}
  %e = costate.diff %s by %x[0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %e : tensor<1xf64>
}

// -----

// Once by each of two inputs is twice, unless the layer depends on one of them only.
costate.network @relu(%x: tensor<1xf64>, %y: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{this layer}}
  %h = costate.dense %x -> 1 activation(relu) : tensor<1xf64> -> tensor<1xf64>
  %u = arith.mulf %h, %y : tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
costate.residual @slope(%x: tensor<1xf64>, %y: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @relu(%x, %y) : (tensor<1xf64>, tensor<1xf64>) -> tensor<1xf64>
  %d = costate.diff %u by %x[0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %d : tensor<1xf64>
}
costate.residual @mixed(%x: tensor<1xf64>, %y: tensor<1xf64>) -> tensor<1xf64> {
  %s = costate.call @slope(%x, %y) : (tensor<1xf64>, tensor<1xf64>) -> tensor<1xf64>
  %d = costate.diff %s by %y[0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %d : tensor<1xf64>
}
costate.residual @derivative_c7_mixed(%x: tensor<1xf64>) -> tensor<1xf64> {
  %s = costate.call @slope(%x, %x) : (tensor<1xf64>, tensor<1xf64>) -> tensor<1xf64>
  // expected-error@+1 {{is a derivative of order 2 through relu}}
  %d = costate.diff %s by %x[0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %d : tensor<1xf64>
}

// -----

// A derivative that is declared counts as one that is written.
costate.network @relu(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{this layer}}
  %h = costate.dense %x -> 1 activation(relu) : tensor<1xf64> -> tensor<1xf64>
  costate.yield %h : tensor<1xf64>
}
costate.derive @relu_slope = jet @relu variables [[0, 0]] indices [[1]]
costate.residual @derivative_c7_declared(%x: tensor<1xf64>) -> tensor<1xf64> {
  %s = costate.call @relu_slope(%x) : (tensor<1xf64>) -> tensor<1xf64>
  // expected-error@+1 {{is a derivative of order 2 through relu}}
  %d = costate.diff %s by %x[0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %d : tensor<1xf64>
}

// -----

// And is refused itself.
costate.network @relu(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{this layer}}
  %h = costate.dense %x -> 1 activation(relu) : tensor<1xf64> -> tensor<1xf64>
  costate.yield %h : tensor<1xf64>
}
costate.derive @once = gradient @relu wrt [0]
// expected-error@+1 {{'costate.derive' op is a derivative of order 2 through relu}}
costate.derive @derivative_c7_hessian = hessian @relu wrt [0]

// -----

costate.network @relu(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{this layer}}
  %h = costate.dense %x -> 1 activation(relu) : tensor<1xf64> -> tensor<1xf64>
  costate.yield %h : tensor<1xf64>
}
// expected-error@+1 {{'costate.derive' op is a derivative of order 3 through relu}}
costate.derive @derivative_c7_jet = jet @relu variables [[0, 0]] indices [[1], [3]]

// -----

costate.network @relu(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{this layer}}
  %h = costate.dense %x -> 1 activation(relu) : tensor<1xf64> -> tensor<1xf64>
  costate.yield %h : tensor<1xf64>
}
costate.residual @slope(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @relu(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %d = costate.diff %u by %x[0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %d : tensor<1xf64>
}
// expected-error@+1 {{'costate.derive' op is a derivative of order 2 through relu}}
costate.derive @derivative_c7_of_a_derivative = vjp @slope wrt [0]

// -----

// The order counts through calls, of functions and of declared derivatives.
func.func private @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  %s = math.sin %x : tensor<1xf64>
  return %s : tensor<1xf64>
}
costate.derive @f_hessian = hessian @f wrt [0]
costate.residual @inner(%x: tensor<1xf64>) -> tensor<1x1xf64> {
  %h = costate.call @f_hessian(%x) : (tensor<1xf64>) -> tensor<1x1xf64>
  %d = costate.diff %h by %x[0] : tensor<1x1xf64>, tensor<1xf64>
  costate.yield %d : tensor<1x1xf64>
}
costate.residual @derivative_c6_through_calls(%x: tensor<1xf64>) -> tensor<1x1xf64> {
  %i = costate.call @inner(%x) : (tensor<1xf64>) -> tensor<1x1xf64>
  %d = costate.diff %i by %x[0] : tensor<1x1xf64>, tensor<1xf64>
  // expected-error@+1 {{makes a derivative of order 5, but the highest is 4}}
  %e = costate.diff %d by %x[0] : tensor<1x1xf64>, tensor<1xf64>
  costate.yield %e : tensor<1x1xf64>
}

// -----

// Functions that call each other are refused elsewhere; here they end.
func.func private @even(%x: tensor<1xf64>) -> tensor<1xf64> {
  %y = func.call @odd(%x) : (tensor<1xf64>) -> tensor<1xf64>
  return %y : tensor<1xf64>
}
func.func private @odd(%x: tensor<1xf64>) -> tensor<1xf64> {
  %y = func.call @even(%x) : (tensor<1xf64>) -> tensor<1xf64>
  return %y : tensor<1xf64>
}
func.func private @of_each_other(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = func.call @even(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %d = costate.diff %u by %x[0, 0] : tensor<1xf64>, tensor<1xf64>
  return %d : tensor<1xf64>
}
