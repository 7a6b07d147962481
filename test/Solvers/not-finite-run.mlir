// NaN and infinities give NaN, never zero as if a direction were missing; the factors of a low rank may be of any magnitude.
// RUN: costate-opt %s -costate-lower-implicit -costate-lower-factorizations -costate-define-solvers -inline -canonicalize %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s
// RUN: sed -e s/f64/f32/g -e s/e+170/e+19/ -e s/e-170/e-23/ -e s/0x7FF0000000000000/0x7F800000/g -e s/0x7FF8000000000000/0x7FC00000/g -e s/1.0e-9/1.0e-5/ %s | costate-opt -costate-lower-implicit -costate-lower-factorizations -costate-define-solvers -inline -canonicalize %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s

func.func private @costate_min_norm_solve_1xf64(tensor<1x1xf64>, tensor<1xf64>) -> (tensor<1xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_2xf64(tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_3xf64(tensor<3x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_5xf64(tensor<5x5xf64>, tensor<5xf64>) -> (tensor<5xf64>, f64, f64, f64)
func.func private @costate_low_rank_min_norm_solve_3x2xf64(tensor<3x2xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)
func.func private @costate_psd_factor_2xf64(tensor<2x2xf64>) -> tensor<2x2xf64>

// Whether all elements are NaN.
func.func private @areNan(%x: tensor<?xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %true = arith.constant true
  %n = tensor.dim %x, %c0 : tensor<?xf64>
  %all = scf.for %i = %c0 to %n step %c1 iter_args(%so = %true) -> i1 {
    %e = tensor.extract %x[%i] : tensor<?xf64>
    %isNan = arith.cmpf uno, %e, %e : f64
    %next = arith.andi %so, %isNan : i1
    scf.yield %next : i1
  }
  vector.print %all : i1
  return
}

// With 1 in the matrix but for one element, in its upper triangle.
func.func private @sizes(%bad: f64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a1 = tensor.splat %bad : tensor<1x1xf64>
  %b1 = arith.constant dense<1.0> : tensor<1xf64>
  %x1:4 = func.call @costate_min_norm_solve_1xf64(%a1, %b1) : (tensor<1x1xf64>, tensor<1xf64>) -> (tensor<1xf64>, f64, f64, f64)
  %d1 = tensor.cast %x1#0 : tensor<1xf64> to tensor<?xf64>
  func.call @areNan(%d1) : (tensor<?xf64>) -> ()
  %e2 = arith.constant dense<[[1.0, 0.0], [0.0, 1.0]]> : tensor<2x2xf64>
  %a2 = tensor.insert %bad into %e2[%c0, %c1] : tensor<2x2xf64>
  %b2 = arith.constant dense<1.0> : tensor<2xf64>
  %x2:4 = func.call @costate_min_norm_solve_2xf64(%a2, %b2) : (tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
  %d2 = tensor.cast %x2#0 : tensor<2xf64> to tensor<?xf64>
  func.call @areNan(%d2) : (tensor<?xf64>) -> ()
  %f2 = func.call @costate_psd_factor_2xf64(%a2) : (tensor<2x2xf64>) -> tensor<2x2xf64>
  %f = tensor.collapse_shape %f2 [[0, 1]] : tensor<2x2xf64> into tensor<4xf64>
  %df = tensor.cast %f : tensor<4xf64> to tensor<?xf64>
  func.call @areNan(%df) : (tensor<?xf64>) -> ()
  %e3 = arith.constant dense<[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]> : tensor<3x3xf64>
  %a3 = tensor.insert %bad into %e3[%c1, %c1] : tensor<3x3xf64>
  %b3 = arith.constant dense<1.0> : tensor<3xf64>
  %x3:4 = func.call @costate_min_norm_solve_3xf64(%a3, %b3) : (tensor<3x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)
  %d3 = tensor.cast %x3#0 : tensor<3xf64> to tensor<?xf64>
  func.call @areNan(%d3) : (tensor<?xf64>) -> ()
  %e5 = arith.constant dense<1.0> : tensor<5x5xf64>
  %a5 = tensor.insert %bad into %e5[%c0, %c1] : tensor<5x5xf64>
  %b5 = arith.constant dense<1.0> : tensor<5xf64>
  %x5:4 = func.call @costate_min_norm_solve_5xf64(%a5, %b5) : (tensor<5x5xf64>, tensor<5xf64>) -> (tensor<5xf64>, f64, f64, f64)
  %d5 = tensor.cast %x5#0 : tensor<5xf64> to tensor<?xf64>
  func.call @areNan(%d5) : (tensor<?xf64>) -> ()
  %e32 = arith.constant dense<[[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]]> : tensor<3x2xf64>
  %a32 = tensor.insert %bad into %e32[%c0, %c1] : tensor<3x2xf64>
  %x32:4 = func.call @costate_low_rank_min_norm_solve_3x2xf64(%a32, %b3) : (tensor<3x2xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)
  %d32 = tensor.cast %x32#0 : tensor<3xf64> to tensor<?xf64>
  func.call @areNan(%d32) : (tensor<?xf64>) -> ()
  // A right side, of a matrix that has no rank.
  %none = arith.constant dense<0.0> : tensor<2x2xf64>
  %r2 = tensor.splat %bad : tensor<2xf64>
  %y2:4 = func.call @costate_min_norm_solve_2xf64(%none, %r2) : (tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
  %g2 = tensor.cast %y2#0 : tensor<2xf64> to tensor<?xf64>
  func.call @areNan(%g2) : (tensor<?xf64>) -> ()
  return
}

// B = s [[1, 0], [0, 2], [0, 0]] and b = s (3, 8, 5): (B B^T)^+ b is (3, 2, 0) / s.
func.func private @lowRank(%s: f64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %tolerance = arith.constant 1.0e-9 : f64
  %true = arith.constant true
  %B = arith.constant dense<[[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]]> : tensor<3x2xf64>
  %b = arith.constant dense<[3.0, 8.0, 5.0]> : tensor<3xf64>
  %expected = arith.constant dense<[3.0, 2.0, 0.0]> : tensor<3xf64>
  %ss = tensor.splat %s : tensor<3x2xf64>
  %sv = tensor.splat %s : tensor<3xf64>
  %sB = arith.mulf %ss, %B : tensor<3x2xf64>
  %sb = arith.mulf %sv, %b : tensor<3xf64>
  %x:4 = func.call @costate_low_rank_min_norm_solve_3x2xf64(%sB, %sb) : (tensor<3x2xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)
  %close = scf.for %i = %c0 to %c3 step %c1 iter_args(%so = %true) -> i1 {
    %e = tensor.extract %x#0[%i] : tensor<3xf64>
    %w = tensor.extract %expected[%i] : tensor<3xf64>
    %p = arith.mulf %s, %e : f64
    %d = arith.subf %p, %w : f64
    %m = math.absf %d : f64
    %good = arith.cmpf olt, %m, %tolerance : f64
    %next = arith.andi %so, %good : i1
    scf.yield %next : i1
  }
  vector.print %close : i1
  vector.print %x#1 : f64
  return
}

func.func @main() {
  // CHECK-COUNT-14: {{^1$}}
  %nan = arith.constant 0x7FF8000000000000 : f64
  func.call @sizes(%nan) : (f64) -> ()
  %inf = arith.constant 0x7FF0000000000000 : f64
  func.call @sizes(%inf) : (f64) -> ()
  // CHECK-NEXT: {{^1$}}
  // CHECK-NEXT: {{^2$}}
  %one = arith.constant 1.0 : f64
  func.call @lowRank(%one) : (f64) -> ()
  // CHECK-NEXT: {{^1$}}
  // CHECK-NEXT: {{^2$}}
  %large = arith.constant 1.0e+170 : f64
  func.call @lowRank(%large) : (f64) -> ()
  // CHECK-NEXT: {{^1$}}
  // CHECK-NEXT: {{^2$}}
  %small = arith.constant 1.0e-170 : f64
  func.call @lowRank(%small) : (f64) -> ()

  // Elimination: every element that depends on what is no number is none.
  %c1 = arith.constant 1 : index
  %b = arith.constant dense<[1.0, 2.0]> : tensor<2xf64>
  %A = arith.constant dense<[[0x7FF8000000000000, 1.0], [1.0, 2.0]]> : tensor<2x2xf64>
  %x = costate.linear_solve %A, %b : tensor<2x2xf64>, tensor<2xf64>
  %dx = tensor.cast %x : tensor<2xf64> to tensor<?xf64>
  // CHECK-NEXT: {{^1$}}
  func.call @areNan(%dx) : (tensor<?xf64>) -> ()
  %good = arith.constant dense<[[2.0, 1.0], [1.0, 2.0]]> : tensor<2x2xf64>
  %r = tensor.insert %nan into %b[%c1] : tensor<2xf64>
  %y = costate.linear_solve %good, %r : tensor<2x2xf64>, tensor<2xf64>
  %dy = tensor.cast %y : tensor<2xf64> to tensor<?xf64>
  // CHECK-NEXT: {{^1$}}
  func.call @areNan(%dy) : (tensor<?xf64>) -> ()
  return
}
