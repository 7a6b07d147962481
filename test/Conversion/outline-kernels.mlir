// RUN: costate-opt %s -costate-outline-kernels | FileCheck %s
// RUN: costate-opt %s -costate-outline-kernels -costate-vectorize-tiles | FileCheck %s --check-prefix=TILE

// One function for the same layer at two places of the parameters, with the fill that its sums start from; the
// output is a buffer of its own. What occurs once stays, and so does what is small.

// CHECK-LABEL: func.func private @layers_kernel_0(
// CHECK-SAME: %{{[^:]*}}: !llvm.ptr {llvm.noalias}, %{{[^:]*}}: !llvm.ptr {llvm.noalias}, %{{[^:]*}}: !llvm.ptr {llvm.noalias})
// CHECK: linalg.fill
// CHECK-NEXT: linalg.matmul ins({{.*}} : memref<8x8xf64>, memref<8x16xf64>) outs({{.*}} : memref<8x16xf64>)
// CHECK-NOT: func.func private
// CHECK-LABEL: func.func @layers(
// CHECK-NOT: linalg.fill
// CHECK-COUNT-2: call @layers_kernel_0(
// CHECK: linalg.add
// CHECK-COUNT-2: linalg.exp

// The kernel knows that its output is no input: sums start in registers.
// TILE-LABEL: func.func private @layers_kernel_0(
// TILE: arith.constant dense<0.000000e+00> : vector<8xf64>
// TILE-NOT: vector.store
// TILE: scf.for
// TILE-LABEL: func.func @layers(

func.func @layers(%theta: memref<256xf64>, %x: memref<8x16xf64>, %small: memref<4xf64>, %tiny: memref<4xf64>,
                  %workspace: memref<?xi8>) attributes {costate.entry} {
  %zero = arith.constant 0.0 : f64
  %c0 = arith.constant 0 : index
  %c1024 = arith.constant 1024 : index
  %first = memref.reinterpret_cast %theta to offset: [0], sizes: [8, 8], strides: [8, 1]
      : memref<256xf64> to memref<8x8xf64, strided<[8, 1]>>
  %second = memref.reinterpret_cast %theta to offset: [64], sizes: [8, 8], strides: [8, 1]
      : memref<256xf64> to memref<8x8xf64, strided<[8, 1], offset: 64>>
  %a = memref.view %workspace[%c0][] : memref<?xi8> to memref<8x16xf64>
  %b = memref.view %workspace[%c1024][] : memref<?xi8> to memref<8x16xf64>
  linalg.fill ins(%zero : f64) outs(%b : memref<8x16xf64>)
  linalg.fill ins(%zero : f64) outs(%a : memref<8x16xf64>)
  linalg.matmul ins(%first, %x : memref<8x8xf64, strided<[8, 1]>>, memref<8x16xf64>) outs(%a : memref<8x16xf64>)
  linalg.matmul ins(%second, %a : memref<8x8xf64, strided<[8, 1], offset: 64>>, memref<8x16xf64>)
      outs(%b : memref<8x16xf64>)
  linalg.add ins(%a, %b : memref<8x16xf64>, memref<8x16xf64>) outs(%x : memref<8x16xf64>)
  linalg.exp ins(%small : memref<4xf64>) outs(%small : memref<4xf64>)
  linalg.exp ins(%tiny : memref<4xf64>) outs(%tiny : memref<4xf64>)
  return
}
