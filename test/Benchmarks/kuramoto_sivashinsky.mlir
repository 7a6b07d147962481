// Benchmark 6: the Kuramoto-Sivashinsky equation u_t + u u_x + u_xx + u_xxxx = 0, p = (t, x).
//
// RUN: costate-run %s check-grad --threads 1 --set interior.count=40 | FileCheck %s
// CHECK: the gradient agrees with differences

costate.network @u(%p: tensor<2xf64>) -> tensor<1xf64> {
  %h0 = costate.dense %p -> 64 activation(tanh) : tensor<2xf64> -> tensor<64xf64>
  %h1 = costate.dense %h0 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %h2 = costate.dense %h1 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %h3 = costate.dense %h2 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %y = costate.dense %h3 -> 1 : tensor<64xf64> -> tensor<1xf64>
  costate.yield %y : tensor<1xf64>
}

costate.residual @kuramoto_sivashinsky(%p: tensor<2xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%p) : (tensor<2xf64>) -> tensor<1xf64>
  %ut = costate.diff %u by %p[0] : tensor<1xf64>, tensor<2xf64>
  %ux = costate.diff %u by %p[1] : tensor<1xf64>, tensor<2xf64>
  %uxx = costate.diff %u by %p[1, 1] : tensor<1xf64>, tensor<2xf64>
  %uxxxx = costate.diff %u by %p[1, 1, 1, 1] : tensor<1xf64>, tensor<2xf64>
  %advection = arith.mulf %u, %ux : tensor<1xf64>
  %s0 = arith.addf %ut, %advection : tensor<1xf64>
  %s1 = arith.addf %s0, %uxx : tensor<1xf64>
  %r = arith.addf %s1, %uxxxx : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.problem @kuramoto_sivashinsky_residual {
  costate.sample @interior (p: tensor<2xf64>) in box<[0.0, -1.0], [1.0, 1.0]> by uniform count 10000
  costate.minimize "residual" square(@kuramoto_sivashinsky(p)) over @interior
  costate.train by #costate.adam<lr = 1.0e-3> steps 1000
}
