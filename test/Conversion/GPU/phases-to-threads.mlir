// RUN: costate-opt %s -pass-pipeline='builtin.module(gpu.module(costate-phases-to-threads))' | FileCheck %s

gpu.module @costate_kernels {
  // CHECK-LABEL: gpu.func @phases
  gpu.func @phases(%x: memref<32xf32>, %y: memref<f32>) kernel {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c32 = arith.constant 32 : index
    %zero = arith.constant 0.0 : f32
    // CHECK: %[[THREAD:.*]] = gpu.thread_id x
    // CHECK-NOT: gpu.barrier
    // CHECK: memref.store %{{.*}}, %{{.*}}[%[[THREAD]]]
    // CHECK-NEXT: gpu.barrier
    scf.parallel (%t) = (%c0) to (%c32) step (%c1) {
      memref.store %zero, %x[%t] : memref<32xf32>
    }
    // All threads read what the next phase may overwrite.
    // CHECK-NEXT: memref.load
    // CHECK-NEXT: gpu.barrier
    // CHECK-NEXT: memref.store
    // CHECK-NEXT: gpu.barrier
    %s = memref.load %y[] : memref<f32>
    scf.parallel (%t) = (%c0) to (%c32) step (%c1) {
      memref.store %s, %x[%t] : memref<32xf32>
    }
    // The load of one iteration comes before the phase of the next.
    // CHECK: scf.for
    // CHECK-NEXT: gpu.barrier
    // CHECK-NEXT: memref.store
    // CHECK-NEXT: gpu.barrier
    // CHECK-NEXT: memref.load
    // CHECK-NOT: gpu.barrier
    // CHECK: gpu.return
    scf.for %i = %c0 to %c32 step %c1 {
      scf.parallel (%t) = (%c0) to (%c32) step (%c1) {
        memref.store %s, %x[%t] : memref<32xf32>
      }
      %l = memref.load %y[] : memref<f32>
    }
    gpu.return
  }
}
