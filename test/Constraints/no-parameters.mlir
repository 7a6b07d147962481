// Nothing of a set depends on a parameter: no multiplier acts there, all its constraints are deficient, and another set is
// not held up.
//
// RUN: rm -rf %t.run && costate-run %s train --threads 1 --quiet --log-every 1 --run-dir %t.run
// RUN: %python %S/Inputs/rate.py %t.run other 0.001 | FileCheck %s --check-prefix=OTHER
// OTHER: rate 1.00
// RUN: FileCheck %s --check-prefix=REPORT --input-file=%t.run/metrics.jsonl
// REPORT: "step": 1, {{.*}}"lasting": [[VIOLATION:[0-9.]+]],
// REPORT: "step": 100, {{.*}}"lasting": [[VIOLATION]], {{.*}}"lasting.lambda": 0, "lasting.rank_deficient": 2, "lasting.condition": "inf"

costate.variable @w init [0.5, 0.25] : tensor<2xf64>

costate.residual @unmoved(%x: tensor<1xf64>) -> tensor<2xf64> {
  %w = costate.read @w : tensor<2xf64>
  %y = tensor.concat dim(0) %x, %x : (tensor<1xf64>, tensor<1xf64>) -> tensor<2xf64>
  costate.yield %y : tensor<2xf64>
}

costate.residual @moved(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<2xf64>
  %u = tensor.extract_slice %w[1] [1] [1] : tensor<2xf64> to tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

costate.problem @p {
  costate.sample @a (x: tensor<1xf64>) in box<[0.0], [1.0]> by grid count 4
  costate.sample @b (x: tensor<1xf64>) in box<[0.0], [1.0]> by grid count 4
  costate.subject_to "lasting" @unmoved(x) == 1.0 over @a by #costate.tanabe<mode = per_sample>
  costate.subject_to "other" @moved(x) == 2.0 over @b by #costate.tanabe<mode = per_sample>
  costate.train by #costate.euler<dt = 0.001> steps 100
}
