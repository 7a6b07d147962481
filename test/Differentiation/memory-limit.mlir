// Schemes for the loops of a derivative backwards, chosen for what it may record in all.
// RUN: costate-opt %s -costate-expand-transforms -remarks-filter=checkpoints -verify-diagnostics -o %t.mlir
// RUN: FileCheck %s < %t.mlir

// 64 bytes are needed of each of 100 iterations, and there is room for all of them.
func.func @all(%x: tensor<8xf64>) -> tensor<8xf64> attributes {costate.memory_limit = 6400 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 100 : index
  // expected-remark @below {{records all of 100 iterations: 6400 bytes}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
    %r = math.sin %s : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  }
  return %y : tensor<8xf64>
}
// CHECK-LABEL: func private @all_vjp
// CHECK: scf.for {{.*}} -> (tensor<8xf64>, tensor<100x8xf64>) {
// CHECK: math.cos
// CHECK: scf.for {{.*}} -> (tensor<8xf64>) {
// CHECK-NOT: math
// CHECK: return
costate.derive @all_vjp = vjp @all wrt [0]

// Blocks take 10 states and 10 iterations, and run each iteration once more. With a byte less than all, this is what fits.
func.func @blocks(%x: tensor<8xf64>) -> tensor<8xf64> attributes {costate.memory_limit = 6399 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 100 : index
  // expected-remark @below {{records what is carried, every 10 of 100 iterations: 1280 bytes; 100 iterations run again}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
    %r = math.sin %s : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  }
  return %y : tensor<8xf64>
}
// CHECK-LABEL: func private @blocks_vjp
// CHECK: scf.for {{.*}} -> (tensor<8xf64>, tensor<10x8xf64>) {
// CHECK: scf.for {{.*}} -> (tensor<8xf64>) {
// CHECK: scf.for {{.*}} -> (tensor<8xf64>) {
// CHECK: scf.for {{.*}} -> (tensor<8xf64>, tensor<10x8xf64>) {
costate.derive @blocks_vjp = vjp @blocks wrt [0]

// A snapshot is a state and its position, 72 bytes, and there is one place more than there are snapshots.
func.func @snapshots(%x: tensor<8xf64>) -> tensor<8xf64> attributes {costate.memory_limit = 1279 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 100 : index
  // expected-remark @below {{records 16 snapshots of 100 iterations: 1224 bytes; 182 iterations run again}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
    %r = math.sin %s : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  }
  return %y : tensor<8xf64>
}
// CHECK-LABEL: func private @snapshots_vjp
// CHECK-DAG: tensor.empty() : tensor<17x8xf64>
// CHECK-DAG: tensor.empty() : tensor<17xindex>
costate.derive @snapshots_vjp = vjp @snapshots wrt [0]

// What is recorded of the inner loop would be recorded 20 times. So the outer loop records what it carries, and the inner one
// everything, for one iteration of the outer one at a time: no other choice below the limit runs less again.
func.func @nested(%x: tensor<8xf64>) -> tensor<8xf64> attributes {costate.memory_limit = 10000 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 20 : index
  %m = arith.constant 50 : index
  // expected-remark @below {{records what is carried, every 1 of 20 iterations: 1280 bytes; 20 iterations run again}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
    // expected-remark @below {{records all of 50 iterations: 3200 bytes}}
    %z = scf.for %j = %c0 to %m step %c1 iter_args(%t = %s) -> tensor<8xf64> {
      %r = math.sin %t : tensor<8xf64>
      scf.yield %r : tensor<8xf64>
    }
    %q = math.tanh %z : tensor<8xf64>
    scf.yield %q : tensor<8xf64>
  }
  return %y : tensor<8xf64>
}
// CHECK-LABEL: func private @nested_vjp
// CHECK: scf.for {{.*}} -> (tensor<8xf64>, tensor<20x8xf64>) {
// CHECK-NEXT: insert_slice
// CHECK-NEXT: scf.for {{.*}} -> (tensor<8xf64>) {
// CHECK: scf.for {{.*}} -> (tensor<8xf64>) {
// CHECK: scf.for {{.*}} -> (tensor<8xf64>, tensor<50x8xf64>) {
costate.derive @nested_vjp = vjp @nested wrt [0]

// Two loops share the room. One of unknown length counts as 1000 iterations and records snapshots: with 44 of them each runs
// twice, and the shorter loop runs more again to make room for them.
func.func @shared(%x: tensor<8xf64>, %n: index) -> tensor<8xf64> attributes {costate.memory_limit = 4000 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = arith.constant 50 : index
  // expected-remark @below {{records 9 snapshots of 50 iterations: 720 bytes; 89 iterations run again}}
  %z = scf.for %j = %c0 to %m step %c1 iter_args(%t = %x) -> tensor<8xf64> {
    %r = math.sin %t : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  }
  // expected-remark @below {{records 44 snapshots of iterations: 3240 bytes}}
  %w = scf.for %j = %c0 to %n step %c1 iter_args(%t = %z) -> tensor<8xf64> {
    %r = math.sin %t : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  }
  return %w : tensor<8xf64>
}
costate.derive @shared_vjp = vjp @shared wrt [0]

// What is stated stays, and the rest has what is left.
func.func @stated(%x: tensor<8xf64>) -> tensor<8xf64> attributes {costate.memory_limit = 2000 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = arith.constant 50 : index
  // expected-remark @below {{records 3 snapshots of 50 iterations: 288 bytes; 180 iterations run again}}
  %z = scf.for %j = %c0 to %m step %c1 iter_args(%t = %x) -> tensor<8xf64> {
    %r = math.sin %t : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  } {checkpoint = {snapshots = 3}}
  // expected-remark @below {{records what is carried, every 5 of 50 iterations: 960 bytes; 50 iterations run again}}
  %w = scf.for %j = %c0 to %m step %c1 iter_args(%t = %z) -> tensor<8xf64> {
    %r = math.sin %t : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  }
  return %w : tensor<8xf64>
}
costate.derive @stated_vjp = vjp @stated wrt [0]
