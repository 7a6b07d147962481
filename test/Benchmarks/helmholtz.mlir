// Benchmark 1: the Helmholtz equation lap u + k^2 u = f on [-1, 1]^2 with k = 1, f of the solution
// sin(pi x) sin(4 pi y), that is f = (1 - 17 pi^2) sin(pi x) sin(4 pi y).
//
// RUN: costate-run %s check-grad --threads 1 --set interior.count=40 | FileCheck %s
// CHECK: the gradient agrees with differences

costate.network @u(%p: tensor<2xf64>) -> tensor<1xf64> {
  %h0 = costate.dense %p -> 16 activation(tanh) : tensor<2xf64> -> tensor<16xf64>
  %h1 = costate.dense %h0 -> 16 activation(tanh) : tensor<16xf64> -> tensor<16xf64>
  %h2 = costate.dense %h1 -> 16 activation(tanh) : tensor<16xf64> -> tensor<16xf64>
  %y = costate.dense %h2 -> 1 : tensor<16xf64> -> tensor<1xf64>
  costate.yield %y : tensor<1xf64>
}

costate.residual @helmholtz(%p: tensor<2xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%p) : (tensor<2xf64>) -> tensor<1xf64>
  %laplacian = costate.laplacian %u by %p : tensor<1xf64>, tensor<2xf64>
  %x = tensor.extract_slice %p[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %y = tensor.extract_slice %p[1] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %pi = arith.constant dense<3.1415926535897931> : tensor<1xf64>
  %pi4 = arith.constant dense<12.566370614359172> : tensor<1xf64>
  %amplitude = arith.constant dense<-166.7832748185191> : tensor<1xf64>
  %xs = arith.mulf %pi, %x : tensor<1xf64>
  %ys = arith.mulf %pi4, %y : tensor<1xf64>
  %sx = math.sin %xs : tensor<1xf64>
  %sy = math.sin %ys : tensor<1xf64>
  %s = arith.mulf %sx, %sy : tensor<1xf64>
  %f = arith.mulf %amplitude, %s : tensor<1xf64>
  %left = arith.addf %laplacian, %u : tensor<1xf64>
  %r = arith.subf %left, %f : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.problem @helmholtz_residual {
  costate.sample @interior (p: tensor<2xf64>) in box<[-1.0, -1.0], [1.0, 1.0]> by uniform count 10000
  costate.minimize "residual" square(@helmholtz(p)) over @interior
  costate.train by #costate.adam<lr = 1.0e-3> steps 1000
}
