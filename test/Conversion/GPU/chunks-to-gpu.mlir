// RUN: costate-opt %s -costate-chunks-to-gpu -canonicalize -cse | FileCheck %s

#lanes = affine_map<(i, l) -> (i, l)>
#rows = affine_map<(i, l) -> (i)>

// CHECK: func.func private @costate_gpu_ready() -> i1
// CHECK-LABEL: func.func @step
// CHECK-SAME: (%[[X:.*]]: memref<2x?xf32>, %[[COUNT:.*]]: index, %[[SUMS:.*]]: memref<4x2xf32>)
func.func @step(%x: memref<2x?xf32>, %count: index, %sums: memref<4x2xf32>) attributes {costate.entry} {
  %zero = arith.constant 0.0 : f32
  %c32 = arith.constant 32 : index
  // The kernel takes whole buffers: a dynamic one as its first element and its extents. It writes the last one only.
  // CHECK: %[[READY:.*]] = call @costate_gpu_ready()
  // CHECK: scf.if %[[READY]]
  // CHECK: %[[FIRST:.*]] = memref.reinterpret_cast %[[X]] to offset: [0], sizes: [], strides: [] : memref<2x?xf32> to memref<f32>
  // CHECK: %[[CAPACITY:.*]] = memref.dim %[[X]]
  // CHECK: gpu.launch_func @costate_kernels::@step_chunks_0 blocks in (%[[COUNT]], %c1, %c1) threads in (%c32, %c1, %c1)
  // CHECK-SAME: args(%c0 : index, %{{.*}} : memref<i8>, %[[FIRST]] : memref<f32>, %[[CAPACITY]] : index, %[[SUMS]] : memref<4x2xf32>)
  // CHECK-SAME: costate.workspace_bytes = 256 : i64, costate.writes = array<i1: false, false, false, false, true>
  // CHECK: } else {
  // CHECK: scf.forall
  // CHECK: linalg.generic
  scf.forall (%c) in (%count) {
    %first = arith.muli %c, %c32 : index
    %tile = memref.subview %x[0, %first] [2, 32] [1, 1] : memref<2x?xf32> to memref<2x32xf32, strided<[?, 1], offset: ?>>
    %sum = memref.subview %sums[%c, 0] [1, 2] [1, 1] : memref<4x2xf32> to memref<2xf32, strided<[1], offset: ?>>
    %squares = memref.alloc() : memref<2x32xf32>
    linalg.generic {indexing_maps = [#lanes, #lanes], iterator_types = ["parallel", "parallel"]}
        ins(%tile : memref<2x32xf32, strided<[?, 1], offset: ?>>) outs(%squares : memref<2x32xf32>) {
    ^bb0(%a: f32, %old: f32):
      %p = arith.mulf %a, %a : f32
      linalg.yield %p : f32
    }
    linalg.generic {indexing_maps = [#lanes, #lanes, #lanes], iterator_types = ["parallel", "parallel"]}
        ins(%squares, %tile : memref<2x32xf32>, memref<2x32xf32, strided<[?, 1], offset: ?>>) outs(%squares : memref<2x32xf32>) {
    ^bb0(%a: f32, %b: f32, %old: f32):
      %p = arith.mulf %a, %b : f32
      linalg.yield %p : f32
    }
    linalg.fill ins(%zero : f32) outs(%sum : memref<2xf32, strided<[1], offset: ?>>)
    linalg.generic {indexing_maps = [#lanes, #rows], iterator_types = ["parallel", "reduction"]}
        ins(%squares : memref<2x32xf32>) outs(%sum : memref<2xf32, strided<[1], offset: ?>>) {
    ^bb0(%a: f32, %old: f32):
      %s = arith.addf %old, %a : f32
      linalg.yield %s : f32
    }
    memref.dealloc %squares : memref<2x32xf32>
  }
  return
}

// CHECK-LABEL: gpu.func @step_chunks_0
// CHECK-SAME: (%[[START:.*]]: index, %[[WORKSPACE:.*]]: memref<i8>, %{{.*}}: memref<f32>, %{{.*}}: index, %{{.*}}: memref<4x2xf32>) kernel
// CHECK-SAME: known_block_size = array<i32: 32, 1, 1>
// CHECK: %[[BLOCK:.*]] = gpu.block_id x
// CHECK: %[[SQUARES:.*]] = memref.view
// CHECK: arith.addi %[[START]], %[[BLOCK]]
// Both elementwise ops, and the fill that touches another buffer, share a phase: each thread stays in its lane.
// CHECK: scf.parallel (%[[LANE:.*]]) = (%c0) to (%c32)
// CHECK:   scf.for %[[ROW:.*]] = %c0 to %c2
// CHECK:     memref.store %{{.*}}, %[[SQUARES]][%[[ROW]], %[[LANE]]]
// CHECK:   scf.for %[[ROW:.*]] = %c0 to %c2
// CHECK:     memref.store %{{.*}}, %[[SQUARES]][%[[ROW]], %[[LANE]]]
// The sum reads other threads' lanes, so it is a phase of its own; each of two threads adds up a row in order.
// CHECK: scf.parallel (%[[THREAD:.*]]) = (%c0) to (%c32)
// CHECK:   scf.for %[[ROW:.*]] = %[[THREAD]] to %c2 step %c32
// CHECK:     %[[SUM:.*]] = scf.for %[[L:.*]] = %c0 to %c32 step %c1 iter_args(%{{.*}} = %{{.*}}) -> (f32)
// CHECK:       memref.load %[[SQUARES]][%[[ROW]], %[[L]]]
// CHECK:     memref.store %[[SUM]]
// CHECK: gpu.return
