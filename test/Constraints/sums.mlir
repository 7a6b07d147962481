// A sum over a set is n times its mean. What is a sum has the size of the set as an argument, behind the parameters; the
// weights stay those of a mean, so that means and sums over one set share its functions.
// RUN: costate-opt %s -costate-lower-networks -costate-merge-channels -costate-expand-derivatives -costate-insert-multipliers | FileCheck %s

// CHECK-LABEL: func.func private @s_lagrangian(
// CHECK-SAME:    %[[W:[^:]*]]: tensor<2xf64>, %[[N:[^:]*]]: f64, %[[X:[^:]*]]: tensor<1xf64>) -> f64
// CHECK-NEXT:  call @value(%[[W]], %[[X]])
// CHECK:       %[[MEAN:.*]] = tensor.extract
// CHECK-NEXT:  call @value(%[[W]], %[[X]])
// CHECK:       %[[LOSS:.*]] = tensor.extract
// CHECK-NEXT:  %[[SUM:.*]] = arith.mulf %[[N]], %[[LOSS]]
// CHECK-NEXT:  %[[C:.*]] = arith.constant 3.0
// CHECK-NEXT:  %[[TERM:.*]] = arith.mulf %[[C]], %[[SUM]]
// CHECK-NEXT:  %[[L:.*]] = arith.addf %[[MEAN]], %[[TERM]]
// CHECK-NEXT:  return %[[L]]
// CHECK:       costate.derive @s_lagrangian_vjp = vjp @s_lagrangian wrt [0]

// Of a constraint, the value is summed and the bound is not.
// CHECK-LABEL: func.func private @s_mass_component_0(
// CHECK-SAME:    %[[W:[^:]*]]: tensor<2xf64>, %[[N:[^:]*]]: f64, %[[X:[^:]*]]: tensor<1xf64>) -> f64
// CHECK-NEXT:  %[[G:.*]] = call @value(%[[W]], %[[X]])
// CHECK-NEXT:  %[[NS:.*]] = tensor.splat %[[N]]
// CHECK-NEXT:  %[[NG:.*]] = arith.mulf %[[NS]], %[[G]]
// CHECK-NEXT:  %[[B:.*]] = arith.constant 5.0
// CHECK-NEXT:  %[[BS:.*]] = tensor.splat %[[B]]
// CHECK-NEXT:  arith.subf %[[NG]], %[[BS]]

// CHECK-LABEL: func.func private @s_step(
// CHECK-SAME:    %{{[^:]*}}: tensor<2xf64>, %[[N:[^:]*]]: f64, %[[X:[^:]*]]: tensor<1xf64>, %[[WEIGHT:[^:]*]]: f64)

// The size is that of the whole set; the weight that of the rows at hand. A set without a sum needs its size nowhere.
// CHECK-LABEL: func.func private @t_lagrangian(
// CHECK-SAME:    %{{[^:]*}}: tensor<2xf64>, %{{[^:]*}}: tensor<1xf64>) -> f64
// CHECK-LABEL: func.func @step(
// CHECK-SAME:    %[[COUNT:[^:]*]]: index {costate.role = "count:s"}, %[[TOTAL:[^:]*]]: index {costate.role = "total:s"},
// CHECK-NOT:     "total:t"
// CHECK:       %[[COUNT64:.*]] = arith.index_cast %[[COUNT]]
// CHECK-NEXT:  %[[ROWS:.*]] = arith.sitofp %[[COUNT64]]
// CHECK:       %[[TOTAL64:.*]] = arith.index_cast %[[TOTAL]]
// CHECK-NEXT:  %[[SIZE:.*]] = arith.sitofp %[[TOTAL64]]
// CHECK:       %[[MEAN:.*]] = arith.divf %{{.*}}, %[[ROWS]]
// CHECK-NEXT:  costate.reduce_set @s_step uniform(%{{.*}}, %[[SIZE]] : {{.*}}) over({{.*}}) count %[[COUNT]] weight %[[MEAN]]

costate.variable @w init [0.5, -0.25] : tensor<2xf64>
costate.residual @value(%x: tensor<1xf64>) -> tensor<2xf64> {
  %w = costate.read @w : tensor<2xf64>
  costate.yield %w : tensor<2xf64>
}
costate.problem @fit {
  costate.data @s (x: tensor<1xf64>)
  costate.sample @t (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 4
  costate.minimize "mean" square(@value(x)) over @s
  costate.minimize "sum" sum square(@value(x) - 1.0) over @s weight 3.0
  costate.minimize "elsewhere" square(@value(x)) over @t
  costate.subject_to "mass" sum @value(x) == 5.0 over @s by #costate.tanabe<mode = reduction>
  costate.train by #costate.euler<dt = 0.01> batch 10 steps 10
}
