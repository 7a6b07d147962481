// Two convolutional networks on periodic profiles. @difference is one kernel of three weights, linear and without bias: it
// has to find the stencil 1, -2, 1 of the second difference that made its data. @next is nonlinear and learns a step of
// Burgers' equation, u -> u - u u_x dt + nu u_xx dt, as what is added to the profile.
//
// RUN: rm -rf %t && mkdir %t && %python %S/Inputs/make_steps.py %t/train.npz %t/test.npz
// RUN: costatec %s -o %t/stencils
// RUN: %t/stencils check-grad --threads 1 --data steps=%t/train.npz | FileCheck %s --check-prefix=GRAD
// RUN: %t/stencils train --threads 1 --quiet --run-dir %t/run --data steps=%t/train.npz \
// RUN:   --require 'difference<=1e-6' --require 'next<=2e-3'
// RUN: %python %S/Inputs/print_parameters.py %t/run difference.conv0.weight | FileCheck %s
// GRAD: the gradient agrees with differences
// CHECK: 1.000 -2.000 1.000

costate.network @difference(%u: tensor<1x32xf64>) -> tensor<1x32xf64> {
  %d = costate.conv %u -> 1 kernel [3] padding(periodic [1]) no_bias : tensor<1x32xf64> -> tensor<1x32xf64>
  costate.yield %d : tensor<1x32xf64>
}

costate.network @next(%u: tensor<1x32xf64>) -> tensor<1x32xf64> {
  %h = costate.conv %u -> 16 kernel [3] padding(periodic [1]) activation(tanh) : tensor<1x32xf64> -> tensor<16x32xf64>
  %d = costate.conv %h -> 1 kernel [1] : tensor<16x32xf64> -> tensor<1x32xf64>
  %v = arith.addf %u, %d : tensor<1x32xf64>
  costate.yield %v : tensor<1x32xf64>
}

costate.problem @stencils {
  costate.data @steps (u: tensor<1x32xf64>, d: tensor<1x32xf64>, v: tensor<1x32xf64>)
  costate.minimize "difference" square(@difference(u) - d) over @steps
  costate.minimize "next" square(@next(u) - v) over @steps
  costate.train by #costate.adam<lr = 1.0e-2> schedule #costate.cosine<steps = 3200> batch 64 epochs 800 seed 1
}
