// RUN: costate-opt %s -costate-lower-implicit -verify-diagnostics -split-input-file

func.func @not_linear(%b: tensor<2xf64>) -> tensor<2xf64> {
  %y = costate.krylov_solve %b by cg : tensor<2xf64> {
  ^bb0(%v: tensor<2xf64>):
    // expected-error@+1 {{'arith.mulf' op is not linear in what is transposed}}
    %w = arith.mulf %v, %v : tensor<2xf64>
    costate.yield %w : tensor<2xf64>
  }
  return %y : tensor<2xf64>
}

// -----

func.func @constant(%b: tensor<2xf64>) -> tensor<2xf64> {
  // expected-error@+1 {{yields a value that does not depend on its unknown}}
  %y = costate.krylov_solve %b by bicgstab : tensor<2xf64> {
  ^bb0(%v: tensor<2xf64>):
    costate.yield %b : tensor<2xf64>
  }
  return %y : tensor<2xf64>
}

// -----

func.func @no_rule(%b: f64) -> f64 {
  %y = costate.root %b : f64 {
  ^bb0(%u: f64):
    // expected-error@+1 {{'vector.broadcast' op has no derivative rule}}
    %v = vector.broadcast %u : f64 to vector<4xf64>
    %r = vector.reduction <add>, %v : vector<4xf64> into f64
    costate.yield %r : f64
  }
  return %y : f64
}
