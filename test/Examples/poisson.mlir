// The Poisson equation -lap u = f in ten dimensions, on [0, 1]^10, with f and the boundary values of the manufactured
// solution u = sin(s), s = (x_1 + ... + x_10) / 2, so that f = 2.5 sin(s). Faces are sampled.
//
// A long run: costatec poisson.mlir -o poisson && python3 Inputs/make_poisson.py solution.npz && \
//             ./poisson train --reference solution.npz
//
// RUN: rm -rf %t && mkdir %t && costatec %s -o %t/poisson && %python %S/Inputs/make_poisson.py %t/solution.npz
// RUN: %t/poisson check-grad --threads 1 --set interior.count=100 --set faces.count=100 \
// RUN:   | FileCheck %s --check-prefix=GRAD
// RUN: %t/poisson train --threads 1 --quiet --run-dir %t/run --reference %t/solution.npz --set interior.count=500 \
// RUN:   --set faces.count=500 --max-steps 2000 --require 'l2re<=0.05'
// GRAD: the gradient agrees with differences
//
// The second derivatives are summed as they are carried: a layer of the residual is applied to 2 + 10 vectors, not
// to 1 + 20.
// RUN: costatec --emit=mlir@3 %s -o - | FileCheck %s
// CHECK-LABEL: func.func private @poisson(
// CHECK-COUNT-24: ins(%{{.*}} : tensor<32x32xf64>, tensor<32xf64>)
// CHECK-NOT: ins(%{{.*}} : tensor<32x32xf64>, tensor<32xf64>)
// CHECK: return

costate.network @u(%x: tensor<10xf64>) -> tensor<1xf64> {
  %h0 = costate.dense %x -> 32 activation(tanh) : tensor<10xf64> -> tensor<32xf64>
  %h1 = costate.dense %h0 -> 32 activation(tanh) : tensor<32xf64> -> tensor<32xf64>
  %h2 = costate.dense %h1 -> 32 activation(tanh) : tensor<32xf64> -> tensor<32xf64>
  %u = costate.dense %h2 -> 1 : tensor<32xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

costate.residual @poisson(%x: tensor<10xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%x) : (tensor<10xf64>) -> tensor<1xf64>
  %laplacian = costate.laplacian %u by %x : tensor<1xf64>, tensor<10xf64>
  %halves = arith.constant dense<0.5> : tensor<1x10xf64>
  %none = arith.constant dense<0.0> : tensor<1xf64>
  %s = linalg.matvec ins(%halves, %x : tensor<1x10xf64>, tensor<10xf64>) outs(%none : tensor<1xf64>) -> tensor<1xf64>
  %sine = math.sin %s : tensor<1xf64>
  %factor = arith.constant dense<2.5> : tensor<1xf64>
  %f = arith.mulf %factor, %sine : tensor<1xf64>
  %r = arith.addf %laplacian, %f : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.residual @boundary(%x: tensor<10xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%x) : (tensor<10xf64>) -> tensor<1xf64>
  %halves = arith.constant dense<0.5> : tensor<1x10xf64>
  %none = arith.constant dense<0.0> : tensor<1xf64>
  %s = linalg.matvec ins(%halves, %x : tensor<1x10xf64>, tensor<10xf64>) outs(%none : tensor<1xf64>) -> tensor<1xf64>
  %sine = math.sin %s : tensor<1xf64>
  %r = arith.subf %u, %sine : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.problem @poisson_10d {
  costate.sample @interior (x: tensor<10xf64>) in box<[0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]>
      by sobol count 2000 resample 100
  costate.sample @faces (x: tensor<10xf64>) on faces<[0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1], []>
      by sobol count 1000 resample 100
  costate.minimize "boundary" square(@boundary(x)) over @faces weight 10.0
  costate.subject_to "poisson" @poisson(x) == 0.0 over @interior by #costate.penalty<weight = 1.0>
  costate.train by #costate.adam<lr = 4.0e-3> schedule #costate.cosine<steps = 5000> steps 5000
}
