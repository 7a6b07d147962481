// Branches that all samples take alike and that give tensors, in kernels: each puts what it gives into one buffer.
// RUN: costate-opt %s -costate-tile-sets=tile=16 -inline -canonicalize -cse -convert-elementwise-to-linalg -costate-bufferize -o %t.buffers.mlir
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu | FileCheck %s --check-prefix=KERNEL
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu -costate-emulate-gpu %run_buffers | %run_main | FileCheck %s
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu -costate-emulate-gpu=reverse=1 %run_buffers | %run_main | FileCheck %s
// KERNEL: gpu.func
// KERNEL: scf.if %{{.*}} {

// Σ_i over three turns of t, which begins as x_i: 2 t - 1 + t or t + 1 - 1 + (t + 1), as the table says.
func.func private @turns(%table: tensor<3xf64>, %x: tensor<2xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %zero = arith.constant 0.0 : f64
  %ones = arith.constant dense<1.0> : tensor<2xf64>
  %y = scf.for %i = %c0 to %c3 step %c1 iter_args(%t = %x) -> tensor<2xf64> {
    %e = tensor.extract %table[%i] : tensor<3xf64>
    %c = arith.cmpf ogt, %e, %zero : f64
    %r:2 = scf.if %c -> (tensor<2xf64>, tensor<2xf64>) {
      %twice = arith.addf %t, %t : tensor<2xf64>
      scf.yield %twice, %t : tensor<2xf64>, tensor<2xf64>
    } else {
      %more = arith.addf %t, %ones : tensor<2xf64>
      scf.yield %more, %more : tensor<2xf64>, tensor<2xf64>
    }
    %d = arith.subf %r#0, %ones : tensor<2xf64>
    %s = arith.addf %d, %r#1 : tensor<2xf64>
    scf.yield %s : tensor<2xf64>
  }
  %y0 = tensor.extract %y[%c0] : tensor<2xf64>
  %y1 = tensor.extract %y[%c1] : tensor<2xf64>
  %sum = arith.addf %y0, %y1 : f64
  %s = arith.mulf %sum, %w : f64
  return %s : f64
}

func.func private @columns(%n: index) -> tensor<2x?xf64> {
  %x = tensor.generate %n {
  ^bb0(%i: index, %j: index):
    %k = arith.addi %i, %j : index
    %l = arith.index_cast %k : index to i64
    %v = arith.sitofp %l : i64 to f64
    tensor.yield %v : f64
  } : tensor<2x?xf64>
  return %x : tensor<2x?xf64>
}

func.func @main() {
  %n = arith.constant 81 : index
  %one = arith.constant 1.0 : f64
  %table = arith.constant dense<[1.0, -1.0, 1.0]> : tensor<3xf64>
  %c128 = arith.constant 128 : index
  %x = func.call @columns(%c128) : (index) -> tensor<2x?xf64>
  // Turns: 3 t - 1; 2 t + 1; 3 t - 1. Over x = k and k + 1, k = 0 to 80: Σ 18 x - 4, with Σ x = 6561.
  // CHECK: {{^}}117450{{$}}
  %sum = costate.reduce_set @turns uniform(%table : tensor<3xf64>) over(%x : tensor<2x?xf64>) count %n weight %one : f64 -> f64
  vector.print %sum : f64
  return
}
