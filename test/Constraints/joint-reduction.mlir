// Two constraints of one strategy share one system: along the flow both decay like e^(-t), not the last one only.
// RUN: costatec %s -o %t && rm -rf %t.run && %t train --run-dir %t.run --log-every 1 --quiet
// RUN: %python -c "import csv, sys; r = list(csv.DictReader(open(sys.argv[1]))); print(*(round(float(r[100][n]) / float(r[0][n]), 4) for n in ('one', 'two')))" %t.run/metrics.csv | FileCheck %s
// 0.99^100, the Euler steps' form of e^(-1).
// CHECK: 0.366 0.366

costate.variable @w init [0.5, -0.25] : tensor<2xf64>
costate.residual @fit(%x: tensor<1xf64>) -> tensor<2xf64> {
  %w = costate.read @w : tensor<2xf64>
  costate.yield %w : tensor<2xf64>
}
costate.residual @a(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<2xf64>
  %r = tensor.extract_slice %w[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.residual @b(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<2xf64>
  %r = tensor.extract_slice %w[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %s = tensor.extract_slice %w[1] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %t = arith.addf %r, %s : tensor<1xf64>
  costate.yield %t : tensor<1xf64>
}
costate.problem @joint {
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 1
  costate.minimize "fit" square(@fit(x) - 2.0) over @s
  costate.subject_to "one" mean @a(x) == 1.0 over @s by #costate.tanabe<mode = reduction>
  costate.subject_to "two" mean @b(x) == 3.0 over @s by #costate.tanabe<mode = reduction>
  costate.train by #costate.euler<dt = 0.01> steps 200
}
