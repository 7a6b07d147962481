// RUN: costate-opt %s | costate-opt | FileCheck %s
// RUN: costate-opt %s -mlir-print-op-generic | costate-opt | FileCheck %s

// CHECK: costate.residual @all(%[[X:.*]]: tensor<2xf64>, %[[T:.*]]: tensor<1xf64>)
costate.residual @all(%x: tensor<2xf64>, %t: tensor<1xf64>) -> (tensor<1xf64>, tensor<2xf64>, tensor<2x2xf64>) {
  %u = tensor.extract_slice %x[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  // CHECK: costate.diff %[[U:.*]] by %[[X]][0, 1], %[[T]][0] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  %d = costate.diff %u by %x[0, 1], %t[0] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  // CHECK: costate.grad %[[U]] by %[[X]] : tensor<1xf64>, tensor<2xf64> -> tensor<2xf64>
  %g = costate.grad %u by %x : tensor<1xf64>, tensor<2xf64> -> tensor<2xf64>
  // CHECK: costate.div %{{.*}} by %[[X]] : tensor<2xf64>, tensor<2xf64> -> tensor<1xf64>
  %v = costate.div %g by %x : tensor<2xf64>, tensor<2xf64> -> tensor<1xf64>
  // CHECK: costate.jacobian %[[U]] by %[[X]] : tensor<1xf64>, tensor<2xf64> -> tensor<1x2xf64>
  %j = costate.jacobian %u by %x : tensor<1xf64>, tensor<2xf64> -> tensor<1x2xf64>
  // CHECK: costate.hessian %[[U]] by %[[X]] : tensor<1xf64>, tensor<2xf64> -> tensor<2x2xf64>
  %h = costate.hessian %u by %x : tensor<1xf64>, tensor<2xf64> -> tensor<2x2xf64>
  // CHECK: costate.laplacian %[[U]] by %[[X]] : tensor<1xf64>, tensor<2xf64>
  %l = costate.laplacian %u by %x : tensor<1xf64>, tensor<2xf64>
  // CHECK: costate.laplacian %[[U]] by %[[X]] components [1] : tensor<1xf64>, tensor<2xf64>
  %m = costate.laplacian %u by %x components [1] : tensor<1xf64>, tensor<2xf64>
  // CHECK: costate.operator %[[U]] by(%[[X]], %[[T]]) terms [#costate.term<1.0, [2]>, #costate.term<-0.01, [0, 0]>] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  %o = costate.operator %u by (%x, %t) terms [#costate.term<1.0, [2]>, #costate.term<-0.01, [0, 0]>] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  // By several inputs, all their components count, in order.
  // CHECK: costate.grad %[[U]] by %[[X]], %[[T]] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3xf64>
  %gs = costate.grad %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3xf64>
  // CHECK: costate.div %{{.*}} by %[[X]], %[[T]] : tensor<3xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<1xf64>
  %vs = costate.div %gs by %x, %t : tensor<3xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<1xf64>
  // CHECK: costate.jacobian %{{.*}} by %[[T]], %[[X]] : tensor<3xf64>, tensor<1xf64>, tensor<2xf64> -> tensor<3x3xf64>
  %js = costate.jacobian %gs by %t, %x : tensor<3xf64>, tensor<1xf64>, tensor<2xf64> -> tensor<3x3xf64>
  // CHECK: costate.hessian %[[U]] by %[[X]], %[[T]] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3x3xf64>
  %hs = costate.hessian %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3x3xf64>
  // CHECK: costate.laplacian %[[U]] by %[[X]], %[[T]] components [0, 2] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  %ls = costate.laplacian %u by %x, %t components [0, 2] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  costate.yield %o, %g, %h : tensor<1xf64>, tensor<2xf64>, tensor<2x2xf64>
}

// CHECK-LABEL: func.func @squares(
func.func @squares(%x: tensor<3xf64>) -> tensor<3xf64> {
  // CHECK: %[[V:.*]] = costate.direction [0, 2] : tensor<3xf64>
  %v = costate.direction [0, 2] : tensor<3xf64>
  %y = arith.mulf %x, %v : tensor<3xf64>
  // CHECK: costate.sum_directions %{{.*}} over %[[V]] : tensor<3xf64>, tensor<3xf64>
  %s = costate.sum_directions %y over %v : tensor<3xf64>, tensor<3xf64>
  return %s : tensor<3xf64>
}
