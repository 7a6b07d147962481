// Right sides whose squares overflow or underflow are solved as others are; what is not finite gives NaN, and zero gives zero.
// RUN: costate-opt %s -costate-lower-implicit -inline -canonicalize %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s
// RUN: sed -e s/f64/f32/g -e s/e+154/e+19/ -e s/e+300/e+37/ -e s/e-170/e-23/ -e s/e-300/e-37/ -e s/0x7FF0000000000000/0x7F800000/ -e s/0x7FF8000000000000/0x7FC00000/ -e s/1.0e-9/1.0e-5/ %s | costate-opt -costate-lower-implicit -inline -canonicalize %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s

// diag(4, 1/2) y = s (2, 9), and [[4, 1], [0, 1/2]] y = s (2, 9): y is s (1/2, 18) and s (-4, 18).
func.func private @solve(%s: f64) {
  %b = arith.constant dense<[2.0, 9.0]> : tensor<2xf64>
  %ss = tensor.splat %s : tensor<2xf64>
  %rhs = arith.mulf %ss, %b : tensor<2xf64>
  %diagonal = arith.constant dense<[4.0, 0.5]> : tensor<2xf64>
  %y = costate.krylov_solve %rhs by cg : tensor<2xf64> {
  ^bb0(%v: tensor<2xf64>):
    %w = arith.mulf %diagonal, %v : tensor<2xf64>
    costate.yield %w : tensor<2xf64>
  }
  %z = costate.krylov_solve %rhs by bicgstab : tensor<2xf64> {
  ^bb0(%v: tensor<2xf64>):
    %c1 = arith.constant 1 : index
    %w = arith.mulf %diagonal, %v : tensor<2xf64>
    %v1 = tensor.extract %v[%c1] : tensor<2xf64>
    %zero = arith.constant 0.0 : f64
    %more = tensor.from_elements %v1, %zero : tensor<2xf64>
    %r = arith.addf %w, %more : tensor<2xf64>
    costate.yield %r : tensor<2xf64>
  }
  %y0 = arith.constant dense<[0.5, 18.0]> : tensor<2xf64>
  %z0 = arith.constant dense<[-4.0, 18.0]> : tensor<2xf64>
  func.call @compare(%s, %y, %y0) : (f64, tensor<2xf64>, tensor<2xf64>) -> ()
  func.call @compare(%s, %z, %z0) : (f64, tensor<2xf64>, tensor<2xf64>) -> ()
  return
}
// Whether y / s is what is expected, y being no number, and y being zero.
func.func private @compare(%s: f64, %y: tensor<2xf64>, %expected: tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %tolerance = arith.constant 1.0e-9 : f64
  %zero = arith.constant 0.0 : f64
  %true = arith.constant true
  %close, %nan, %none = scf.for %i = %c0 to %c2 step %c1 iter_args(%all = %true, %allNan = %true, %allZero = %true) -> (i1, i1, i1) {
    %a = tensor.extract %y[%i] : tensor<2xf64>
    %b = tensor.extract %expected[%i] : tensor<2xf64>
    %q = arith.divf %a, %s : f64
    %d = arith.subf %q, %b : f64
    %e = math.absf %d : f64
    %good = arith.cmpf olt, %e, %tolerance : f64
    %isNan = arith.cmpf uno, %a, %a : f64
    %isZero = arith.cmpf oeq, %a, %zero : f64
    %x = arith.andi %all, %good : i1
    %n = arith.andi %allNan, %isNan : i1
    %o = arith.andi %allZero, %isZero : i1
    scf.yield %x, %n, %o : i1, i1, i1
  }
  vector.print %close : i1
  vector.print %nan : i1
  vector.print %none : i1
  return
}
func.func @main() {
  %one = arith.constant 1.0 : f64
  // CHECK: 1{{[[:space:]]}}0{{[[:space:]]}}0{{[[:space:]]}}1{{[[:space:]]}}0{{[[:space:]]}}0
  func.call @solve(%one) : (f64) -> ()
  %large = arith.constant 1.0e+154 : f64
  // CHECK-NEXT: 1{{[[:space:]]}}0{{[[:space:]]}}0{{[[:space:]]}}1{{[[:space:]]}}0{{[[:space:]]}}0
  func.call @solve(%large) : (f64) -> ()
  %larger = arith.constant -1.0e+300 : f64
  // CHECK-NEXT: 1{{[[:space:]]}}0{{[[:space:]]}}0{{[[:space:]]}}1{{[[:space:]]}}0{{[[:space:]]}}0
  func.call @solve(%larger) : (f64) -> ()
  %small = arith.constant 1.0e-170 : f64
  // CHECK-NEXT: 1{{[[:space:]]}}0{{[[:space:]]}}0{{[[:space:]]}}1{{[[:space:]]}}0{{[[:space:]]}}0
  func.call @solve(%small) : (f64) -> ()
  %smaller = arith.constant 1.0e-300 : f64
  // CHECK-NEXT: 1{{[[:space:]]}}0{{[[:space:]]}}0{{[[:space:]]}}1{{[[:space:]]}}0{{[[:space:]]}}0
  func.call @solve(%smaller) : (f64) -> ()
  %inf = arith.constant 0x7FF0000000000000 : f64
  // CHECK-NEXT: 0{{[[:space:]]}}1{{[[:space:]]}}0{{[[:space:]]}}0{{[[:space:]]}}1{{[[:space:]]}}0
  func.call @solve(%inf) : (f64) -> ()
  %nan = arith.constant 0x7FF8000000000000 : f64
  // CHECK-NEXT: 0{{[[:space:]]}}1{{[[:space:]]}}0{{[[:space:]]}}0{{[[:space:]]}}1{{[[:space:]]}}0
  func.call @solve(%nan) : (f64) -> ()
  %zero = arith.constant 0.0 : f64
  // CHECK-NEXT: 0{{[[:space:]]}}0{{[[:space:]]}}1{{[[:space:]]}}0{{[[:space:]]}}0{{[[:space:]]}}1
  func.call @solve(%zero) : (f64) -> ()
  return
}
