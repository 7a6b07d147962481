// RUN: costate-opt %s -costate-tile-sets -canonicalize -cse | FileCheck %s --check-prefixes=CHECK,FREE
// RUN: costate-opt %s -costate-tile-sets=value-bytes=400 -canonicalize -cse | FileCheck %s --check-prefixes=CHECK,SMALL
// RUN: costate-opt %s -costate-tile-sets=value-bytes=1 -canonicalize -cse | FileCheck %s --check-prefixes=CHECK,LEAST

// The largest value of a point has three elements of eight bytes: 32 points of it have 768 bytes, 16 have 384. The gradients of
// the weight, which have six, are added up and not kept for each point. One vector of eight points is the least.
// CHECK-LABEL: func @step
// FREE:        tensor.extract_slice {{.*}} : tensor<2x?xf64> to tensor<2x32xf64>
// SMALL:       tensor.extract_slice {{.*}} : tensor<2x?xf64> to tensor<2x16xf64>
// LEAST:       tensor.extract_slice {{.*}} : tensor<2x?xf64> to tensor<2x8xf64>
func.func private @gradient(%w: tensor<3x2xf64>, %x: tensor<2xf64>, %weight: f64) -> tensor<3x2xf64> {
  %zero = arith.constant dense<0.0> : tensor<3xf64>
  %z = linalg.matvec ins(%w, %x : tensor<3x2xf64>, tensor<2xf64>) outs(%zero : tensor<3xf64>) -> tensor<3xf64>
  %scale = tensor.splat %weight : tensor<3xf64>
  %s = arith.mulf %z, %scale : tensor<3xf64>
  %t = math.tanh %s : tensor<3xf64>
  %zero2 = arith.constant dense<0.0> : tensor<3x2xf64>
  %g = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
    ins(%s, %x : tensor<3xf64>, tensor<2xf64>) outs(%zero2 : tensor<3x2xf64>) {
  ^bb0(%a: f64, %b: f64, %o: f64):
    %p = arith.mulf %a, %b : f64
    linalg.yield %p : f64
  } -> tensor<3x2xf64>
  %h = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
    ins(%t, %x : tensor<3xf64>, tensor<2xf64>) outs(%g : tensor<3x2xf64>) {
  ^bb0(%a: f64, %b: f64, %o: f64):
    %p = arith.mulf %a, %b : f64
    %q = arith.addf %o, %p : f64
    linalg.yield %q : f64
  } -> tensor<3x2xf64>
  return %h : tensor<3x2xf64>
}
func.func @step(%w: tensor<3x2xf64>, %x: tensor<2x?xf64>, %n: index) -> tensor<3x2xf64> {
  %one = arith.constant 1.0 : f64
  %g = costate.reduce_set @gradient uniform(%w : tensor<3x2xf64>) over(%x : tensor<2x?xf64>) count %n weight %one : f64 -> tensor<3x2xf64>
  return %g : tensor<3x2xf64>
}
