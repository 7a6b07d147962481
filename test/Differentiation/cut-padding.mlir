// RUN: costate-opt %s -costate-cut-padding | FileCheck %s

// CHECK-LABEL: func @rolled
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<5xf64>
// CHECK: %[[S:.*]] = tensor.extract_slice %[[X]][2] [3] [1] : tensor<5xf64> to tensor<3xf64>
// CHECK: tensor.pad %[[S]] low[0] high[2]
// CHECK: tensor<3xf64> to tensor<5xf64>
func.func @rolled(%x: tensor<5xf64>, %v: f64) -> tensor<5xf64> {
  %y = tensor.pad %x low[-2] high[2] {
  ^bb0(%i: index):
    tensor.yield %v : f64
  } : tensor<5xf64> to tensor<5xf64>
  return %y : tensor<5xf64>
}

// CHECK-LABEL: func @plain
// CHECK-NOT: extract_slice
// CHECK: tensor.pad %{{.*}} low[0, 1] high[2, 0]
func.func @plain(%x: tensor<5x?xf64>, %v: f64) -> tensor<7x?xf64> {
  %y = tensor.pad %x low[0, 1] high[2, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %v : f64
  } : tensor<5x?xf64> to tensor<7x?xf64>
  return %y : tensor<7x?xf64>
}

// What is not constant decides for each element.
// CHECK-LABEL: func @moved
// CHECK-NOT: tensor.pad
// CHECK: scf.for
// CHECK: scf.if
// CHECK: tensor.extract
func.func @moved(%x: tensor<5xf64>, %v: f64, %l: index, %h: index) -> tensor<5xf64> {
  %y = tensor.pad %x low[%l] high[%h] {
  ^bb0(%i: index):
    tensor.yield %v : f64
  } : tensor<5xf64> to tensor<5xf64>
  return %y : tensor<5xf64>
}

// Nothing of the source is left.
// CHECK-LABEL: func @all_cut
// CHECK-NOT: tensor.pad
// CHECK: scf.for
func.func @all_cut(%x: tensor<5xf64>, %v: f64) -> tensor<2xf64> {
  %y = tensor.pad %x low[-6] high[3] {
  ^bb0(%i: index):
    tensor.yield %v : f64
  } : tensor<5xf64> to tensor<2xf64>
  return %y : tensor<2xf64>
}

// CHECK-LABEL: func @unknown
// CHECK: arith.maxsi
// CHECK: %[[S:.*]] = tensor.extract_slice %{{.*}} : tensor<?xf64> to tensor<?xf64>
// CHECK: tensor.pad %[[S]] low[%{{.*}}] high[%{{.*}}]
func.func @unknown(%x: tensor<?xf64>, %v: f64, %l: index) -> tensor<?xf64> {
  %y = tensor.pad %x low[%l] high[-1] {
  ^bb0(%i: index):
    tensor.yield %v : f64
  } : tensor<?xf64> to tensor<?xf64>
  return %y : tensor<?xf64>
}
