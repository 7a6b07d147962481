// In a problem: tensors that trade places in a loop of the residual, for every point, an odd number of times. What is left of
// it is the variable, so the problem trains as the one without the loop does, to the last bit.
//
// RUN: rm -rf %t && mkdir %t
// RUN: costatec %s -o %t/loop
// RUN: sed 's/yield %r#1/yield %a/' %s > %t/plain.mlir && costatec %t/plain.mlir -o %t/plain
// RUN: %t/loop train --threads 1 --quiet --run-dir %t/loop-run
// RUN: %t/plain train --threads 1 --quiet --run-dir %t/plain-run
// RUN: cut -d, -f1,2,4- %t/loop-run/metrics.csv > %t/loop.csv
// RUN: cut -d, -f1,2,4- %t/plain-run/metrics.csv | diff %t/loop.csv -
// RUN: FileCheck %s < %t/loop.csv
// CHECK: step,epoch,m,loss
// CHECK: {{^}}30,0,0.28342
// RUN: %t/loop check-grad --threads 1 | FileCheck %s --check-prefix=GRADIENT
// GRADIENT: the gradient agrees with differences

costate.variable @v init [0.3, 0.4] : tensor<2xf64>
costate.residual @r(%x: tensor<2xf64>) -> tensor<2xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  %a = costate.read @v : tensor<2xf64>
  %r:2 = scf.for %i = %c0 to %c9 step %c1 iter_args(%p = %a, %q = %x) -> (tensor<2xf64>, tensor<2xf64>) {
    scf.yield %q, %p : tensor<2xf64>, tensor<2xf64>
  }
  costate.yield %r#1 : tensor<2xf64>
}
costate.problem @p {
  costate.sample @s (x: tensor<2xf64>) in box<[0.0, 0.0], [1.0, 1.0]> by uniform count 40
  costate.minimize "m" square(@r(x) - 1.0) over @s
  costate.train by #costate.adam<lr = 0.01> steps 30
}
