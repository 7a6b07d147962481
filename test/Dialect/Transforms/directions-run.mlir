// A Laplacian in many directions, which are one dimension of tensors, against the sum of its second derivatives, each by
// itself; both and their gradients by a matrix, in f64.
// RUN: costate-opt %s -costate-expand-derivatives | FileCheck %s --check-prefix=EXPANDED
// RUN: costate-opt %s -costate-expand-derivatives -costate-batch-directions -costate-expand-transforms -inline -canonicalize -cse %run_tensors -convert-math-to-libm -convert-func-to-llvm | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s

// One tangent for all directions.
// EXPANDED-LABEL: func.func private @many(
// EXPANDED:         %[[V:.*]] = costate.direction [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] : tensor<18xf64>
// EXPANDED:         costate.sum_directions %{{.*}} over %[[V]]
// EXPANDED-NOT:     costate.operator
// What is differentiated again, here by a caller, has one for each.
// EXPANDED-LABEL: func.func private @inner(
// EXPANDED-NOT:     costate.direction
// EXPANDED-LABEL: func.func private @outer(
// EXPANDED-NOT:     costate.direction
// EXPANDED-LABEL: func.func private @twice(
// EXPANDED-NOT:     costate.direction
// EXPANDED:       return

// Products of tangents elementwise, in contractions and in a quotient; moves and broadcasts.
func.func private @u(%a: tensor<5x18xf64>, %x: tensor<18xf64>) -> tensor<2xf64> {
  %zero = arith.constant 0.0 : f64
  %one = arith.constant dense<1.0> : tensor<5xf64>
  %two = arith.constant dense<2.0> : tensor<1xf64>
  %e = tensor.empty() : tensor<5xf64>
  %z = linalg.fill ins(%zero : f64) outs(%e : tensor<5xf64>) -> tensor<5xf64>
  %y = linalg.matvec ins(%a, %x : tensor<5x18xf64>, tensor<18xf64>) outs(%z : tensor<5xf64>) -> tensor<5xf64>
  %s = math.sin %y : tensor<5xf64>
  %h = math.tanh %y : tensor<5xf64>
  %p = arith.mulf %s, %h : tensor<5xf64>
  %hh = arith.mulf %h, %h : tensor<5xf64>
  %q = arith.addf %hh, %one : tensor<5xf64>
  %r = arith.divf %p, %q : tensor<5xf64>
  %e0 = tensor.empty() : tensor<f64>
  %z0 = linalg.fill ins(%zero : f64) outs(%e0 : tensor<f64>) -> tensor<f64>
  %dot = linalg.dot ins(%r, %s : tensor<5xf64>, tensor<5xf64>) outs(%z0 : tensor<f64>) -> tensor<f64>
  %d1 = tensor.expand_shape %dot [] output_shape [1] : tensor<f64> into tensor<1xf64>
  %x3 = tensor.extract_slice %x[3] [1] [1] : tensor<18xf64> to tensor<1xf64>
  %x5 = tensor.extract_slice %x[5] [1] [1] : tensor<18xf64> to tensor<1xf64>
  %x33 = arith.mulf %x3, %x3 : tensor<1xf64>
  %x335 = arith.mulf %x33, %x5 : tensor<1xf64>
  %f0 = arith.mulf %x335, %d1 : tensor<1xf64>
  %f1 = arith.addf %f0, %two : tensor<1xf64>
  %u = tensor.concat dim(0) %f1, %d1 : (tensor<1xf64>, tensor<1xf64>) -> tensor<2xf64>
  return %u : tensor<2xf64>
}

