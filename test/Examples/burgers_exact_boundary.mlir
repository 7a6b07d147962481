// The Burgers equation of burgers.mlir. Initial and boundary values hold by construction,
// u(x, t) = -sin(pi x) + t (1 - x^2) N(x, t), which leaves the equation alone to be trained.
//
// A long run: costatec burgers_exact_boundary.mlir -o burgers && python3 Inputs/cole_hopf.py solution.npz && \
//             ./burgers train --reference solution.npz
//
// RUN: rm -rf %t && mkdir %t && costatec %s -o %t/burgers && %python %S/Inputs/cole_hopf.py %t/solution.npz
// RUN: %t/burgers check-grad --threads 1 --set interior.count=200 | FileCheck %s
// RUN: %t/burgers train --threads 1 --quiet --run-dir %t/run --reference %t/solution.npz --set interior.count=2000 \
// RUN:   --max-steps 4000 --require 'l2re<=0.06'
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
  %n = costate.dense %h7 -> 1 : tensor<20xf64> -> tensor<1xf64>
  %x = tensor.extract_slice %p[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %t = tensor.extract_slice %p[1] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %pi = arith.constant dense<3.1415926535897931> : tensor<1xf64>
  %one = arith.constant dense<1.0> : tensor<1xf64>
  %angle = arith.mulf %pi, %x : tensor<1xf64>
  %sine = math.sin %angle : tensor<1xf64>
  %xx = arith.mulf %x, %x : tensor<1xf64>
  %walls = arith.subf %one, %xx : tensor<1xf64>
  %vanishing = arith.mulf %t, %walls : tensor<1xf64>
  %correction = arith.mulf %vanishing, %n : tensor<1xf64>
  %u = arith.subf %correction, %sine : tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// p = (x, t); nu = 0.01 / pi.
costate.residual @burgers(%p: tensor<2xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%p) : (tensor<2xf64>) -> tensor<1xf64>
  %ux = costate.diff %u by %p[0] : tensor<1xf64>, tensor<2xf64>
  %ut = costate.diff %u by %p[1] : tensor<1xf64>, tensor<2xf64>
  %uxx = costate.diff %u by %p[0, 0] : tensor<1xf64>, tensor<2xf64>
  %nu = arith.constant dense<3.18309886183790712e-03> : tensor<1xf64>
  %advection = arith.mulf %u, %ux : tensor<1xf64>
  %diffusion = arith.mulf %nu, %uxx : tensor<1xf64>
  %left = arith.addf %ut, %advection : tensor<1xf64>
  %r = arith.subf %left, %diffusion : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.problem @burgers_exact {
  costate.sample @interior (p: tensor<2xf64>) in box<[-1.0, 0.0], [1.0, 1.0]> by sobol count 10000 resample 100
  costate.subject_to "burgers" @burgers(p) == 0.0 over @interior by #costate.penalty<weight = 1.0>
  costate.train by #costate.adam<lr = 2.0e-3> schedule #costate.cosine<steps = 30000> steps 30000
}
