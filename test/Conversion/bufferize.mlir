// RUN: costate-opt %s -split-input-file -costate-bufferize | FileCheck %s

// Accumulators carried by the tile loop are updated in place, in the chunk's row of the parts: no buffer and no copy in
// the loop but for the value of the tile.
// CHECK-LABEL: func @accumulate
func.func @accumulate(%x_buffer: memref<4x?xf32>, %out_buffer: memref<4xf32>, %tiles: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant 0.0 : f32
  %x = bufferization.to_tensor %x_buffer restrict : memref<4x?xf32> to tensor<4x?xf32>
  %parts = tensor.empty() : tensor<2x4xf32>
  // CHECK: %[[PARTS:.*]] = memref.alloc() {alignment = 64 : i64} : memref<2x4xf32>
  // CHECK: scf.forall (%[[C:.*]]) in (2)
  %sums = scf.forall (%c) in (2) shared_outs(%p = %parts) -> (tensor<2x4xf32>) {
    %empty = tensor.empty() : tensor<4xf32>
    %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<4xf32>) -> tensor<4xf32>
    // CHECK: %[[ROW:.*]] = memref.subview %[[PARTS]][%[[C]], 0]
    // CHECK-NEXT: linalg.fill {{.*}} outs(%[[ROW]]
    // CHECK-NEXT: scf.for
    %sum = scf.for %t = %c0 to %tiles step %c1 iter_args(%s = %fill) -> (tensor<4xf32>) {
      %first = arith.muli %t, %c8 : index
      // CHECK-NOT: alloc
      // CHECK-NOT: copy
      // CHECK: linalg.reduce {{.*}} outs(%[[ROW]]
      %xt = tensor.extract_slice %x[0, %first] [4, 8] [1, 1] : tensor<4x?xf32> to tensor<4x8xf32>
      %next = linalg.reduce {arith.addf} ins(%xt : tensor<4x8xf32>) outs(%s : tensor<4xf32>) dimensions = [1]
      scf.yield %next : tensor<4xf32>
    }
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %sum into %p[%c, 0] [1, 4] [1, 1] : tensor<4xf32> into tensor<2x4xf32>
    }
  }
  // The only copy is that of the result.
  // CHECK-NOT: copy
  // CHECK: %[[RESULT:.*]] = memref.subview %[[PARTS]][0, 0]
  // CHECK-NEXT: memref.copy %[[RESULT]]
  %one = tensor.extract_slice %sums[0, 0] [1, 4] [1, 1] : tensor<2x4xf32> to tensor<4xf32>
  bufferization.materialize_in_destination %one in restrict writable %out_buffer : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

// Parameters are updated where they are; elementwise arithmetic on tensors becomes linalg.
// CHECK-LABEL: func @update
// CHECK-SAME: %[[THETA:.*]]: memref<8xf64>, %[[GRAD:.*]]: memref<8xf64>
func.func @update(%theta_buffer: memref<8xf64>, %grad_buffer: memref<8xf64>) {
  %theta = bufferization.to_tensor %theta_buffer restrict writable : memref<8xf64> to tensor<8xf64>
  %grad = bufferization.to_tensor %grad_buffer restrict : memref<8xf64> to tensor<8xf64>
  // CHECK-NEXT: linalg.generic {{.*}} ins(%[[THETA]], %[[GRAD]] : {{.*}}) outs(%[[THETA]] :
  // CHECK: return
  %next = arith.subf %theta, %grad : tensor<8xf64>
  bufferization.materialize_in_destination %next in restrict writable %theta_buffer : (tensor<8xf64>, memref<8xf64>) -> ()
  return
}

// -----

