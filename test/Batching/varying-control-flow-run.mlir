// Loops that samples leave at different iterations, and places that depend on the sample: the sums over a set in tiles are
// those of one sample after the other.
// RUN: costate-opt %s -costate-tile-sets=tile=16 -inline -canonicalize -cse %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s
// RUN: costate-opt %s -costate-tile-sets=tile=16 -inline -canonicalize -cse -convert-elementwise-to-linalg -costate-bufferize -o %t.buffers.mlir
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu | FileCheck %s --check-prefix=KERNEL
// KERNEL-COUNT-3: gpu.func
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu -costate-emulate-gpu %run_buffers | %run_main | FileCheck %s
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu -costate-emulate-gpu=reverse=1 %run_buffers | %run_main | FileCheck %s

// Newton's iteration for a square root, in a loop with a condition; how often it ran; something else that grows.
func.func private @squareRoot(%scale: tensor<2xf64>, %x: tensor<1xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %half = arith.constant 0.5 : f64
  %one = arith.constant 1.0 : f64
  %zero = arith.constant 0.0 : f64
  %tolerance = arith.constant 1.0e-12 : f64
  %a = tensor.extract %x[%c0] : tensor<1xf64>
  %r:3 = scf.while (%y = %a, %n = %zero, %t = %scale) : (f64, f64, tensor<2xf64>) -> (f64, f64, tensor<2xf64>) {
    %yy = arith.mulf %y, %y : f64
    %d = arith.subf %yy, %a : f64
    %e = math.absf %d : f64
    %go = arith.cmpf ogt, %e, %tolerance : f64
    scf.condition(%go) %y, %n, %t : f64, f64, tensor<2xf64>
  } do {
  ^bb0(%y: f64, %n: f64, %t: tensor<2xf64>):
    %q = arith.divf %a, %y : f64
    %s = arith.addf %y, %q : f64
    %next = arith.mulf %half, %s : f64
    %m = arith.addf %n, %one : f64
    %u = arith.addf %t, %scale : tensor<2xf64>
    scf.yield %next, %m, %u : f64, f64, tensor<2xf64>
  }
  %u = tensor.extract %r#2[%c1] : tensor<2xf64>
  %p = arith.mulf %r#0, %r#1 : f64
  %q = arith.mulf %p, %u : f64
  %s = arith.mulf %q, %w : f64
  return %s : f64
}

// Sums of different lengths, one within the other, with what stays the same for all samples beside them.
func.func private @triangle(%x: tensor<1xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %v = tensor.extract %x[%c0] : tensor<1xf64>
  %k = arith.fptosi %v : f64 to i64
  %n = arith.index_cast %k : i64 to index
  %r:2 = scf.for %i = %c0 to %n step %c3 iter_args(%s = %zero, %same = %one) -> (f64, f64) {
    %inner = scf.for %j = %i to %n step %c1 iter_args(%t = %s) -> f64 {
      %ji = arith.index_cast %j : index to i64
      %jf = arith.sitofp %ji : i64 to f64
      %u = arith.addf %t, %jf : f64
      scf.yield %u : f64
    }
    %m = arith.addf %same, %one : f64
    scf.yield %inner, %m : f64, f64
  }
  %p = arith.mulf %r#0, %r#1 : f64
  %s = arith.mulf %p, %w : f64
  return %s : f64
}

// A table read and written at places of the sample's own; one row of it; and one read only where the place is inside.
func.func private @table(%table: tensor<5x2xf64>, %x: tensor<1xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %zero = arith.constant 0.0 : f64
  %v = tensor.extract %x[%c0] : tensor<1xf64>
  %k = arith.fptosi %v : f64 to i64
  %n = arith.index_cast %k : i64 to index
  %i = arith.remui %n, %c5 : index
  %e = tensor.extract %table[%i, %c1] : tensor<5x2xf64>
  %row = tensor.extract_slice %table[%i, 0] [1, 2] [1, 1] : tensor<5x2xf64> to tensor<2xf64>
  %scaled = tensor.splat %v : tensor<2xf64>
  %new = arith.mulf %row, %scaled : tensor<2xf64>
  %with = tensor.insert_slice %new into %table[%i, 0] [1, 2] [1, 1] : tensor<2xf64> into tensor<5x2xf64>
  %and = tensor.insert %v into %with[%i, %c0] : tensor<5x2xf64>
  %a = tensor.extract %and[%c1, %c0] : tensor<5x2xf64>
  %b = tensor.extract %and[%c1, %c1] : tensor<5x2xf64>
  %own = tensor.extract %and[%i, %c1] : tensor<5x2xf64>
  %inside = arith.cmpi ult, %n, %c5 : index
  %only = scf.if %inside -> f64 {
    %t = tensor.extract %table[%n, %c0] : tensor<5x2xf64>
    scf.yield %t : f64
  } else {
    scf.yield %zero : f64
  }
  // A division by zero in lanes that do not take the branch.
  %some = arith.cmpi ne, %i, %c0 : index
  %quotient = scf.if %some -> f64 {
    %q = arith.divui %n, %i : index
    %qi = arith.index_cast %q : index to i64
    %qf = arith.sitofp %qi : i64 to f64
    scf.yield %qf : f64
  } else {
    scf.yield %zero : f64
  }
  %s0 = arith.addf %e, %a : f64
  %s1 = arith.mulf %s0, %b : f64
  %s2 = arith.addf %s1, %own : f64
  %s3 = arith.addf %s2, %only : f64
  %s4 = arith.addf %s3, %quotient : f64
  %s = arith.mulf %s4, %w : f64
  return %s : f64
}

