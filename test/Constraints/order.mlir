// The order of the statements changes nothing: a penalty on an aggregate behind a reduction is in its system as it is before it.
// With a = 1/2, b = 1/4: grad 10 h^2 = (10, 0), g = a - b - 1 = -3/4, J = (1, -1), lambda = (g - 10) / 2 = -5.375, d = (4.625, 5.375);
// after an Euler step of 0.01 g is 0.99 of what it was, a is 0.45375 and b is 0.19625.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: costate-run %s train --quiet --log-every 1 --run-dir behind
// RUN: %python %S/Inputs/check_flow.py variables behind 363/800 157/800 a b | FileCheck %s
// RUN: sed 's/^  costate.subject_to "g".*//; s/^  \/\/ AGAIN /  /' %s > before.mlir && costate-run before.mlir train --quiet --log-every 1 --run-dir before
// RUN: %python %S/Inputs/check_flow.py variables before 363/800 157/800 a b | FileCheck %s
// RUN: costate-run before.mlir eval --checkpoint before | FileCheck %s --check-prefix=DECAYED
// RUN: costate-run %s eval --checkpoint behind | FileCheck %s --check-prefix=DECAYED
// CHECK: right
// DECAYED: g {{ *}}0.7425 violation

costate.variable @a init [0.5] : tensor<1xf64>
costate.variable @b init [0.25] : tensor<1xf64>
costate.residual @g(%x: tensor<1xf64>) -> tensor<1xf64> {
  %a = costate.read @a : tensor<1xf64>
  %b = costate.read @b : tensor<1xf64>
  %s = arith.subf %a, %b : tensor<1xf64>
  costate.yield %s : tensor<1xf64>
}
costate.residual @h(%x: tensor<1xf64>) -> tensor<1xf64> {
  %a = costate.read @a : tensor<1xf64>
  costate.yield %a : tensor<1xf64>
}
costate.problem @order {
  costate.sample @p (x: tensor<1xf64>) in box<[0.0], [1.0]> by grid count 4
  costate.subject_to "g" mean @g(x) == 1.0 over @p by #costate.tanabe<mode = reduction>
  costate.subject_to "h" mean @h(x) == 0.0 over @p by #costate.penalty<weight = 10.0>
  // AGAIN costate.subject_to "g" mean @g(x) == 1.0 over @p by #costate.tanabe<mode = reduction>
  costate.train by #costate.euler<dt = 0.01> steps 1
}
