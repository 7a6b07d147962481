// What a sample does not take is computed for it all the same where others take it: it keeps no loop from its end, divides by no
// zero and lies inside of tensors, also where all samples compute the same.
// RUN: costate-opt %s -inline -costate-tile-sets=tile=16 -canonicalize -cse %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s
#id = affine_map<(i) -> (i)>

// How often 1 must be added to 1 to be x, where x is positive: for others it would never end.
func.func private @counted(%x: tensor<1xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %a = tensor.extract %x[%c0] : tensor<1xf64>
  %positive = arith.cmpf ogt, %a, %zero : f64
  %r = scf.if %positive -> f64 {
    %n:2 = scf.while (%y = %one, %n = %zero) : (f64, f64) -> (f64, f64) {
      %next = arith.divf %a, %y : f64
      %go = arith.cmpf une, %next, %one : f64
      scf.condition(%go) %y, %n : f64, f64
    } do {
    ^bb0(%y: f64, %n: f64):
      %next = arith.addf %y, %one : f64
      %m = arith.addf %n, %one : f64
      scf.yield %next, %m : f64, f64
    }
    scf.yield %n#1 : f64
  } else {
    scf.yield %zero : f64
  }
  %s = arith.mulf %r, %w : f64
  return %s : f64
}

// x, and behind it what there is of it, in three places, of which a loop reaches one too many.
func.func private @shifted(%x: tensor<1xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %far = arith.constant 100000000 : index
  %zero = arith.constant 0.0 : f64
  %a = tensor.extract %x[%c0] : tensor<1xf64>
  %positive = arith.cmpf ogt, %a, %zero : f64
  %all = tensor.splat %a : tensor<3xf64>
  %r = scf.for %i = %c0 to %c3 step %c1 iter_args(%t = %all) -> tensor<3xf64> {
    %inside = arith.cmpi slt, %i, %c2 : index
    %take = arith.andi %positive, %inside : i1
    %one = arith.addi %i, %c1 : index
    %place = arith.select %inside, %one, %far : index
    %u = scf.if %take -> tensor<3xf64> {
      %v = tensor.extract %t[%place] : tensor<3xf64>
      %before = tensor.extract %t[%i] : tensor<3xf64>
      %sum = arith.addf %v, %before : f64
      %put = tensor.insert %sum into %t[%place] : tensor<3xf64>
      scf.yield %put : tensor<3xf64>
    } else {
      scf.yield %t : tensor<3xf64>
    }
    scf.yield %u : tensor<3xf64>
  }
  %last = tensor.extract %r[%c2] : tensor<3xf64>
  %s = arith.mulf %last, %w : f64
  return %s : f64
}

// Σ table_k + 12 / k over the k of 0 to 3 that are no zero, where x is positive: the same for all of them.
func.func private @shared(%table: tensor<4xf64>, %x: tensor<1xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c12 = arith.constant 12 : index
  %far = arith.constant 100000000 : index
  %zero = arith.constant 0.0 : f64
  %a = tensor.extract %x[%c0] : tensor<1xf64>
  %positive = arith.cmpf ogt, %a, %zero : f64
  %all = tensor.splat %zero : tensor<1xf64>
  %r = scf.for %k = %c0 to %c4 step %c1 iter_args(%t = %all) -> tensor<1xf64> {
    %some = arith.cmpi ne, %k, %c0 : index
    %take = arith.andi %positive, %some : i1
    %place = arith.select %some, %k, %far : index
    %u = scf.if %take -> tensor<1xf64> {
      %v = tensor.extract %table[%place] : tensor<4xf64>
      %q = arith.divui %c12, %k : index
      %i = arith.index_cast %q : index to i64
      %f = arith.sitofp %i : i64 to f64
      // 12, by steps of k: never, by steps of zero.
      %count = scf.while (%n = %c0) : (index) -> index {
        %go = arith.cmpi ne, %n, %c12 : index
        scf.condition(%go) %n : index
      } do {
      ^bb0(%n: index):
        %next = arith.addi %n, %k : index
        scf.yield %next : index
      }
      %ci = arith.index_cast %count : index to i64
      %cf = arith.sitofp %ci : i64 to f64
      %vf = arith.addf %v, %f : f64
      %vfc = arith.addf %vf, %cf : f64
      %e = tensor.splat %vfc : tensor<1xf64>
      %sum = arith.addf %t, %e : tensor<1xf64>
      scf.yield %sum : tensor<1xf64>
    } else {
      scf.yield %t : tensor<1xf64>
    }
    scf.yield %u : tensor<1xf64>
  }
  %z = tensor.extract %r[%c0] : tensor<1xf64>
  %s = arith.mulf %z, %w : f64
  return %s : f64
}

