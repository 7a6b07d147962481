// A constraint whose function yields a number, not a tensor, decays like e^(-t) under the multipliers of each sample as any does.
// RUN: rm -rf %t.run && costate-run %s train --threads 1 --quiet --log-every 1 --run-dir %t.run
// RUN: %python %S/Inputs/rate.py %t.run one 0.001 | FileCheck %s
// CHECK: rate 1.00

costate.network @u(%x: tensor<1xf64>) -> tensor<1xf64> {
  %h = costate.dense %x -> 3 activation(tanh) : tensor<1xf64> -> tensor<3xf64>
  %u = costate.dense %h -> 1 : tensor<3xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
func.func @off(%x: tensor<1xf64>) -> f64 {
  %i0 = arith.constant 0 : index
  %one = arith.constant 1.0 : f64
  %u = costate.call @u(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %u0 = tensor.extract %u[%i0] : tensor<1xf64>
  %r = arith.subf %u0, %one : f64
  return %r : f64
}
costate.problem @scalar {
  costate.sample @train (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 1
  costate.minimize "data" square(@u(x)) over @train
  costate.subject_to "one" @off(x) == 0.0 over @train by #costate.tanabe<mode = per_sample>
  costate.train by #costate.euler<dt = 0.001> steps 100
}
