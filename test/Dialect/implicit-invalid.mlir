// RUN: costate-opt %s -verify-diagnostics -split-input-file

func.func @equation_c1(%x: f64) -> f64 {
  // expected-error@+1 {{has the tolerance 0.000000e+00, but a positive one is required}}
  %y = costate.root %x tolerance 0.0 : f64 {
  ^bb0(%u: f64):
    costate.yield %u : f64
  }
  return %y : f64
}

// -----

func.func @equation_c2(%x: f64) -> f64 {
  // expected-error@+1 {{has at most 0 iterations, but one at least is required}}
  %y = costate.fixed_point %x max_iterations 0 : f64 {
  ^bb0(%u: f64):
    costate.yield %u : f64
  }
  return %y : f64
}

// -----

func.func @equation_c3(%x: tensor<2xf64>) -> tensor<2xf64> {
  // expected-error@+1 {{has an equation for ('f64'), but one unknown of type 'tensor<2xf64>' is required}}
  %y = costate.root %x : tensor<2xf64> {
  ^bb0(%u: f64):
    costate.yield %x : tensor<2xf64>
  }
  return %y : tensor<2xf64>
}

// -----

func.func @equation_c4(%x: f64) -> f64 {
  // expected-error@+1 {{has an equation that does not end with costate.yield}}
  %y = costate.root %x : f64 {
  ^bb0(%u: f64):
    %s = math.sin %u : f64
  }
  return %y : f64
}

// -----

func.func @equation_c5(%x: f64, %b: tensor<2xf64>) -> f64 {
  %y = costate.root %x : f64 {
  ^bb0(%u: f64):
    // expected-error@+1 {{yields ('tensor<2xf64>'), but the unknown is 'f64'}}
    costate.yield %b : tensor<2xf64>
  }
  return %y : f64
}

// -----

func.func @equation_c6(%x: f64, %m: memref<f64>) -> f64 {
  %y = costate.krylov_solve %x by cg : f64 {
  ^bb0(%u: f64):
    // expected-error@+1 {{may have side effects, but an equation is pure}}
    %v = memref.load %m[] : memref<f64>
    costate.yield %v : f64
  }
  return %y : f64
}

// -----

func.func @system_c1(%A: tensor<2x3xf64>, %b: tensor<3xf64>) -> tensor<3xf64> {
  // expected-error@+1 {{has a matrix of type 'tensor<2x3xf64>', but a square one is required}}
  %y = costate.linear_solve %A, %b : tensor<2x3xf64>, tensor<3xf64>
  return %y : tensor<3xf64>
}

// -----

func.func @system_c2(%A: tensor<3x5xf64>, %b: tensor<5xf64>) -> tensor<5xf64> {
  // expected-error@+1 {{has the bands [5, 1], but the numbers of diagonals below and above the main one of 5 are required}}
  %y = costate.linear_solve %A, %b bands [5, 1] : tensor<3x5xf64>, tensor<5xf64>
  return %y : tensor<5xf64>
}

// -----

func.func @system_c3(%A: tensor<3x5xf64>, %b: tensor<5xf64>) -> tensor<5xf64> {
  // expected-error@+1 {{has a matrix of type 'tensor<3x5xf64>', but with the bands [2, 1] it has 4 diagonals}}
  %y = costate.linear_solve %A, %b bands [2, 1] : tensor<3x5xf64>, tensor<5xf64>
  return %y : tensor<5xf64>
}

// -----

func.func @system_c4(%A: tensor<3x3xf64>, %b: tensor<2xf64>) -> tensor<2xf64> {
  // expected-error@+1 {{has a right side of type 'tensor<2xf64>' for a matrix of type 'tensor<3x3xf64>'}}
  %y = costate.linear_solve %A, %b : tensor<3x3xf64>, tensor<2xf64>
  return %y : tensor<2xf64>
}

// -----

func.func @factors(%A: tensor<3x3xf64>) -> tensor<3x3xf64> {
  // expected-error@+1 {{has results of types 'tensor<3x3xf64>' and 'tensor<3x3xf64>', but 'tensor<3x3xf64>' and 'tensor<3x2xf64>' are required}}
  %f, %s = costate.lu %A : tensor<3x3xf64> -> tensor<3x3xf64>, tensor<3x3xf64>
  return %f : tensor<3x3xf64>
}

// -----

func.func @exchanges(%A: tensor<4x5xf64>, %s: tensor<5x2xf64>, %b: tensor<5xf64>) -> tensor<5xf64> {
  // expected-error@+1 {{has exchanges of type 'tensor<5x2xf64>', but 'tensor<5x1xf64>' is required}}
  %y = costate.lu_solve %A, %s, %b bands [1, 1] : tensor<4x5xf64>, tensor<5x2xf64>, tensor<5xf64>
  return %y : tensor<5xf64>
}