// In a body: 12 / x as integers, and the place of a table, where x is 1, 2 or 3.
func.func private @body(%table: tensor<4xf64>, %x: tensor<1xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f64
  %four = arith.constant 4.0 : f64
  %none = arith.constant dense<0.0> : tensor<1xf64>
  %a = tensor.extract %x[%c0] : tensor<1xf64>
  %positive = arith.cmpf ogt, %a, %zero : f64
  %small = arith.cmpf olt, %a, %four : f64
  %take = arith.andi %positive, %small : i1
  %r = scf.if %take -> tensor<1xf64> {
    %empty = tensor.empty() : tensor<1xf64>
    %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<1xf64>) outs(%empty : tensor<1xf64>) {
    ^bb0(%e: f64, %o: f64):
      %c12 = arith.constant 12 : i64
      %k = arith.fptosi %e : f64 to i64
      %q = arith.divsi %c12, %k : i64
      %f = arith.sitofp %q : i64 to f64
      %i = arith.index_cast %k : i64 to index
      %v = tensor.extract %table[%i] : tensor<4xf64>
      %s = arith.addf %v, %f : f64
      linalg.yield %s : f64
    } -> tensor<1xf64>
    scf.yield %y : tensor<1xf64>
  } else {
    scf.yield %none : tensor<1xf64>
  }
  %z = tensor.extract %r[%c0] : tensor<1xf64>
  %s = arith.mulf %z, %w : f64
  return %s : f64
}

func.func private @columns(%n: index) -> tensor<1x?xf64> {
  %eight = arith.constant 8.0 : f64
  %x = tensor.generate %n {
  ^bb0(%i: index, %j: index):
    %l = arith.index_cast %j : index to i64
    %v = arith.sitofp %l : i64 to f64
    %d = arith.subf %v, %eight : f64
    tensor.yield %d : f64
  } : tensor<1x?xf64>
  return %x : tensor<1x?xf64>
}

// Over 17 points, x = -8 to 8.
func.func @main() {
  %n = arith.constant 17 : index
  %one = arith.constant 1.0 : f64
  %table = arith.constant dense<[1000.0, 2000.0, 3000.0, 4000.0]> : tensor<4xf64>
  %c64 = arith.constant 64 : index
  %x = func.call @columns(%c64) : (index) -> tensor<1x?xf64>
  // x - 1 for each positive x: 0 + … + 7
  // CHECK: {{^}}28{{$}}
  %counted = costate.reduce_set @counted over(%x : tensor<1x?xf64>) count %n weight %one : f64 -> f64
  vector.print %counted : f64
  // 3 x for each positive x, x for the others: 3 · 36 - 36
  // CHECK-NEXT: {{^}}72{{$}}
  %shifted = costate.reduce_set @shifted over(%x : tensor<1x?xf64>) count %n weight %one : f64 -> f64
  vector.print %shifted : f64
  // 8 · (2000 + 3000 + 4000 + 12 + 6 + 4 + 3 · 12)
  // CHECK-NEXT: {{^}}72464{{$}}
  %shared = costate.reduce_set @shared uniform(%table : tensor<4xf64>) over(%x : tensor<1x?xf64>) count %n weight %one : f64 -> f64
  vector.print %shared : f64
  // 2000 + 3000 + 4000 + 12 + 6 + 4
  // CHECK-NEXT: {{^}}9022{{$}}
  %body = costate.reduce_set @body uniform(%table : tensor<4xf64>) over(%x : tensor<1x?xf64>) count %n weight %one : f64 -> f64
  vector.print %body : f64
  return
}
