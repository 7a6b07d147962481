// Functions of a step have names of their own, whatever words they are made of: "a" and "b_c" beside "a_b" and "c", and
// functions of the source that are named like them. Each violation decays by 0.9 in a step of 0.1: of 1/2 and 7/4, 0.9^10 is left.
// RUN: costate-opt %s -costate-lower-networks -costate-insert-multipliers | FileCheck %s
// CHECK-DAG: func.func private @a_b_c_head(
// CHECK-DAG: func.func private @a_b_c_head_1(
// CHECK-DAG: func.func private @a_step(%{{.*}}: tensor<2xf64> {costate.parameter
// CHECK-DAG: func.func private @a_step_1(
// RUN: costatec %s -o %t && rm -rf %t.run && %t train --run-dir %t.run --quiet
// RUN: %t eval --checkpoint %t.run | FileCheck %s --check-prefix=VALUE
// VALUE: b_c 0.1743 violation
// VALUE: {{^ *}}c 0.6102 violation

costate.variable @w init [0.5, 0.25] : tensor<2xf64>
costate.residual @a_step(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<2xf64>
  %u = tensor.extract_slice %w[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
costate.residual @second(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<2xf64>
  %u = tensor.extract_slice %w[1] [1] [1] : tensor<2xf64> to tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
costate.problem @p {
  costate.sample @a (x: tensor<1xf64>) in box<[0.0], [1.0]> by grid count 4
  costate.sample @a_b (x: tensor<1xf64>) in box<[0.0], [1.0]> by grid count 4
  costate.subject_to "b_c" @a_step(x) == 1.0 over @a by #costate.tanabe<mode = per_sample>
  costate.subject_to "c" @second(x) == 2.0 over @a_b by #costate.tanabe<mode = per_sample>
  costate.train by #costate.euler<dt = 0.1> steps 10
}
