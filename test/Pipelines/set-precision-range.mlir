// RUN: not costatec %s --precision=f32 -o %t 2>&1 | FileCheck %s
// RUN: costatec %s -o %t

// What is a number of f64 and none of f32 is refused where the precision changes.
// CHECK: error: 'costate.train' op is computed in 'f32', where lr is 0.000000e+00, but must be positive
costate.variable @v init [0.5] : tensor<1xf64>
costate.residual @itself(%x: tensor<1xf64>) -> tensor<1xf64> {
  %v = costate.read @v : tensor<1xf64>
  costate.yield %v : tensor<1xf64>
}
costate.problem @p {
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 1
  costate.minimize "fit" @itself(x) over @s
  costate.train by #costate.sgd<lr = 1.0e-46> steps 1
}
