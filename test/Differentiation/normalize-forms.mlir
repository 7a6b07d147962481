// RUN: costate-opt %s -costate-normalize-forms | FileCheck %s

// Half of a cross product: indices that begin anew after the last one are two slices.
// CHECK-LABEL: func @half_cross
// CHECK-SAME: (%[[U:[a-z0-9]+]]: tensor<3xf64>, %[[V:[a-z0-9]+]]: tensor<3xf64>
// CHECK: %[[A:.*]] = tensor.extract_slice %[[U]][1] [2] [1]
// CHECK: %[[B:.*]] = tensor.extract_slice %[[U]][0] [1] [1]
// CHECK: %[[NEXT:.*]] = tensor.concat dim(0) %[[A]], %[[B]] : (tensor<2xf64>, tensor<1xf64>) -> tensor<3xf64>
// CHECK: %[[C:.*]] = tensor.extract_slice %[[V]][2] [1] [1]
// CHECK: %[[D:.*]] = tensor.extract_slice %[[V]][0] [2] [1]
// CHECK: %[[AFTER:.*]] = tensor.concat dim(0) %[[C]], %[[D]]
// CHECK: arith.mulf %[[NEXT]], %[[AFTER]] : tensor<3xf64>
func.func @half_cross(%u: tensor<3xf64>, %v: tensor<3xf64>, %o: tensor<3xf64>) -> tensor<3xf64> {
  %w = linalg.generic {indexing_maps = [affine_map<(i) -> ((i + 1) mod 3)>, affine_map<(i) -> ((i + 2) mod 3)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%u, %v : tensor<3xf64>, tensor<3xf64>) outs(%o : tensor<3xf64>) {
  ^bb0(%a: f64, %b: f64, %unused: f64):
    %p = arith.mulf %a, %b : f64
    linalg.yield %p : f64
  } -> tensor<3xf64>
  return %w : tensor<3xf64>
}

// A maximum by comparison and selection keeps both, which say what a NaN does.
// CHECK-LABEL: func @largest
// CHECK: linalg.reduce ins(%{{.*}} : tensor<5xf64>) outs(%{{.*}} : tensor<f64>) dimensions = [0]
// CHECK-NEXT: (%[[IN:[a-z0-9]+]]: f64, %[[OUT:[a-z0-9]+]]: f64) {
// CHECK-NEXT: %[[MORE:.*]] = arith.cmpf ogt, %[[IN]], %[[OUT]] : f64
// CHECK-NEXT: arith.select %[[MORE]], %[[IN]], %[[OUT]] : f64
func.func @largest(%x: tensor<5xf64>, %least: tensor<f64>) -> tensor<f64> {
  %m = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
    ins(%x : tensor<5xf64>) outs(%least : tensor<f64>) {
  ^bb0(%e: f64, %most: f64):
    %more = arith.cmpf ogt, %e, %most : f64
    %next = arith.select %more, %e, %most : f64
    linalg.yield %next : f64
  } -> tensor<f64>
  return %m : tensor<f64>
}

// A branch that is not taken computes on ones.
// CHECK-LABEL: func @guarded
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf64>
// CHECK: %[[P:.*]] = arith.cmpf ogt, %[[X]], %{{.*}} : tensor<4xf64>
// CHECK: %[[ONE:.*]] = arith.constant dense<1.0{{.*}}> : tensor<4xf64>
// CHECK: %[[MASKED:.*]] = arith.select %[[P]], %[[X]], %[[ONE]]
// CHECK: %[[ROOT:.*]] = math.sqrt %[[MASKED]] : tensor<4xf64>
// CHECK: arith.select %[[P]], %[[ROOT]], %[[X]]
func.func @guarded(%x: tensor<4xf64>, %o: tensor<4xf64>) -> tensor<4xf64> {
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%x : tensor<4xf64>) outs(%o : tensor<4xf64>) {
  ^bb0(%a: f64, %b: f64):
    %z = arith.constant 0.0 : f64
    %p = arith.cmpf ogt, %a, %z : f64
    %t = scf.if %p -> f64 {
      %s = math.sqrt %a : f64
      scf.yield %s : f64
    } else {
      scf.yield %a : f64
    }
    linalg.yield %t : f64
  } -> tensor<4xf64>
  return %r : tensor<4xf64>
}

// CHECK-LABEL: func @difference
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf64>, %[[INIT:[a-z0-9]+]]: tensor<f64>)
// CHECK: %[[N:.*]] = arith.negf %[[X]] : tensor<4xf64>
// CHECK: %[[S:.*]] = linalg.reduce ins(%[[N]] : tensor<4xf64>)
// CHECK: arith.addf %[[INIT]], %[[S]] : tensor<f64>
func.func @difference(%x: tensor<4xf64>, %i: tensor<f64>) -> tensor<f64> {
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
    ins(%x : tensor<4xf64>) outs(%i : tensor<f64>) {
  ^bb0(%a: f64, %b: f64):
    %t = arith.subf %b, %a : f64
    linalg.yield %t : f64
  } -> tensor<f64>
  return %r : tensor<f64>
}

