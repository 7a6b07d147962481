// RUN: costate-opt %s -verify-diagnostics -split-input-file

// expected-error@+1 {{argument 0 is 'tensor<?xf64>', but must be a statically shaped tensor of f32 or f64, with an element}}
costate.network @function_c1(%x: tensor<?xf64>) -> tensor<1xf64> {
  %p = costate.parameter "p" : tensor<1xf64>
  costate.yield %p : tensor<1xf64>
}

// -----

// expected-error@+1 {{result 0 is 'f64', but must be a statically shaped tensor of f32 or f64, with an element}}
costate.network @function_c1_result(%x: tensor<1xf64>) -> f64 {
  costate.yield
}

// -----

// expected-error@+1 {{argument 1 has elements of type 'f32', but others have 'f64'; a function computes in one element type}}
costate.network @function_c2(%x: tensor<1xf64>, %y: tensor<1xf32>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}

// -----

// expected-error@+1 {{has no result, but must yield at least one value}}
costate.network @function_c3(%x: tensor<1xf64>) {
  costate.yield
}

// -----

// expected-error@+1 {{must end with costate.yield}}
costate.network @function_c4(%x: tensor<1xf64>) -> tensor<1xf64> {
  llvm.unreachable
}

// -----

costate.network @function_c5(%x: tensor<1xf64>) -> tensor<2xf64> {
  // expected-error@+1 {{yields ('tensor<1xf64>'), but the function's results are ('tensor<2xf64>')}}
  costate.yield %x : tensor<1xf64>
}

// -----

func.func private @print(tensor<1xf64>)

// expected-note@+1 {{in this function}}
costate.network @function_c6(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{may have side effects, but a function of a sample is pure}}
  func.call @print(%x) : (tensor<1xf64>) -> ()
  costate.yield %x : tensor<1xf64>
}

// -----

costate.network @network_c1(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.dense %x -> 1 : tensor<1xf64> -> tensor<1xf64>
  // expected-error@+1 {{is a derivative, which a costate.network may not take; take it in a costate.residual that calls the network}}
  %d = costate.diff %u by %x[0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %d : tensor<1xf64>
}

// -----

costate.network @network_c2(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{the other}}
  %h = costate.dense %x -> 1 named "a" : tensor<1xf64> -> tensor<1xf64>
  // expected-error@+1 {{is named "a", as another is in this network}}
  %p = costate.parameter "a" : tensor<1xf64>
  %u = arith.addf %h, %p : tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

costate.network @network_c2_nested(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{the other}}
  %h = costate.dense %x -> 1 named "a" : tensor<1xf64> -> tensor<1xf64>
  %true = arith.constant true
  %u = scf.if %true -> tensor<1xf64> {
    // expected-error@+1 {{is named "a", as another is in this network}}
    %p = costate.parameter "a" : tensor<1xf64>
    scf.yield %p : tensor<1xf64>
  } else {
    scf.yield %h : tensor<1xf64>
  }
  costate.yield %u : tensor<1xf64>
}

// -----

costate.network @network_c3(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{is named "layer1", which makes the parameter "network_c3.layer1.weight" that another layer has}}
  %h = costate.dense %x -> 1 named "layer1" : tensor<1xf64> -> tensor<1xf64>
  // expected-note@+1 {{the other, which has no name and is numbered}}
  %u = costate.dense %h -> 1 : tensor<1xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

costate.network @network_c3_parameter(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-note@+1 {{the other}}
  %h = costate.dense %x -> 1 named "a" : tensor<1xf64> -> tensor<1xf64>
  // expected-error@+1 {{is named "a.bias", which makes the parameter "network_c3_parameter.a.bias" that another layer has}}
  %p = costate.parameter "a.bias" : tensor<1xf64>
  %u = arith.addf %h, %p : tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

costate.network @network_c3_fourier(%x: tensor<1xf64>) -> tensor<4xf64> {
  // expected-error@+1 {{is named "fourier0", which makes the parameter "network_c3_fourier.fourier0" that another layer has}}
  %p = costate.parameter "fourier0" : tensor<4xf64>
  // expected-note@+1 {{the other, which has no name and is numbered}}
  %f = costate.fourier %x -> 2 scale 1.0 trainable : tensor<1xf64> -> tensor<4xf64>
  %u = arith.addf %f, %p : tensor<4xf64>
  costate.yield %u : tensor<4xf64>
}

// -----

costate.network @dense_c1(%x: tensor<1x2xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{has input 'tensor<1x2xf64>', but takes a vector, tensor<nxT>}}
  %u = costate.dense %x -> 1 : tensor<1x2xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

costate.network @dense_c2(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{makes 0 units, but must make at least one}}
  %u = costate.dense %x -> 0 : tensor<1xf64> -> tensor<0xf64>
  costate.yield %x : tensor<1xf64>
}

