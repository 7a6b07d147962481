// The step of one problem, under each strategy.
// DEFINE: %{insert} = costate-opt %s -costate-lower-networks -costate-merge-channels -costate-expand-derivatives -costate-insert-multipliers
// RUN: %{insert} | FileCheck %s --check-prefixes=CHECK,PLAIN,MONITOR
// RUN: %{insert}='strategy="#costate.penalty<weight = 3.0>"' | FileCheck %s --check-prefixes=CHECK,PENALTY
// RUN: %{insert}='strategy="#costate.tanabe<mode = reduction, reduce = square>"' | FileCheck %s --check-prefixes=CHECK,PLAIN,REDUCTION
// RUN: %{insert}='strategy="#costate.tanabe<mode = per_sample>"' | FileCheck %s --check-prefixes=CHECK,PLAIN,SAMPLE

// The Lagrangian at a point: the objective, and the penalty if that is the strategy.
// CHECK-LABEL: func.func private @train_lagrangian(
// CHECK-SAME:    %[[W:.*]]: tensor<3x1xf64>, %[[B:.*]]: tensor<3xf64>, %[[V:.*]]: tensor<1x3xf64>, %[[X:.*]]: tensor<1xf64>, %[[Y:.*]]: tensor<1xf64>) -> f64
// CHECK-NEXT:  %[[U:.*]] = call @u(%[[W]], %[[B]], %[[V]], %[[X]])
// CHECK-NEXT:  %[[R:.*]] = arith.subf %[[U]], %[[Y]]
// CHECK-NEXT:  %[[R2:.*]] = arith.mulf %[[R]], %[[R]]
// CHECK:       %[[L:.*]] = tensor.extract %[[R2]]
// PLAIN-NEXT:  return %[[L]]
// PENALTY-NEXT: %[[S:.*]] = call @slope(%[[W]], %[[B]], %[[V]], %[[X]])
// PENALTY:     %[[HALF:.*]] = arith.constant 5.0{{.*}}e-01 : f64
// PENALTY-NEXT: %[[BOUND:.*]] = tensor.splat %[[HALF]]
// PENALTY-NEXT: %[[G:.*]] = arith.subf %[[S]], %[[BOUND]]
// PENALTY-NEXT: %[[G2:.*]] = arith.mulf %[[G]], %[[G]]
// PENALTY:     %[[P:.*]] = tensor.extract %[[G2]]
// PENALTY-NEXT: %[[C:.*]] = arith.constant 3.0{{.*}} : f64
// PENALTY-NEXT: %[[CP:.*]] = arith.mulf %[[C]], %[[P]]
// PENALTY-NEXT: %[[SUM:.*]] = arith.addf %[[L]], %[[CP]]
// PENALTY-NEXT: return %[[SUM]]
// CHECK:       costate.derive @train_lagrangian_vjp = vjp @train_lagrangian wrt [0, 1, 2]

// What a strategy needs beside it.
// REDUCTION-LABEL: func.func private @train_slope_reduced_0(
// REDUCTION:   %[[S:.*]] = call @slope(
// REDUCTION:   %[[G:.*]] = arith.subf %[[S]], %{{.*}}
// REDUCTION:   %[[GJ:.*]] = tensor.extract %[[G]]
// REDUCTION-NEXT: %[[SQUARE:.*]] = arith.mulf %[[GJ]], %[[GJ]]
// REDUCTION-NEXT: return %[[SQUARE]]
// REDUCTION:   costate.derive @train_slope_reduced_0_vjp = vjp @train_slope_reduced_0 wrt [0, 1, 2]
// SAMPLE:      func.func private @train_slope_head({{.*}}) -> (f64, tensor<1xf64>)
// SAMPLE:      func.func private @train_slope_tail({{.*}}) -> (f64, tensor<1xf64>)
// SAMPLE:      costate.derive @train_slope_head_0_vjp = vjp @train_slope_head_0 wrt [0, 1, 2]
// SAMPLE:      costate.derive @train_slope_head_1_vjp = vjp @train_slope_head_1 wrt [0, 1, 2]
// SAMPLE:      costate.derive @train_slope_tail_jacobian = jacobian @train_slope_tail wrt [0, 1]

// The step at a point. Its last argument is the weight.
// CHECK-LABEL: func.func private @train_step(
// CHECK-SAME:    %[[X:[^:, ]*]]: tensor<1xf64>, %[[Y:[^:]*]]: tensor<1xf64>, %[[WEIGHT:[^:]*]]: f64) ->
// CHECK-NEXT:  %[[L:.*]] = costate.call @train_lagrangian(
// CHECK-NEXT:  arith.mulf %[[WEIGHT]], %[[L]]
// REDUCTION:   costate.call @train_slope_reduced_0_vjp({{.*}}, %[[WEIGHT]])
// MONITOR-NOT: costate_min_norm_solve
// PENALTY-NOT: costate_min_norm_solve
// REDUCTION-NOT: costate_min_norm_solve
// One system for each sample; the gradient of the Lagrangian is not computed.
// SAMPLE-NOT:  @train_lagrangian_vjp
// SAMPLE:      costate.call @train_slope_tail_jacobian(
// SAMPLE:      call @costate_min_norm_solve_1xf64({{.*}}) : (tensor<1x1xf64>, tensor<1xf64>) -> (tensor<1xf64>, f64, f64, f64)
// SAMPLE-NOT:  @train_lagrangian_vjp
// MONITOR:     costate.call @train_lagrangian_vjp({{.*}}, %[[WEIGHT]])
// PENALTY:     costate.call @train_lagrangian_vjp({{.*}}, %[[WEIGHT]])
// REDUCTION:   costate.call @train_lagrangian_vjp({{.*}}, %[[WEIGHT]])
// CHECK:       return

