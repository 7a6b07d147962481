// Benchmark 7: the bending of a plate, lap lap w = q on [0, 1]^2, with q = 4 pi^4 sin(pi x) sin(pi y) of the solution
// w = sin(pi x) sin(pi y).
//
// RUN: costate-run %s check-grad --threads 1 --set interior.count=40 | FileCheck %s
// CHECK: the gradient agrees with differences

costate.network @w(%p: tensor<2xf64>) -> tensor<1xf64> {
  %h0 = costate.dense %p -> 64 activation(tanh) : tensor<2xf64> -> tensor<64xf64>
  %h1 = costate.dense %h0 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %h2 = costate.dense %h1 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %h3 = costate.dense %h2 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %y = costate.dense %h3 -> 1 : tensor<64xf64> -> tensor<1xf64>
  costate.yield %y : tensor<1xf64>
}

costate.residual @plate(%p: tensor<2xf64>) -> tensor<1xf64> {
  %w = costate.call @w(%p) : (tensor<2xf64>) -> tensor<1xf64>
  %laplacian = costate.laplacian %w by %p : tensor<1xf64>, tensor<2xf64>
  %bilaplacian = costate.laplacian %laplacian by %p : tensor<1xf64>, tensor<2xf64>
  %x = tensor.extract_slice %p[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %y = tensor.extract_slice %p[1] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %pi = arith.constant dense<3.1415926535897931> : tensor<1xf64>
  %amplitude = arith.constant dense<389.63636413600966> : tensor<1xf64>
  %xs = arith.mulf %pi, %x : tensor<1xf64>
  %ys = arith.mulf %pi, %y : tensor<1xf64>
  %sx = math.sin %xs : tensor<1xf64>
  %sy = math.sin %ys : tensor<1xf64>
  %s = arith.mulf %sx, %sy : tensor<1xf64>
  %q = arith.mulf %amplitude, %s : tensor<1xf64>
  %r = arith.subf %bilaplacian, %q : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.problem @plate_residual {
  costate.sample @interior (p: tensor<2xf64>) in box<[0.0, 0.0], [1.0, 1.0]> by uniform count 10000
  costate.minimize "residual" square(@plate(p)) over @interior
  costate.train by #costate.adam<lr = 1.0e-3> steps 1000
}
