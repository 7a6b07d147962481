// Benchmarks 2 and 3: the Burgers equation u_t + u u_x = nu u_xx with nu = 0.01 / pi, p = (t, x). The network is that of
// benchmark 2; of benchmark 3 it has 4 layers of 64 units.
//
// RUN: costate-run %s check-grad --threads 1 --set interior.count=40 | FileCheck %s
// CHECK: the gradient agrees with differences

costate.network @u(%p: tensor<2xf64>) -> tensor<1xf64> {
  %h0 = costate.dense %p -> 20 activation(tanh) : tensor<2xf64> -> tensor<20xf64>
  %h1 = costate.dense %h0 -> 20 activation(tanh) : tensor<20xf64> -> tensor<20xf64>
  %h2 = costate.dense %h1 -> 20 activation(tanh) : tensor<20xf64> -> tensor<20xf64>
  %h3 = costate.dense %h2 -> 20 activation(tanh) : tensor<20xf64> -> tensor<20xf64>
  %h4 = costate.dense %h3 -> 20 activation(tanh) : tensor<20xf64> -> tensor<20xf64>
  %h5 = costate.dense %h4 -> 20 activation(tanh) : tensor<20xf64> -> tensor<20xf64>
  %h6 = costate.dense %h5 -> 20 activation(tanh) : tensor<20xf64> -> tensor<20xf64>
  %h7 = costate.dense %h6 -> 20 activation(tanh) : tensor<20xf64> -> tensor<20xf64>
  %y = costate.dense %h7 -> 1 : tensor<20xf64> -> tensor<1xf64>
  costate.yield %y : tensor<1xf64>
}

costate.residual @burgers(%p: tensor<2xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%p) : (tensor<2xf64>) -> tensor<1xf64>
  %ut = costate.diff %u by %p[0] : tensor<1xf64>, tensor<2xf64>
  %ux = costate.diff %u by %p[1] : tensor<1xf64>, tensor<2xf64>
  %uxx = costate.diff %u by %p[1, 1] : tensor<1xf64>, tensor<2xf64>
  %nu = arith.constant dense<3.1830988618379067e-03> : tensor<1xf64>
  %advection = arith.mulf %u, %ux : tensor<1xf64>
  %diffusion = arith.mulf %nu, %uxx : tensor<1xf64>
  %left = arith.addf %ut, %advection : tensor<1xf64>
  %r = arith.subf %left, %diffusion : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.problem @burgers_residual {
  costate.sample @interior (p: tensor<2xf64>) in box<[0.0, -1.0], [1.0, 1.0]> by uniform count 10000
  costate.minimize "residual" square(@burgers(p)) over @interior
  costate.train by #costate.adam<lr = 1.0e-3> steps 1000
}
