// RUN: costate-opt %s -split-input-file -costate-pack-contractions | FileCheck %s
// RUN: costate-opt %s -split-input-file -costate-pack-contractions=vector-bits=128 | FileCheck %s --check-prefix=SSE

#rows = affine_map<(i, j, l) -> (i, l)>
#columns = affine_map<(i, j, l) -> (j, l)>
#out = affine_map<(i, j, l) -> (i, j)>

// Two gradients with the activation in common: it is transposed once. Full vectors run along the columns, and what is
// left of them stays a sum over lanes.
// CHECK-LABEL: func @shared
// CHECK-SAME: (%[[D:.*]]: memref<50x16xf32>, %[[E:.*]]: memref<50x16xf32>)
// CHECK: %[[A:.*]] = memref.alloc() : memref<50x16xf32>
// CHECK: %[[G:.*]] = memref.alloc() : memref<50x50xf32>
// CHECK: %[[T:.*]] = memref.alloc() {{.*}} : memref<16x48xf32>
// CHECK: %[[MAIN:.*]] = memref.subview %[[A]][0, 0] [48, 16]
// CHECK: linalg.transpose ins(%[[MAIN]] {{.*}} outs(%[[T]] {{.*}} permutation = [1, 0]
// CHECK: %[[GMAIN:.*]] = memref.subview %[[G]][0, 0] [50, 48]
// CHECK: linalg.generic {{.*}} ins(%[[D]], %[[T]] : memref<50x16xf32>, memref<16x48xf32>) outs(%[[GMAIN]]
// CHECK: %[[REST:.*]] = memref.subview %[[A]][48, 0] [2, 16]
// CHECK: %[[GREST:.*]] = memref.subview %[[G]][0, 48] [50, 2]
// CHECK: linalg.generic {{.*}} ins(%[[D]], %[[REST]] {{.*}} outs(%[[GREST]]
// CHECK-NOT: linalg.transpose
// CHECK: linalg.generic {{.*}} ins(%[[E]], %[[T]] :
// CHECK-NOT: linalg.transpose
// CHECK: return
// SSE-LABEL: func @shared
// SSE: memref.alloc() {{.*}} : memref<16x48xf32>
func.func @shared(%d: memref<50x16xf32>, %e: memref<50x16xf32>) -> (memref<50x50xf32>, memref<50x50xf32>) {
  %a = memref.alloc() : memref<50x16xf32>
  %g = memref.alloc() : memref<50x50xf32>
  %h = memref.alloc() : memref<50x50xf32>
  linalg.contract indexing_maps = [#rows, #columns, #out]
    ins(%d, %a : memref<50x16xf32>, memref<50x16xf32>) outs(%g : memref<50x50xf32>)
  linalg.contract indexing_maps = [#rows, #columns, #out]
    ins(%e, %a : memref<50x16xf32>, memref<50x16xf32>) outs(%h : memref<50x50xf32>)
  return %g, %h : memref<50x50xf32>, memref<50x50xf32>
}

// -----

#rows = affine_map<(i, j, l) -> (i, l)>
#columns = affine_map<(i, j, l) -> (j, l)>
#out = affine_map<(i, j, l) -> (i, j)>

// The activation changes in between: each sum has its own transpose. Buffers that the function allocates are distinct.
// CHECK-LABEL: func @overwritten
// CHECK-COUNT-2: linalg.transpose
// CHECK-NOT: linalg.transpose
// CHECK: return
func.func @overwritten(%d: memref<64x16xf32>, %v: f32) -> (memref<64x64xf32>, memref<64x64xf32>) {
  %a = memref.alloc() : memref<64x16xf32>
  %g = memref.alloc() : memref<64x64xf32>
  %h = memref.alloc() : memref<64x64xf32>
  linalg.fill ins(%v : f32) outs(%a : memref<64x16xf32>)
  linalg.contract indexing_maps = [#rows, #columns, #out]
    ins(%d, %a : memref<64x16xf32>, memref<64x16xf32>) outs(%g : memref<64x64xf32>)
  linalg.add ins(%a, %d : memref<64x16xf32>, memref<64x16xf32>) outs(%a : memref<64x16xf32>)
  linalg.contract indexing_maps = [#rows, #columns, #out]
    ins(%d, %a : memref<64x16xf32>, memref<64x16xf32>) outs(%h : memref<64x64xf32>)
  return %g, %h : memref<64x64xf32>, memref<64x64xf32>
}

// -----

#rows = affine_map<(i, j, l) -> (i, l)>
#columns = affine_map<(i, j, l) -> (j, l)>
#out = affine_map<(i, j, l) -> (i, j)>

// Too few columns for a vector; too few rows to pay for a transpose.
// CHECK-LABEL: func @narrow
// CHECK-NOT: linalg.transpose
// CHECK: return
func.func @narrow(%d: memref<50x16xf32>, %a: memref<3x16xf32>, %g: memref<50x3xf32>, %e: memref<1x16xf32>,
                  %b: memref<64x16xf32>, %h: memref<1x64xf32>) {
  linalg.contract indexing_maps = [#rows, #columns, #out]
    ins(%d, %a : memref<50x16xf32>, memref<3x16xf32>) outs(%g : memref<50x3xf32>)
  linalg.contract indexing_maps = [#rows, #columns, #out]
    ins(%e, %b : memref<1x16xf32>, memref<64x16xf32>) outs(%h : memref<1x64xf32>)
  return
}
