// RUN: costate-opt %s -costate-vectorize-tiles | FileCheck %s --implicit-check-not=linalg. --implicit-check-not=memref.copy
// RUN: costate-opt %s -costate-vectorize-tiles=vector-bits=256 | FileCheck %s --check-prefix=AVX2
// RUN: not costate-opt %s -costate-vectorize-tiles=vector-bits=100 2>&1 | FileCheck %s --check-prefix=BITS
// BITS: error: costate-vectorize-tiles: vector-bits is 100; expected 128, 256 or 512

// Four blocks of five units; five times four vectors are carried through the sum.
// CHECK-LABEL: func @dense
// CHECK: scf.for
// CHECK-COUNT-20: vector.load
// CHECK: %{{.*}}:20 = scf.for {{.*}} iter_args
// CHECK-COUNT-20: math.fma {{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: scf.yield
// CHECK-COUNT-20: vector.store
// CHECK-NOT: vector.store
// CHECK: return
// AVX2-LABEL: func @dense
// AVX2: math.fma {{.*}} : vector<8xf32>
func.func @dense(%w: memref<20x20xf32>, %a: memref<20x64xf32>, %z: memref<20x64xf32>) {
  linalg.matmul ins(%w, %a : memref<20x20xf32>, memref<20x64xf32>) outs(%z : memref<20x64xf32>)
  return
}

// Sixteen dot products, one tree of shuffles, four rows of four sums.
// CHECK-LABEL: func @weight_gradient
// CHECK-COUNT-64: math.fma {{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK-COUNT-30: vector.shuffle
// CHECK-NOT: vector.shuffle
// CHECK-COUNT-4: vector.store {{.*}} vector<4xf32>
// CHECK: return
func.func @weight_gradient(%d: memref<8x64xf32>, %a: memref<4x64xf32>, %w: memref<8x4xf32>) {
  linalg.contract indexing_maps = [affine_map<(j, k, l) -> (j, l)>, affine_map<(j, k, l) -> (k, l)>,
                                   affine_map<(j, k, l) -> (j, k)>]
    ins(%d, %a : memref<8x64xf32>, memref<4x64xf32>) outs(%w : memref<8x4xf32>)
  return
}

// What is the same for all lanes stays a scalar.
// CHECK-LABEL: func @uniform
// CHECK: arith.divf {{.*}} : f32
// CHECK: vector.broadcast
// CHECK: arith.addf {{.*}} fastmath<contract> : vector<16xf32>
// CHECK: return
func.func @uniform(%x: memref<4x64xf32>, %b: memref<4xf32>, %y: memref<4x64xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, l) -> (j, l)>, affine_map<(j, l) -> (j)>, affine_map<(j, l) -> (j, l)>],
                  iterator_types = ["parallel", "parallel"]}
    ins(%x, %b : memref<4x64xf32>, memref<4xf32>) outs(%y : memref<4x64xf32>) {
  ^bb0(%xv: f32, %bv: f32, %old: f32):
    %c = arith.constant 3.0 : f32
    %q = arith.divf %bv, %c : f32
    %s = arith.addf %xv, %q : f32
    linalg.yield %s : f32
  }
  return
}

// Extents not known when compiling, and bodies that call: one point at a time.
// CHECK-LABEL: func @dynamic
// CHECK: memref.load
// CHECK: return
func.func @dynamic(%x: memref<?xf32>, %y: memref<?xf32>) {
  memref.copy %x, %y : memref<?xf32> to memref<?xf32>
  return
}


// A sum that starts from zero starts in registers: nothing is stored before it.
// CHECK-LABEL: func @from_zero
// CHECK-NOT: vector.store
// CHECK-NOT: vector.load
// CHECK: %{{.*}}:20 = scf.for
// CHECK: math.fma
// CHECK: return
func.func @from_zero(%w: memref<20x20xf32>, %a: memref<20x64xf32>) -> memref<20x64xf32> {
  %zero = arith.constant 0.0 : f32
  %z = memref.alloc() : memref<20x64xf32>
  linalg.fill ins(%zero : f32) outs(%z : memref<20x64xf32>)
  linalg.matmul ins(%w, %a : memref<20x20xf32>, memref<20x64xf32>) outs(%z : memref<20x64xf32>)
  return %z : memref<20x64xf32>
}

// Something reads what was filled first: it is filled.
// CHECK-LABEL: func @read_between
// CHECK: %[[ZERO:.*]] = vector.broadcast %cst
// CHECK: vector.store %[[ZERO]]
// CHECK: return
func.func @read_between(%w: memref<20x20xf32>, %a: memref<20x64xf32>, %b: memref<20x64xf32>) -> memref<20x64xf32> {
  %zero = arith.constant 0.0 : f32
  %z = memref.alloc() : memref<20x64xf32>
  linalg.fill ins(%zero : f32) outs(%z : memref<20x64xf32>)
  linalg.add ins(%a, %z : memref<20x64xf32>, memref<20x64xf32>) outs(%b : memref<20x64xf32>)
  linalg.matmul ins(%w, %a : memref<20x20xf32>, memref<20x64xf32>) outs(%z : memref<20x64xf32>)
  return %z : memref<20x64xf32>
}

// Only the number of terms is open: the sums are carried by a loop over them.
// CHECK-LABEL: func @open_sum
// CHECK-SAME: (%[[P:.*]]: memref<?x64xf32>
// CHECK: %[[N:.*]] = memref.dim %[[P]]
// CHECK: %{{.*}}:4 = scf.for {{.*}} to %[[N]] step {{.*}} -> (vector<16xf32>
// CHECK: return
func.func @open_sum(%p: memref<?x64xf32>, %s: memref<64xf32>) {
  linalg.generic {indexing_maps = [affine_map<(c, i) -> (c, i)>, affine_map<(c, i) -> (i)>], iterator_types = ["reduction", "parallel"]}
    ins(%p : memref<?x64xf32>) outs(%s : memref<64xf32>) {
  ^bb0(%v: f32, %o: f32):
    %0 = arith.addf %o, %v : f32
    linalg.yield %0 : f32
  }
  return
}

// Short loops are written out, but no more than 64 copies of what is in them, however deep they nest.
// CHECK-LABEL: func.func @deep
// CHECK-COUNT-64: scf.for
// CHECK-NOT: scf.for
// CHECK: return
func.func @deep(%x: memref<4x4x4x4x4xf32>, %sum: memref<f32>) {
  linalg.reduce { arith.addf } ins(%x : memref<4x4x4x4x4xf32>) outs(%sum : memref<f32>) dimensions = [0, 1, 2, 3, 4]
  return
}
