// Every schedule of the language runs: the step sizes are those of its definition. With dθ/dt = -1 at every step, w falls by
// the sum of the factors.
// RUN: costatec %s -o %t.constant && rm -rf %t.run && %t.constant train --run-dir %t.run --quiet --json | FileCheck %s --check-prefix=CONSTANT
// RUN: sed 's/#costate.constant/#costate.step<every = 2, factor = 0.5>/' %s > %t.mlir && costatec %t.mlir -o %t.exe
// RUN: rm -rf %t.run && %t.exe train --run-dir %t.run --quiet --json | FileCheck %s --check-prefix=STEP
// RUN: sed 's/#costate.constant/#costate.exponential<rate = 0.5>/' %s > %t.mlir && costatec %t.mlir -o %t.exe
// RUN: rm -rf %t.run && %t.exe train --run-dir %t.run --quiet --json | FileCheck %s --check-prefix=EXPONENTIAL
// RUN: sed 's/#costate.constant/#costate.cosine<steps = 2, final = 0.5>/' %s > %t.mlir && costatec %t.mlir -o %t.exe
// RUN: rm -rf %t.run && %t.exe train --run-dir %t.run --quiet --json | FileCheck %s --check-prefix=COSINE
// RUN: sed 's/#costate.constant/#costate.warmup<steps = 4, then = #costate.constant>/' %s > %t.mlir && costatec %t.mlir -o %t.exe
// RUN: rm -rf %t.run && %t.exe train --run-dir %t.run --quiet --json | FileCheck %s --check-prefix=WARMUP
// RUN: sed 's/#costate.constant/#costate.piecewise<boundaries = [1, 3], factors = [1.0, 0.5, 0.25]>/' %s > %t.mlir && costatec %t.mlir -o %t.exe
// RUN: rm -rf %t.run && %t.exe train --run-dir %t.run --quiet --json | FileCheck %s --check-prefix=PIECEWISE
// 1 + 1 + 1 + 1
// CONSTANT: "height":-4.0,
// 1 + 1 + 0.5 + 0.5
// STEP: "height":-3.0,
// 1 + 0.5 + 0.25 + 0.125
// EXPONENTIAL: "height":-1.875,
// 1 + 0.75 + 0.5 + 0.5
// COSINE: "height":-2.75,
// 0.25 + 0.5 + 0.75 + 1
// WARMUP: "height":-2.5,
// 1 + 0.5 + 0.5 + 0.25
// PIECEWISE: "height":-2.25,

costate.variable @w init [0.0] : tensor<1xf64>
costate.residual @itself(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<1xf64>
  costate.yield %w : tensor<1xf64>
}
costate.problem @descent {
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 1
  costate.minimize "height" @itself(x) over @s
  costate.train by #costate.sgd<lr = 1.0> schedule #costate.constant steps 4
}