// CHECK-LABEL: func.func private @train_gradient(
// CHECK:       costate.call @train_lagrangian_vjp(
// CHECK-LABEL: func.func private @train_objective(
// CHECK-NOT:   _vjp
// CHECK-NOT:   min_norm_solve

// The entries. The metrics have room for the multipliers' figures wherever the step has them.
// CHECK-LABEL: func.func @step(
// CHECK-SAME:    %[[THETA:[^:]*]]: memref<9xf64> {costate.role = "theta"}, %{{.*}}: memref<1x?xf64> {costate.role = "column:train:x"}, %{{.*}}: memref<1x?xf64> {costate.role = "column:train:y"}, %[[COUNT:[^:]*]]: index {costate.role = "count:train"}, %[[DT:[^:]*]]: f64 {costate.role = "hyper:optimizer.dt"}, %{{.*}}: f64 {costate.role = "hyper:step"},
// MONITOR-SAME:   memref<4xf64> {costate.role = "metrics"}) attributes {costate.entry}
// PENALTY-SAME:   memref<4xf64> {costate.role = "metrics"}) attributes {costate.entry}
// REDUCTION-SAME: memref<7xf64> {costate.role = "metrics"}) attributes {costate.entry}
// SAMPLE-SAME:    memref<7xf64> {costate.role = "metrics"}) attributes {costate.entry}
// CHECK:       %[[OLD:.*]] = bufferization.to_tensor %[[THETA]]
// CHECK:       %[[ONE:.*]] = arith.constant 1.0
// CHECK-NEXT:  %[[MEAN:.*]] = arith.divf %[[ONE]], %{{.*}} : f64
// CHECK-NEXT:  costate.reduce_set @train_step uniform({{.*}}) over({{.*}}) count %[[COUNT]] weight %[[MEAN]]
// REDUCTION:   %[[J:.*]] = tensor.expand_shape %{{.*}} : tensor<9xf64> into tensor<1x9xf64>
// REDUCTION:   %[[G:.*]] = tensor.from_elements %{{.*}} : tensor<1xf64>
// REDUCTION:   %[[JF:.*]] = linalg.contract {{.*}} ins(%[[J]], %[[GRADIENT:.*]] : tensor<1x9xf64>, tensor<9xf64>)
// REDUCTION-NEXT: %[[RIGHT:.*]] = arith.subf %[[G]], %[[JF]]
// REDUCTION:   %[[A:.*]] = linalg.contract {{.*}} ins(%[[J]], %[[J]] : {{.*}} -> tensor<1x1xf64>
// REDUCTION:   %[[SOLUTION:.*]]:4 = call @costate_min_norm_solve_1xf64(%[[A]], %[[RIGHT]])
// REDUCTION:   %[[JL:.*]] = linalg.contract {{.*}} ins(%[[J]], %[[SOLUTION]]#0 : {{.*}} -> tensor<9xf64>
// REDUCTION-NEXT: %[[D:.*]] = arith.addf %[[GRADIENT]], %[[JL]]
// CHECK:       %[[STEP:.*]] = tensor.splat %[[DT]] : tensor<9xf64>
// REDUCTION-NEXT: arith.mulf %[[STEP]], %[[D]]
// CHECK:       %[[NEW:.*]] = arith.subf %[[OLD]], %{{.*}}
// CHECK-NEXT:  bufferization.materialize_in_destination %[[NEW]] in writable %[[THETA]]
// CHECK-LABEL: func.func @gradient(
// CHECK-SAME:    memref<9xf64> {costate.role = "grad"}
// CHECK:       costate.reduce_set @train_gradient
// CHECK-LABEL: func.func @objective(
// CHECK-NOT:   role = "grad"
// CHECK:       costate.reduce_set @train_objective
// CHECK-LABEL: func.func @predict.u(
// CHECK-SAME:    {costate.role = "out:u"}
// CHECK:       costate.map_set @u
// CHECK-LABEL: func.func @residual.slope(
// CHECK-SAME:    {costate.role = "out:slope"}
// CHECK:       costate.map_set @slope
// CHECK-NOT:   costate.problem

costate.network @u(%x: tensor<1xf64>) -> tensor<1xf64> {
  %h = costate.dense %x -> 3 activation(tanh) : tensor<1xf64> -> tensor<3xf64>
  %u = costate.dense %h -> 1 no_bias : tensor<3xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
costate.residual @slope(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %ux = costate.diff %u by %x[0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %ux : tensor<1xf64>
}
costate.problem @fit {
  costate.data @train (x: tensor<1xf64>, y: tensor<1xf64>)
  costate.minimize "data" square(@u(x) - y) over @train
  costate.subject_to "slope" @slope(x) == 0.5 over @train by #costate.monitor
  costate.train by #costate.euler<dt = 0.01> steps 10
}
