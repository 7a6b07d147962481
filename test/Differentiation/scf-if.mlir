// RUN: costate-opt %s -costate-expand-transforms | FileCheck %s

func.func @f(%x: f64, %c: i1) -> f64 {
  %y = scf.if %c -> f64 {
    %s = math.sqrt %x : f64
    scf.yield %s : f64
  } else {
    %n = arith.negf %x : f64
    scf.yield %n : f64
  }
  return %y : f64
}

// The tangent is one more result of the conditional.
// CHECK-LABEL: func private @f_jvp
// CHECK-SAME: (%[[X:.*]]: f64, %[[C:.*]]: i1, %[[T:.*]]: f64)
// CHECK: %[[R:.*]]:2 = scf.if %[[C]] -> (f64, f64) {
// CHECK: %[[S:.*]] = math.sqrt %[[X]]
// CHECK: %[[D:.*]] = arith.divf %{{.*}}, %[[S]]
// CHECK-NEXT: %[[DT:.*]] = arith.mulf %[[D]], %[[T]]
// CHECK: scf.yield
// CHECK: } else {
// CHECK-DAG: arith.negf %[[X]]
// CHECK-DAG: arith.negf %[[T]]
// CHECK: return
costate.derive @f_jvp = jvp @f wrt [0]

// Each branch is transposed by itself: where it is not taken, its division by zero contributes nothing.
// CHECK-LABEL: func private @f_vjp
// CHECK-SAME: (%[[X:.*]]: f64, %[[C:.*]]: i1, %[[CT:.*]]: f64)
// CHECK: scf.if %[[C]]
// CHECK: arith.divf
// CHECK: arith.mulf %[[CT]]
// CHECK: } else {
// CHECK: arith.negf %[[CT]]
// CHECK: return
costate.derive @f_vjp = vjp @f wrt [0]
