// RUN: costate-opt %s -verify-diagnostics -split-input-file

func.func @set_c1(%x: tensor<1x?xf64>, %n: index, %w: f64) -> f64 {
  // expected-error@+1 {{calls @f, which is not a function in this module}}
  %s = costate.reduce_set @f over (%x : tensor<1x?xf64>) count %n weight %w : f64 -> f64
  return %s : f64
}

// -----

// expected-note@+1 {{@f is defined here}}
func.func private @f(tensor<1xf64>) -> f64
func.func @set_c2(%x: tensor<1x?xf64>, %n: index, %w: f64) -> f64 {
  // expected-error@+1 {{passes 2 arguments, but @f takes 1}}
  %s = costate.reduce_set @f over (%x : tensor<1x?xf64>) count %n weight %w : f64 -> f64
  return %s : f64
}

// -----

// expected-note@+1 {{@f is defined here}}
func.func private @f(tensor<1xf64>, f64)
func.func @set_c2_results(%x: tensor<1x?xf64>, %n: index, %w: f64) -> f64 {
  // expected-error@+1 {{has 1 results, but @f returns 0}}
  %s = costate.reduce_set @f over (%x : tensor<1x?xf64>) count %n weight %w : f64 -> f64
  return %s : f64
}

// -----

// expected-note@+1 {{@f is defined here}}
func.func private @f(tensor<2xf64>, f64) -> f64
func.func @set_c3(%x: tensor<1x?xf64>, %n: index, %w: f64) -> f64 {
  // expected-error@+1 {{argument 0 of @f is 'tensor<2xf64>', but the op has 'tensor<1xf64>'}}
  %s = costate.reduce_set @f over (%x : tensor<1x?xf64>) count %n weight %w : f64 -> f64
  return %s : f64
}

// -----

// expected-note@+1 {{@f is defined here}}
func.func private @f(tensor<1xf64>, f64) -> f32
func.func @set_c3_result(%x: tensor<1x?xf64>, %n: index, %w: f64) -> f64 {
  // expected-error@+1 {{result 0 of @f is 'f32', but the op has 'f64'}}
  %s = costate.reduce_set @f over (%x : tensor<1x?xf64>) count %n weight %w : f64 -> f64
  return %s : f64
}

// -----

func.func private @f(tensor<f64>, f64) -> f64
func.func @set_c4(%x: tensor<f64>, %n: index, %w: f64) -> f64 {
  // expected-error@+1 {{column 0 is 'tensor<f64>', but its last dimension must run over the points}}
  %s = costate.reduce_set @f over (%x : tensor<f64>) count %n weight %w : f64 -> f64
  return %s : f64
}

// -----

func.func private @f(tensor<1xf64>, f64) -> f64
func.func @reduce_set_c1(%x: tensor<1x?xf64>, %n: index, %w: f64) -> f64 {
  // expected-error@+1 {{says how 2 results combine, but has 1}}
  %s = costate.reduce_set @f over (%x : tensor<1x?xf64>) count %n weight %w : f64 {combine = [#costate<combine sum>, #costate<combine max>]} -> f64
  return %s : f64
}

// -----

func.func private @f(tensor<1xf64>) -> tensor<1xf64>
func.func @map_set_c1(%x: tensor<1x?xf64>, %n: index, %d: tensor<1x?xf64>) -> tensor<1x4xf64> {
  // expected-error@+1 {{must have results of the same types as its destinations}}
  %s = costate.map_set @f over (%x : tensor<1x?xf64>) count %n into (%d : tensor<1x?xf64>) -> tensor<1x4xf64>
  return %s : tensor<1x4xf64>
}
