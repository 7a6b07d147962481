// RUN: costate-opt %s -costate-fuse-contractions -split-input-file | FileCheck %s

// Three channels of a weight gradient, the last with its dimensions named differently: one loop over the lanes.
// CHECK-LABEL: func @channels
// CHECK-SAME: (%[[D:.*]]: tensor<8x64xf32>, %[[A:.*]]: tensor<4x64xf32>, %[[DX:.*]]: tensor<8x64xf32>, %[[AX:.*]]: tensor<4x64xf32>, %[[W:.*]]: tensor<8x4xf32>)
// CHECK: linalg.generic
// CHECK-SAME: iterator_types = ["parallel", "reduction", "parallel"]
// CHECK-SAME: ins(%[[D]], %[[A]], %[[DX]], %[[AX]], %[[DX]], %[[A]] :
// CHECK-SAME: outs(%[[W]] :
// CHECK: %[[P:.*]] = arith.mulf
// CHECK-NEXT: %[[S:.*]] = arith.addf %{{.*}}, %[[P]]
// CHECK-NEXT: %[[PX:.*]] = arith.mulf
// CHECK-NEXT: %[[SX:.*]] = arith.addf %[[S]], %[[PX]]
// CHECK-NEXT: %[[PY:.*]] = arith.mulf
// CHECK-NEXT: %[[SY:.*]] = arith.addf %[[SX]], %[[PY]]
// CHECK-NEXT: linalg.yield %[[SY]]
// CHECK-NOT: linalg.{{contract|generic}}
// CHECK: return
func.func @channels(%d: tensor<8x64xf32>, %a: tensor<4x64xf32>, %dx: tensor<8x64xf32>, %ax: tensor<4x64xf32>,
                    %w: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = linalg.contract indexing_maps = [affine_map<(j, k, l) -> (j, l)>, affine_map<(j, k, l) -> (k, l)>, affine_map<(j, k, l) -> (j, k)>]
    ins(%d, %a : tensor<8x64xf32>, tensor<4x64xf32>) outs(%w : tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = linalg.contract indexing_maps = [affine_map<(j, k, l) -> (j, l)>, affine_map<(j, k, l) -> (k, l)>, affine_map<(j, k, l) -> (j, k)>]
    ins(%dx, %ax : tensor<8x64xf32>, tensor<4x64xf32>) outs(%0 : tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = linalg.contract indexing_maps = [affine_map<(j, l, k) -> (j, l)>, affine_map<(j, l, k) -> (k, l)>,
                                        affine_map<(j, l, k) -> (j, k)>]
    ins(%dx, %a : tensor<8x64xf32>, tensor<4x64xf32>) outs(%1 : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %2 : tensor<8x4xf32>
}

// -----

// Different extents of the sum, and an intermediate that someone else reads: nothing to fuse.
// CHECK-LABEL: func @apart
// CHECK-COUNT-3: linalg.matmul
func.func @apart(%a: tensor<8x64xf32>, %b: tensor<64x4xf32>, %c: tensor<8x32xf32>, %d: tensor<32x4xf32>,
                 %w: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = linalg.matmul ins(%a, %b : tensor<8x64xf32>, tensor<64x4xf32>) outs(%w : tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = linalg.matmul ins(%c, %d : tensor<8x32xf32>, tensor<32x4xf32>) outs(%0 : tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = linalg.matmul ins(%c, %d : tensor<8x32xf32>, tensor<32x4xf32>) outs(%1 : tensor<8x4xf32>) -> tensor<8x4xf32>
  return %1, %2 : tensor<8x4xf32>, tensor<8x4xf32>
}

// -----

// A maximum is no sum.
// CHECK-LABEL: func @maximum
// CHECK-COUNT-2: linalg.reduce
func.func @maximum(%a: tensor<8x64xf32>, %b: tensor<8x64xf32>, %w: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.reduce { arith.maximumf } ins(%a : tensor<8x64xf32>) outs(%w : tensor<8xf32>) dimensions = [1]
  %1 = linalg.reduce { arith.maximumf } ins(%b : tensor<8x64xf32>) outs(%0 : tensor<8xf32>) dimensions = [1]
  return %1 : tensor<8xf32>
}
