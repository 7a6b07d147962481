// Ordinary functions, public as they are written, as a loss and as what a constraint is about; and a layer in each branch.
// RUN: costatec %s -o %t && rm -rf %t.run && %t check-grad && %t train --run-dir %t.run --quiet
// RUN: %t eval --checkpoint %t.run | FileCheck %s
// RUN: costate-opt %s -costate-lower-networks -costate-insert-multipliers | FileCheck %s --check-prefix=PRIVATE
// The two layers meet |x| exactly.
// CHECK: fit {{[0-9.]+e-[0-9]+|0$}}
// CHECK: slope {{[0-9.]+e-[0-9]+|0$}}
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
  %d = arith.subf %u, %a : tensor<1xf64>
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
  costate.subject_to "slope" @sign(x) == 0.0 over @s by #costate.penalty<weight = 0.1>
  costate.train by #costate.adam<lr = 0.02> steps 1500
}
