// RUN: costate-opt %s -costate-tile-sets=fit-cache | FileCheck %s
// RUN: costate-opt %s -costate-tile-sets | FileCheck %s --check-prefix=USUAL
// RUN: costate-opt %s -costate-tile-sets=tile=32 | FileCheck %s --check-prefix=GIVEN

// One wide layer: hardly anything is computed with a value, and 64 points of four tensors of 200 values would not stay in the
// first cache. Seven small tiles are one chunk still.
func.func private @wide(%w: tensor<200xf32>, %x1: tensor<1xf32>, %weight: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %x = tensor.extract %x1[%c0] : tensor<1xf32>
  %zero = arith.constant 0.0 : f32
  %xs = tensor.splat %x : tensor<200xf32>
  %a = arith.mulf %w, %xs : tensor<200xf32>
  %t = math.tanh %a : tensor<200xf32>
  %s = arith.mulf %t, %a : tensor<200xf32>
  %p = arith.addf %s, %t : tensor<200xf32>
  %empty = tensor.empty() : tensor<f32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<f32>) -> tensor<f32>
  %dot = linalg.dot ins(%p, %t : tensor<200xf32>, tensor<200xf32>) outs(%init : tensor<f32>) -> tensor<f32>
  %d = tensor.extract %dot[] : tensor<f32>
  %r = arith.mulf %d, %weight : f32
  return %r : f32
}

// CHECK-LABEL: func @wide_sum
// CHECK: %[[TILES:.*]] = arith.ceildivsi %{{.*}}, %c16
// CHECK: arith.ceildivsi %[[TILES]], %c8
// CHECK: tensor.extract_slice %{{.*}} [1, 16] [1, 1] : tensor<1x?xf32> to tensor<1x16xf32>
// USUAL-LABEL: func @wide_sum
// USUAL: tensor<1x?xf32> to tensor<1x64xf32>
// GIVEN-LABEL: func @wide_sum
// GIVEN: %[[TILES:.*]] = arith.ceildivsi %{{.*}}, %c32
// GIVEN: arith.ceildivsi %[[TILES]], %c2
// GIVEN: tensor<1x?xf32> to tensor<1x32xf32>
func.func @wide_sum(%w: tensor<200xf32>, %xs: tensor<1x?xf32>, %count: index, %weight: f32) -> f32 {
  %r = costate.reduce_set @wide uniform(%w : tensor<200xf32>) over(%xs : tensor<1x?xf32>) count %count weight %weight : f32 -> f32
  return %r : f32
}
