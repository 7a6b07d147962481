// What is stated is taken for the derivative of a call, whatever the body says.
// RUN: costate-opt %s -costate-expand-transforms | FileCheck %s

func.func private @softplus(%x: f64) -> f64 {
  %one = arith.constant 1.0 : f64
  %e = math.exp %x : f64
  %s = arith.addf %e, %one : f64
  %y = math.log %s : f64
  return %y : f64
}
// Without e^x, which overflows: 1 / (1 + e^-x).
func.func private @softplus_jvp(%x: f64, %dx: f64) -> (f64, f64) {
  %one = arith.constant 1.0 : f64
  %y = func.call @softplus(%x) : (f64) -> f64
  %m = arith.negf %x : f64
  %e = math.exp %m : f64
  %s = arith.addf %e, %one : f64
  %p = arith.divf %one, %s : f64
  %dy = arith.mulf %p, %dx : f64
  return %y, %dy : f64, f64
}
costate.custom_derivative @softplus jvp @softplus_jvp

// The identity, through which no more than one goes back.
func.func private @clipped(%x: f64) -> f64 {
  return %x : f64
}
func.func private @clipped_vjp(%x: f64, %w: f64) -> (f64, f64) {
  %low = arith.constant -1.0 : f64
  %high = arith.constant 1.0 : f64
  %a = arith.maximumf %w, %low : f64
  %b = arith.minimumf %a, %high : f64
  return %x, %b : f64, f64
}
costate.custom_derivative @clipped vjp @clipped_vjp

func.func private @f(%x: f64) -> f64 {
  %s = func.call @softplus(%x) : (f64) -> f64
  %y = costate.call @clipped(%s) : (f64) -> f64
  return %y : f64
}

// No statement and no mark of it is left.
// CHECK-LABEL: func.func private @f(
// CHECK-NEXT: %[[S:.*]] = call @softplus(%arg0)
// CHECK-NEXT: %[[Y:.*]] = call @clipped(%[[S]])
// CHECK-NEXT: return %[[Y]]

// CHECK-LABEL: func.func private @f_vjp(
// CHECK-NOT: math.log
// CHECK-DAG: call @softplus(%arg0)
// CHECK-DAG: %[[A:.*]] = arith.maximumf %arg1,
// CHECK-DAG: %[[B:.*]] = arith.minimumf %[[A]],
// CHECK-DAG: %[[P:.*]] = arith.divf
// CHECK: %[[R:.*]] = arith.mulf {{.*}}%[[P]]
// CHECK-NEXT: return %{{.*}}, %[[R]]
costate.derive @f_vjp = vjp @f wrt [0]

// The function itself, forwards and to second order.
// CHECK-LABEL: func.func private @softplus_tangent(
// CHECK-NOT: math.log
// CHECK: %[[P:.*]] = arith.divf
// CHECK: arith.mulf %[[P]], %arg1
costate.derive @softplus_tangent = jvp @softplus wrt [0]

// CHECK-LABEL: func.func private @softplus_second(
// CHECK-NOT: math.log
// CHECK: return
costate.derive @softplus_second = jet @softplus variables [[0, 0]] indices [[1], [2]]

// Second derivatives are those of the vjp.
// CHECK-LABEL: func.func private @clipped_second(
// CHECK: return
costate.derive @clipped_second = hvp @clipped wrt [0]
// CHECK-NOT: costate.
