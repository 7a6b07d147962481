// One step on a batch of 100 points: sine waves u(x; A, k, phi) learned under u_xx + k^2 u = 0 with a multiplier for every point,
// then Adam. The network has 601 parameters.
//
// RUN: costate-run --strategy="#costate.penalty<weight = 1.0>" %s check-grad --threads 1 --set train.count=40 | FileCheck %s
// CHECK: the gradient agrees with differences
// RUN: costate-run %s bench --threads 1 --steps 5 | FileCheck %s --check-prefix=STEP
// STEP: minibatch | f64 | 1 threads | 5 steps

costate.network @wave(%x: tensor<1xf64>, %style: tensor<3xf64>) -> tensor<1xf64> {
  %p = tensor.concat dim(0) %x, %style : (tensor<1xf64>, tensor<3xf64>) -> tensor<4xf64>
  %h = costate.dense %p -> 100 activation(tanh) : tensor<4xf64> -> tensor<100xf64>
  %u = costate.dense %h -> 1 : tensor<100xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// style = (A, k, phi)
costate.residual @helmholtz(%x: tensor<1xf64>, %style: tensor<3xf64>) -> tensor<1xf64> {
  %u = costate.call @wave(%x, %style) : (tensor<1xf64>, tensor<3xf64>) -> tensor<1xf64>
  %uxx = costate.diff %u by %x[0, 0] : tensor<1xf64>, tensor<1xf64>
  %k = tensor.extract_slice %style[1] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %k2 = arith.mulf %k, %k : tensor<1xf64>
  %k2u = arith.mulf %k2, %u : tensor<1xf64>
  %r = arith.addf %uxx, %k2u : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.problem @minibatch {
  costate.sample @train (x: tensor<1xf64>, style: tensor<3xf64>, y: tensor<1xf64>)
      in box<[0.0, 0.0, 1.0, 0.0, -1.0], [1.0, 1.0, 3.0, 6.0, 1.0]> by uniform count 100
  costate.minimize "data" square(@wave(x, style) - y) over @train
  costate.subject_to "helmholtz" @helmholtz(x, style) == 0.0 over @train by #costate.tanabe<mode = per_sample>
  costate.train by #costate.adam<lr = 1.0e-3> steps 1000
}
