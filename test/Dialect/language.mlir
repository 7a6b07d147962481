// The snippets of docs/Language.md, parsed, checked and printed.
// RUN: costate-opt %s | costate-opt | FileCheck %s

// CHECK-LABEL: costate.network @u
costate.network @u(%x: tensor<1xf64>, %t: tensor<1xf64>) -> tensor<1xf64> {
  %xt = tensor.concat dim(0) %x, %t : (tensor<1xf64>, tensor<1xf64>) -> tensor<2xf64>
  %h0 = costate.dense %xt -> 20 activation(tanh) : tensor<2xf64> -> tensor<20xf64>
  %h1 = costate.dense %h0 -> 20 activation(tanh) : tensor<20xf64> -> tensor<20xf64>
  %u = costate.dense %h1 -> 1 : tensor<20xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// CHECK: costate.variable @nu init 0.01 in [0.0, 1.0] : tensor<1xf64>
costate.variable @nu init 0.01 in [0.0, 1.0] : tensor<1xf64>

// CHECK-LABEL: costate.residual @burgers
costate.residual @burgers(%x: tensor<1xf64>, %t: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%x, %t) : (tensor<1xf64>, tensor<1xf64>) -> tensor<1xf64>
  %ut = costate.diff %u by %t[0] : tensor<1xf64>, tensor<1xf64>
  %ux = costate.diff %u by %x[0] : tensor<1xf64>, tensor<1xf64>
  %uxx = costate.diff %u by %x[0, 0] : tensor<1xf64>, tensor<1xf64>
  %nu = costate.read @nu : tensor<1xf64>
  %convection = arith.mulf %u, %ux : tensor<1xf64>
  %diffusion = arith.mulf %nu, %uxx : tensor<1xf64>
  %transport = arith.addf %ut, %convection : tensor<1xf64>
  %r = arith.subf %transport, %diffusion : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

// CHECK-LABEL: costate.problem @identify_viscosity
costate.problem @identify_viscosity {
  costate.data @measured (x: tensor<1xf64>, t: tensor<1xf64>, u: tensor<1xf64>) file "measured.npz"
  costate.sample @interior (x: tensor<1xf64>, t: tensor<1xf64>) in box<[-1.0, 0.0], [1.0, 1.0]> by sobol count 10000
  costate.sample @walls (x: tensor<1xf64>, t: tensor<1xf64>)
      on faces<[-1.0, 0.0], [1.0, 1.0], [[0, 0], [0, 1]]> by uniform count 200 resample 100
  costate.minimize "data" square(@u(x, t) - u) over @measured
  costate.minimize "walls" square(@u(x, t)) over @walls weight 10.0
  costate.subject_to "burgers" @burgers(x, t) == 0.0 over @interior by #costate.penalty<kind = huber, delta = 6.0>
  costate.train by #costate.adam<lr = 1.0e-3> schedule #costate.cosine<steps = 20000> batch 100 epochs 40 seed 1
}

// CHECK-LABEL: costate.network @modulated
costate.network @modulated(%x: tensor<2xf64>, %style: tensor<3xf64>) -> tensor<1xf64> {
  %f = costate.fourier %x -> 64 scale 2.0 : tensor<2xf64> -> tensor<128xf64>
  %h = costate.dense %f -> 50 named "first" init(he_normal) bias(0.1) activation(swish) : tensor<128xf64> -> tensor<50xf64>
  %s = costate.dense %style -> 50 no_bias : tensor<3xf64> -> tensor<50xf64>
  %m = arith.mulf %h, %s : tensor<50xf64>
  %a = costate.parameter "a" init(normal<0.0, 0.1>) : tensor<50xf64>
  %r = arith.addf %m, %a : tensor<50xf64>
  %u = costate.dense %r -> 1 : tensor<50xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// CHECK-LABEL: costate.residual @operators
costate.residual @operators(%x: tensor<2xf64>, %style: tensor<3xf64>) -> tensor<1xf64> {
  %u = costate.call @modulated(%x, %style) : (tensor<2xf64>, tensor<3xf64>) -> tensor<1xf64>
  %g = costate.grad %u by %x : tensor<1xf64>, tensor<2xf64> -> tensor<2xf64>
  %d = costate.div %g by %x : tensor<2xf64>, tensor<2xf64> -> tensor<1xf64>
  %l = costate.laplacian %u by %x : tensor<1xf64>, tensor<2xf64>
  %ls = costate.laplacian %u by %x components [0] : tensor<1xf64>, tensor<2xf64>
  %j = costate.jacobian %g by %x : tensor<2xf64>, tensor<2xf64> -> tensor<2x2xf64>
  %h = costate.hessian %u by %x : tensor<1xf64>, tensor<2xf64> -> tensor<2x2xf64>
  %o = costate.operator %u by (%x) terms [#costate.term<1.0, [1]>, #costate.term<-0.01, [0, 0]>]
     : tensor<1xf64>, tensor<2xf64>
  %r = arith.subf %d, %l : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

// CHECK-LABEL: costate.problem @regularised
costate.problem @regularised {
  costate.data @s (x: tensor<2xf64>, style: tensor<3xf64>, u: tensor<1xf64>)
  costate.minimize "data" sum square(@modulated(x, style) - u) over @s
  costate.minimize "size" square(@modulated(x, style)) over @s weight 0.1
  costate.subject_to "mass" sum @modulated(x, style) == 3.0 over @s by #costate.tanabe<mode = reduction>
  costate.train by #costate.euler<dt = 0.01> batch 100 epochs 10
}

costate.network @temperature(%x: tensor<2xf64>, %t: tensor<1xf64>) -> tensor<1xf64> {
  %xt = tensor.concat dim(0) %x, %t : (tensor<2xf64>, tensor<1xf64>) -> tensor<3xf64>
  %u = costate.dense %xt -> 1 activation(tanh) : tensor<3xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// CHECK-LABEL: costate.residual @heat
costate.residual @heat(%x: tensor<2xf64>, %t: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @temperature(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> tensor<1xf64>
  %g = costate.grad %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3xf64>
  %h = costate.hessian %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3x3xf64>
  %ut = tensor.extract_slice %g[2] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %l = costate.laplacian %u by %x, %t components [0, 1] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  %r = arith.subf %ut, %l : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
