// RUN: split-file %s %t
// RUN: costate-opt %t/linear.mlir -costate-expand-transforms | FileCheck %s
// RUN: costate-opt %t/not-linear.mlir -costate-expand-transforms -verify-diagnostics -split-input-file

// Results that are arguments, the same twice, zero or not floats; arguments that nothing uses; no result at all.

//--- linear.mlir

// An argument that is returned twice gets both cotangents, and one that is not used zero.
// CHECK-LABEL: func private @returned_t(
// CHECK-SAME: %[[N:.*]]: index, %[[U:.*]]: f64, %[[V:.*]]: f64) -> (f64, f64)
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.0
// CHECK-DAG: %[[S:.*]] = arith.addf %[[U]], %[[V]] : f64
// CHECK: return %[[S]], %[[ZERO]] : f64, f64
func.func @returned(%x: f64, %unused: f64, %n: index) -> (f64, f64, index) {
  return %x, %x, %n : f64, f64, index
}
costate.derive @returned_t = transpose @returned wrt [0, 1]

// CHECK-LABEL: func private @nothing_t() -> f64
// CHECK: %[[ZERO:.*]] = arith.constant 0.0
// CHECK: return %[[ZERO]] : f64
func.func @nothing(%x: f64) {
  return
}
costate.derive @nothing_t = transpose @nothing wrt [0]

// A result that is zero takes a cotangent, which counts for nothing.
// CHECK-LABEL: func private @zero_t(
// CHECK-SAME: %[[U:.*]]: f64, %{{.*}}: f64) -> f64
// CHECK: %[[R:.*]] = arith.negf %[[U]] : f64
// CHECK: return %[[R]] : f64
func.func @zero(%x: f64) -> (f64, f64) {
  %z = arith.constant 0.0 : f64
  %y = arith.negf %x : f64
  return %y, %z : f64, f64
}
costate.derive @zero_t = transpose @zero wrt [0]

// The sizes of a tensor do not depend on its elements.
// CHECK-LABEL: func private @sizes_t(
// CHECK-SAME: %[[U:.*]]: tensor<3xf64>) -> tensor<3xf64>
// CHECK: return %[[U]] : tensor<3xf64>
func.func @sizes(%x: tensor<3xf64>) -> (tensor<3xf64>, index) {
  %c = arith.constant 0 : index
  %n = tensor.dim %x, %c : tensor<3xf64>
  return %x, %n : tensor<3xf64>, index
}
costate.derive @sizes_t = transpose @sizes wrt [0]

//--- not-linear.mlir

func.func @comparison(%x: f64) -> (f64, i1) {
  // expected-error @below {{'arith.cmpf' op is not linear in what is transposed}}
  %b = arith.cmpf ogt, %x, %x : f64
  return %x, %b : f64, i1
}
costate.derive @comparison_t = transpose @comparison wrt [0]

// -----

// |x|, whose selection is the only thing that is not linear.
func.func @selected(%x: f64) -> f64 {
  %z = arith.constant 0.0 : f64
  // expected-error @below {{'arith.cmpf' op is not linear in what is transposed}}
  %b = arith.cmpf ogt, %x, %z : f64
  %m = arith.negf %x : f64
  // expected-error @below {{'arith.select' op is not linear in what is transposed}}
  %y = arith.select %b, %x, %m : f64
  return %y : f64
}
costate.derive @selected_t = transpose @selected wrt [0]

// -----

func.func @branches(%x: f64, %c: i1) -> f64 {
  %z = arith.constant 0.0 : f64
  // expected-error @below {{'arith.cmpf' op is not linear in what is transposed}}
  %b = arith.cmpf ogt, %x, %z : f64
  %d = arith.addf %x, %x : f64
  // expected-error @below {{'scf.if' op is not linear in what is transposed: its condition depends on it}}
  %y = scf.if %b -> f64 {
    %e = arith.negf %d : f64
    scf.yield %e : f64
  } else {
    scf.yield %d : f64
  }
  return %y : f64
}
costate.derive @branches_t = transpose @branches wrt [0]

// -----

func.func @often(%x: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-error @below {{'arith.fptosi' op is not linear in what is transposed}}
  %i = arith.fptosi %x : f64 to i64
  // expected-error @below {{'arith.index_cast' op is not linear in what is transposed}}
  %n = arith.index_cast %i : i64 to index
  // expected-error @below {{'scf.for' op is not linear in what is transposed: its bounds depend on it}}
  %y = scf.for %k = %c0 to %n step %c1 iter_args(%s = %x) -> f64 {
    %t = arith.addf %s, %x : f64
    scf.yield %t : f64
  }
  return %y : f64
}
costate.derive @often_t = transpose @often wrt [0]

// -----

func.func @which_size(%x: tensor<2x3xf64>, %i: index) -> (tensor<2x3xf64>, index) {
  // expected-error @below {{'tensor.dim' op asks for a size that is known at run time only, of what is transposed}}
  %n = tensor.dim %x, %i : tensor<2x3xf64>
  return %x, %n : tensor<2x3xf64>, index
}
costate.derive @which_size_t = transpose @which_size wrt [0]

// -----

// A derivative that is stated, and not linear: x ↦ |ẋ|.
func.func private @g(%x: f64) -> f64 {
  return %x : f64
}
func.func private @g_jvp(%x: f64, %dx: f64) -> (f64, f64) {
  %z = arith.constant 0.0 : f64
  // expected-error @below {{'arith.cmpf' op is not linear in what is transposed}}
  %b = arith.cmpf ogt, %dx, %z : f64
  %m = arith.negf %dx : f64
  // expected-error @below {{'arith.select' op is not linear in what is transposed}}
  %s = arith.select %b, %dx, %m : f64
  return %x, %s : f64, f64
}
costate.custom_derivative @g jvp @g_jvp
costate.derive @g_vjp = vjp @g wrt [0]
