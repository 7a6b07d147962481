// RUN: costate-opt %s -split-input-file -costate-free-buffers | FileCheck %s

// A buffer of each iteration is allocated once and freed once; a small one is on the stack.
// CHECK-LABEL: func.func @large
// CHECK-NOT: scf.for
// CHECK: %[[BUFFER:.*]] = memref.alloc() : memref<1000xf64>
// CHECK: scf.for
// CHECK-NOT: memref.alloc
// CHECK: }
// CHECK: memref.dealloc %[[BUFFER]]
// CHECK-LABEL: func.func @small
// CHECK: memref.alloca() : memref<10xf64>
// CHECK-NOT: memref.dealloc
// The extent is known when the program runs.
// CHECK-LABEL: func.func @dynamic
// CHECK: %[[TAPE:.*]] = memref.alloc(%{{.*}}) : memref<?xf64>
// CHECK: memref.dealloc %[[TAPE]]
func.func private @use(memref<1000xf64>)
func.func private @use_small(memref<10xf64>)
func.func private @use_dynamic(memref<?xf64>)
func.func @large(%n: index) attributes {costate.exported} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %a = memref.alloc() : memref<1000xf64>
    func.call @use(%a) : (memref<1000xf64>) -> ()
  }
  return
}
func.func @small() attributes {costate.exported} {
  %a = memref.alloc() : memref<10xf64>
  func.call @use_small(%a) : (memref<10xf64>) -> ()
  return
}
func.func @dynamic(%n: index) attributes {costate.exported} {
  %a = memref.alloc(%n) : memref<?xf64>
  func.call @use_dynamic(%a) : (memref<?xf64>) -> ()
  return
}

// -----

// What entries allocate is planned later.
// CHECK-LABEL: func.func @step
// CHECK: memref.alloc()
// CHECK-NOT: memref.dealloc
func.func private @use(memref<10xf64>)
func.func @step() attributes {costate.entry} {
  %a = memref.alloc() : memref<10xf64>
  func.call @use(%a) : (memref<10xf64>) -> ()
  return
}
