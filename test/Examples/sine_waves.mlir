// RUN: %python %S/Inputs/make_waves.py %t.train.npz %t.test.npz --points 2 --precision f64
// RUN: costatec %s --precision=f64 --strategy="#costate.penalty<weight = 1.0e-4>" -o %t.soft
// RUN: %t.soft check-grad --data train=%t.train.npz
// Ten steps under each strategy. The first finds the same parameters, and so the same figures; each moves them elsewhere.
// RUN: rm -rf %t.runs && mkdir %t.runs && cd %t.runs
// RUN: %t.soft train --data train=%t.train.npz --max-steps 10 --log-every 1 --quiet --run-dir penalty
// RUN: costate-run --precision=f64 %s train --data train=%t.train.npz --max-steps 10 --log-every 1 --quiet --run-dir at_least
// RUN: costate-run --precision=f64 --strategy="#costate.tanabe<mode = per_sample>" %s train --data train=%t.train.npz --max-steps 10 --log-every 1 --quiet --run-dir per_sample
// RUN: costate-run --precision=f64 --strategy="#costate.tanabe<mode = reduction>" %s train --data train=%t.train.npz --max-steps 10 --log-every 1 --quiet --run-dir reduction
// RUN: %python -B %S/Inputs/compare_first_steps.py penalty at_least per_sample reduction | FileCheck %s
// CHECK: the first step agrees, the tenth does not: at_least penalty per_sample reduction
// The experiment of Jergensen 2019: sine waves u(x; A, k, phi) learned from data, under u_xx + k^2 u = 0.

// Five dense layers on x alone; one linear map of the wave's amplitude, frequency and phase scales their activations.
costate.network @wave(%x: tensor<1xf32>, %style: tensor<3xf32>) -> tensor<1xf32> {
  %s = costate.dense %style -> 250 : tensor<3xf32> -> tensor<250xf32>
  %s0 = tensor.extract_slice %s[0] [50] [1] : tensor<250xf32> to tensor<50xf32>
  %s1 = tensor.extract_slice %s[50] [50] [1] : tensor<250xf32> to tensor<50xf32>
  %s2 = tensor.extract_slice %s[100] [50] [1] : tensor<250xf32> to tensor<50xf32>
  %s3 = tensor.extract_slice %s[150] [50] [1] : tensor<250xf32> to tensor<50xf32>
  %s4 = tensor.extract_slice %s[200] [50] [1] : tensor<250xf32> to tensor<50xf32>
  %h0 = costate.dense %x -> 50 activation(swish) : tensor<1xf32> -> tensor<50xf32>
  %m0 = arith.mulf %h0, %s0 : tensor<50xf32>
  %h1 = costate.dense %m0 -> 50 activation(swish) : tensor<50xf32> -> tensor<50xf32>
  %m1 = arith.mulf %h1, %s1 : tensor<50xf32>
  %h2 = costate.dense %m1 -> 50 activation(swish) : tensor<50xf32> -> tensor<50xf32>
  %m2 = arith.mulf %h2, %s2 : tensor<50xf32>
  %h3 = costate.dense %m2 -> 50 activation(swish) : tensor<50xf32> -> tensor<50xf32>
  %m3 = arith.mulf %h3, %s3 : tensor<50xf32>
  %h4 = costate.dense %m3 -> 50 activation(swish) : tensor<50xf32> -> tensor<50xf32>
  %m4 = arith.mulf %h4, %s4 : tensor<50xf32>
  %u = costate.dense %m4 -> 1 : tensor<50xf32> -> tensor<1xf32>
  costate.yield %u : tensor<1xf32>
}

costate.residual @helmholtz(%x: tensor<1xf32>, %style: tensor<3xf32>) -> tensor<1xf32> {
  %u = costate.call @wave(%x, %style) : (tensor<1xf32>, tensor<3xf32>) -> tensor<1xf32>
  %uxx = costate.diff %u by %x[0, 0] : tensor<1xf32>, tensor<1xf32>
  %k = tensor.extract_slice %style[1] [1] [1] : tensor<3xf32> to tensor<1xf32>
  %k2 = arith.mulf %k, %k : tensor<1xf32>
  %k2u = arith.mulf %k2, %u : tensor<1xf32>
  %r = arith.addf %uxx, %k2u : tensor<1xf32>
  costate.yield %r : tensor<1xf32>
}

costate.problem @sine_waves {
  costate.data @train (x: tensor<1xf32>, style: tensor<3xf32>, y: tensor<1xf32>)
  costate.minimize "data" square(@wave(x, style) - y) over @train
  costate.subject_to "helmholtz" @helmholtz(x, style) == 0.0 over @train by #costate.tanabe<mode = per_sample, decay = at_least>
  costate.train by #costate.adam<lr = 1.0e-3> batch 100 epochs 40
}
