// RUN: costate-opt %s -costate-outline-chunks | FileCheck %s

// CHECK: llvm.func @costate_rt_parallel_for(!llvm.ptr, !llvm.ptr, i64)

// The body takes the chunk, the worker, and what it uses of its surroundings; constants it has of its own. Buffers that
// no other capture can touch are noalias, two slices of one buffer are not.
// CHECK-LABEL: func.func private @step_chunks_0
// CHECK-SAME: (%[[CHUNK:[^:]*]]: index, %[[WORKER:[^:]*]]: index, %[[SCALE:[^:]*]]: f32, %{{[^:]*}}: !llvm.ptr {llvm.noalias}, %{{[^:]*}}: i64, %{{[^:]*}}: i64, %{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: !llvm.ptr {llvm.noalias}, %{{[^:]*}}: i64)
// CHECK-DAG: arith.constant 3 : index
// CHECK: memref.store %[[SCALE]], %{{.*}}[%{{.*}}, %[[CHUNK]]] : memref<2x?xf32>
// CHECK: arith.muli %[[WORKER]]
// CHECK: return

// CHECK-LABEL: llvm.func internal @step_chunks_0_run
// CHECK-SAME: (%[[CONTEXT:.*]]: !llvm.ptr, %[[C:.*]]: i64, %[[W:.*]]: i64)
// CHECK: llvm.getelementptr %[[CONTEXT]][0, 0] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(f32, ptr, i64, i64, ptr, ptr, ptr, i64)>
// CHECK: llvm.load
// CHECK: func.call @step_chunks_0(
// CHECK: llvm.return

// CHECK-LABEL: func.func @step
// CHECK: llvm.alloca %{{.*}} x !llvm.struct<(f32, ptr, i64, i64, ptr, ptr, ptr, i64)>
// CHECK: %[[BODY:.*]] = llvm.mlir.addressof @step_chunks_0_run
// CHECK-NEXT: llvm.call @costate_rt_parallel_for(%[[BODY]], %{{.*}}, %{{.*}}) : (!llvm.ptr, !llvm.ptr, i64) -> ()
// CHECK-NEXT: return
// CHECK-NOT: costate_rt_worker
func.func private @costate_rt_worker() -> index
func.func @step(%x: memref<2x?xf32>, %theta: memref<16xf32>, %n: index, %scale: f32, %workspace: memref<?xi8>) attributes {costate.entry} {
  %c3 = arith.constant 3 : index
  %c0 = arith.constant 0 : index
  %low = memref.subview %theta[0] [8] [1] : memref<16xf32> to memref<8xf32, strided<[1]>>
  %high = memref.subview %theta[8] [8] [1] : memref<16xf32> to memref<8xf32, strided<[1], offset: 8>>
  scf.forall (%c) in (%n) {
    memref.store %scale, %x[%c0, %c] : memref<2x?xf32>
    %a = memref.load %low[%c0] : memref<8xf32, strided<[1]>>
    memref.store %a, %high[%c0] : memref<8xf32, strided<[1], offset: 8>>
    memref.store %scale, %x[%c0, %c] : memref<2x?xf32>
    %worker = func.call @costate_rt_worker() : () -> index
    %offset = arith.muli %worker, %c3 : index
    %mine = memref.view %workspace[%offset][] : memref<?xi8> to memref<4xf32>
    memref.store %scale, %mine[%c0] : memref<4xf32>
  }
  return
}

// What the pool cannot run is a loop: an inner one, one of several dimensions or of another step, and all of a library.
// CHECK-LABEL: func.func private @others_chunks_0
// CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step
// CHECK-NEXT: memref.store
// CHECK-LABEL: func.func @others
// CHECK: llvm.call @costate_rt_parallel_for
// CHECK-COUNT-3: scf.for
// CHECK-LABEL: func.func @of_a_library
// CHECK-NOT: costate_rt_parallel_for
// CHECK: scf.for
// CHECK-NOT: scf.forall
func.func @others(%n: index, %x: memref<?x?xf32>, %one: f32) attributes {costate.entry} {
  scf.forall (%i) in (%n) {
    scf.forall (%j) in (%n) {
      memref.store %one, %x[%i, %j] : memref<?x?xf32>
    }
  }
  scf.forall (%i, %j) in (%n, %n) {
    memref.store %one, %x[%i, %j] : memref<?x?xf32>
  }
  scf.forall (%i) = (0) to (%n) step (2) {
    memref.store %one, %x[%i, %i] : memref<?x?xf32>
  }
  return
}
func.func @of_a_library(%n: index, %x: memref<?xf32>, %one: f32) attributes {costate.exported} {
  scf.forall (%i) in (%n) {
    memref.store %one, %x[%i] : memref<?xf32>
  }
  return
}
