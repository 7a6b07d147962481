// RUN: costate-opt %s -costate-normalize-moves | FileCheck %s

// CHECK-LABEL: func @rows
// CHECK: scf.for %[[S:.*]] = %{{.*}} iter_args(%[[R:.*]] = %{{.*}}) -> (tensor<4x2xf64>)
// CHECK: %[[I:.*]] = tensor.extract %arg1[%[[S]], %{{.*}}] : tensor<4x1xindex>
// CHECK: %[[ROW:.*]] = tensor.extract_slice %arg0[%[[I]], 0] [1, 2] [1, 1] : tensor<3x2xf64> to tensor<2xf64>
// CHECK: tensor.insert_slice %[[ROW]] into %[[R]][%[[S]], 0] [1, 2] [1, 1] : tensor<2xf64> into tensor<4x2xf64>
func.func @rows(%t: tensor<3x2xf64>, %i: tensor<4x1xindex>) -> tensor<4x2xf64> {
  %rows = tensor.gather %t[%i] gather_dims([0]) : (tensor<3x2xf64>, tensor<4x1xindex>) -> tensor<4x2xf64>
  return %rows : tensor<4x2xf64>
}

// CHECK-LABEL: func @put
// CHECK: scf.for
// CHECK: tensor.insert_slice
// CHECK-NOT: tensor.scatter
func.func @put(%u: tensor<2x1xf64>, %t: tensor<3xf64>, %i: tensor<2x1xindex>) -> tensor<3xf64> {
  %r = tensor.scatter %u into %t[%i] scatter_dims([0]) unique : (tensor<2x1xf64>, tensor<3xf64>, tensor<2x1xindex>) -> tensor<3xf64>
  return %r : tensor<3xf64>
}
