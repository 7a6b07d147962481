// RUN: costate-opt %s | costate-opt | FileCheck %s
// RUN: costate-opt %s -mlir-print-op-generic | costate-opt | FileCheck %s

func.func private @clipped(%x: f64) -> f64 {
  return %x : f64
}
func.func private @clipped_vjp(%x: f64, %w: f64) -> (f64, f64) {
  return %x, %w : f64, f64
}
// CHECK: costate.custom_derivative @clipped vjp @clipped_vjp
costate.custom_derivative @clipped vjp @clipped_vjp

// CHECK: func.func @tangent(%[[X:.*]]: f64, %[[DX:.*]]: f64)
func.func @tangent(%x: f64, %dx: f64) -> (f64, f64) {
  // CHECK: costate.custom_call @clipped(%[[X]]) vjp @clipped_vjp : (f64) -> f64
  %y = costate.custom_call @clipped(%x) vjp @clipped_vjp : (f64) -> f64
  // CHECK: costate.pushforward @clipped_vjp at %[[X]] : (f64) along %[[DX]] : (f64) -> f64
  %dy = costate.pushforward @clipped_vjp at %x : (f64) along %dx : (f64) -> f64
  return %y, %dy : f64, f64
}
