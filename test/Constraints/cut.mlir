// Three constraints and a loss that all see the parameters through the network's value and one derivative: the cut of the
// per-sample multipliers is these two numbers. The loss is a function of its own, which must not hide the value.
//
// RUN: costatec %s --emit=mlir@2 -o - | FileCheck %s
// CHECK: func.func private @train_slopes_head({{.*}}) -> (tensor<1xf64>, tensor<1xf64>)
// CHECK-NOT: train_slopes_head_2
// At one point, all three decay together like e^(-t), though there are more of them than values; as nothing else makes them do.
// RUN: rm -rf %t.run && costate-run %s train --threads 1 --quiet --log-every 1 --run-dir %t.run
// RUN: %python %S/Inputs/rate.py %t.run slopes 0.001 | FileCheck %s --check-prefix=RATE
// RATE: rate 1.00
// RUN: rm -rf %t.run && costate-run --strategy='#costate.monitor' %s train --threads 1 --quiet --log-every 1 --run-dir %t.run
// RUN: not %python %S/Inputs/rate.py %t.run slopes 0.001

costate.network @net(%x: tensor<1xf64>) -> tensor<1xf64> {
  %h = costate.dense %x -> 5 activation(tanh) : tensor<1xf64> -> tensor<5xf64>
  %u = costate.dense %h -> 1 : tensor<5xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

costate.residual @slopes(%x: tensor<1xf64>) -> tensor<3xf64> {
  %u = costate.call @net(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %ux = costate.diff %u by %x[0] : tensor<1xf64>, tensor<1xf64>
  %two = arith.constant dense<2.0> : tensor<1xf64>
  %a = arith.subf %ux, %u : tensor<1xf64>
  %b = arith.mulf %two, %a : tensor<1xf64>
  %v = arith.mulf %u, %two : tensor<1xf64>
  %c = arith.subf %ux, %v : tensor<1xf64>
  %r = tensor.concat dim(0) %a, %b, %c : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<3xf64>
  costate.yield %r : tensor<3xf64>
}

costate.problem @cut {
  costate.sample @train (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 1
  costate.minimize "data" square(@net(x)) over @train
  costate.subject_to "slopes" @slopes(x) == 0.0 over @train by #costate.tanabe<mode = per_sample>
  costate.train by #costate.euler<dt = 0.001> steps 100
}
