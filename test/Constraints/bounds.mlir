// A step that would leave the bounds of a variable ends there: the minimum at 2 is out of reach.
// RUN: costatec %s -o %t
// RUN: rm -rf %t.run && %t train --run-dir %t.run --log-every 1 --quiet
// RUN: %python -c "import csv, sys; r = list(csv.DictReader(open(sys.argv[1]))); print(round(float(r[-1]['fit']), 6))" %t.run/metrics.csv | FileCheck %s
// By a line search it is the same, which then finds that nothing moves any more.
// RUN: sed 's/<lr = 0.1>/<lr = 1.0, armijo = 1.0e-4>/' %s > %t.armijo.mlir && costatec %t.armijo.mlir -o %t.armijo
// RUN: rm -rf %t.run && %t.armijo train --run-dir %t.run --log-every 1 | FileCheck %s --check-prefix=STATIONARY
// RUN: %python -c "import csv, sys; r = list(csv.DictReader(open(sys.argv[1]))); print(round(float(r[-1]['fit']), 6))" %t.run/metrics.csv | FileCheck %s
// STATIONARY: stopped: stationary: the gradient is zero or points out of the bounds
// (0.5 - 2)^2 for the bounded variable, nothing for the free one.
// CHECK: {{^}}2.25{{$}}

costate.variable @w init [0.1] in [0.0, 0.5] : tensor<1xf64>
costate.variable @v init [0.1] : tensor<1xf64>
costate.residual @both(%x: tensor<1xf64>) -> tensor<2xf64> {
  %w = costate.read @w : tensor<1xf64>
  %v = costate.read @v : tensor<1xf64>
  %r = tensor.concat dim(0) %w, %v : (tensor<1xf64>, tensor<1xf64>) -> tensor<2xf64>
  costate.yield %r : tensor<2xf64>
}
costate.problem @bounds {
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 1
  costate.minimize "fit" square(@both(x) - 2.0) over @s
  costate.train by #costate.gradient_descent<lr = 0.1> steps 200
}
