// Ordinary functions, public as they are written, as a loss and as what a constraint is about; and a layer in each branch.
// RUN: costatec %s -o %t && rm -rf %t.run && %t check-grad && %t train --run-dir %t.run --quiet
// RUN: %t eval --checkpoint %t.run | FileCheck %s
// RUN: costate-opt %s -costate-lower-networks -costate-insert-multipliers | FileCheck %s --check-prefix=PRIVATE
// On each side the layer is a |x| + b. (a - 2)^2 var + c (a - 1)^2 is least, where c is the variance of the points, at a = 3/2:
// the slope is off by a half, the fit by a quarter of the variance, 33/361 / 4.
// CHECK: fit 0.02285
// CHECK: slope 0.5 {{.*}}
// CHECK: slope.max 0.5 {{.*}}
// Without the constraint nothing keeps the fit from the slope 2.
// RUN: rm -rf %t.run && costate-run --strategy='#costate.monitor' %s train --run-dir %t.run --quiet --require 'fit<=1e-12' --require 'slope>0.999' --require 'slope<1.001'
// PRIVATE: func.func private @difference
// PRIVATE: func.func private @sign

costate.network @u(%x: tensor<1xf64>) -> tensor<1xf64> {
  %i0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f64
  %x0 = tensor.extract %x[%i0] : tensor<1xf64>
  %positive = arith.cmpf ogt, %x0, %zero : f64
  %u = scf.if %positive -> tensor<1xf64> {
    %a = costate.dense %x -> 1 : tensor<1xf64> -> tensor<1xf64>
    scf.yield %a : tensor<1xf64>
  } else {
    %b = costate.dense %x -> 1 : tensor<1xf64> -> tensor<1xf64>
    scf.yield %b : tensor<1xf64>
  }
  costate.yield %u : tensor<1xf64>
}
func.func @difference(%u: tensor<1xf64>, %x: tensor<1xf64>) -> f64 {
  %i0 = arith.constant 0 : index
  %a = math.absf %x : tensor<1xf64>
  %b = arith.addf %a, %a : tensor<1xf64>
  %d = arith.subf %u, %b : tensor<1xf64>
  %q = arith.mulf %d, %d : tensor<1xf64>
  %r = tensor.extract %q[%i0] : tensor<1xf64>
  return %r : f64
}
func.func @sign(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %ux = costate.diff %u by %x[0] : tensor<1xf64>, tensor<1xf64>
  %one = arith.constant dense<1.0> : tensor<1xf64>
  %s = math.copysign %one, %x : tensor<1xf64>
  %r = arith.subf %ux, %s : tensor<1xf64>
  return %r : tensor<1xf64>
}
costate.problem @absolute {
  costate.sample @s (x: tensor<1xf64>) in box<[-1.0], [1.0]> by grid count 20
  costate.minimize "fit" @difference(@u(x), x) over @s
  costate.subject_to "slope" @sign(x) == 0.0 over @s by #costate.penalty<weight = 0.09141274238227147>
  costate.train by #costate.gradient_descent<lr = 0.5> steps 1000
}
