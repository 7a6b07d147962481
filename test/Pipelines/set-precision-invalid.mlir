// RUN: costate-opt %s -costate-set-precision=precision=f32 -split-input-file -verify-diagnostics

func.func @bits(%x: tensor<2xf64>) -> tensor<2xi64> {
  // expected-error @+1 {{'arith.bitcast' op takes the bits of 'f64', but the program is computed in 'f32': write it for this precision, or without bits}}
  %b = arith.bitcast %x : tensor<2xf64> to tensor<2xi64>
  return %b : tensor<2xi64>
}

// -----

func.func @from_bits(%b: i64) -> f64 {
  // expected-error @+1 {{'arith.bitcast' op takes the bits of 'f64', but the program is computed in 'f32'}}
  %x = arith.bitcast %b : i64 to f64
  return %x : f64
}

// -----

func.func @too_large() -> f64 {
  // expected-error @+1 {{'arith.constant' op has a number that is infinite in 'f32', the precision of the program}}
  %x = arith.constant 1.0e39 : f64
  return %x : f64
}

// -----

func.func @one_too_large() -> tensor<2xf64> {
  // expected-error @+1 {{'arith.constant' op has a number that is infinite in 'f32', the precision of the program}}
  %x = arith.constant dense<[1.0, -1.0e39]> : tensor<2xf64>
  return %x : tensor<2xf64>
}

// -----

func.func @bits_of_unsigned(%b: tensor<2xui64>) -> tensor<2xf64> {
  // expected-error @+1 {{'tensor.bitcast' op takes the bits of 'f64', but the program is computed in 'f32'}}
  %x = tensor.bitcast %b : tensor<2xui64> to tensor<2xf64>
  return %x : tensor<2xf64>
}
