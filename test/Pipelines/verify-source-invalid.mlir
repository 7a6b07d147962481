// RUN: costate-opt %s -split-input-file -verify-diagnostics -costate-verify-source

// What is taken.
func.func @fine(%x: tensor<4xf64>, %n: index, %b: tensor<?xi1>) -> tensor<4xf32> {
  %c = arith.constant 1 : i8
  %y = arith.truncf %x : tensor<4xf64> to tensor<4xf32>
  %m = memref.alloca() : memref<2xf64>
  return %y : tensor<4xf32>
}
func.func private @declared(complex<f64>) -> complex<f64>
func.func @entry(%m: memref<4xf16>) attributes {costate.entry} {
  return
}

// -----

// expected-error@+1 {{'func.func' op has argument 1 of type 'complex<f32>', but a program computes with f32, f64, index and i1, i8, i16, i32, i64, and with tensors and memrefs of them}}
func.func @complex(%n: index, %x: complex<f32>) {
  return
}

// -----

func.func @half(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'arith.truncf' op has result 0 of type 'tensor<4xf16>', but a program computes with f32, f64}}
  %h = arith.truncf %x : tensor<4xf32> to tensor<4xf16>
  // expected-error@+1 {{'arith.mulf' op has result 0 of type 'tensor<4xf16>', but a program computes with}}
  %m = arith.mulf %h, %h : tensor<4xf16>
  %y = arith.extf %m : tensor<4xf16> to tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// expected-error@+1 {{has argument 0 of type 'bf16', but a program computes with}}
func.func @bf16(%x: bf16) { return }
// expected-error@+1 {{has argument 0 of type 'f128', but a program computes with}}
func.func @f128(%x: f128) { return }
// expected-error@+1 {{has argument 0 of type 'f80', but a program computes with}}
func.func @f80(%x: f80) { return }
// expected-error@+1 {{has argument 0 of type 'tf32', but a program computes with}}
func.func @tf32(%x: tf32) { return }
// expected-error@+1 {{has argument 0 of type 'f8E4M3FN', but a program computes with}}
func.func @f8(%x: f8E4M3FN) { return }
// expected-error@+1 {{has argument 0 of type 'i128', but a program computes with}}
func.func @i128(%x: i128) { return }
// expected-error@+1 {{has argument 0 of type 'tensor<2xi33>', but a program computes with}}
func.func @odd(%x: tensor<2xi33>) { return }
// expected-error@+1 {{has argument 0 of type 'si32', but a program computes with}}
func.func @signed(%x: si32) { return }
// expected-error@+1 {{has argument 0 of type 'none', but a program computes with}}
func.func @none(%x: none) { return }
// expected-error@+1 {{has argument 0 of type 'tuple<f64>', but a program computes with}}
func.func @tuple(%x: tuple<f64>) { return }
// expected-error@+1 {{has argument 0 of type 'vector<4xf64>', but a program computes with}}
func.func @vector(%x: vector<4xf64>) { return }
// expected-error@+1 {{has argument 0 of type 'tensor<*xf64>', but a program computes with}}
func.func @unranked(%x: tensor<*xf64>) { return }
// expected-error@+1 {{has argument 0 of type 'memref<*xf64>', but a program computes with}}
func.func @unranked_memref(%x: memref<*xf64>) { return }
// expected-error@+1 {{has argument 0 of type 'tensor<4xf64, 1 : i64>', but a tensor has no encoding here}}
func.func @encoding(%x: tensor<4xf64, 1>) { return }
// expected-error@+1 {{has argument 0 of type 'tensor<3x0xf64>', but a tensor has at least one element}}
func.func @empty(%x: tensor<3x0xf64>) { return }
// expected-error@+1 {{has argument 0 of type '!llvm.ptr', but a program computes with}}
func.func @pointer(%x: !llvm.ptr) { return }
// A tensor that is too large: costatec-refused.test, since costate-verify-sizes runs before this pass.

// -----

func.func @tosa(%x: tensor<4xf64>) -> tensor<4xf64> {
  // expected-error@+1 {{'tosa.tanh' op is of the dialect 'tosa', but a function is made of affine, arith, bufferization, cf, costate, func, index, linalg, math, memref, scf, tensor, ub}}
  %y = tosa.tanh %x : (tensor<4xf64>) -> tensor<4xf64>
  return %y : tensor<4xf64>
}

// -----

