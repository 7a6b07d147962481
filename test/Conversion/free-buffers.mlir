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

// -----

// One buffer for values that are never alive together: an elementwise op overwrites what it reads last, a product does not,
// and what is read later is kept.
// CHECK-LABEL: func.func @reuse
// CHECK-SAME: (%[[W:.*]]: memref<200x200xf64>, %[[X:.*]]: memref<200xf64>, %[[OUT:.*]]: memref<200xf64>)
// CHECK: %[[A:.*]] = memref.alloc() : memref<200xf64>
// CHECK: linalg.exp ins(%[[X]] : {{.*}}) outs(%[[A]] :
// CHECK-NEXT: linalg.exp ins(%[[A]] : {{.*}}) outs(%[[A]] :
// CHECK-NEXT: %[[B:.*]] = memref.alloc() : memref<200xf64>
// CHECK-NEXT: linalg.matvec ins(%[[W]], %[[A]] : {{.*}}) outs(%[[B]] :
// CHECK-NEXT: linalg.exp ins(%[[B]] : {{.*}}) outs(%[[A]] :
// CHECK-NEXT: linalg.add ins(%[[A]], %[[B]] : {{.*}}) outs(%[[OUT]] :
// CHECK-NOT: memref.alloc
// CHECK: return
func.func @reuse(%w: memref<200x200xf64>, %x: memref<200xf64>, %out: memref<200xf64>) attributes {costate.exported} {
  %a = memref.alloc() : memref<200xf64>
  linalg.exp ins(%x : memref<200xf64>) outs(%a : memref<200xf64>)
  %b = memref.alloc() : memref<200xf64>
  linalg.exp ins(%a : memref<200xf64>) outs(%b : memref<200xf64>)
  %c = memref.alloc() : memref<200xf64>
  linalg.matvec ins(%w, %b : memref<200x200xf64>, memref<200xf64>) outs(%c : memref<200xf64>)
  %d = memref.alloc() : memref<200xf64>
  linalg.exp ins(%c : memref<200xf64>) outs(%d : memref<200xf64>)
  linalg.add ins(%d, %c : memref<200xf64>, memref<200xf64>) outs(%out : memref<200xf64>)
  return
}

// -----

// A view of a buffer is the buffer: its other half is still read.
// CHECK-LABEL: func.func @views
// CHECK: %[[A:.*]] = memref.alloc() : memref<400xf64>
// CHECK: %[[B:.*]] = memref.alloc() : memref<400xf64>
// CHECK: memref.copy %[[A]], %[[B]]
func.func private @use(memref<400xf64>)
func.func @views() attributes {costate.exported} {
  %a = memref.alloc() : memref<400xf64>
  %half = memref.subview %a[200] [200] [1] : memref<400xf64> to memref<200xf64, strided<[1], offset: 200>>
  func.call @use(%a) : (memref<400xf64>) -> ()
  %b = memref.alloc() : memref<400xf64>
  memref.copy %a, %b : memref<400xf64> to memref<400xf64>
  %first = memref.subview %b[0] [200] [1] : memref<400xf64> to memref<200xf64, strided<[1]>>
  linalg.exp ins(%half : memref<200xf64, strided<[1], offset: 200>>) outs(%first : memref<200xf64, strided<[1]>>)
  func.call @use(%b) : (memref<400xf64>) -> ()
  return
}

// -----

// What a body loads itself may be any element: its buffer is not overwritten.
// CHECK-LABEL: func.func @loads
// CHECK-SAME: (%[[X:.*]]: memref<4xf64>, %[[OUT:.*]]: memref<4xf64>)
// CHECK: %[[A:.*]] = memref.alloca() : memref<4xf64>
// CHECK: linalg.exp ins(%[[X]] : {{.*}}) outs(%[[A]] :
// CHECK: %[[B:.*]] = memref.alloca() : memref<4xf64>
// CHECK: linalg.generic {{.*}} outs(%[[B]] :
// CHECK: memref.load %[[A]]
// CHECK: linalg.exp ins(%[[B]] : {{.*}}) outs(%[[OUT]] :
func.func @loads(%x: memref<4xf64>, %out: memref<4xf64>) attributes {costate.exported} {
  %a = memref.alloc() : memref<4xf64>
  linalg.exp ins(%x : memref<4xf64>) outs(%a : memref<4xf64>)
  %b = memref.alloc() : memref<4xf64>
  linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%b : memref<4xf64>) {
  ^bb0(%o: f64):
    %i = linalg.index 0 : index
    %last = arith.constant 3 : index
    %back = arith.subi %last, %i : index
    %v = memref.load %a[%back] : memref<4xf64>
    linalg.yield %v : f64
  }
  linalg.exp ins(%b : memref<4xf64>) outs(%out : memref<4xf64>)
  return
}
