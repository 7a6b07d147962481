// RUN: costate-opt %s -costate-batch-directions -canonicalize -cse | FileCheck %s

// Every unit vector times the matrix is the matrix; tangents have the directions as their last dimension, and what is summed
// over them has not.
// CHECK-LABEL: func.func @layer(
// CHECK-SAME:    %[[A:.*]]: tensor<4x3xf64>, %[[P:.*]]: tensor<4xf64>, %[[B:.*]]: tensor<2x4xf64>)
// CHECK:         %[[Q:.*]] = linalg.broadcast ins(%[[P]] : tensor<4xf64>) outs(%{{.*}} : tensor<4x3xf64>) dimensions = [1]
// CHECK:         %[[T:.*]] = arith.mulf %[[Q]], %[[A]] : tensor<4x3xf64>
// CHECK:         %[[Y:.*]] = linalg.contract {{.*}} ins(%[[B]], %[[T]] : tensor<2x4xf64>, tensor<4x3xf64>) outs(%{{.*}} : tensor<2x3xf64>)
// CHECK:         %[[YY:.*]] = arith.mulf %[[Y]], %[[Y]] : tensor<2x3xf64>
// CHECK:         %[[S:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[YY]] : tensor<2x3xf64>) outs(%{{.*}} : tensor<2xf64>)
// CHECK:         return %[[S]] : tensor<2xf64>
#matrix = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>
#row = affine_map<(d0, d1) -> (d0)>
func.func @layer(%a: tensor<4x3xf64>, %p: tensor<4xf64>, %b: tensor<2x4xf64>) -> tensor<2xf64> {
  %zero4 = arith.constant dense<0.0> : tensor<4xf64>
  %zero2 = arith.constant dense<0.0> : tensor<2xf64>
  %v = costate.direction [0, 1, 2] : tensor<3xf64>
  %z = linalg.contract indexing_maps = [#matrix, #column, #row] ins(%a, %v : tensor<4x3xf64>, tensor<3xf64>) outs(%zero4 : tensor<4xf64>) -> tensor<4xf64>
  %t = arith.mulf %p, %z : tensor<4xf64>
  %y = linalg.contract indexing_maps = [#matrix, #column, #row] ins(%b, %t : tensor<2x4xf64>, tensor<4xf64>) outs(%zero2 : tensor<2xf64>) -> tensor<2xf64>
  %yy = arith.mulf %y, %y : tensor<2xf64>
  %s = costate.sum_directions %yy over %v : tensor<2xf64>, tensor<3xf64>
  return %s : tensor<2xf64>
}

// Some of the columns, side by side; others are the product with the unit vectors.
// CHECK-LABEL: func.func @some(
// CHECK-SAME:    %[[A:.*]]: tensor<4x3xf64>)
// CHECK-DAG:     %[[E:.*]] = arith.constant dense<{{\[\[}}1.000000e+00, 0.000000e+00], [0.000000e+00, 0.000000e+00], [0.000000e+00, 1.000000e+00]]> : tensor<3x2xf64>
// CHECK-DAG:     tensor.extract_slice %[[A]][0, 1] [4, 2] [1, 1] : tensor<4x3xf64> to tensor<4x2xf64>
// CHECK-DAG:     linalg.contract {{.*}} ins(%[[A]], %[[E]] : tensor<4x3xf64>, tensor<3x2xf64>)
func.func @some(%a: tensor<4x3xf64>) -> (tensor<4xf64>, tensor<4xf64>) {
  %zero = arith.constant dense<0.0> : tensor<4xf64>
  %v = costate.direction [1, 2] : tensor<3xf64>
  %w = costate.direction [0, 2] : tensor<3xf64>
  %y = linalg.contract indexing_maps = [#matrix, #column, #row] ins(%a, %v : tensor<4x3xf64>, tensor<3xf64>) outs(%zero : tensor<4xf64>) -> tensor<4xf64>
  %z = linalg.contract indexing_maps = [#matrix, #column, #row] ins(%a, %w : tensor<4x3xf64>, tensor<3xf64>) outs(%zero : tensor<4xf64>) -> tensor<4xf64>
  %s = costate.sum_directions %y over %v : tensor<4xf64>, tensor<3xf64>
  %t = costate.sum_directions %z over %w : tensor<4xf64>, tensor<3xf64>
  return %s, %t : tensor<4xf64>, tensor<4xf64>
}

// What is the same in all directions is added once for each.
// CHECK-LABEL: func.func @uniform(
// CHECK-SAME:    %[[X:.*]]: tensor<4xf64>)
// CHECK:         %[[B:.*]] = linalg.broadcast ins(%[[X]] : tensor<4xf64>) outs(%{{.*}} : tensor<4x3xf64>) dimensions = [1]
// CHECK:         linalg.generic {{.*}} ins(%[[B]] : tensor<4x3xf64>) outs(%{{.*}} : tensor<4xf64>)
func.func @uniform(%x: tensor<4xf64>) -> tensor<4xf64> {
  %v = costate.direction [0, 1, 2] : tensor<3xf64>
  %s = costate.sum_directions %x over %v : tensor<4xf64>, tensor<3xf64>
  return %s : tensor<4xf64>
}
