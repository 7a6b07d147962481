// RUN: costate-opt %s -costate-simplify-loops | FileCheck %s

// Nobody asks for %r#0: what it is made of goes, though each iteration needs it for the next.
// CHECK-LABEL: func.func @dead
// CHECK: %[[R:.*]] = scf.for {{.*}} iter_args(%[[Y:.*]] = %{{.*}}) -> (f64) {
// CHECK-NEXT: %[[V:.*]] = math.sin %[[Y]]
// CHECK-NEXT: scf.yield %[[V]] : f64
// CHECK: return %[[R]]
func.func @dead(%x0: f64, %y0: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %x0, %y = %y0) -> (f64, f64) {
    %u = math.exp %x : f64
    %v = math.sin %y : f64
    scf.yield %u, %v : f64, f64
  }
  return %r#1 : f64
}

// CHECK-LABEL: func.func @invariant
// CHECK: math.exp
// CHECK: scf.for
// CHECK-NOT: math.exp
// CHECK: return
func.func @invariant(%x: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%y = %x) -> (f64) {
    %u = math.exp %x : f64
    %v = arith.mulf %y, %u : f64
    scf.yield %v : f64
  }
  return %r : f64
}
