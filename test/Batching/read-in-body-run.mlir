// A body that reads a tensor of the sample by computed places: its neighbour's round a ring, the place that another tensor of the
// sample says, that of a loop inside the body; and a table of all samples. Places that depend on the sample are moved inside.
// Threads of a kernel read what others of a block wrote only behind a barrier.
// RUN: costate-opt %s -inline -costate-tile-sets=tile=16 -inline -canonicalize -cse %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s
// RUN: costate-opt %s -inline -costate-tile-sets=tile=16 -inline -canonicalize -cse -convert-elementwise-to-linalg -costate-bufferize -o %t.buffers.mlir
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu | FileCheck %s --check-prefix=KERNEL
// KERNEL-COUNT-4: gpu.func
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu -costate-emulate-gpu %run_buffers | %run_main | FileCheck %s
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu -costate-emulate-gpu=reverse=1 %run_buffers | %run_main | FileCheck %s
#id = affine_map<(i) -> (i)>

// Σ_i x_i · x_((i + 1) mod 3)
func.func private @ring(%x: tensor<3xf64>, %w: f64) -> f64 {
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %empty = tensor.empty() : tensor<3xf64>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<3xf64>) outs(%empty : tensor<3xf64>) {
  ^bb0(%e: f64, %o: f64):
    %i = linalg.index 0 : index
    %j = arith.addi %i, %c1 : index
    %k = arith.remui %j, %c3 : index
    %n = tensor.extract %x[%k] : tensor<3xf64>
    %p = arith.mulf %e, %n : f64
    linalg.yield %p : f64
  } -> tensor<3xf64>
  %s = func.call @sum(%y) : (tensor<3xf64>) -> f64
  %r = arith.mulf %s, %w : f64
  return %r : f64
}

// Σ_i x_(k_i) + 2 table_(k_i) with k_i = x_i - 2, of which 0 to 2 lie inside.
func.func private @places(%half: tensor<3xf64>, %x: tensor<3xf64>, %w: f64) -> f64 {
  %table = arith.addf %half, %half : tensor<3xf64>
  %two = arith.constant 2.0 : f64
  %none = tensor.empty() : tensor<3xi64>
  %ks = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<3xf64>) outs(%none : tensor<3xi64>) {
  ^bb0(%e: f64, %o: i64):
    %d = arith.subf %e, %two : f64
    %k = arith.fptosi %d : f64 to i64
    linalg.yield %k : i64
  } -> tensor<3xi64>
  %empty = tensor.empty() : tensor<3xf64>
  %y = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel"]} outs(%empty : tensor<3xf64>) {
  ^bb0(%o: f64):
    %i = linalg.index 0 : index
    %k = tensor.extract %ks[%i] : tensor<3xi64>
    %j = arith.index_cast %k : i64 to index
    %a = tensor.extract %x[%j] : tensor<3xf64>
    %b = tensor.extract %table[%j] : tensor<3xf64>
    %ab = arith.addf %a, %b : f64
    linalg.yield %ab : f64
  } -> tensor<3xf64>
  %s = func.call @sum(%y) : (tensor<3xf64>) -> f64
  %r = arith.mulf %s, %w : f64
  return %r : f64
}

// Σ_i Σ_(j ≤ i) x_j, by a loop in the body.
func.func private @prefixes(%x: tensor<3xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f64
  %empty = tensor.empty() : tensor<3xf64>
  %y = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel"]} outs(%empty : tensor<3xf64>) {
  ^bb0(%o: f64):
    %i = linalg.index 0 : index
    %n = arith.addi %i, %c1 : index
    %p = scf.for %j = %c0 to %n step %c1 iter_args(%sum = %zero) -> f64 {
      %v = tensor.extract %x[%j] : tensor<3xf64>
      %t = arith.addf %sum, %v : f64
      scf.yield %t : f64
    }
    linalg.yield %p : f64
  } -> tensor<3xf64>
  %s = func.call @sum(%y) : (tensor<3xf64>) -> f64
  %r = arith.mulf %s, %w : f64
  return %r : f64
}

