// RUN: costate-opt %s | costate-opt | FileCheck %s
// RUN: costate-opt %s -mlir-print-op-generic | costate-opt | FileCheck %s

// CHECK: costate.network @wave(%[[X:.*]]: tensor<1xf64>, %[[S:.*]]: tensor<3xf64>) -> tensor<1xf64> {
costate.network @wave(%x: tensor<1xf64>, %style: tensor<3xf64>) -> tensor<1xf64> {
  // CHECK: costate.dense %[[S]] -> 50 init(glorot_uniform) : tensor<3xf64> -> tensor<50xf64>
  %s = costate.dense %style -> 50 init(glorot_uniform) : tensor<3xf64> -> tensor<50xf64>
  // CHECK: costate.dense %[[X]] -> 50 named "first" init(normal<0.0, 0.1>) bias(0.5) activation(swish) : tensor<1xf64> -> tensor<50xf64>
  %h = costate.dense %x -> 50 named "first" init(normal<0, 1.0e-1>) bias(0.5) activation(swish) : tensor<1xf64> -> tensor<50xf64>
  %m = arith.mulf %h, %s : tensor<50xf64>
  // CHECK: costate.fourier %[[X]] -> 4 scale 2.0 trainable : tensor<1xf64> -> tensor<8xf64>
  %f = costate.fourier %x -> 4 scale 2 trainable : tensor<1xf64> -> tensor<8xf64>
  // CHECK: costate.parameter "a" init(uniform<-1.0, 1.0>) : tensor<8xf64>
  %a = costate.parameter "a" init(uniform<-1.0, 1.0>) : tensor<8xf64>
  %g = arith.mulf %f, %a : tensor<8xf64>
  %c = tensor.concat dim(0) %m, %g : (tensor<50xf64>, tensor<8xf64>) -> tensor<58xf64>
  // CHECK: costate.dense %{{.*}} -> 1 no_bias : tensor<58xf64> -> tensor<1xf64>
  %u = costate.dense %c -> 1 no_bias : tensor<58xf64> -> tensor<1xf64>
  // CHECK: costate.yield %{{.*}} : tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// CHECK: costate.variable @nu init 0.01 in [0.0, inf] : tensor<1xf64>
costate.variable @nu init 0.01 in [0.0, inf] : tensor<1xf64>
// CHECK: costate.variable @k init [1.0, 2.0] : tensor<2xf64>
costate.variable @k init [1, 2] : tensor<2xf64>

// CHECK: costate.residual @helmholtz
costate.residual @helmholtz(%x: tensor<1xf64>, %style: tensor<3xf64>) -> tensor<1xf64> {
  %u = costate.call @wave(%x, %style) : (tensor<1xf64>, tensor<3xf64>) -> tensor<1xf64>
  // CHECK: %[[UXX:.*]] = costate.diff %{{.*}} by %{{.*}}[0, 0] : tensor<1xf64>, tensor<1xf64>
  %uxx = costate.diff %u by %x[0, 0] : tensor<1xf64>, tensor<1xf64>
  // CHECK: costate.read @nu : tensor<1xf64>
  %nu = costate.read @nu : tensor<1xf64>
  %r = arith.mulf %uxx, %nu : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.residual @mass(%x: tensor<2xf64>) -> tensor<1xf64> {
  %k = costate.read @k : tensor<2xf64>
  %r = tensor.extract_slice %k[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

func.func private @asymmetric(tensor<1xf64>, tensor<1xf64>) -> tensor<1xf64>

// CHECK: costate.problem @sine_waves {
costate.problem @sine_waves {
  // CHECK-NEXT: costate.data @train (x: tensor<1xf64>, style: tensor<3xf64>, y: tensor<1xf64>) file "waves.npz"
  costate.data @train (x: tensor<1xf64>, style: tensor<3xf64>, y: tensor<1xf64>) file "waves.npz"
  // CHECK-NEXT: costate.sample @interior (x: tensor<2xf64>) in box<[0.0, -1.0], [1.0, 1.0]> by sobol count 10000 resample 100
  costate.sample @interior (x: tensor<2xf64>) in box<[0.0, -1.0], [1.0, 1.0]> by sobol count 10000 resample 100
  // CHECK-NEXT: costate.sample @walls (x: tensor<2xf64>) on faces<[0.0, -1.0], [1.0, 1.0], {{\[}}[1, 0], [1, 1]]> by uniform count 200
  costate.sample @walls (x: tensor<2xf64>) on faces<[0.0, -1.0], [1.0, 1.0], [[1, 0], [1, 1]]> by uniform count 200
  // CHECK-NEXT: costate.sample @strata (x: tensor<2xf64>) in box<[0.0, -1.0], [1.0, 1.0]> by latin_hypercube count 50
  costate.sample @strata (x: tensor<2xf64>) in box<[0.0, -1.0], [1.0, 1.0]> by latin_hypercube count 50
  // CHECK-NEXT: costate.sample @lattice (x: tensor<1xf64>, t: tensor<1xf64>) in box<[0.0, -1.0], [1.0, 1.0]> by grid count [10, 20]
  costate.sample @lattice (x: tensor<1xf64>, t: tensor<1xf64>) in box<[0.0, -1.0], [1.0, 1.0]> by grid count [10, 20]
  // CHECK-NEXT: costate.minimize "data" square(@wave(x, style) - y) over @train
  costate.minimize "data" square(@wave(x, style) - y) over @train weight 1.0
  // CHECK-NEXT: costate.minimize "robust" sum huber<6.0>(@wave(x, style) - 0.5) over @train weight 0.1
  costate.minimize "robust" sum huber<6.0>(@wave(x, style) - 0.5) over @train weight 0.1
  // CHECK-NEXT: costate.minimize "ce" cross_entropy(@wave(x, style), y) over @train
  costate.minimize "ce" cross_entropy(@wave(x, style), y) over @train
  // CHECK-NEXT: costate.minimize "abs" absolute(@wave(x, style)) over @train
  costate.minimize "abs" absolute(@wave(x, style)) over @train
  // CHECK-NEXT: costate.minimize "own" @asymmetric(@wave(x, style), y) over @train
  costate.minimize "own" @asymmetric(@wave(x, style), y) over @train
  // CHECK-NEXT: costate.minimize "energy" @mass(x) over @interior weight 2.0
  costate.minimize "energy" @mass(x) over @interior weight 2
  // CHECK-NEXT: costate.subject_to "helmholtz" @helmholtz(x, style) == 0.0 over @train by #costate.tanabe<mode = per_sample>
  costate.subject_to "helmholtz" @helmholtz(x, style) == 0.0 over @train by #costate.tanabe<mode = per_sample>
  // CHECK-NEXT: costate.subject_to "mass" mean @mass(x) <= 0.5 over @interior by #costate.penalty<kind = huber, delta = 6.0>
  costate.subject_to "mass" mean @mass(x) <= 0.5 over @interior by #costate.penalty<kind = huber, delta = 6.0, weight = 1.0>
  // CHECK-NEXT: costate.subject_to "positive" @wave(x, style) >= y over @train by #costate.monitor
  costate.subject_to "positive" @wave(x, style) >= y over @train by #costate.monitor
  // CHECK-NEXT: costate.train by #costate.adam schedule #costate.warmup<steps = 10, then = #costate.cosine<steps = 1000, final = 0.1>> batch 100 epochs 40 seed 1
  costate.train by #costate.adam<lr = 1.0e-3> schedule #costate.warmup<steps = 10, then = #costate.cosine<steps = 1000, final = 0.1>> batch 100 epochs 40 seed 1
}
