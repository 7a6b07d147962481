// RUN: costate-opt %s -costate-expand-vector-math | FileCheck %s

// A declaration of the function itself is used; names of the pass make way for others.
// CHECK: func.func private @erfc(f64) -> f64
func.func private @erfc(f64) -> f64
// CHECK: func.func @costate_erfc_2xf64(
func.func @costate_erfc_2xf64(%x: vector<2xf64>) -> vector<2xf64> {
  return %x : vector<2xf64>
}

// CHECK-LABEL: func @twice
// CHECK: call @costate_erfc_2xf64_1(
// CHECK: call @costate_erfc_2xf64_1(
// CHECK: call @erfc(
func.func @twice(%x: vector<2xf64>, %s: f64) -> (vector<2xf64>, f64) {
  %y = math.erfc %x : vector<2xf64>
  %z = math.erfc %y : vector<2xf64>
  %t = math.erfc %s : f64
  return %z, %t : vector<2xf64>, f64
}

// CHECK: func.func private @costate_erfc_2xf64_1(%{{.*}}: vector<2xf64>) -> vector<2xf64> {
// CHECK-COUNT-2: call @erfc(
// CHECK-NOT: func