// Factors that are extended first are extended as a whole, and contracted.
// CHECK-LABEL: func @half_precision
// CHECK-SAME: (%[[A:[a-z0-9]+]]: tensor<2x3xf16>, %[[B:[a-z0-9]+]]: tensor<3x4xf16>, %[[C:[a-z0-9]+]]: tensor<2x4xf32>)
// CHECK: %[[AX:.*]] = arith.extf %[[A]] : tensor<2x3xf16> to tensor<2x3xf32>
// CHECK: %[[BX:.*]] = arith.extf %[[B]] : tensor<3x4xf16> to tensor<3x4xf32>
// CHECK: linalg.contract {{.*}} ins(%[[AX]], %[[BX]] : tensor<2x3xf32>, tensor<3x4xf32>) outs(%[[C]] : tensor<2x4xf32>)
func.func @half_precision(%a: tensor<2x3xf16>, %b: tensor<3x4xf16>, %c: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %r = linalg.matmul ins(%a, %b : tensor<2x3xf16>, tensor<3x4xf16>) outs(%c : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// Two outputs, each an op of its own.
// CHECK-LABEL: func @sum_and_maximum
// CHECK: linalg.reduce ins(%[[X:.*]] : tensor<4xf64>)
// CHECK: arith.addf
// CHECK: linalg.reduce { arith.maximumf } ins(%[[X]] : tensor<4xf64>)
// CHECK-NOT: linalg.generic
func.func @sum_and_maximum(%x: tensor<4xf64>, %z: tensor<f64>) -> (tensor<f64>, tensor<f64>) {
  %s, %m = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
    ins(%x : tensor<4xf64>) outs(%z, %z : tensor<f64>, tensor<f64>) {
  ^bb0(%e: f64, %sum: f64, %most: f64):
    %t = arith.addf %sum, %e : f64
    %n = arith.maximumf %most, %e : f64
    linalg.yield %t, %n : f64, f64
  } -> (tensor<f64>, tensor<f64>)
  return %s, %m : tensor<f64>, tensor<f64>
}

// What is no fold is a loop over the elements, in their order.
// CHECK-LABEL: func @alternating
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xf64>, %[[INIT:[a-z0-9]+]]: tensor<f64>)
// CHECK: scf.for %[[I:[a-z0-9]+]] = {{.*}} iter_args(%[[ACC:.*]] = %[[INIT]]) -> (tensor<f64>) {
// CHECK-DAG: %[[E:.*]] = tensor.extract %[[X]][%[[I]]] : tensor<4xf64>
// CHECK-DAG: %[[A:.*]] = tensor.extract %[[ACC]][] : tensor<f64>
// CHECK: %[[D:.*]] = arith.subf %[[E]], %[[A]] : f64
// CHECK: tensor.insert %[[D]] into %[[ACC]][] : tensor<f64>
func.func @alternating(%x: tensor<4xf64>, %i: tensor<f64>) -> tensor<f64> {
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
    ins(%x : tensor<4xf64>) outs(%i : tensor<f64>) {
  ^bb0(%a: f64, %b: f64):
    %t = arith.subf %a, %b : f64
    linalg.yield %t : f64
  } -> tensor<f64>
  return %r : tensor<f64>
}

// CHECK-LABEL: func @scalar_in_memory
// CHECK-SAME: (%[[X:[a-z0-9]+]]: f64)
// CHECK-NOT: memref
// CHECK: %[[R:.*]] = scf.for {{.*}} iter_args(%[[S:.*]] = %[[X]]) -> (f64) {
// CHECK-NEXT: %[[SIN:.*]] = math.sin %[[S]] : f64
// CHECK-NEXT: scf.yield %[[SIN]] : f64
// CHECK: return %[[R]] : f64
func.func @scalar_in_memory(%x: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 5 : index
  %m = memref.alloca() : memref<f64>
  memref.store %x, %m[] : memref<f64>
  scf.for %i = %c0 to %n step %c1 {
    %e = memref.load %m[] : memref<f64>
    %s = math.sin %e : f64
    memref.store %s, %m[] : memref<f64>
  }
  %r = memref.load %m[] : memref<f64>
  return %r : f64
}

// One row of a buffer by a view of it.
// CHECK-LABEL: func @row_in_memory
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<3xf64>)
// CHECK-NOT: memref
// CHECK: %[[M:.*]] = tensor.empty() : tensor<2x3xf64>
// CHECK: tensor.insert_slice %{{.*}} into %[[M]][1, 0] [1, 3] [1, 1] : tensor<3xf64> into tensor<2x3xf64>
func.func @row_in_memory(%x: tensor<3xf64>) -> f64 {
  %c1 = arith.constant 1 : index
  %m = memref.alloc() : memref<2x3xf64>
  %row = memref.subview %m[1, 0] [1, 3] [1, 1] : memref<2x3xf64> to memref<3xf64, strided<[1], offset: 3>>
  %b = bufferization.to_buffer %x : tensor<3xf64> to memref<3xf64>
  linalg.map { math.sin } ins(%b : memref<3xf64>) outs(%row : memref<3xf64, strided<[1], offset: 3>>)
  %r = memref.load %m[%c1, %c1] : memref<2x3xf64>
  memref.dealloc %m : memref<2x3xf64>
  return %r : f64
}

