// Benchmark 5: the Poisson equation lap u + f = 0 in 100 dimensions, on [0, 1]^100, with f of the solution
// u = sin(s), s = (x_1 + ... + x_100) / 2: f = 25 sin(s).
//
// RUN: costate-run %s check-grad --threads 1 --set interior.count=40 | FileCheck %s
// CHECK: the gradient agrees with differences

costate.network @u(%x: tensor<100xf64>) -> tensor<1xf64> {
  %h0 = costate.dense %x -> 64 activation(tanh) : tensor<100xf64> -> tensor<64xf64>
  %h1 = costate.dense %h0 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %h2 = costate.dense %h1 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %h3 = costate.dense %h2 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %y = costate.dense %h3 -> 1 : tensor<64xf64> -> tensor<1xf64>
  costate.yield %y : tensor<1xf64>
}

costate.residual @poisson(%x: tensor<100xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%x) : (tensor<100xf64>) -> tensor<1xf64>
  %laplacian = costate.laplacian %u by %x : tensor<1xf64>, tensor<100xf64>
  %halves = arith.constant dense<0.5> : tensor<1x100xf64>
  %none = arith.constant dense<0.0> : tensor<1xf64>
  %s = linalg.matvec ins(%halves, %x : tensor<1x100xf64>, tensor<100xf64>) outs(%none : tensor<1xf64>) -> tensor<1xf64>
  %sine = math.sin %s : tensor<1xf64>
  %factor = arith.constant dense<25.0> : tensor<1xf64>
  %f = arith.mulf %factor, %sine : tensor<1xf64>
  %r = arith.addf %laplacian, %f : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.problem @poisson_100d {
  costate.sample @interior (x: tensor<100xf64>) in box<[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]> by uniform count 1000
  costate.minimize "residual" square(@poisson(x)) over @interior
  costate.train by #costate.adam<lr = 1.0e-3> steps 1000
}