func.func private @many(%a: tensor<5x18xf64>, %x: tensor<18xf64>) -> tensor<2xf64> {
  %u = func.call @u(%a, %x) : (tensor<5x18xf64>, tensor<18xf64>) -> tensor<2xf64>
  // Beside it one direction of its own: its first and second derivative.
  %l = costate.operator %u by (%x) terms [#costate.term<2.0, [0, 0]>, #costate.term<2.0, [1, 1]>, #costate.term<2.0, [2, 2]>, #costate.term<2.0, [3, 3]>, #costate.term<2.0, [4, 4]>, #costate.term<2.0, [5, 5]>, #costate.term<2.0, [6, 6]>, #costate.term<2.0, [7, 7]>, #costate.term<2.0, [8, 8]>, #costate.term<2.0, [9, 9]>, #costate.term<2.0, [10, 10]>, #costate.term<2.0, [11, 11]>, #costate.term<2.0, [12, 12]>, #costate.term<2.0, [13, 13]>, #costate.term<2.0, [14, 14]>, #costate.term<2.0, [15, 15]>, #costate.term<2.0, [16, 16]>, #costate.term<-1.0, [4]>, #costate.term<0.5, [17, 17]>]
    : tensor<2xf64>, tensor<18xf64>
  return %l : tensor<2xf64>
}
func.func private @each(%a: tensor<5x18xf64>, %x: tensor<18xf64>) -> tensor<2xf64> {
  %u = func.call @u(%a, %x) : (tensor<5x18xf64>, tensor<18xf64>) -> tensor<2xf64>
  %d0 = costate.diff %u by %x[0, 0] : tensor<2xf64>, tensor<18xf64>
  %d1 = costate.diff %u by %x[1, 1] : tensor<2xf64>, tensor<18xf64>
  %d2 = costate.diff %u by %x[2, 2] : tensor<2xf64>, tensor<18xf64>
  %d3 = costate.diff %u by %x[3, 3] : tensor<2xf64>, tensor<18xf64>
  %d4 = costate.diff %u by %x[4, 4] : tensor<2xf64>, tensor<18xf64>
  %d5 = costate.diff %u by %x[5, 5] : tensor<2xf64>, tensor<18xf64>
  %d6 = costate.diff %u by %x[6, 6] : tensor<2xf64>, tensor<18xf64>
  %d7 = costate.diff %u by %x[7, 7] : tensor<2xf64>, tensor<18xf64>
  %d8 = costate.diff %u by %x[8, 8] : tensor<2xf64>, tensor<18xf64>
  %d9 = costate.diff %u by %x[9, 9] : tensor<2xf64>, tensor<18xf64>
  %d10 = costate.diff %u by %x[10, 10] : tensor<2xf64>, tensor<18xf64>
  %d11 = costate.diff %u by %x[11, 11] : tensor<2xf64>, tensor<18xf64>
  %d12 = costate.diff %u by %x[12, 12] : tensor<2xf64>, tensor<18xf64>
  %d13 = costate.diff %u by %x[13, 13] : tensor<2xf64>, tensor<18xf64>
  %d14 = costate.diff %u by %x[14, 14] : tensor<2xf64>, tensor<18xf64>
  %d15 = costate.diff %u by %x[15, 15] : tensor<2xf64>, tensor<18xf64>
  %d16 = costate.diff %u by %x[16, 16] : tensor<2xf64>, tensor<18xf64>
  %s1 = arith.addf %d0, %d1 : tensor<2xf64>
  %s2 = arith.addf %s1, %d2 : tensor<2xf64>
  %s3 = arith.addf %s2, %d3 : tensor<2xf64>
  %s4 = arith.addf %s3, %d4 : tensor<2xf64>
  %s5 = arith.addf %s4, %d5 : tensor<2xf64>
  %s6 = arith.addf %s5, %d6 : tensor<2xf64>
  %s7 = arith.addf %s6, %d7 : tensor<2xf64>
  %s8 = arith.addf %s7, %d8 : tensor<2xf64>
  %s9 = arith.addf %s8, %d9 : tensor<2xf64>
  %s10 = arith.addf %s9, %d10 : tensor<2xf64>
  %s11 = arith.addf %s10, %d11 : tensor<2xf64>
  %s12 = arith.addf %s11, %d12 : tensor<2xf64>
  %s13 = arith.addf %s12, %d13 : tensor<2xf64>
  %s14 = arith.addf %s13, %d14 : tensor<2xf64>
  %s15 = arith.addf %s14, %d15 : tensor<2xf64>
  %s16 = arith.addf %s15, %d16 : tensor<2xf64>
  %first = costate.diff %u by %x[4] : tensor<2xf64>, tensor<18xf64>
  %last = costate.diff %u by %x[17, 17] : tensor<2xf64>, tensor<18xf64>
  %half = arith.constant dense<0.5> : tensor<2xf64>
  %two = arith.constant dense<2.0> : tensor<2xf64>
  %t0 = arith.mulf %s16, %two : tensor<2xf64>
  %t1 = arith.mulf %last, %half : tensor<2xf64>
  %t2 = arith.addf %t0, %t1 : tensor<2xf64>
  %l = arith.subf %t2, %first : tensor<2xf64>
  return %l : tensor<2xf64>
}

func.func private @inner(%x: tensor<18xf64>) -> tensor<18xf64> {
  %s = math.sin %x : tensor<18xf64>
  %l = costate.laplacian %s by %x : tensor<18xf64>, tensor<18xf64>
  return %l : tensor<18xf64>
}
func.func private @outer(%x: tensor<18xf64>) -> tensor<18xf64> {
  %l = func.call @inner(%x) : (tensor<18xf64>) -> tensor<18xf64>
  %d = costate.diff %l by %x[0] : tensor<18xf64>, tensor<18xf64>
  return %d : tensor<18xf64>
}
func.func private @twice(%x: tensor<18xf64>) -> tensor<18xf64> {
  %s = math.sin %x : tensor<18xf64>
  %l = costate.laplacian %s by %x : tensor<18xf64>, tensor<18xf64>
  %m = costate.laplacian %l by %x : tensor<18xf64>, tensor<18xf64>
  return %m : tensor<18xf64>
}

costate.derive @gradient_of_many = vjp @many wrt [0, 1]
costate.derive @gradient_of_each = vjp @each wrt [0, 1]

// The greatest difference, relative to the greatest value, in units of 1e-13, cut off; and whether there is a value.
func.func private @compare(%a: tensor<?xf64>, %b: tensor<?xf64>) attributes {no_inline} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %a, %c0 : tensor<?xf64>
  %zero = arith.constant 0.0 : f64
  %d, %m = scf.for %i = %c0 to %n step %c1 iter_args(%d = %zero, %m = %zero) -> (f64, f64) {
    %p = tensor.extract %a[%i] : tensor<?xf64>
    %q = tensor.extract %b[%i] : tensor<?xf64>
    %e = arith.subf %p, %q : f64
    %f = math.absf %e : f64
    %g = math.absf %q : f64
    %h = arith.maximumf %d, %f : f64
    %k = arith.maximumf %m, %g : f64
    scf.yield %h, %k : f64, f64
  }
  %unit = arith.constant 1.0e-13 : f64
  %least = arith.constant 0.1 : f64
  %u = arith.mulf %m, %unit : f64
  %r = arith.divf %d, %u : f64
  %t = arith.fptosi %r : f64 to i64
  %large = arith.cmpf ogt, %m, %least : f64
  vector.print %t : i64 punctuation <comma>
  vector.print %large : i1
  return
}

