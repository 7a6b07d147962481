// Strategies side by side: multipliers of every sample over two sets, a reduction, penalties and a constraint only monitored, each
// on a variable of its own but for the penalties, which pull at what the others leave free.
// RUN: costatec %s -o %t && rm -rf %t.run && %t train --run-dir %t.run --quiet
// RUN: %python %S/Inputs/check_flow.py variables %t.run 1 5/4 3 5/4 2 4 | FileCheck %s
// CHECK: right
// RUN: %t check-grad

costate.variable @w init [0.5, 0.5, 0.5, 0.5, 0.5, 0.5] : tensor<6xf64>
costate.residual @all(%x: tensor<1xf64>) -> tensor<6xf64> {
  %w = costate.read @w : tensor<6xf64>
  costate.yield %w : tensor<6xf64>
}
costate.residual @w0(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<6xf64>
  %r = tensor.extract_slice %w[0] [1] [1] : tensor<6xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.residual @w1(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<6xf64>
  %r = tensor.extract_slice %w[1] [1] [1] : tensor<6xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.residual @w2(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<6xf64>
  %r = tensor.extract_slice %w[2] [1] [1] : tensor<6xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.residual @w3(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<6xf64>
  %r = tensor.extract_slice %w[3] [1] [1] : tensor<6xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.residual @w5(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<6xf64>
  %r = tensor.extract_slice %w[5] [1] [1] : tensor<6xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.problem @mixed {
  costate.sample @a (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 3
  costate.sample @b (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 4
  costate.minimize "fit" square(@all(x) - 2.0) over @a
  costate.subject_to "every sample of a" @w0(x) == 1.0 over @a by #costate.tanabe<mode = per_sample>
  costate.subject_to "penalty on a" @w1(x) == 1.0 over @a by #costate.penalty<weight = 3.0>
  costate.subject_to "mean over b" mean @w2(x) == 3.0 over @b by #costate.tanabe<mode = reduction>
  costate.subject_to "penalty on b" @w3(x) <= 1.0 over @b by #costate.penalty<weight = 3.0>
  costate.subject_to "watched" @w3(x) == 0.0 over @b by #costate.monitor
  costate.subject_to "sum over a" sum @w5(x) == 12.0 over @a by #costate.tanabe<mode = reduction>
  costate.train by #costate.euler<dt = 0.05> steps 800
}
