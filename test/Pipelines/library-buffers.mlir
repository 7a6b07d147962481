// What a library allocates it frees, the transposed factors of its contractions included: each call of the allocator has one
// that releases, and none is in a loop (each would be a block of its own).
// RUN: costate-opt %s -costate-level4-to-5-cpu -o %t.mlir
// RUN: FileCheck %s < %t.mlir
// CHECK-LABEL: llvm.func @outer_products
// CHECK: llvm.call @costate_allocate
// CHECK-NOT: costate_allocate
// CHECK: llvm.call @costate_release
// CHECK-NEXT: llvm.return
func.func @outer_products(%a: tensor<64x40xf64>, %b: tensor<8x64x40xf64>) -> tensor<64x64xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 8 : index
  %zero = arith.constant dense<0.0> : tensor<64x64xf64>
  %sum = scf.for %i = %c0 to %n step %c1 iter_args(%s = %zero) -> tensor<64x64xf64> {
    %bi = tensor.extract_slice %b[%i, 0, 0] [1, 64, 40] [1, 1, 1] : tensor<8x64x40xf64> to tensor<64x40xf64>
    %next = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>,
                                             affine_map<(i, j, k) -> (i, j)>],
                            iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %bi : tensor<64x40xf64>, tensor<64x40xf64>) outs(%s : tensor<64x64xf64>) {
    ^bb0(%x: f64, %y: f64, %o: f64):
      %m = arith.mulf %x, %y : f64
      %p = arith.addf %o, %m : f64
      linalg.yield %p : f64
    } -> tensor<64x64xf64>
    scf.yield %next : tensor<64x64xf64>
  }
  return %sum : tensor<64x64xf64>
}

// A buffer that the program frees is freed once, as all others.
// CHECK-LABEL: llvm.func @freed
// CHECK-COUNT-1: llvm.call @costate_allocate
// CHECK-NOT: costate_allocate
// CHECK: llvm.call @costate_release
// CHECK-NOT: costate_release
// CHECK: llvm.return
func.func @freed(%x: tensor<4096xf64>) -> f64 {
  %c7 = arith.constant 7 : index
  %m = memref.alloc() : memref<4096xf64>
  bufferization.materialize_in_destination %x in writable %m : (tensor<4096xf64>, memref<4096xf64>) -> ()
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%m : memref<4096xf64>) {
  ^bb0(%o: f64):
    %s = arith.mulf %o, %o : f64
    linalg.yield %s : f64
  }
  %e = memref.load %m[%c7] : memref<4096xf64>
  memref.dealloc %m : memref<4096xf64>
  return %e : f64
}
