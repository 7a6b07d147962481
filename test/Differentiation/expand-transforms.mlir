// RUN: costate-opt %s -costate-expand-transforms | FileCheck %s

func.func private @square(%x: f64) -> f64 {
  %y = arith.mulf %x, %x : f64
  return %y : f64
}

// Calls are inlined into the derivative.
func.func @f(%x: f64, %a: f64) -> f64 {
  %s = func.call @square(%x) : (f64) -> f64
  %e = math.exp %a : f64
  %y = arith.mulf %s, %e : f64
  return %y : f64
}

// CHECK-LABEL: func private @f_gradient
// CHECK-SAME: (%[[X:.*]]: f64, %[[A:.*]]: f64) -> (f64, f64)
// CHECK-NEXT: %[[S:.*]] = arith.mulf %[[X]], %[[X]]
// CHECK-NEXT: %[[E:.*]] = math.exp %[[A]]
// CHECK-NEXT: %[[Y:.*]] = arith.mulf %[[S]], %[[E]]
// CHECK-NEXT: %[[C:.*]] = arith.mulf %[[E]], %[[X]]
// CHECK-NEXT: %[[G:.*]] = arith.addf %[[C]], %[[C]]
// CHECK-NEXT: return %[[Y]], %[[G]]
costate.derive @f_gradient = gradient @f wrt [0]

// CHECK-LABEL: func private @f_hessian
// CHECK-SAME: -> (tensor<f64>, tensor<f64>, tensor<f64>, tensor<f64>)
costate.derive @f_hessian = hessian @f wrt [0, 1]

// CHECK-LABEL: func private @f_hvp
// CHECK-SAME: (%[[X:.*]]: f64, %[[A:.*]]: f64, %[[T:.*]]: f64) -> f64
// CHECK-NEXT: %[[E:.*]] = math.exp %[[A]]
// CHECK-NEXT: %[[C:.*]] = arith.mulf %[[E]], %[[T]]
// CHECK-NEXT: %[[H:.*]] = arith.addf %[[C]], %[[C]]
// CHECK-NEXT: return %[[H]]
costate.derive @f_hvp = hvp @f wrt [0]

// A derivative that is declared before its source is.
// CHECK-LABEL: func private @third
// CHECK-NOT: costate
costate.derive @third = jvp @second wrt [0]
// CHECK-LABEL: func private @second
costate.derive @second = gradient @by_hand wrt [0]

// CHECK-LABEL: func @by_hand
// CHECK: call @f_gradient(%{{.*}}, %{{.*}}) : (f64, f64) -> (f64, f64)
func.func @by_hand(%x: f64) -> f64 {
  %y:2 = costate.call @f_gradient(%x, %x) : (f64, f64) -> (f64, f64)
  return %y#1 : f64
}

// The tangent that is not asked for, and the values that only it needs, are not there.
// CHECK-LABEL: func private @linear_transposed
// CHECK-SAME: (%[[A:.*]]: tensor<3xf64>, %[[CT:.*]]: tensor<3xf64>) -> tensor<3xf64>
// CHECK-NEXT: %[[R:.*]] = arith.mulf %[[CT]], %[[A]]
// CHECK-NEXT: return %[[R]]
func.func @linear(%x: tensor<3xf64>, %a: tensor<3xf64>) -> tensor<3xf64> {
  %y = arith.mulf %a, %x : tensor<3xf64>
  return %y : tensor<3xf64>
}
costate.derive @linear_transposed = transpose @linear wrt [0]

// A Jacobian has the type of the result, also where it is found by rows, which have that of the argument.
// CHECK-LABEL: func private @mixed_jacobian
// CHECK-SAME: (%[[X:.*]]: tensor<3xf32>) -> tensor<3xf64>
// CHECK: %[[ROW:.*]] = math.cos %[[X]] : tensor<3xf32>
// CHECK: arith.extf %{{.*}} : tensor<3xf32> to tensor<3xf64>
func.func @mixed(%x: tensor<3xf32>) -> f64 {
  %s = math.sin %x : tensor<3xf32>
  %z = arith.constant dense<0.0> : tensor<f32>
  %r = linalg.reduce { arith.addf } ins(%s : tensor<3xf32>) outs(%z : tensor<f32>) dimensions = [0]
  %e = tensor.extract %r[] : tensor<f32>
  %y = arith.extf %e : f32 to f64
  return %y : f64
}
costate.derive @mixed_jacobian = jacobian @mixed wrt [0]