func.func @carried() {
  // expected-error@+1 {{'memref.alloca' op has result 0 of type 'memref<1xi7>', but a program computes with}}
  %m = memref.alloca() : memref<1xi7>
  // expected-error@+1 {{'linalg.generic' op has in its body a value of type 'i7', but a program computes with}}
  linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%m : memref<1xi7>) {
  ^bb0(%e: i7):
    linalg.yield %e : i7
  }
  return
}

// -----

costate.network @body(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{'arith.constant' op has result 0 of type 'f16', but a program computes with}}
  %c = arith.constant 1.0 : f16
  costate.yield %x : tensor<1xf64>
}

// -----

module {
// expected-error@+1 {{'builtin.module' op is no part of a program, which has functions (func.func), networks, residuals, variables and a problem}}
module {
}
}

// -----

// expected-error@+1 {{'costate.direction' op is no part of a program}}
%v = costate.direction [0, 1] : tensor<2xf64>
func.func @g() { return }

// -----

// expected-error@+1 {{'llvm.func' op is no part of a program}}
llvm.func @f(%x: f64) -> f64 {
  llvm.return %x : f64
}
func.func @g() { return }

// -----

// expected-error@+1 {{is named @costate_solve, but names that begin with 'costate_' are the compiler's}}
func.func private @costate_solve(%x: f64) -> f64 {
  return %x : f64
}
costate.problem @p {
}

// -----

// expected-error@+1 {{has argument 0 of type 'memref<4xf64, 1>', but a memref has no memory space here}}
func.func @in_a_space(%m: memref<4xf64, 1>) {
  return
}

// -----

func.func @allocated_in_a_space(%n: index) -> f64 {
  // expected-error@+1 {{'bufferization.alloc_tensor' op has a memory space, but a program has none}}
  %t = bufferization.alloc_tensor(%n) {memory_space = 1 : i64} : tensor<?xf64>
  %x = tensor.extract %t[%n] : tensor<?xf64>
  return %x : f64
}

// -----

// The last multiples of the step that a counter of its type holds, and ranges that are empty.
func.func @counted(%x: f64) -> f64 {
  %least = arith.constant -9223372036854775808 : index
  %zero = arith.constant 0 : index
  %most = arith.constant 9223372036854775807 : index
  %half = arith.constant 4611686018427387904 : index
  %one = arith.constant 1 : index
  %low = arith.constant -9223372036854775807 : index
  %a = scf.for %i = %low to %zero step %most iter_args(%a = %x) -> (f64) {
    scf.yield %a : f64
  }
  %b = scf.for %i = %zero to %most step %one iter_args(%b = %a) -> (f64) {
    scf.yield %b : f64
  }
  %c = scf.for %i = %most to %least step %half iter_args(%c = %b) -> (f64) {
    scf.yield %c : f64
  }
  %d = scf.for unsigned %i = %zero to %least step %half iter_args(%d = %c) -> (f64) {
    scf.yield %d : f64
  }
  return %d : f64
}

// -----

func.func @wide(%x: f64) -> f64 {
  %least = arith.constant -9223372036854775808 : index
  %most = arith.constant 9223372036854775807 : index
  %half = arith.constant 4611686018427387904 : index
  %zero = arith.constant 0 : index
  %minus = arith.constant -1 : index
  %lower = arith.constant -128 : i8
  %upper = arith.constant 64 : i8
  %step = arith.constant 64 : i8
  // expected-error@+1 {{'scf.for' op counts from -9223372036854775808 to 9223372036854775807 by steps of 4611686018427387904, but how far it counts and where it ends must fit 64 bits}}
  %a = scf.for %i = %least to %most step %half iter_args(%a = %x) -> (f64) {
    scf.yield %a : f64
  }
  // expected-error@+1 {{counts from 0 to 9223372036854775807 by steps of 4611686018427387904, but}}
  %b = scf.for %i = %zero to %most step %half iter_args(%b = %a) -> (f64) {
    scf.yield %b : f64
  }
  // expected-error@+1 {{counts from 0 to 18446744073709551615 by steps of 4611686018427387904, but}}
  %c = scf.for unsigned %i = %zero to %minus step %half iter_args(%c = %b) -> (f64) {
    scf.yield %c : f64
  }
  // expected-error@+1 {{counts from -128 to 64 by steps of 64, but how far it counts and where it ends must fit 8 bits}}
  %d = scf.for %i = %lower to %upper step %step iter_args(%d = %c) -> (f64) : i8 {
    scf.yield %d : f64
  }
  // expected-error@+1 {{'affine.for' op counts from 0 to 9223372036854775807 by steps of 2, but}}
  affine.for %i = 0 to 9223372036854775807 step 2 {
  }
  return %d : f64
}