// A buffer that others know stays.
// CHECK-LABEL: func @escapes
// CHECK: memref.alloc
// CHECK: memref.store
// CHECK: call @take
func.func private @take(memref<f64>)
func.func @escapes(%x: f64) -> f64 {
  %m = memref.alloc() : memref<f64>
  memref.store %x, %m[] : memref<f64>
  func.call @take(%m) : (memref<f64>) -> ()
  %r = memref.load %m[] : memref<f64>
  return %r : f64
}

// CHECK-LABEL: func @complex_product
// CHECK-SAME: (%[[A:[a-z0-9]+]]: f64, %[[B:[a-z0-9]+]]: f64)
// CHECK-NOT: complex
// CHECK: %[[AA:.*]] = arith.mulf %[[A]], %[[A]]
// CHECK: %[[BB:.*]] = arith.mulf %[[B]], %[[B]]
// CHECK: %[[RE:.*]] = arith.subf %[[AA]], %[[BB]]
// CHECK: return %[[RE]] : f64
func.func @complex_product(%a: f64, %b: f64) -> f64 {
  %z = complex.create %a, %b : complex<f64>
  %w = complex.mul %z, %z : complex<f64>
  %r = complex.re %w : complex<f64>
  return %r : f64
}

// CHECK-LABEL: func @affine
// CHECK-NOT: affine
// CHECK: scf.for
func.func @affine(%x: tensor<4xf64>) -> f64 {
  %z = arith.constant 0.0 : f64
  %s = affine.for %i = 0 to 4 iter_args(%acc = %z) -> f64 {
    %e = tensor.extract %x[%i] : tensor<4xf64>
    %next = arith.addf %e, %acc : f64
    affine.yield %next : f64
  }
  return %s : f64
}

// CHECK-LABEL: func @switch
// CHECK: %[[ONE:.*]] = arith.cmpi eq, %{{.*}}, %{{.*}} : index
// CHECK: scf.if %[[ONE]] -> (f64) {
// CHECK: math.sin
// CHECK: } else {
// CHECK-NEXT: math.cos
func.func @switch(%i: index, %x: f64) -> f64 {
  %r = scf.index_switch %i -> f64
  case 1 {
    %s = math.sin %x : f64
    scf.yield %s : f64
  }
  default {
    %c = math.cos %x : f64
    scf.yield %c : f64
  }
  return %r : f64
}

// Where a size is dynamic, everything is computed element by element.
// CHECK-LABEL: func @dynamic
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<9xf64>, %[[N:[a-z0-9]+]]: index)
// CHECK: %[[S:.*]] = tensor.extract_slice %[[X]][1] [%[[N]]] [1]
// CHECK: scf.for {{.*}} to %[[N]]
// CHECK: arith.mulf %{{.*}}, %{{.*}} : f64
func.func @dynamic(%x: tensor<9xf64>, %n: index) -> f64 {
  %s = tensor.extract_slice %x[1] [%n] [1] : tensor<9xf64> to tensor<?xf64>
  %z = arith.constant dense<0.0> : tensor<f64>
  %d = linalg.dot ins(%s, %s : tensor<?xf64>, tensor<?xf64>) outs(%z : tensor<f64>) -> tensor<f64>
  %e = tensor.extract %d[] : tensor<f64>
  return %e : f64
}

// A block that nothing leads to goes.
// CHECK-LABEL: func.func @unreachable(%arg0: f64) -> f64
// CHECK: scf.execute_region
// CHECK-NEXT: scf.yield %arg0
// CHECK-NEXT: }
func.func @unreachable(%x: f64) -> f64 {
  %y = scf.execute_region -> f64 {
    scf.yield %x : f64
  ^bb1(%never: f64):
    scf.yield %never : f64
  }
  return %y : f64
}