// Σ_i Σ_(j < 3) 2^j table_(k_i): a table that changes from one iteration to the next, the same for all samples.
func.func private @tables(%table: tensor<3xf64>, %x: tensor<3xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %two = arith.constant 2.0 : f64
  %zeros = arith.constant dense<0.0> : tensor<3xf64>
  %y:2 = scf.for %j = %c0 to %c3 step %c1 iter_args(%t = %table, %sum = %zeros) -> (tensor<3xf64>, tensor<3xf64>) {
    %next = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<3xf64>) outs(%sum : tensor<3xf64>) {
    ^bb0(%e: f64, %o: f64):
      %d = arith.subf %e, %two : f64
      %k = arith.fptosi %d : f64 to i64
      %at = arith.index_cast %k : i64 to index
      %v = tensor.extract %t[%at] : tensor<3xf64>
      %s = arith.addf %o, %v : f64
      linalg.yield %s : f64
    } -> tensor<3xf64>
    %twice = arith.addf %t, %t : tensor<3xf64>
    scf.yield %twice, %next : tensor<3xf64>, tensor<3xf64>
  }
  %s = func.call @sum(%y#1) : (tensor<3xf64>) -> f64
  %r = arith.mulf %s, %w : f64
  return %r : f64
}

func.func private @sum(%y: tensor<3xf64>) -> f64 {
  %zero = arith.constant dense<0.0> : tensor<f64>
  %s = linalg.reduce {arith.addf} ins(%y : tensor<3xf64>) outs(%zero : tensor<f64>) dimensions = [0]
  %r = tensor.extract %s[] : tensor<f64>
  return %r : f64
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

// Over 81 points k with x = (k, k + 1, k + 2), k = 0 to 80: two chunks of tiles of 16, and one point more.
func.func @main() {
  %n = arith.constant 81 : index
  %one = arith.constant 1.0 : f64
  %table = arith.constant dense<[500.0, 1000.0, 1500.0]> : tensor<3xf64>
  %c128 = arith.constant 128 : index
  %x = func.call @columns(%c128) : (index) -> tensor<3x?xf64>
  %ring = costate.reduce_set @ring over(%x : tensor<3x?xf64>) count %n weight %one : f64 -> f64
  %places = costate.reduce_set @places uniform(%table : tensor<3xf64>) over(%x : tensor<3x?xf64>) count %n weight %one : f64 -> f64
  %prefixes = costate.reduce_set @prefixes over(%x : tensor<3x?xf64>) count %n weight %one : f64 -> f64
  // Σ 3 k² + 6 k + 2 = 3 · 173880 + 6 · 3240 + 2 · 81
  // CHECK: {{^}}541242{{$}}
  vector.print %ring : f64
  // Places min(max(k - 2 + i, 0), 2). k = 0: 0, 0, 0; k = 1: 0, 0, 1; k = 2: 0, 1, 2; k = 3: 1, 2, 2; then 2, 2, 2.
  // x: 0, 4, 9, 14, then 3 (k + 2) with k = 4 to 80: 3 · (3234 + 154); twice the table: 3, 4, 6, 8, then 9 · 77, times 1000.
  // CHECK-NEXT: {{^}}724191{{$}}
  vector.print %places : f64
  // Σ 3 k + 2 (k + 1) + (k + 2) = 6 · 3240 + 4 · 81
  // CHECK-NEXT: {{^}}19764{{$}}
  vector.print %prefixes : f64
  // 7 times half of what places reads of twice the table: 7 · 714000 / 2
  // CHECK-NEXT: {{^}}2.499e+06{{$}}
  %tables = costate.reduce_set @tables uniform(%table : tensor<3xf64>) over(%x : tensor<3x?xf64>) count %n weight %one : f64 -> f64
  vector.print %tables : f64
  return
}
