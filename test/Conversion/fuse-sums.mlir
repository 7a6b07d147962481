// RUN: costate-opt %s -split-input-file -costate-fuse-sums -cse | FileCheck %s

#all = affine_map<(h, l) -> (h, l)>
#lane = affine_map<(h, l) -> (l)>

// The inner products of a Gram matrix: one loop, three sums, each tensor read once.
// CHECK-LABEL: func @gram
// CHECK-SAME: (%[[A:.*]]: tensor<100x16xf32>, %[[B:.*]]: tensor<100x16xf32>)
// CHECK: %[[S:.*]]:3 = linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]} ins(%[[A]], %[[B]] :
// CHECK-COUNT-3: arith.mulf
// CHECK: linalg.yield %{{.*}}, %{{.*}}, %{{.*}} : f32, f32, f32
// CHECK: return %[[S]]#0, %[[S]]#1, %[[S]]#2
func.func @gram(%a: tensor<100x16xf32>, %b: tensor<100x16xf32>) -> (tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %0 = linalg.contract indexing_maps = [#all, #all, #lane]
    ins(%a, %a : tensor<100x16xf32>, tensor<100x16xf32>) outs(%z : tensor<16xf32>) -> tensor<16xf32>
  %1 = linalg.contract indexing_maps = [#all, #all, #lane]
    ins(%a, %b : tensor<100x16xf32>, tensor<100x16xf32>) outs(%z : tensor<16xf32>) -> tensor<16xf32>
  %2 = linalg.contract indexing_maps = [#all, #all, #lane]
    ins(%b, %b : tensor<100x16xf32>, tensor<100x16xf32>) outs(%z : tensor<16xf32>) -> tensor<16xf32>
  return %0, %1, %2 : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>
}

// -----

#all = affine_map<(h, l) -> (h, l)>
#lane = affine_map<(h, l) -> (l)>

// One sum starts from a function of the other: two loops.
// CHECK-LABEL: func @dependent
// CHECK-COUNT-2: iterator_types = ["reduction", "parallel"]
func.func @dependent(%a: tensor<100x16xf32>, %z: tensor<16xf32>) -> tensor<16xf32> {
  %0 = linalg.contract indexing_maps = [#all, #all, #lane]
    ins(%a, %a : tensor<100x16xf32>, tensor<100x16xf32>) outs(%z : tensor<16xf32>) -> tensor<16xf32>
  %t = math.tanh %0 : tensor<16xf32>
  %1 = linalg.contract indexing_maps = [#all, #all, #lane]
    ins(%a, %a : tensor<100x16xf32>, tensor<100x16xf32>) outs(%t : tensor<16xf32>) -> tensor<16xf32>
  return %1 : tensor<16xf32>
}

// -----

#all = affine_map<(h, l) -> (h, l)>
#lane = affine_map<(h, l) -> (l)>

// Other extents, or nothing in common: two loops each.
// CHECK-LABEL: func @apart
// CHECK-COUNT-4: iterator_types = ["reduction", "parallel"]
func.func @apart(%a: tensor<100x16xf32>, %b: tensor<100x16xf32>, %c: tensor<50x16xf32>, %d: tensor<50x16xf32>, %z: tensor<16xf32>)
    -> (tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) {
  %0 = linalg.contract indexing_maps = [#all, #all, #lane]
    ins(%a, %a : tensor<100x16xf32>, tensor<100x16xf32>) outs(%z : tensor<16xf32>) -> tensor<16xf32>
  %1 = linalg.contract indexing_maps = [#all, #all, #lane]
    ins(%b, %b : tensor<100x16xf32>, tensor<100x16xf32>) outs(%z : tensor<16xf32>) -> tensor<16xf32>
  %2 = linalg.contract indexing_maps = [#all, #all, #lane]
    ins(%c, %c : tensor<50x16xf32>, tensor<50x16xf32>) outs(%z : tensor<16xf32>) -> tensor<16xf32>
  %3 = linalg.contract indexing_maps = [#all, #all, #lane]
    ins(%d, %d : tensor<50x16xf32>, tensor<50x16xf32>) outs(%z : tensor<16xf32>) -> tensor<16xf32>
  return %0, %1, %2, %3 : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>
}

// -----

#all = affine_map<(h, l) -> (h, l)>
#lane = affine_map<(h, l) -> (l)>

// What two sums read was computed from one tensor, point by point.
// CHECK-LABEL: func @common
// CHECK-COUNT-2: iterator_types = ["parallel", "parallel"]
// CHECK: linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]
// CHECK-NOT: ["reduction", "parallel"]
// CHECK: return
func.func @common(%x: tensor<100x16xf32>, %z: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>) {
  %e = tensor.empty() : tensor<100x16xf32>
  %a = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<100x16xf32>) outs(%e : tensor<100x16xf32>) {
  ^bb0(%in: f32, %o: f32):
    %t = math.tanh %in : f32
    linalg.yield %t : f32
  } -> tensor<100x16xf32>
  %b = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<100x16xf32>) outs(%e : tensor<100x16xf32>) {
  ^bb0(%in: f32, %o: f32):
    %t = math.sin %in : f32
    linalg.yield %t : f32
  } -> tensor<100x16xf32>
  %0 = linalg.contract indexing_maps = [#all, #all, #lane]
    ins(%a, %a : tensor<100x16xf32>, tensor<100x16xf32>) outs(%z : tensor<16xf32>) -> tensor<16xf32>
  %1 = linalg.contract indexing_maps = [#all, #all, #lane]
    ins(%b, %b : tensor<100x16xf32>, tensor<100x16xf32>) outs(%z : tensor<16xf32>) -> tensor<16xf32>
  return %0, %1 : tensor<16xf32>, tensor<16xf32>
}

// -----

// Products of matrices with a common factor stay two.
// CHECK-LABEL: func @products
// CHECK-COUNT-2: linalg.matmul
func.func @products(%w: tensor<8x8xf32>, %x: tensor<8x16xf32>, %y: tensor<8x16xf32>, %z: tensor<8x16xf32>)
    -> (tensor<8x16xf32>, tensor<8x16xf32>) {
  %0 = linalg.matmul ins(%w, %x : tensor<8x8xf32>, tensor<8x16xf32>) outs(%z : tensor<8x16xf32>) -> tensor<8x16xf32>
  %1 = linalg.matmul ins(%w, %y : tensor<8x8xf32>, tensor<8x16xf32>) outs(%z : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %0, %1 : tensor<8x16xf32>, tensor<8x16xf32>
}
