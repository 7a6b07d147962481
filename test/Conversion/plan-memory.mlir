// RUN: costate-opt %s -costate-plan-memory="print" -split-input-file 2>%t.err | FileCheck %s
// RUN: FileCheck %s --check-prefix=PLAN < %t.err

// The host's part is rounded up to 256 bytes, then each worker's: a (512), and beside it, first b (256), then c (128).
// CHECK: module attributes {costate.host_workspace_bytes = 256 : i64, costate.workspace_bytes_per_worker = 768 : i64}
// PLAN: memory plan: step: host 192 bytes, 768 bytes per worker
// CHECK-LABEL: func @step
// CHECK-SAME: %[[X:.*]]: memref<64xf64> {costate.role = "theta"}, %[[WORKSPACE:.*]]: memref<?xi8> {costate.role = "workspace"}
func.func @step(%x: memref<64xf64> {costate.role = "theta"}) attributes {costate.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %zero = arith.constant 0.0 : f64
  // CHECK: %[[HOST:.*]] = memref.view %[[WORKSPACE]][%{{.*}}][] : memref<?xi8> to memref<20xf64>
  %host = memref.alloc() : memref<20xf64>
  // CHECK: scf.forall
  scf.forall (%c) in (2) {
    // CHECK: %[[WORKER:.*]] = func.call @costate_rt_worker() : () -> index
    // CHECK: %[[MINE:.*]] = arith.muli %[[WORKER]], %c768
    // CHECK: %[[PART:.*]] = arith.addi %[[MINE]], %c256
    // CHECK: %[[SLOT:.*]] = memref.alloca() : memref<f64>
    // CHECK: %[[OA:.*]] = arith.addi %[[PART]], %c0
    // CHECK: %[[A:.*]] = memref.view %[[WORKSPACE]][%[[OA]]][] : memref<?xi8> to memref<64xf64>
    %a = memref.alloc() : memref<64xf64>
    linalg.fill ins(%zero : f64) outs(%a : memref<64xf64>)
    scf.for %t = %c0 to %c4 step %c1 {
      // CHECK: scf.for
      // CHECK: %[[OB:.*]] = arith.addi %[[PART]], %c512
      // CHECK: %[[B:.*]] = memref.view %[[WORKSPACE]][%[[OB]]][] : memref<?xi8> to memref<32xf64>
      // CHECK: %[[OC:.*]] = arith.addi %[[PART]], %c512
      // CHECK: %[[C:.*]] = memref.view %[[WORKSPACE]][%[[OC]]][] : memref<?xi8> to memref<16xf64>
      // CHECK-NOT: memref.alloc()
      %b = memref.alloc() : memref<32xf64>
      %c_ = memref.alloc() : memref<16xf64>
      %s = memref.alloc() : memref<f64>
      %view = memref.subview %b[4] [4] [1] : memref<32xf64> to memref<4xf64, strided<[1], offset: 4>>
      linalg.fill ins(%zero : f64) outs(%b : memref<32xf64>)
      %v = memref.load %view[%c0] : memref<4xf64, strided<[1], offset: 4>>
      memref.store %v, %s[] : memref<f64>
      linalg.fill ins(%v : f64) outs(%c_ : memref<16xf64>)
      memref.store %v, %a[%t] : memref<64xf64>
      memref.dealloc %b : memref<32xf64>
      // CHECK-NOT: memref.dealloc
    }
    memref.copy %a, %x : memref<64xf64> to memref<64xf64>
    %h = memref.load %host[%c0] : memref<20xf64>
  }
  return
}

// -----

// Two entries share the workspace; it is as large as the larger plan. Buffers used before and after one another share a
// place on the host, and one used throughout keeps its own.
// CHECK: module attributes {costate.host_workspace_bytes = 1024 : i64, costate.workspace_bytes_per_worker = 0 : i64}
// PLAN: memory plan: small: host 64 bytes, 0 bytes per worker
// PLAN: memory plan: large: host 960 bytes, 0 bytes per worker
func.func @small() attributes {costate.entry} {
  %zero = arith.constant 0.0 : f32
  %a = memref.alloc() : memref<10xf32>
  linalg.fill ins(%zero : f32) outs(%a : memref<10xf32>)
  return
}

// CHECK-LABEL: func @large
func.func @large() attributes {costate.entry} {
  %zero = arith.constant 0.0 : f32
  // CHECK-DAG: memref.view %{{.*}}[%c512{{.*}}][] : memref<?xi8> to memref<100xf32>
  // CHECK-DAG: memref.view %{{.*}}[%c512{{.*}}][] : memref<?xi8> to memref<90xf32>
  // CHECK-DAG: memref.view %{{.*}}[%c0{{.*}}][] : memref<?xi8> to memref<128xf32>
  %a = memref.alloc() : memref<100xf32>
  %all = memref.alloc() : memref<128xf32>
  linalg.fill ins(%zero : f32) outs(%all : memref<128xf32>)
  linalg.fill ins(%zero : f32) outs(%a : memref<100xf32>)
  %b = memref.alloc() : memref<90xf32>
  linalg.fill ins(%zero : f32) outs(%b : memref<90xf32>)
  linalg.fill ins(%zero : f32) outs(%all : memref<128xf32>)
  return
}