// Two sums that start from the same zeros get zeros of their own, not a copy; a constant start is filled in.
// CHECK-LABEL: func @starts
func.func @starts(%a_buffer: memref<4x4xf32>, %b_buffer: memref<4x4xf32>, %out: memref<4x4xf32>) {
  %a = bufferization.to_tensor %a_buffer restrict : memref<4x4xf32> to tensor<4x4xf32>
  %b = bufferization.to_tensor %b_buffer restrict : memref<4x4xf32> to tensor<4x4xf32>
  %zero = arith.constant 0.0 : f32
  %ones = arith.constant dense<1.0> : tensor<4x4xf32>
  %empty = tensor.empty() : tensor<4x4xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK-NOT: copy
  // CHECK-NOT: memref.get_global
  // CHECK-COUNT-3: linalg.fill
  %ab = linalg.matmul ins(%a, %b : tensor<4x4xf32>, tensor<4x4xf32>) outs(%zeros : tensor<4x4xf32>) -> tensor<4x4xf32>
  %ba = linalg.matmul ins(%b, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%zeros : tensor<4x4xf32>) -> tensor<4x4xf32>
  %c = linalg.matmul ins(%ab, %ba : tensor<4x4xf32>, tensor<4x4xf32>) outs(%ones : tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK-NOT: copy
  bufferization.materialize_in_destination %c in restrict writable %out : (tensor<4x4xf32>, memref<4x4xf32>) -> ()
  return
}

// -----

// A copy to a strided buffer is a loop to come, not a library call.
// CHECK-LABEL: func @strided
// CHECK: linalg.copy
// CHECK-NOT: memref.copy
func.func @strided(%a: memref<4x3xf32>, %b: memref<4x8xf32>) {
  %column = memref.subview %b[0, 2] [4, 3] [1, 1] : memref<4x8xf32> to memref<4x3xf32, strided<[8, 1], offset: 2>>
  memref.copy %a, %column : memref<4x3xf32> to memref<4x3xf32, strided<[8, 1], offset: 2>>
  return
}

// -----

// What a function only writes is computed in place; what it reads as well must not be started before it is read.
// CHECK-LABEL: func @state
// CHECK-SAME: %[[A:.*]]: memref<4x4xf32>, %[[B:.*]]: memref<4xf32>, %[[OUT:.*]]: memref<4xf32>
func.func @state(%a_buffer: memref<4x4xf32>, %b_buffer: memref<4xf32>, %out: memref<4xf32>) {
  %a = bufferization.to_tensor %a_buffer restrict : memref<4x4xf32> to tensor<4x4xf32>
  %b = bufferization.to_tensor %b_buffer restrict writable : memref<4xf32> to tensor<4xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%empty : tensor<4xf32>) -> tensor<4xf32>
  // CHECK: %[[FRESH:.*]] = memref.alloc() {{.*}} : memref<4xf32>
  // CHECK: linalg.matvec ins(%[[A]], %[[B]] : {{.*}}) outs(%[[FRESH]] :
  %next = linalg.matvec ins(%a, %b : tensor<4x4xf32>, tensor<4xf32>) outs(%zeros : tensor<4xf32>) -> tensor<4xf32>
  // CHECK: linalg.matvec ins(%[[A]], %[[FRESH]] : {{.*}}) outs(%[[OUT]] :
  %again = linalg.matvec ins(%a, %next : tensor<4x4xf32>, tensor<4xf32>) outs(%zeros : tensor<4xf32>) -> tensor<4xf32>
  // CHECK: memref.copy %[[FRESH]], %[[B]]
  bufferization.materialize_in_destination %next in restrict writable %b_buffer : (tensor<4xf32>, memref<4xf32>) -> ()
  bufferization.materialize_in_destination %again in restrict writable %out : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

// A buffer is written once its value has been read.
// CHECK-LABEL: func @previous
// CHECK-SAME: %[[A:.*]]: memref<4xf32>, %[[B:.*]]: memref<4xf32>
func.func @previous(%a_buffer: memref<4xf32>, %b_buffer: memref<4xf32>) {
  %a = bufferization.to_tensor %a_buffer restrict writable : memref<4xf32> to tensor<4xf32>
  // CHECK: linalg.generic {{.*}} outs(%[[NEXT:.*]] :
  %next = arith.addf %a, %a : tensor<4xf32>
  bufferization.materialize_in_destination %next in restrict writable %a_buffer : (tensor<4xf32>, memref<4xf32>) -> ()
  // CHECK: memref.copy %[[A]], %[[B]]
  // CHECK-NEXT: memref.copy %[[NEXT]], %[[A]]
  bufferization.materialize_in_destination %a in restrict writable %b_buffer : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

// Slices that cover their start hide it: it is not filled, and what they hold is computed in place.
// CHECK-LABEL: func @covered
// CHECK: %[[ALL:.*]] = memref.alloc() {{.*}} : memref<4x8xf32>
// CHECK-NOT: linalg.fill
// CHECK-NOT: copy
// CHECK: %[[TOP:.*]] = memref.subview %[[ALL]][0, 0] [2, 8]
// CHECK-NEXT: linalg.add {{.*}} outs(%[[TOP]]
// CHECK-NEXT: %[[BOTTOM:.*]] = memref.subview %[[ALL]][2, 0] [2, 8]
// CHECK-NEXT: linalg.mul {{.*}} outs(%[[BOTTOM]]
// CHECK-NEXT: linalg.fill {{.*}} : memref<4xf32>
// CHECK-NEXT: linalg.reduce
func.func @covered(%x_buffer: memref<2x8xf32>, %out_buffer: memref<4xf32>) {
  %zeros = arith.constant dense<0.0> : tensor<4x8xf32>
  %zero = arith.constant 0.0 : f32
  %x = bufferization.to_tensor %x_buffer restrict : memref<2x8xf32> to tensor<2x8xf32>
  %e0 = tensor.empty() : tensor<2x8xf32>
  %a = linalg.add ins(%x, %x : tensor<2x8xf32>, tensor<2x8xf32>) outs(%e0 : tensor<2x8xf32>) -> tensor<2x8xf32>
  %e1 = tensor.empty() : tensor<2x8xf32>
  %b = linalg.mul ins(%x, %x : tensor<2x8xf32>, tensor<2x8xf32>) outs(%e1 : tensor<2x8xf32>) -> tensor<2x8xf32>
  %0 = tensor.insert_slice %a into %zeros[0, 0] [2, 8] [1, 1] : tensor<2x8xf32> into tensor<4x8xf32>
  %1 = tensor.insert_slice %b into %0[2, 0] [2, 8] [1, 1] : tensor<2x8xf32> into tensor<4x8xf32>
  %e = tensor.empty() : tensor<4xf32>
  %start = linalg.fill ins(%zero : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %s = linalg.reduce {arith.addf} ins(%1 : tensor<4x8xf32>) outs(%start : tensor<4xf32>) dimensions = [1]
  bufferization.materialize_in_destination %s in restrict writable %out_buffer : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

// What a loop yields is computed in the buffer that it carries, also where the op says nothing of a destination, and a tape
// is filled where it is wanted: no copy in the loop but that of the slice.
// CHECK-LABEL: func @carried
// CHECK-SAME: %[[X:.*]]: memref<8xf64>, %[[TAPE:.*]]: memref<5x8xf64>
func.func @carried(%x_buffer: memref<8xf64>, %tape_buffer: memref<5x8xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %x = bufferization.to_tensor %x_buffer restrict : memref<8xf64> to tensor<8xf64>
  %empty = tensor.empty() : tensor<5x8xf64>
  // CHECK: %[[S:.*]] = memref.alloc() {alignment = 64 : i64} : memref<8xf64>
  // CHECK-NEXT: memref.copy %[[X]], %[[S]]
  // CHECK-NEXT: scf.for
  %y, %tape = scf.for %i = %c0 to %c5 step %c1 iter_args(%s = %x, %t = %empty) -> (tensor<8xf64>, tensor<5x8xf64>) {
    // CHECK-NEXT: %[[SLICE:.*]] = memref.subview %[[TAPE]]
    // CHECK-NEXT: memref.copy %[[S]], %[[SLICE]]
    %next_tape = tensor.insert_slice %s into %t[%i, 0] [1, 8] [1, 1] : tensor<8xf64> into tensor<5x8xf64>
    // CHECK-NEXT: linalg.generic {{.*}} ins(%[[S]], %[[S]] : {{.*}}) outs(%[[S]]
    // CHECK-NOT: copy
    // CHECK: return
    %next = arith.mulf %s, %s : tensor<8xf64>
    scf.yield %next, %next_tape : tensor<8xf64>, tensor<5x8xf64>
  }
  bufferization.materialize_in_destination %tape in restrict writable %tape_buffer : (tensor<5x8xf64>, memref<5x8xf64>) -> ()
  return
}

// -----

// The same for `scf.while`.
// CHECK-LABEL: func @carried_while
// CHECK-SAME: (%[[X:[a-z0-9]+]]: memref<8xf64>, %[[Y:[a-z0-9]+]]: memref<8xf64>
func.func @carried_while(%x_buffer: memref<8xf64>, %y_buffer: memref<8xf64>, %out_buffer: memref<8xf64>, %limit: f64) {
  %c0 = arith.constant 0 : index
  %x = bufferization.to_tensor %x_buffer restrict : memref<8xf64> to tensor<8xf64>
  %y = bufferization.to_tensor %y_buffer restrict : memref<8xf64> to tensor<8xf64>
  // CHECK-DAG: memref.copy %[[X]], %[[A:[a-z0-9_]+]] :
  // CHECK-DAG: memref.copy %[[Y]], %[[B:[a-z0-9_]+]] :
  // CHECK: scf.while : () -> () {
  // CHECK: } do {
  // CHECK-NEXT: linalg.generic {{.*}} ins(%[[A]], %[[B]] : {{.*}}) outs(%[[A]]
  // CHECK-NOT: memref.{{alloc|copy}}
  // CHECK: linalg.generic {{.*}} ins(%[[A]], %[[B]] : {{.*}}) outs(%[[B]]
  // CHECK-NOT: memref.{{alloc|copy}}
  // CHECK: scf.yield
  %r:2 = scf.while (%a = %x, %b = %y) : (tensor<8xf64>, tensor<8xf64>) -> (tensor<8xf64>, tensor<8xf64>) {
    %e = tensor.extract %a[%c0] : tensor<8xf64>
    %c = arith.cmpf olt, %e, %limit : f64
    scf.condition(%c) %a, %b : tensor<8xf64>, tensor<8xf64>
  } do {
  ^bb0(%a: tensor<8xf64>, %b: tensor<8xf64>):
    %n = arith.addf %a, %b : tensor<8xf64>
    %m = arith.mulf %n, %b : tensor<8xf64>
    scf.yield %n, %m : tensor<8xf64>, tensor<8xf64>
  }
  bufferization.materialize_in_destination %r#0 in restrict writable %out_buffer : (tensor<8xf64>, memref<8xf64>) -> ()
  return
}

// -----

// A start that is read between the slices still shows through: it is filled.
// CHECK-LABEL: func @shown
// CHECK: %[[ALL:.*]] = memref.alloc() {{.*}} : memref<4x8xf32>
// CHECK: linalg.fill ins(%{{.*}}) outs(%[[ALL]]
// CHECK: linalg.add
// CHECK: linalg.reduce
func.func @shown(%x_buffer: memref<2x8xf32>, %out_buffer: memref<4xf32>) {
  %two = arith.constant 2.0 : f32
  %zero = arith.constant 0.0 : f32
  %all = tensor.empty() : tensor<4x8xf32>
  %twos = linalg.fill ins(%two : f32) outs(%all : tensor<4x8xf32>) -> tensor<4x8xf32>
  %x = bufferization.to_tensor %x_buffer restrict : memref<2x8xf32> to tensor<2x8xf32>
  %0 = tensor.insert_slice %x into %twos[0, 0] [2, 8] [1, 1] : tensor<2x8xf32> into tensor<4x8xf32>
  %old = tensor.extract_slice %0[2, 0] [2, 8] [1, 1] : tensor<4x8xf32> to tensor<2x8xf32>
  %e0 = tensor.empty() : tensor<2x8xf32>
  %a = linalg.add ins(%old, %x : tensor<2x8xf32>, tensor<2x8xf32>) outs(%e0 : tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = tensor.insert_slice %a into %0[2, 0] [2, 8] [1, 1] : tensor<2x8xf32> into tensor<4x8xf32>
  %e = tensor.empty() : tensor<4xf32>
  %start = linalg.fill ins(%zero : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %s = linalg.reduce {arith.addf} ins(%1 : tensor<4x8xf32>) outs(%start : tensor<4xf32>) dimensions = [1]
  bufferization.materialize_in_destination %s in restrict writable %out_buffer : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

// Two results of one product: neither is where the product is, which both read.
// CHECK-LABEL: func @product
// CHECK-SAME: %[[SIN:[a-z0-9]+]]: memref<4xf64>, %[[COS:[a-z0-9]+]]: memref<4xf64>) {
// CHECK: linalg.matvec {{.*}} outs(%[[H:.*]] :
// CHECK-NEXT: linalg.generic {{.*}} ins(%[[H]] : memref<4xf64>) outs(%[[SIN]] :
// CHECK: linalg.generic {{.*}} ins(%[[H]] : memref<4xf64>) outs(%[[COS]] :
// CHECK-NOT: copy
// CHECK: return
func.func @product(%w_buffer: memref<4x4xf64>, %x_buffer: memref<4xf64>, %sin: memref<4xf64>, %cos: memref<4xf64>) {
  %w = bufferization.to_tensor %w_buffer restrict : memref<4x4xf64> to tensor<4x4xf64>
  %x = bufferization.to_tensor %x_buffer restrict : memref<4xf64> to tensor<4xf64>
  %zeros = arith.constant dense<0.0> : tensor<4xf64>
  %h = linalg.matvec ins(%w, %x : tensor<4x4xf64>, tensor<4xf64>) outs(%zeros : tensor<4xf64>) -> tensor<4xf64>
  %0 = math.sin %h : tensor<4xf64>
  %1 = math.cos %h : tensor<4xf64>
  bufferization.materialize_in_destination %0 in restrict writable %sin : (tensor<4xf64>, memref<4xf64>) -> ()
  bufferization.materialize_in_destination %1 in restrict writable %cos : (tensor<4xf64>, memref<4xf64>) -> ()
  return
}

// -----

// What is only read is no place for other values, even if it is said to be writable; read again, it is the same tensor, and
// after a write it is the value that was written.
// CHECK-LABEL: func @read_again
// CHECK-SAME: %[[A:[a-z0-9]+]]: memref<4xf64>, %[[B:[a-z0-9]+]]: memref<4xf64>, %[[OUT:[a-z0-9]+]]: memref<4xf64>) {
// CHECK-NOT: memref.alloc
// CHECK: linalg.generic {{.*}} ins(%[[A]], %[[B]] : {{.*}}) outs(%[[B]] :
// CHECK: linalg.generic {{.*}} ins(%[[A]], %[[B]] : {{.*}}) outs(%[[OUT]] :
// CHECK-NOT: copy
// CHECK: return
func.func @read_again(%a_buffer: memref<4xf64>, %b_buffer: memref<4xf64>, %out: memref<4xf64>) {
  %a = bufferization.to_tensor %a_buffer restrict writable : memref<4xf64> to tensor<4xf64>
  %b = bufferization.to_tensor %b_buffer restrict writable : memref<4xf64> to tensor<4xf64>
  %sum = arith.addf %a, %b : tensor<4xf64>
  bufferization.materialize_in_destination %sum in writable %b_buffer : (tensor<4xf64>, memref<4xf64>) -> ()
  %again = bufferization.to_tensor %a_buffer restrict writable : memref<4xf64> to tensor<4xf64>
  %written = bufferization.to_tensor %b_buffer restrict writable : memref<4xf64> to tensor<4xf64>
  %product = arith.mulf %again, %written : tensor<4xf64>
  bufferization.materialize_in_destination %product in writable %out : (tensor<4xf64>, memref<4xf64>) -> ()
  return
}

// -----

// Carried tensors that take one another's values: in an order in which each is read before it is overwritten, and with one
// copy for those that trade places.
// CHECK-LABEL: func @trade
// CHECK: scf.for
// CHECK-NEXT: %[[SAVED:.*]] = memref.alloc
// CHECK-NEXT: memref.copy %[[B:.*]], %[[SAVED]]
// CHECK-NEXT: memref.copy %[[A:.*]], %[[B]]
// CHECK-NEXT: memref.copy %[[SAVED]], %[[A]]
// CHECK-NEXT: }
// CHECK: scf.for
// CHECK: linalg.generic {{.*}} ins(%[[C:.*]] : memref<4xf64>) outs(%[[NEXT:.*]] :
// CHECK: memref.copy %[[D:.*]], %{{.*}} :
// CHECK-NEXT: memref.copy %[[C]], %[[D]] :
// CHECK-NEXT: memref.copy %[[NEXT]], %[[C]] :
// CHECK-NEXT: }
func.func @trade(%a_buffer: memref<4xf64>, %out_a: memref<4xf64>, %out_b: memref<4xf64>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = bufferization.to_tensor %a_buffer restrict : memref<4xf64> to tensor<4xf64>
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%p = %a, %q = %a) -> (tensor<4xf64>, tensor<4xf64>) {
    scf.yield %q, %p : tensor<4xf64>, tensor<4xf64>
  }
  %s:3 = scf.for %i = %c0 to %n step %c1 iter_args(%p = %a, %q = %a, %t = %a)
      -> (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) {
    %x = math.sin %p : tensor<4xf64>
    scf.yield %x, %p, %q : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>
  }
  %sum = arith.addf %r#0, %s#2 : tensor<4xf64>
  bufferization.materialize_in_destination %sum in writable %out_a : (tensor<4xf64>, memref<4xf64>) -> ()
  bufferization.materialize_in_destination %r#1 in writable %out_b : (tensor<4xf64>, memref<4xf64>) -> ()
  return
}
