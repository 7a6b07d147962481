// The Burgers equation u_t + u u_x = nu u_xx on [-1, 1] x [0, 1] with u(x, 0) = -sin(pi x) and u(-1, t) = u(1, t) = 0,
// after Raissi, Perdikaris and Karniadakis 2019. Initial and boundary values are terms of the objective.
//
// A long run: costatec burgers.mlir -o burgers && python3 Inputs/cole_hopf.py solution.npz && \
//             ./burgers train --reference solution.npz
//
// RUN: rm -rf %t && mkdir %t && costatec %s -o %t/burgers && %python %S/Inputs/cole_hopf.py %t/solution.npz
// RUN: %t/burgers check-grad --threads 1 --set interior.count=200 | FileCheck %s
// RUN: %t/burgers train --threads 1 --quiet --run-dir %t/run --reference %t/solution.npz --set interior.count=2000 \
// RUN:   --max-steps 5000 --require 'l2re<=0.06'
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
  %u = costate.dense %h7 -> 1 : tensor<20xf64> -> tensor<1xf64>
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

costate.residual @initial(%p: tensor<2xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%p) : (tensor<2xf64>) -> tensor<1xf64>
  %x = tensor.extract_slice %p[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %pi = arith.constant dense<3.1415926535897931> : tensor<1xf64>
  %angle = arith.mulf %pi, %x : tensor<1xf64>
  %sine = math.sin %angle : tensor<1xf64>
  %r = arith.addf %u, %sine : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.problem @burgers_soft {
  costate.sample @interior (p: tensor<2xf64>) in box<[-1.0, 0.0], [1.0, 1.0]> by sobol count 10000 resample 100
  costate.sample @start (p: tensor<2xf64>) on faces<[-1.0, 0.0], [1.0, 1.0], [[1, 0]]> by sobol count 200
  costate.sample @walls (p: tensor<2xf64>) on faces<[-1.0, 0.0], [1.0, 1.0], [[0, 0], [0, 1]]> by sobol count 200
  costate.minimize "initial" square(@initial(p)) over @start weight 10.0
  costate.minimize "walls" square(@u(p)) over @walls weight 10.0
  costate.subject_to "burgers" @burgers(p) == 0.0 over @interior by #costate.penalty<weight = 1.0>
  costate.train by #costate.adam<lr = 2.0e-3> schedule #costate.cosine<steps = 30000> steps 30000
}
