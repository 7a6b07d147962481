// RUN: costate-opt %s -costate-expand-transforms -canonicalize -cse | FileCheck %s

// Cotangents of slices that do not meet are put side by side: nothing is added to zeros.
// CHECK-LABEL: func private @apart_vjp
// CHECK-SAME: (%[[X:.*]]: tensor<4xf64>, %[[CT:.*]]: tensor<2xf64>)
// CHECK-DAG: %[[A:.*]] = tensor.extract_slice %[[X]][0] [2]
// CHECK-DAG: %[[B:.*]] = tensor.extract_slice %[[X]][2] [2]
// CHECK-NOT: arith.addf
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[{{0|2}}] [2]
// CHECK-NOT: arith.addf
// CHECK: %[[G:.*]] = tensor.insert_slice %{{.*}} into %{{.*}}[{{0|2}}] [2]
// CHECK-NEXT: return %{{.*}}, %[[G]]
func.func @apart(%x: tensor<4xf64>) -> tensor<2xf64> {
  %a = tensor.extract_slice %x[0] [2] [1] : tensor<4xf64> to tensor<2xf64>
  %b = tensor.extract_slice %x[2] [2] [1] : tensor<4xf64> to tensor<2xf64>
  %p = arith.mulf %a, %b : tensor<2xf64>
  return %p : tensor<2xf64>
}
costate.derive @apart_vjp = vjp @apart wrt [0]

// Where slices overlap, the sum is of slices.
// CHECK-LABEL: func private @overlap_vjp
// CHECK: arith.addf {{.*}} : tensor<2xf64>
// CHECK-NOT: arith.addf
// CHECK: return
func.func @overlap(%x: tensor<4xf64>) -> tensor<2xf64> {
  %a = tensor.extract_slice %x[0] [2] [1] : tensor<4xf64> to tensor<2xf64>
  %b = tensor.extract_slice %x[1] [2] [1] : tensor<4xf64> to tensor<2xf64>
  %p = arith.mulf %a, %b : tensor<2xf64>
  return %p : tensor<2xf64>
}
costate.derive @overlap_vjp = vjp @overlap wrt [0]
