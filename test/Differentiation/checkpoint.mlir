// RUN: costate-opt %s -costate-expand-transforms | FileCheck %s

// Blocks of 4 of 10 iterations: the tape of the outer loop has 3 places for the state, that of the inner one 4 for what each
// of its iterations needs. Forwards, nothing else is recorded.
func.func @every(%x: tensor<8xf64>) -> tensor<8xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 10 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
    %r = math.sin %s : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  } {checkpoint = {every = 4}}
  return %y : tensor<8xf64>
}
// CHECK-LABEL: func private @every_vjp
// CHECK-SAME: (%[[X:.*]]: tensor<8xf64>, %[[CT:.*]]: tensor<8xf64>)
// CHECK: %[[TAPE:.*]] = tensor.empty() : tensor<3x8xf64>
// CHECK: %[[F:.*]]:2 = scf.for %[[B:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[S:.*]] = %[[X]], %[[T:.*]] = %[[TAPE]])
// CHECK: tensor.insert_slice %[[S]] into %[[T]][%[[B]], 0]
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[S]]) -> (tensor<8xf64>) {
// CHECK-NEXT: math.sin
// CHECK-NEXT: scf.yield
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[CT]]) -> (tensor<8xf64>) {
// CHECK: %[[STATE:.*]] = tensor.extract_slice %[[F]]#1
// CHECK: %[[INNER:.*]] = tensor.empty() : tensor<4x8xf64>
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[STATE]], %{{.*}} = %[[INNER]]) -> (tensor<8xf64>, tensor<4x8xf64>) {
// CHECK: math.sin
// CHECK: math.cos
// CHECK: scf.for {{.*}} -> (tensor<8xf64>) {
// CHECK-NOT: math
// CHECK: arith.mulf
// CHECK-NEXT: scf.yield
costate.derive @every_vjp = vjp @every wrt [0]

// What a step computes, it computes again; only the state is recorded, of each iteration.
func.func @state(%x: tensor<8xf64>) -> tensor<8xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 10 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
    %p = math.sin %s : tensor<8xf64>
    %q = math.exp %p : tensor<8xf64>
    %r = math.tanh %q : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  } {checkpoint = {every = 1}}
  return %y : tensor<8xf64>
}
// CHECK-LABEL: func private @state_vjp
// CHECK: scf.for {{.*}} -> (tensor<8xf64>, tensor<10x8xf64>) {
// CHECK: scf.for {{.*}} -> (tensor<8xf64>) {
// CHECK: math.sin
// CHECK: math.exp
// CHECK: math.tanh
costate.derive @state_vjp = vjp @state wrt [0]

// Three snapshots, and one place for what is not kept.
func.func @binomial(%x: tensor<8xf64>, %n: index) -> tensor<8xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
    %r = math.sin %s : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  } {checkpoint = {snapshots = 3}}
  return %y : tensor<8xf64>
}
// CHECK-LABEL: func private @binomial_vjp
// CHECK-NOT: tensor<?x
// CHECK-DAG: tensor.empty() : tensor<4x8xf64>
// CHECK-DAG: tensor.empty() : tensor<4xindex>
// CHECK: scf.while
// CHECK: scf.for
// CHECK: math.sin
// CHECK: scf.for {{.*}} -> (tensor<8xf64>, index, index, tensor<8xf64>, tensor<4x8xf64>, tensor<4xindex>) {
// CHECK: scf.while
// CHECK: scf.for
// CHECK: math.sin
// CHECK: math.cos
// CHECK-NOT: tensor<?x
// CHECK: return
costate.derive @binomial_vjp = vjp @binomial wrt [0]

// 64 bytes of state, 64 needed of each of 100 iterations: with 6400 bytes there is room for all of them.
func.func @all(%x: tensor<8xf64>) -> tensor<8xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 100 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
    %r = math.sin %s : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  } {checkpoint = {bytes = 6400}}
  return %y : tensor<8xf64>
}
// CHECK-LABEL: func private @all_vjp
// CHECK: tensor.empty() : tensor<100x8xf64>
costate.derive @all_vjp = vjp @all wrt [0]

// With 1280 bytes for 10 states and 10 iterations.
func.func @blocks(%x: tensor<8xf64>) -> tensor<8xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 100 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
    %r = math.sin %s : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  } {checkpoint = {bytes = 1280}}
  return %y : tensor<8xf64>
}
// CHECK-LABEL: func private @blocks_vjp
// CHECK: scf.for {{.*}} -> (tensor<8xf64>, tensor<10x8xf64>) {
// CHECK: scf.for {{.*}} -> (tensor<8xf64>) {
// CHECK: scf.for {{.*}} -> (tensor<8xf64>) {
// CHECK: scf.for {{.*}} -> (tensor<8xf64>, tensor<10x8xf64>) {
costate.derive @blocks_vjp = vjp @blocks wrt [0]

// With less, for as many snapshots, with their positions, as there is room for.
func.func @few(%x: tensor<8xf64>) -> tensor<8xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 100 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
    %r = math.sin %s : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  } {checkpoint = {bytes = 500}}
  return %y : tensor<8xf64>
}
// CHECK-LABEL: func private @few_vjp
// CHECK: tensor.empty() : tensor<6x8xf64>
costate.derive @few_vjp = vjp @few wrt [0]
