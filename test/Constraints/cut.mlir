// Three constraints and a loss that all see the parameters through the network's value and one derivative: the cut of the
// per-sample multipliers is these two numbers. The loss is a function of its own, which must not hide the value.
//
// RUN: costatec %s --emit=mlir@2 -o - | FileCheck %s
// CHECK: func.func private @train_slopes_head({{.*}}) -> (tensor<1xf64>, tensor<1xf64>)
// CHECK-NOT: train_slopes_head_2
// RUN: rm -rf %t
// RUN: costate-run %s train --threads 1 --max-steps 400 --quiet --run-dir %t --require 'slopes<=0.1'

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
  costate.sample @train (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 20
  costate.minimize "data" square(@net(x)) over @train
  costate.subject_to "slopes" @slopes(x) == 0.0 over @train by #costate.tanabe<mode = per_sample>
  costate.train by #costate.adam<lr = 1.0e-2> steps 400
}
