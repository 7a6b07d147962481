// RUN: costate-opt %s -costate-expand-transforms | FileCheck %s

func.func @halve(%x: f64) -> f64 {
  %one = arith.constant 1.0 : f64
  %half = arith.constant 0.5 : f64
  %y = scf.while (%s = %x) : (f64) -> f64 {
    %c = arith.cmpf ogt, %s, %one : f64
    scf.condition(%c) %s : f64
  } do {
  ^bb0(%s: f64):
    %m = arith.mulf %s, %s : f64
    %r = arith.mulf %m, %half : f64
    scf.yield %r : f64
  }
  return %y : f64
}

// The condition is that of the primal; the tangent goes along.
// CHECK-LABEL: func private @halve_jvp
// CHECK-SAME: (%[[X:.*]]: f64, %[[DX:.*]]: f64)
// CHECK: %[[R:.*]]:2 = scf.while (%[[S:.*]] = %[[X]], %[[DS:.*]] = %[[DX]]) : (f64, f64) -> (f64, f64) {
// CHECK-NEXT: %[[C:.*]] = arith.cmpf ogt, %[[S]]
// CHECK-NEXT: scf.condition(%[[C]]) %[[S]], %[[DS]]
// CHECK: return %[[R]]#0, %[[R]]#1
costate.derive @halve_jvp = jvp @halve wrt [0]

// A loop that counts, one that records as many values, and one backwards.
// CHECK-LABEL: func private @halve_gradient
// CHECK-SAME: (%[[X:.*]]: f64)
// CHECK: %[[W:.*]]:2 = scf.while (%{{.*}} = %[[X]], %{{.*}} = %{{.*}}) : (f64, index) -> (f64, index) {
// CHECK-NOT: tensor
// CHECK: } do {
// CHECK: arith.addi
// CHECK: %[[N:.*]] = arith.maxsi %[[W]]#1
// CHECK: %[[TAPE:.*]] = tensor.empty(%[[N]]) : tensor<?xf64>
// CHECK: %[[F:.*]]:2 = scf.for {{.*}} to %[[W]]#1 {{.*}} iter_args(%[[S:.*]] = %[[X]], %[[T:.*]] = %[[TAPE]])
// CHECK-NOT: arith.cmpf
// CHECK: tensor.insert %[[S]] into %[[T]]
// CHECK: scf.for {{.*}} to %[[N]]
// CHECK: tensor.extract %[[F]]#1
// CHECK: return %[[F]]#0
costate.derive @halve_gradient = gradient @halve wrt [0]

// What is carried depends on x for the condition alone: nobody asks for its derivative, and the loop stays as it is.
// CHECK-LABEL: func private @search_gradient
// CHECK-SAME: (%[[X:.*]]: f64)
// CHECK: %[[R:.*]] = scf.while
// CHECK-NOT: scf.while
// CHECK-NOT: scf.for
// CHECK: arith.mulf
// CHECK: return
func.func @search(%x: f64) -> f64 {
  %one = arith.constant 1.0 : f64
  %r:2 = scf.while (%s = %x, %n = %one) : (f64, f64) -> (f64, f64) {
    %c = arith.cmpf ogt, %s, %one : f64
    scf.condition(%c) %s, %n : f64, f64
  } do {
  ^bb0(%s: f64, %n: f64):
    %t = arith.mulf %s, %x : f64
    %m = arith.addf %n, %one : f64
    scf.yield %t, %m : f64, f64
  }
  %y = arith.mulf %r#1, %x : f64
  return %y : f64
}
costate.derive @search_gradient = gradient @search wrt [0]

// Integers alone say how long: 1, 2, 4, 8, 16. The tape has that size, and nothing is counted first.
// CHECK-LABEL: func private @doubling_gradient
// CHECK-NOT: scf.while
// CHECK: tensor.empty() : tensor<5xf64>
// CHECK: scf.for
// CHECK: scf.for
// CHECK: return
func.func @doubling(%x: f64) -> f64 {
  %c1 = arith.constant 1 : i32
  %limit = arith.constant 20 : i32
  %r:2 = scf.while (%n = %c1, %s = %x) : (i32, f64) -> (i32, f64) {
    %c = arith.cmpi slt, %n, %limit : i32
    scf.condition(%c) %n, %s : i32, f64
  } do {
  ^bb0(%n: i32, %s: f64):
    %next = arith.addi %n, %n : i32
    %t = math.sin %s : f64
    scf.yield %next, %t : i32, f64
  }
  return %r#1 : f64
}
costate.derive @doubling_gradient = gradient @doubling wrt [0]
