// Two constraints that contradict each other: the flow comes to rest halfway, and the program says that this is no solution.
// RUN: costatec %s -o %t
// RUN: rm -rf %t.run
// RUN: sh -c '%t train --run-dir %t.run --quiet 2>%t.err; test $? = 5'
// RUN: FileCheck %s --input-file=%t.err
// CHECK: error: infeasible: the violation '{{low|high}}{{(.max)?}}' is 0.5 ({{.*}}infeasible.mlir:{{[0-9]+}}:{{[0-9]+}}), training.feasibility allows 1.000e-04, and no step changes anything more; all 5000 steps done

costate.variable @w init [0.1] : tensor<1xf64>
costate.residual @value(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<1xf64>
  costate.yield %w : tensor<1xf64>
}
costate.problem @contradiction {
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 1
  costate.subject_to "low" mean @value(x) == 0.0 over @s by #costate.tanabe<mode = reduction>
  costate.subject_to "high" mean @value(x) == 1.0 over @s by #costate.tanabe<mode = reduction>
  costate.train by #costate.euler<dt = 0.5> steps 5000
}