func.func private @isClose(%a: f64, %b: f64) {
  %d = arith.subf %a, %b : f64
  %e = math.absf %d : f64
  %m = math.absf %a : f64
  %tolerance = arith.constant 1.0e-14 : f64
  %t = arith.mulf %m, %tolerance : f64
  %close = arith.cmpf ole, %e, %t : f64
  vector.print %close : i1
  return
}

func.func @main() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 81 : index
  %w = arith.constant 1.0 : f64
  %zero = arith.constant 0.0 : f64
  %scale = arith.constant dense<[0.5, 0.25]> : tensor<2xf64>
  %values = arith.constant dense<[[0.5, 1.0], [1.5, 2.0], [2.5, 3.0], [3.5, 4.0], [4.5, 5.0]]> : tensor<5x2xf64>
  %room = arith.constant 128 : index
  %x = tensor.generate %room {
  ^bb0(%i: index, %j: index):
    %ji = arith.index_cast %j : index to i64
    %jf = arith.sitofp %ji : i64 to f64
    %y = arith.addf %jf, %w : f64
    tensor.yield %y : f64
  } : tensor<1x?xf64>
  %tiles:3 = func.call @inTiles(%scale, %values, %x, %n, %w) : (tensor<2xf64>, tensor<5x2xf64>, tensor<1x?xf64>, index, f64) -> (f64, f64, f64)
  %one:3 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %zero, %b = %zero, %c = %zero) -> (f64, f64, f64) {
    %s = tensor.extract_slice %x[0, %i] [1, 1] [1, 1] : tensor<1x?xf64> to tensor<1xf64>
    %r0 = func.call @squareRoot(%scale, %s, %w) : (tensor<2xf64>, tensor<1xf64>, f64) -> f64
    %r1 = func.call @triangle(%s, %w) : (tensor<1xf64>, f64) -> f64
    %r2 = func.call @table(%values, %s, %w) : (tensor<5x2xf64>, tensor<1xf64>, f64) -> f64
    %a1 = arith.addf %a, %r0 : f64
    %b1 = arith.addf %b, %r1 : f64
    %c2 = arith.addf %c, %r2 : f64
    scf.yield %a1, %b1, %c2 : f64, f64, f64
  }
  // CHECK: {{^1$}}
  func.call @isClose(%one#0, %tiles#0) : (f64, f64) -> ()
  // CHECK-NEXT: {{^1$}}
  func.call @isClose(%one#1, %tiles#1) : (f64, f64) -> ()
  // CHECK-NEXT: {{^1$}}
  func.call @isClose(%one#2, %tiles#2) : (f64, f64) -> ()
  // The same program in another language gives 7383.015620211427, 28886697 and 92224.
  // CHECK-NEXT: {{^7383.02$}}
  // CHECK-NEXT: {{^2.88867e\+07$}}
  // CHECK-NEXT: {{^92224$}}
  vector.print %tiles#0 : f64
  vector.print %tiles#1 : f64
  vector.print %tiles#2 : f64
  return
}

func.func private @inTiles(%scale: tensor<2xf64>, %table: tensor<5x2xf64>, %x: tensor<1x?xf64>, %n: index, %w: f64) -> (f64, f64, f64) {
  %a = costate.reduce_set @squareRoot uniform(%scale : tensor<2xf64>) over(%x : tensor<1x?xf64>) count %n weight %w : f64 -> f64
  %b = costate.reduce_set @triangle over(%x : tensor<1x?xf64>) count %n weight %w : f64 -> f64
  %c = costate.reduce_set @table uniform(%table : tensor<5x2xf64>) over(%x : tensor<1x?xf64>) count %n weight %w : f64 -> f64
  return %a, %b, %c : f64, f64, f64
}
