// RUN: costate-opt %s -costate-expand-derivatives -canonicalize | FileCheck %s
// CHECK-NOT: costate.diff

// The callee is inlined; beside its value runs the coefficient of direction 1.
// CHECK-LABEL: func.func @first(
// CHECK-SAME:    %[[A:.*]]: tensor<3x2xf64>, %[[X:.*]]: tensor<2xf64>)
// CHECK-DAG:   %[[E:.*]] = arith.constant dense<[0.000000e+00, 1.000000e+00]> : tensor<2xf64>
// CHECK:       %[[Y:.*]] = linalg.contract {{.*}} ins(%[[A]], %[[X]] :
// CHECK-NEXT:  %[[Y1:.*]] = linalg.contract {{.*}} ins(%[[A]], %[[E]] :
// CHECK-NEXT:  %[[S:.*]] = math.sin %[[Y]]
// CHECK-NEXT:  %[[C:.*]] = math.cos %[[Y]]
// CHECK-NEXT:  %[[D:.*]] = arith.mulf %[[C]], %[[Y1]]
// CHECK-NEXT:  return %[[S]], %[[D]]

// x * x * x twice by x is 6 x, in two parts.
// CHECK-LABEL: func.func @cube(
// CHECK-SAME:    %[[X:.*]]: tensor<1xf64>)
// CHECK-DAG:   %[[FOUR:.*]] = arith.constant dense<4.000000e+00>
// CHECK-DAG:   %[[TWO:.*]] = arith.constant dense<2.000000e+00>
// CHECK:       %[[P:.*]] = arith.mulf %[[X]], %[[TWO]]
// CHECK-NEXT:  %[[Q:.*]] = arith.mulf %[[X]], %[[FOUR]]
// CHECK-NEXT:  %[[R:.*]] = arith.addf %[[P]], %[[Q]]
// CHECK-NEXT:  return %[[R]]

// What has no derivatives keeps its calls.
// CHECK-LABEL: func.func @plain(
// CHECK-NEXT:  call @f(

func.func private @f(%a: tensor<3x2xf64>, %x: tensor<2xf64>) -> tensor<3xf64> {
  %e = tensor.empty() : tensor<3xf64>
  %zero = arith.constant 0.0 : f64
  %z = linalg.fill ins(%zero : f64) outs(%e : tensor<3xf64>) -> tensor<3xf64>
  %y = linalg.matvec ins(%a, %x : tensor<3x2xf64>, tensor<2xf64>) outs(%z : tensor<3xf64>) -> tensor<3xf64>
  %s = math.sin %y : tensor<3xf64>
  return %s : tensor<3xf64>
}
func.func @first(%a: tensor<3x2xf64>, %x: tensor<2xf64>) -> (tensor<3xf64>, tensor<3xf64>) {
  %u = func.call @f(%a, %x) : (tensor<3x2xf64>, tensor<2xf64>) -> tensor<3xf64>
  %d = costate.diff %u by %x[1] : tensor<3xf64>, tensor<2xf64>
  return %u, %d : tensor<3xf64>, tensor<3xf64>
}
func.func @cube(%x: tensor<1xf64>) -> tensor<1xf64> {
  %x2 = arith.mulf %x, %x : tensor<1xf64>
  %x3 = arith.mulf %x2, %x : tensor<1xf64>
  %d = costate.diff %x3 by %x[0, 0] : tensor<1xf64>, tensor<1xf64>
  return %d : tensor<1xf64>
}
func.func @plain(%a: tensor<3x2xf64>, %x: tensor<2xf64>) -> tensor<3xf64> {
  %u = func.call @f(%a, %x) : (tensor<3x2xf64>, tensor<2xf64>) -> tensor<3xf64>
  return %u : tensor<3xf64>
}

// What is called calls another.
// CHECK-LABEL: func.func @through_two(
// CHECK-NOT: call
// CHECK: return
func.func private @inner(%x: tensor<2xf64>) -> tensor<2xf64> {
  %s = math.sin %x : tensor<2xf64>
  return %s : tensor<2xf64>
}
func.func private @outer(%x: tensor<2xf64>) -> tensor<2xf64> {
  %s = func.call @inner(%x) : (tensor<2xf64>) -> tensor<2xf64>
  return %s : tensor<2xf64>
}
func.func @through_two(%x: tensor<2xf64>) -> tensor<2xf64> {
  %u = func.call @outer(%x) : (tensor<2xf64>) -> tensor<2xf64>
  %d = costate.diff %u by %x[1] : tensor<2xf64>, tensor<2xf64>
  return %d : tensor<2xf64>
}
