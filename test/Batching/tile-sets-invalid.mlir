// RUN: costate-opt %s -costate-tile-sets -split-input-file -verify-diagnostics
// RUN: echo | not costate-opt -costate-tile-sets=chunks=0 2>&1 | FileCheck %s --check-prefix=CHUNKS
// CHUNKS: error: the number of chunks must be positive, but is 0

func.func private @f(%x: tensor<2xf64>, %w: f64) -> f64 {
  return %w : f64
}
func.func @tile(%x: tensor<2x?xf64>, %n: index, %w: f64) -> f64 {
  // expected-error @below {{has a tile of 48 points, but a tile must divide 64}}
  %r = costate.reduce_set @f over(%x : tensor<2x?xf64>) count %n weight %w : f64 {tile = 48 : i64} -> f64
  return %r : f64
}

// -----

func.func private @f(%x: tensor<2xf64>, %w: f64) -> f64
func.func @external(%x: tensor<2x?xf64>, %n: index, %w: f64) -> f64 {
  // expected-error @below {{cannot be tiled: @f has no body}}
  %r = costate.reduce_set @f over(%x : tensor<2x?xf64>) count %n weight %w : f64 -> f64
  return %r : f64
}

// -----

func.func private @f(%x: tensor<2xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %v = tensor.extract %x[%c0] : tensor<2xf64>
  %k = arith.fptosi %v : f64 to i64
  %n = arith.index_cast %k : i64 to index
  // expected-error @below {{cannot be batched: its extent depends on the sample, as what a loop records for its reverse does if the number of its iterations depends on it}}
  %record = tensor.empty(%n) : tensor<?xf64>
  %filled = linalg.fill ins(%w : f64) outs(%record : tensor<?xf64>) -> tensor<?xf64>
  %z = tensor.extract %filled[%c0] : tensor<?xf64>
  return %z : f64
}
func.func @extent(%x: tensor<2x?xf64>, %n: index, %w: f64) -> f64 {
  %r = costate.reduce_set @f over(%x : tensor<2x?xf64>) count %n weight %w : f64 -> f64
  return %r : f64
}

// -----

func.func private @f(%x: tensor<2xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %v = tensor.extract %x[%c0] : tensor<2xf64>
  %k = arith.fptosi %v : f64 to i64
  %n = arith.index_cast %k : i64 to index
  // expected-error @below {{cannot be batched: its extent depends on the sample}}
  %part = tensor.extract_slice %x[0] [%n] [1] : tensor<2xf64> to tensor<?xf64>
  %z = tensor.extract %part[%c0] : tensor<?xf64>
  return %z : f64
}
func.func @slice(%x: tensor<2x?xf64>, %n: index, %w: f64) -> f64 {
  %r = costate.reduce_set @f over(%x : tensor<2x?xf64>) count %n weight %w : f64 -> f64
  return %r : f64
}

// -----

func.func private @f(%x: tensor<2xf64>, %w: f64) -> f64 {
  // expected-error @below {{cannot be batched: it depends on the sample and has no batching rule, as elementwise ops, linalg on tensors, ops that move and reshape tensors, scf.if, scf.for and scf.while have}}
  %y = tensor.cast %x : tensor<2xf64> to tensor<?xf64>
  return %w : f64
}
func.func @rule(%x: tensor<2x?xf64>, %n: index, %w: f64) -> f64 {
  %r = costate.reduce_set @f over(%x : tensor<2x?xf64>) count %n weight %w : f64 -> f64
  return %r : f64
}

// -----

