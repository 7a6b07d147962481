// RUN: costatec %s --emit=mlir@3 -o - | FileCheck %s

// A reshape in a network trains as an expansion does, in every pass that knows no reshape.
// CHECK: tensor.expand_shape {{.*}} : tensor<6xf64> into tensor<2x3xf64>
// CHECK-NOT: tensor.reshape
costate.network @u(%x: tensor<2xf64>) -> tensor<1xf64> {
  %h = costate.dense %x -> 6 activation(tanh) : tensor<2xf64> -> tensor<6xf64>
  %k = arith.constant dense<[2, 3]> : tensor<2xindex>
  %m = tensor.reshape %h(%k) : (tensor<6xf64>, tensor<2xindex>) -> tensor<2x3xf64>
  %e = math.exp %m : tensor<2x3xf64>
  %f = tensor.collapse_shape %e [[0, 1]] : tensor<2x3xf64> into tensor<6xf64>
  %u = costate.dense %f -> 1 : tensor<6xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
costate.residual @r(%x: tensor<2xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%x) : (tensor<2xf64>) -> tensor<1xf64>
  %d = arith.negf %u : tensor<1xf64>
  costate.yield %d : tensor<1xf64>
}
costate.problem @p {
  costate.sample @s (x: tensor<2xf64>) in box<[0.0, 0.0], [1.0, 1.0]> by sobol count 64
  costate.minimize "fit" square(@r(x)) over @s
  costate.train by #costate.sgd<lr = 0.01> steps 200
}
