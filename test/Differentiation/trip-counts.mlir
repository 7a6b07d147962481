// Constant trip counts of any size: at once, and without overflow.
// RUN: costate-opt %s -costate-expand-transforms -split-input-file -remarks-filter=checkpoints -verify-diagnostics | FileCheck %s

func.func @long(%x: f64) -> f64 attributes {costate.memory_limit = 10000 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 10000000000 : index
  // β(624, 4) = C(628, 4) = 6.4e9 is below the count and β(624, 5) is not, so r is 5.
  // expected-remark @below {{records 624 snapshots of 10000000000 iterations: 10000 bytes; 43}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> f64 {
    %r = math.sin %s : f64
    scf.yield %r : f64
  }
  return %y : f64
}
// CHECK-LABEL: func private @long_vjp
costate.derive @long_vjp = vjp @long wrt [0]

// -----

// One snapshot of many iterations.
func.func @short_of_memory(%x: f64) -> f64 attributes {costate.memory_limit = 32 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 4611686018427387904 : index
  // expected-remark @below {{records 1 snapshots of 4611686018427387904 iterations: 32 bytes}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> f64 {
    %r = math.sin %s : f64
    scf.yield %r : f64
  }
  return %y : f64
}
costate.derive @short_of_memory_vjp = vjp @short_of_memory wrt [0]

// -----

// Two steps over a range that just fits.
func.func @range(%x: f64) -> f64 {
  %least = arith.constant -4611686018427387904 : index
  %greatest = arith.constant 4611686018427387903 : index
  // expected-remark @below {{records all of 3 iterations: 24 bytes}}
  %y = scf.for %i = %least to %greatest step %greatest iter_args(%s = %x) -> f64 {
    %r = math.sin %s : f64
    scf.yield %r : f64
  } {checkpoint = "all"}
  return %y : f64
}
costate.derive @range_vjp = vjp @range wrt [0]

// -----

func.func @none(%x: f64) -> f64 {
  %c5 = arith.constant 5 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant -4611686018427387904 : index
  %y = scf.for %i = %c5 to %n step %c1 iter_args(%s = %x) -> f64 {
    %r = math.sin %s : f64
    scf.yield %r : f64
  } {checkpoint = {snapshots = 5}}
  return %y : f64
}
// CHECK-LABEL: func private @none_vjp
// CHECK-SAME: (%[[X:.*]]: f64, %[[W:.*]]: f64)
// CHECK: return %[[X]], %[[W]]
costate.derive @none_vjp = vjp @none wrt [0]

// -----

// Twenty iterations have no use for more snapshots, nor for longer blocks.
func.func @amounts(%x: f64) -> f64 {
  %c0 = arith.constant 0 : i32
  %c3 = arith.constant 3 : i32
  %n = arith.constant 59 : i32
  // expected-remark @below {{20 iterations}}
  %y = scf.for %i = %c0 to %n step %c3 iter_args(%s = %x) -> f64 : i32 {
    %r = math.sin %s : f64
    scf.yield %r : f64
  } {checkpoint = {snapshots = 1000000000000}}
  // expected-remark @below {{20 iterations}}
  %z = scf.for %i = %c0 to %n step %c3 iter_args(%s = %y) -> f64 : i32 {
    %r = math.cos %s : f64
    scf.yield %r : f64
  } {checkpoint = {every = 4611686018427387904}}
  return %z : f64
}
// CHECK-LABEL: func private @amounts_vjp
// CHECK-DAG: tensor.empty() : tensor<21xf64>
// CHECK-DAG: tensor.empty() : tensor<20xf64>
costate.derive @amounts_vjp = vjp @amounts wrt [0]

// -----

// A pattern is looked for in as many iterations as there are.
func.func @pattern(%x: tensor<6xf64>) -> tensor<6xf64> {
  %c0 = arith.constant 0 : index
  %c7 = arith.constant 9223372036854775800 : index
  %n = arith.constant 9223372036854775807 : index
  %y = scf.for %i = %c0 to %n step %c7 iter_args(%s = %x) -> tensor<6xf64> {
    %r = math.sin %s : tensor<6xf64>
    scf.yield %r : tensor<6xf64>
  }
  return %y : tensor<6xf64>
}
// CHECK-LABEL: func private @pattern_jacobian
costate.derive @pattern_jacobian = jacobian @pattern wrt [0]

// -----

func.func @long_pattern(%x: tensor<6xf64>) -> tensor<6xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 10000000000 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<6xf64> {
    %r = math.sin %s : tensor<6xf64>
    scf.yield %r : tensor<6xf64>
  }
  return %y : tensor<6xf64>
}
// CHECK-LABEL: func private @long_pattern_jacobian
costate.derive @long_pattern_jacobian = jacobian @long_pattern wrt [0]
