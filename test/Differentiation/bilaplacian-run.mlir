// Sums of derivatives of order four, whose channels of order three are sums, too, against the same derivatives one by one; with
// equal weights and others, of functions one within the other, in f64.
// RUN: costate-opt %s -costate-expand-transforms -inline -canonicalize -cse %run_tensors -convert-math-to-libm -convert-func-to-llvm | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s

func.func private @u(%x: f64, %y: f64) -> f64 {
  %two = arith.constant 2.0 : f64
  %third = arith.constant 0.3 : f64
  %xy = arith.mulf %x, %y : f64
  %a = arith.mulf %two, %x : f64
  %b = arith.subf %a, %y : f64
  %c = arith.mulf %third, %xy : f64
  %d = arith.addf %b, %c : f64
  %t = math.tanh %d : f64
  %e = arith.addf %t, %y : f64
  %s = math.sin %e : f64
  %f = math.exp %s : f64
  %g = math.tanh %f : f64
  return %g : f64
}
costate.derive @u40 = jet @u variables [[0, 0], [1, 0]] indices [[4, 0]]
costate.derive @u31 = jet @u variables [[0, 0], [1, 0]] indices [[3, 1]]
costate.derive @u22 = jet @u variables [[0, 0], [1, 0]] indices [[2, 2]]
costate.derive @u04 = jet @u variables [[0, 0], [1, 0]] indices [[0, 4]]
costate.derive @u20 = jet @u variables [[0, 0], [1, 0]] indices [[2, 0]]
costate.derive @bilaplacian = jet @u variables [[0, 0], [1, 0]] indices [[4, 0], [2, 2], [0, 4]] weights [[1.0, 2.0, 1.0]]
costate.derive @skew = jet @u variables [[0, 0], [1, 0]] indices [[2, 0], [4, 0], [3, 1], [2, 2], [0, 4]] weights [[0.25, -1.5, 0.5, 3.0, 0.75]]

func.func private @isClose(%a: f64, %b: f64) {
  %d = arith.subf %a, %b : f64
  %e = math.absf %d : f64
  %m = math.absf %a : f64
  %tolerance = arith.constant 1.0e-12 : f64
  %t = arith.mulf %m, %tolerance : f64
  %close = arith.cmpf ole, %e, %t : f64
  vector.print %close : i1
  return
}

func.func @main() {
  %x = arith.constant 0.4 : f64
  %y = arith.constant -0.3 : f64
  %one = arith.constant 1.0 : f64
  %two = arith.constant 2.0 : f64
  %a = costate.call @u40(%x, %y) : (f64, f64) -> f64
  %b = costate.call @u31(%x, %y) : (f64, f64) -> f64
  %c = costate.call @u22(%x, %y) : (f64, f64) -> f64
  %d = costate.call @u04(%x, %y) : (f64, f64) -> f64
  %e = costate.call @u20(%x, %y) : (f64, f64) -> f64
  %bi = costate.call @bilaplacian(%x, %y) : (f64, f64) -> f64
  %skew = costate.call @skew(%x, %y) : (f64, f64) -> f64
  %c2 = arith.mulf %two, %c : f64
  %ac = arith.addf %a, %c2 : f64
  %acd = arith.addf %ac, %d : f64
  // CHECK: {{^1$}}
  func.call @isClose(%acd, %bi) : (f64, f64) -> ()
  %wa = arith.constant -1.5 : f64
  %wb = arith.constant 0.5 : f64
  %wc = arith.constant 3.0 : f64
  %wd = arith.constant 0.75 : f64
  %we = arith.constant 0.25 : f64
  %pa = arith.mulf %wa, %a : f64
  %pb = arith.mulf %wb, %b : f64
  %pc = arith.mulf %wc, %c : f64
  %pd = arith.mulf %wd, %d : f64
  %pe = arith.mulf %we, %e : f64
  %s0 = arith.addf %pa, %pb : f64
  %s1 = arith.addf %s0, %pc : f64
  %s2 = arith.addf %s1, %pd : f64
  %s3 = arith.addf %s2, %pe : f64
  // CHECK-NEXT: {{^1$}}
  func.call @isClose(%s3, %skew) : (f64, f64) -> ()
  vector.print %bi : f64
  return
}
