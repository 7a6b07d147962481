// Numbers of the sample in linalg ops: one that fills a tensor, one that a body takes from outside; and a number of all
// samples that fills a tensor of the sample.
// RUN: costate-opt %s -costate-tile-sets=tile=16 -inline -canonicalize -cse %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s

func.func private @filled(%scale: tensor<2xf64>, %x: tensor<3xf64>, %w: f64) -> (f64, f64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f64
  %a = tensor.extract %x[%c1] : tensor<3xf64>
  %empty = tensor.empty() : tensor<2xf64>
  %f = linalg.fill ins(%a : f64) outs(%empty : tensor<2xf64>) -> tensor<2xf64>
  %p = arith.mulf %f, %scale : tensor<2xf64>
  %p0 = tensor.extract %p[%c0] : tensor<2xf64>
  %p1 = tensor.extract %p[%c1] : tensor<2xf64>
  %q = arith.addf %p0, %p1 : f64
  %s = arith.mulf %q, %w : f64
  %b = tensor.extract %scale[%c1] : tensor<2xf64>
  %g = linalg.fill ins(%b : f64) outs(%x : tensor<3xf64>) -> tensor<3xf64>
  %h = arith.addf %g, %x : tensor<3xf64>
  %h1 = tensor.extract %h[%c1] : tensor<3xf64>
  %t = arith.mulf %h1, %w : f64
  return %s, %t : f64, f64
}

func.func private @captured(%x: tensor<3xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %a = tensor.extract %x[%c0] : tensor<3xf64>
  %b = tensor.extract %x[%c2] : tensor<3xf64>
  %empty = tensor.empty() : tensor<3xf64>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<3xf64>) outs(%empty : tensor<3xf64>) {
  ^bb0(%e: f64, %o: f64):
    %p = arith.mulf %a, %w : f64
    %q = arith.subf %e, %b : f64
    %r = arith.mulf %p, %q : f64
    linalg.yield %r : f64
  } -> tensor<3xf64>
  %z = tensor.extract %y[%c1] : tensor<3xf64>
  return %z : f64
}

func.func private @columns(%n: index) -> tensor<3x?xf64> {
  %x = tensor.generate %n {
  ^bb0(%i: index, %j: index):
    %k = arith.addi %i, %j : index
    %l = arith.index_cast %k : index to i64
    %v = arith.sitofp %l : i64 to f64
    tensor.yield %v : f64
  } : tensor<3x?xf64>
  return %x : tensor<3x?xf64>
}

// Over 17 points with x1 = 1, …, 17, whose sum is 153: 153 · (2 + 3), and 17 · 3 + 153.
func.func @main() {
  %n = arith.constant 17 : index
  %one = arith.constant 1.0 : f64
  %scale = arith.constant dense<[2.0, 3.0]> : tensor<2xf64>
  %c64 = arith.constant 64 : index
  %x = func.call @columns(%c64) : (index) -> tensor<3x?xf64>
  %sums:2 = costate.reduce_set @filled uniform(%scale : tensor<2xf64>) over(%x : tensor<3x?xf64>) count %n weight %one : f64
      -> f64, f64
  %negative = costate.reduce_set @captured over(%x : tensor<3x?xf64>) count %n weight %one : f64 -> f64
  // CHECK: {{^}}765{{$}}
  vector.print %sums#0 : f64
  // CHECK-NEXT: {{^}}204{{$}}
  vector.print %sums#1 : f64
  // With x = (k, k + 1, k + 2), Σ k (x1 - x2) = -(0 + … + 16).
  // CHECK-NEXT: {{^}}-136{{$}}
  vector.print %negative : f64
  return
}