func.func private @f(%x: tensor<2xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %e = tensor.empty() : tensor<2xf64>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : tensor<2xf64>) outs(%e : tensor<2xf64>) {
  ^bb0(%a: f64, %o: f64):
    // expected-error @below {{cannot be batched: in the body of a linalg op it uses 'tensor<2xf64>' of the sample, of which such a body may read elements only, by tensor.extract}}
    %s = tensor.extract_slice %x[1] [1] [1] : tensor<2xf64> to tensor<1xf64>
    %v = tensor.extract %s[%c0] : tensor<1xf64>
    %p = arith.mulf %a, %v : f64
    linalg.yield %p : f64
  } -> tensor<2xf64>
  %z = tensor.extract %y[%c0] : tensor<2xf64>
  %r = arith.mulf %z, %w : f64
  return %r : f64
}
func.func @captured(%x: tensor<2x?xf64>, %n: index, %w: f64) -> f64 {
  %r = costate.reduce_set @f over(%x : tensor<2x?xf64>) count %n weight %w : f64 -> f64
  return %r : f64
}

// -----

func.func private @f(%x: tensor<2xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  // expected-error @below {{cannot be batched: it pads with other than one value, or by amounts not constant}}
  %p = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    %k = arith.index_cast %i : index to i64
    %v = arith.sitofp %k : i64 to f64
    tensor.yield %v : f64
  } : tensor<2xf64> to tensor<4xf64>
  %y = tensor.extract %p[%c0] : tensor<4xf64>
  return %y : f64
}
func.func @pad(%x: tensor<2x?xf64>, %n: index, %w: f64) -> f64 {
  %r = costate.reduce_set @f over(%x : tensor<2x?xf64>) count %n weight %w : f64 -> f64
  return %r : f64
}

// -----

func.func private @f(%x: tensor<2xf64>, %w: f64) -> f64 {
  cf.br ^end
^end:
  return %w : f64
}
func.func @blocks(%x: tensor<2x?xf64>, %n: index, %w: f64) -> f64 {
  // expected-error @below {{cannot be tiled: @f has branches between blocks}}
  %r = costate.reduce_set @f over(%x : tensor<2x?xf64>) count %n weight %w : f64 -> f64
  return %r : f64
}

// -----

func.func private @f(%b: memref<2xf64>, %x: tensor<2xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %v = tensor.extract %x[%c0] : tensor<2xf64>
  // expected-error @below {{cannot be batched: it does not work on tensors}}
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%b : memref<2xf64>) {
  ^bb0(%o: f64):
    linalg.yield %v : f64
  }
  return %w : f64
}
func.func @buffer(%b: memref<2xf64>, %x: tensor<2x?xf64>, %n: index, %w: f64) -> f64 {
  %r = costate.reduce_set @f uniform(%b : memref<2xf64>) over(%x : tensor<2x?xf64>) count %n weight %w : f64 -> f64
  return %r : f64
}

// -----

func.func private @f(%x: tensor<2xf64>, %w: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f64
  %a = tensor.extract %x[%c0] : tensor<2xf64>
  %c = arith.cmpf ogt, %a, %zero : f64
  %y = scf.if %c -> tensor<2xf64> {
    %e = tensor.empty() : tensor<2xf64>
    // expected-error @below {{cannot be batched: its body has an scf.while, which need not end for samples that do not take the branch around it}}
    %g = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : tensor<2xf64>) outs(%e : tensor<2xf64>) {
    ^bb0(%v: f64, %o: f64):
      %r = scf.while (%u = %v) : (f64) -> f64 {
        %go = arith.cmpf ogt, %u, %zero : f64
        scf.condition(%go) %u : f64
      } do {
      ^bb0(%u: f64):
        %n = arith.subf %u, %a : f64
        scf.yield %n : f64
      }
      linalg.yield %r : f64
    } -> tensor<2xf64>
    scf.yield %g : tensor<2xf64>
  } else {
    scf.yield %x : tensor<2xf64>
  }
  %z = tensor.extract %y[%c0] : tensor<2xf64>
  %r = arith.mulf %z, %w : f64
  return %r : f64
}
func.func @loop_in_body(%x: tensor<2x?xf64>, %n: index, %w: f64) -> f64 {
  %r = costate.reduce_set @f over(%x : tensor<2x?xf64>) count %n weight %w : f64 -> f64
  return %r : f64
}
