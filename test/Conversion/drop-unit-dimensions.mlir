// RUN: costate-opt %s -split-input-file -costate-drop-unit-dimensions -cse | FileCheck %s

// The cotangent of a layer below a single output: a sum of one term is elementwise.
// CHECK-LABEL: func @outer
// CHECK-SAME: (%[[A:.*]]: tensor<1x100xf32>, %[[D:.*]]: tensor<1x64xf32>, %[[INIT:.*]]: tensor<100x64xf32>)
// CHECK-DAG: %[[A1:.*]] = tensor.collapse_shape %[[A]] {{.*}} into tensor<100xf32>
// CHECK-DAG: %[[D1:.*]] = tensor.collapse_shape %[[D]] {{.*}} into tensor<64xf32>
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} ins(%[[A1]], %[[D1]] : {{.*}}) outs(%[[INIT]] :
// CHECK: arith.mulf
// CHECK: arith.addf
func.func @outer(%a: tensor<1x100xf32>, %d: tensor<1x64xf32>, %init: tensor<100x64xf32>) -> tensor<100x64xf32> {
  %r = linalg.contract indexing_maps = [affine_map<(o, j, l) -> (o, j)>, affine_map<(o, j, l) -> (o, l)>,
                                        affine_map<(o, j, l) -> (j, l)>]
    ins(%a, %d : tensor<1x100xf32>, tensor<1x64xf32>) outs(%init : tensor<100x64xf32>) -> tensor<100x64xf32>
  return %r : tensor<100x64xf32>
}

// -----

// Slices that are the whole tensor are reshapes, and these cancel.
// CHECK-LABEL: func @slices
// CHECK-SAME: (%[[X:.*]]: tensor<64xf32>, %[[Y:.*]]: tensor<64xf32>)
// CHECK-NOT: slice
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel"]} ins(%[[X]], %[[Y]] : tensor<64xf32>, tensor<64xf32>)
// CHECK-NOT: slice
func.func @slices(%x: tensor<64xf32>, %y: tensor<64xf32>) -> tensor<64xf32> {
  %zero = arith.constant dense<0.0> : tensor<1x64xf32>
  %xs = tensor.insert_slice %x into %zero[0, 0] [1, 64] [1, 1] : tensor<64xf32> into tensor<1x64xf32>
  %ys = tensor.expand_shape %y [[0, 1]] output_shape [1, 64] : tensor<64xf32> into tensor<1x64xf32>
  %s = arith.mulf %xs, %ys : tensor<1x64xf32>
  %r = tensor.extract_slice %s[0, 0] [1, 64] [1, 1] : tensor<1x64xf32> to tensor<64xf32>
  return %r : tensor<64xf32>
}

// -----

// A part of a tensor stays a slice.
// CHECK-LABEL: func @part
// CHECK: tensor.extract_slice {{.*}}[1, 0] [1, 64]
func.func @part(%x: tensor<2x64xf32>) -> tensor<64xf32> {
  %r = tensor.extract_slice %x[1, 0] [1, 64] [1, 1] : tensor<2x64xf32> to tensor<64xf32>
  return %r : tensor<64xf32>
}

// One step of a window that does not reach the end of its input: the loop stays, or the input would have to be shorter.
// CHECK-LABEL: func @short_window
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]
// CHECK-SAME: ins(%{{.*}}, %{{.*}} : tensor<5xf64>, tensor<3xf64>)
func.func @short_window(%x: tensor<5xf64>, %w: tensor<3xf64>, %z: tensor<1xf64>) -> tensor<1xf64> {
  %y = linalg.generic {indexing_maps = [affine_map<(i, k) -> (i * 3 + k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>],
                       iterator_types = ["parallel", "reduction"]}
      ins(%x, %w : tensor<5xf64>, tensor<3xf64>) outs(%z : tensor<1xf64>) {
  ^bb0(%a: f64, %b: f64, %c: f64):
    %p = arith.mulf %a, %b : f64
    %s = arith.addf %c, %p : f64
    linalg.yield %s : f64
  } -> tensor<1xf64>
  return %y : tensor<1xf64>
}

// One that does: its loop goes.
// CHECK-LABEL: func @whole_window
// CHECK: linalg.generic {{.*}}iterator_types = ["reduction"]
func.func @whole_window(%x: tensor<3xf64>, %w: tensor<3xf64>, %z: tensor<1xf64>) -> tensor<1xf64> {
  %y = linalg.generic {indexing_maps = [affine_map<(i, k) -> (i * 3 + k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>],
                       iterator_types = ["parallel", "reduction"]}
      ins(%x, %w : tensor<3xf64>, tensor<3xf64>) outs(%z : tensor<1xf64>) {
  ^bb0(%a: f64, %b: f64, %c: f64):
    %p = arith.mulf %a, %b : f64
    %s = arith.addf %c, %p : f64
    linalg.yield %s : f64
  } -> tensor<1xf64>
  return %y : tensor<1xf64>
}
