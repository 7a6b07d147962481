// Constraints that see the parameters through one number, and others that do through a tensor without dimensions: two constraints
// each, so the system is solved through the factor of the cut. Both decay like e^(-t), no direction is missing, and the slopes
// along the only one there is are as well conditioned as can be; nothing else moves the parameters.
//
// RUN: costatec %s --emit=mlir@2 -o - | FileCheck %s
// CHECK-LABEL: func.func private @number_two_head({{.*}}) -> f64
// CHECK-LABEL: func.func private @number_step(
// CHECK: call @costate_low_rank_min_norm_solve_2x1xf64(
// CHECK-LABEL: func.func private @point_pair_head({{.*}}) -> tensor<f64>
// CHECK-LABEL: func.func private @point_step(
// CHECK: call @costate_low_rank_min_norm_solve_2x1xf64(
// RUN: rm -rf %t.run && costate-run %s train --threads 1 --quiet --log-every 1 --run-dir %t.run
// RUN: %python %S/Inputs/rate.py %t.run two 0.001 | FileCheck %s --check-prefix=RATE
// RUN: %python %S/Inputs/rate.py %t.run pair 0.001 | FileCheck %s --check-prefix=RATE
// RATE: rate 1.00
// RUN: %python -c "import csv, sys; [print(*(r[n + m] for n in ('two', 'pair') for m in ('.rank_deficient', '.condition'))) for r in csv.DictReader(open(sys.argv[1]))]" %t.run/metrics.csv | sort -u | FileCheck %s --check-prefix=SYSTEM --match-full-lines
// SYSTEM:     0 1 0 1
// SYSTEM-NOT: {{.}}
// RUN: rm -rf %t.run && costate-run --strategy='#costate.monitor' %s train --threads 1 --quiet --log-every 1 --run-dir %t.run
// RUN: not %python %S/Inputs/rate.py %t.run two 0.001

costate.variable @w init [0.5, -0.25] : tensor<2xf64>
costate.variable @k init 0.75 : tensor<f64>

costate.residual @two(%x: tensor<1xf64>) -> tensor<2xf64> {
  %i0 = arith.constant 0 : index
  %i1 = arith.constant 1 : index
  %w = costate.read @w : tensor<2xf64>
  %a = tensor.extract %w[%i0] : tensor<2xf64>
  %b = tensor.extract %w[%i1] : tensor<2xf64>
  %c = arith.mulf %a, %b : f64
  %d = arith.addf %c, %c : f64
  %r = tensor.from_elements %c, %d : tensor<2xf64>
  costate.yield %r : tensor<2xf64>
}
costate.residual @pair(%x: tensor<1xf64>) -> tensor<2xf64> {
  %k = costate.read @k : tensor<f64>
  %c = arith.mulf %k, %k : tensor<f64>
  %d = arith.addf %c, %c : tensor<f64>
  %c1 = tensor.expand_shape %c [] output_shape [1] : tensor<f64> into tensor<1xf64>
  %d1 = tensor.expand_shape %d [] output_shape [1] : tensor<f64> into tensor<1xf64>
  %r = tensor.concat dim(0) %c1, %d1 : (tensor<1xf64>, tensor<1xf64>) -> tensor<2xf64>
  costate.yield %r : tensor<2xf64>
}

costate.problem @numbers {
  costate.sample @number (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 1
  costate.sample @point (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 1
  costate.subject_to "two" @two(x) == 0.0 over @number by #costate.tanabe<mode = per_sample>
  costate.subject_to "pair" @pair(x) == 0.0 over @point by #costate.tanabe<mode = per_sample>
  costate.train by #costate.euler<dt = 0.001> steps 100
}