func.func @main() {
  %a = tensor.generate {
  ^bb0(%i: index, %j: index):
    %c = arith.constant 7 : index
    %k = arith.muli %i, %c : index
    %l = arith.addi %k, %j : index
    %m = arith.index_cast %l : index to i64
    %f = arith.sitofp %m : i64 to f64
    %s = math.sin %f : f64
    tensor.yield %s : f64
  } : tensor<5x18xf64>
  %x = tensor.generate {
  ^bb0(%i: index):
    %m = arith.index_cast %i : index to i64
    %f = arith.sitofp %m : i64 to f64
    %s = math.cos %f : f64
    tensor.yield %s : f64
  } : tensor<18xf64>
  %w = arith.constant dense<[1.0, -0.5]> : tensor<2xf64>
  %p:3 = costate.call @gradient_of_many(%a, %x, %w) : (tensor<5x18xf64>, tensor<18xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<5x18xf64>, tensor<18xf64>)
  %q:3 = costate.call @gradient_of_each(%a, %x, %w) : (tensor<5x18xf64>, tensor<18xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<5x18xf64>, tensor<18xf64>)
  %p0 = tensor.cast %p#0 : tensor<2xf64> to tensor<?xf64>
  %q0 = tensor.cast %q#0 : tensor<2xf64> to tensor<?xf64>
  %pm = tensor.collapse_shape %p#1 [[0, 1]] : tensor<5x18xf64> into tensor<90xf64>
  %qm = tensor.collapse_shape %q#1 [[0, 1]] : tensor<5x18xf64> into tensor<90xf64>
  %p1 = tensor.cast %pm : tensor<90xf64> to tensor<?xf64>
  %q1 = tensor.cast %qm : tensor<90xf64> to tensor<?xf64>
  %p2 = tensor.cast %p#2 : tensor<18xf64> to tensor<?xf64>
  %q2 = tensor.cast %q#2 : tensor<18xf64> to tensor<?xf64>
  // CHECK-COUNT-3: {{^}}0, 1{{$}}
  func.call @compare(%p0, %q0) : (tensor<?xf64>, tensor<?xf64>) -> ()
  func.call @compare(%p1, %q1) : (tensor<?xf64>, tensor<?xf64>) -> ()
  func.call @compare(%p2, %q2) : (tensor<?xf64>, tensor<?xf64>) -> ()
  return
}
