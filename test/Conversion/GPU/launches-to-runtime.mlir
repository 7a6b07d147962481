// RUN: costate-opt %s -costate-launches-to-runtime | FileCheck %s

// CHECK-DAG: llvm.mlir.global internal constant @costate_kernel_k("k\00")
// CHECK-DAG: llvm.mlir.global external constant @costate_gpu_images()
// CHECK-DAG: llvm.func @costate_rt_gpu_ready(!llvm.ptr) -> i32
// CHECK-DAG: llvm.func @costate_rt_gpu_launch(!llvm.ptr, !llvm.ptr, i64, i64, i64, i64, !llvm.ptr)
module attributes {gpu.container_module} {
  func.func private @costate_gpu_ready() -> i1
  gpu.module @costate_kernels {
    gpu.func @k(%first: index, %workspace: memref<i8>, %x: memref<f32>, %n: index, %y: memref<4x2xf32>, %flag: i1) kernel {
      gpu.return
    }
  }
  // CHECK-LABEL: func.func @step
  // CHECK-SAME: (%[[X:.*]]: memref<2x?xf32>, %[[Y:.*]]: memref<4x2xf32>, %[[FLAG:.*]]: i1)
  func.func @step(%x: memref<2x?xf32>, %y: memref<4x2xf32>, %flag: i1) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    %c32 = arith.constant 32 : index
    // CHECK: %[[TABLE:.*]] = llvm.alloca %{{.*}} x !llvm.array<4 x struct<(ptr, i64, i64)>>
    // CHECK: %[[N:.*]] = llvm.alloca %{{.*}} x i64
    // CHECK: %[[F:.*]] = llvm.alloca %{{.*}} x i8
    // CHECK: %[[IMAGES:.*]] = llvm.mlir.addressof @costate_gpu_images
    // CHECK: %[[ANSWER:.*]] = llvm.call @costate_rt_gpu_ready(%[[IMAGES]])
    // CHECK: %[[READY:.*]] = llvm.icmp "ne" %[[ANSWER]]
    // CHECK: scf.if %[[READY]]
    %ready = func.call @costate_gpu_ready() : () -> i1
    scf.if %ready {
      %workspace = ub.poison : memref<i8>
      %first = memref.reinterpret_cast %x to offset: [0], sizes: [], strides: [] : memref<2x?xf32> to memref<f32>
      %n = memref.dim %x, %c1 : memref<2x?xf32>
      // The size of a dynamic buffer is that of all of it.
      // CHECK: memref.extract_aligned_pointer_as_index %[[X]]
      // CHECK: %[[EIGHT:.*]] = llvm.mlir.constant(8 : i64)
      // CHECK: %[[BYTES:.*]] = llvm.mul %[[EIGHT]]
      // CHECK: llvm.store %[[BYTES]]
      // CHECK: llvm.store %{{.*}}, %[[N]] : i64
      // CHECK: memref.extract_aligned_pointer_as_index %[[Y]]
      // CHECK: %[[BYTES:.*]] = llvm.mlir.constant(32 : i64)
      // CHECK: %[[WRITES:.*]] = llvm.mlir.constant(1 : i64)
      // CHECK: llvm.store %[[WRITES]]
      // CHECK: %[[BYTE:.*]] = arith.extui %[[FLAG]] : i1 to i8
      // CHECK: llvm.store %[[BYTE]], %[[F]] : i8
      // CHECK: llvm.call @costate_rt_gpu_launch(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[TABLE]])
      // CHECK-NOT: gpu.launch_func
      gpu.launch_func @costate_kernels::@k blocks in (%c3, %c1, %c1) threads in (%c32, %c1, %c1)
          args(%c0 : index, %workspace : memref<i8>, %first : memref<f32>, %n : index, %y : memref<4x2xf32>, %flag : i1)
          {costate.workspace_bytes = 256 : i64, costate.writes = array<i1: false, false, false, false, true, false>}
    }
    return
  }
}