// -----

costate.network @dense_c3(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{has result 'tensor<1xf64>', but of units it makes 'tensor<2xf64>'}}
  %u = costate.dense %x -> 2 : tensor<1xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

costate.network @dense_c4(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{says how the bias begins, but has none}}
  %u = costate.dense %x -> 1 bias(zeros) no_bias : tensor<1xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

costate.network @dense_c5(%x: tensor<2xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{initialises the weight with 3 values, but it has 2 elements}}
  %u = costate.dense %x -> 1 init([1.0, 2.0, 3.0]) : tensor<2xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

costate.network @dense_c5_bias(%x: tensor<2xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{initialises the bias with 2 values, but it has 1 elements}}
  %u = costate.dense %x -> 1 bias([1.0, 2.0]) : tensor<2xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

costate.network @fourier_c1(%x: tensor<2xf64>) -> tensor<8xf64> {
  // expected-error@+1 {{has scale 0.000000e+00 : f64, but needs a positive number}}
  %u = costate.fourier %x -> 4 scale 0.0 : tensor<2xf64> -> tensor<8xf64>
  costate.yield %u : tensor<8xf64>
}

// -----

costate.network @fourier_c2(%x: tensor<2xf64>) -> tensor<4xf64> {
  // expected-error@+1 {{has result 'tensor<4xf64>', but of cosines and sines it makes 'tensor<8xf64>'}}
  %u = costate.fourier %x -> 4 scale 1.0 : tensor<2xf64> -> tensor<4xf64>
  costate.yield %u : tensor<4xf64>
}

// -----

costate.network @parameter_c1(%x: tensor<2xf64>) -> tensor<2xf64> {
  // expected-error@+1 {{initialises the parameter with 1 values, but it has 2 elements}}
  %u = costate.parameter "p" init([1.0]) : tensor<2xf64>
  costate.yield %u : tensor<2xf64>
}

// -----

// expected-error@+1 {{has type 'f64', but must be a statically shaped tensor of f32 or f64, with an element}}
costate.variable @variable_c1 init 0.0 : f64

// -----

// expected-error@+1 {{initialises the variable with 1 values, but it has 2 elements}}
costate.variable @variable_c2 init [0.0] : tensor<2xf64>

// -----

// expected-error@+1 {{has bounds [1.000000e+00, 0.000000e+00], but the lower must be below the upper}}
costate.variable @variable_c3 init 0.0 in [1.0, 0.0] : tensor<1xf64>

// -----

// expected-error@+1 {{has one bound, but needs both; inf is a bound}}
"costate.variable"() {sym_name = "variable_c3_one", init = #costate.initializer<zeros, []>, lower = 0.0 : f64, type = tensor<1xf64>} : () -> ()

// -----

// expected-error@+1 {{begins at 2.000000e+00, outside its bounds [0.000000e+00, 1.000000e+00]}}
costate.variable @variable_c4 init 2.0 in [0.0, 1.0] : tensor<1xf64>

// -----

costate.residual @read_c1(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{reads @nu, which is not a variable of this module}}
  %nu = costate.read @nu : tensor<1xf64>
  costate.yield %nu : tensor<1xf64>
}

// -----

// expected-note@+1 {{@nu is defined here}}
func.func private @nu()

costate.residual @read_c1_function(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{reads @nu, which is not a variable of this module}}
  %nu = costate.read @nu : tensor<1xf64>
  costate.yield %nu : tensor<1xf64>
}

// -----

// expected-note@+1 {{@nu is declared here}}
costate.variable @nu init 0.0 : tensor<2xf64>

costate.residual @read_c2(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{reads @nu as 'tensor<1xf64>', but it is 'tensor<2xf64>'}}
  %nu = costate.read @nu : tensor<1xf64>
  costate.yield %nu : tensor<1xf64>
}

// -----

// expected-error@+1 {{initialiser normal takes 2 numbers, but has 1}}
costate.variable @initializer_c1 init normal<0.0> : tensor<1xf64>

// -----

// expected-error@+1 {{initialiser normal has standard deviation -1.000000e+00, but it cannot be negative}}
costate.variable @initializer_c2 init normal<0.0, -1.0> : tensor<1xf64>

// -----

// expected-error@+1 {{initialiser uniform runs from 1.000000e+00 to 0.000000e+00, but low cannot be above high}}
costate.variable @initializer_c3 init uniform<1.0, 0.0> : tensor<1xf64>

// -----

// expected-error@+1 {{'glorot' is not an initialiser; there are zeros, constant, normal, uniform, glorot_uniform, glorot_normal, he_uniform, he_normal, lecun_normal and values}}
costate.variable @initializer_kind init glorot : tensor<1xf64>
