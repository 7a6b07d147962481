// The same numbers, to rounding, before and after.
// RUN: costate-opt %s %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils > %t.before
// RUN: costate-opt %s -costate-reassociate-contractions %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils > %t.after
// RUN: costate-opt %s -costate-reassociate-contractions=print-costs=true -mlir-print-op-on-diagnostic=false 2>&1 -o %t.mlir | FileCheck %s --check-prefix=COST
// RUN: %python %S/Inputs/compare_numbers.py %t.before %t.after 74 1e-14

// COST: remark: 756 multiply-adds before reassociation, 476 after
#rows = affine_map<(o, i) -> (o)>
#columns = affine_map<(o, i) -> (i)>
#both = affine_map<(o, i) -> (o, i)>
#none = affine_map<(o, i) -> ()>
#m = affine_map<(o, i, k) -> (o, k)>
#n = affine_map<(o, i, k) -> (k, i)>
#p = affine_map<(o, i, k) -> (o, i)>

// Two gradients of two channels with a common input, their inner products, a step along both, and a chain through a
// matrix with several users.
func.func private @step(%d0: tensor<7xf64>, %d1: tensor<7xf64>, %e0: tensor<7xf64>, %e1: tensor<7xf64>, %a0: tensor<9xf64>, %a1: tensor<9xf64>,
                        %w: tensor<7x9xf64>, %s: f64) -> (tensor<f64>, tensor<f64>, tensor<f64>, tensor<f64>, tensor<7x9xf64>, tensor<7xf64>) {
  %z = arith.constant dense<0.0> : tensor<7x9xf64>
  %z0 = arith.constant dense<0.0> : tensor<f64>
  %z1 = arith.constant dense<0.0> : tensor<7xf64>
  %f0 = linalg.generic {indexing_maps = [#rows, #columns, #both], iterator_types = ["parallel", "parallel"]} ins(%d0, %a0 : tensor<7xf64>, tensor<9xf64>) outs(%z : tensor<7x9xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %q = arith.mulf %x, %y : f64
    linalg.yield %q : f64
  } -> tensor<7x9xf64>
  %f = linalg.generic {indexing_maps = [#rows, #columns, #both], iterator_types = ["parallel", "parallel"]} ins(%d1, %a1 : tensor<7xf64>, tensor<9xf64>) outs(%f0 : tensor<7x9xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %q = arith.mulf %x, %y : f64
    %r = arith.addf %q, %o : f64
    linalg.yield %r : f64
  } -> tensor<7x9xf64>
  %g0 = linalg.generic {indexing_maps = [#columns, #rows, #both], iterator_types = ["parallel", "parallel"]} ins(%a0, %e0 : tensor<9xf64>, tensor<7xf64>) outs(%z : tensor<7x9xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %q = arith.mulf %x, %y : f64
    linalg.yield %q : f64
  } -> tensor<7x9xf64>
  %g1 = linalg.generic {indexing_maps = [#rows, #columns, #both], iterator_types = ["parallel", "parallel"]} ins(%e1, %a1 : tensor<7xf64>, tensor<9xf64>) outs(%z : tensor<7x9xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %q = arith.mulf %x, %y : f64
    linalg.yield %q : f64
  } -> tensor<7x9xf64>
  %g = arith.subf %g0, %g1 : tensor<7x9xf64>
  %ff = linalg.contract indexing_maps = [#both, #both, #none] ins(%f, %f : tensor<7x9xf64>, tensor<7x9xf64>) outs(%z0 : tensor<f64>) -> tensor<f64>
  %fg = linalg.contract indexing_maps = [#both, #both, #none] ins(%f, %g : tensor<7x9xf64>, tensor<7x9xf64>) outs(%z0 : tensor<f64>) -> tensor<f64>
  %gw = linalg.contract indexing_maps = [#both, #both, #none] ins(%g, %w : tensor<7x9xf64>, tensor<7x9xf64>) outs(%fg : tensor<f64>) -> tensor<f64>
  %ss = tensor.splat %s : tensor<7x9xf64>
  %sf = arith.mulf %f, %ss : tensor<7x9xf64>
  %sfg = arith.addf %sf, %g : tensor<7x9xf64>
  %hh = linalg.generic {indexing_maps = [#both, #both, #none], iterator_types = ["reduction", "reduction"]} ins(%sfg, %w : tensor<7x9xf64>, tensor<7x9xf64>) outs(%z0 : tensor<f64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %q = arith.mulf %x, %y : f64
    %r = arith.addf %q, %o : f64
    linalg.yield %r : f64
  } -> tensor<f64>
  %u = linalg.contract indexing_maps = [#both, #columns, #rows] ins(%f, %a1 : tensor<7x9xf64>, tensor<9xf64>) outs(%d0 : tensor<7xf64>) -> tensor<7xf64>
  return %ff, %fg, %gw, %hh, %sfg, %u : tensor<f64>, tensor<f64>, tensor<f64>, tensor<f64>, tensor<7x9xf64>, tensor<7xf64>
}

// An integer, so that all digits are printed.
func.func private @print(%x: f64) {
  %i = arith.bitcast %x : f64 to i64
  vector.print %i : i64
  return
}

func.func @main() {
  %d0 = arith.constant dense<[0.3, -1.2, 0.7, 2.1, -0.4, 0.9, 1.1]> : tensor<7xf64>
  %d1 = arith.constant dense<[1.3, 0.2, -0.8, 0.1, 0.6, -1.9, 0.5]> : tensor<7xf64>
  %e0 = arith.constant dense<[-0.6, 1.4, 0.3, 0.8, -1.1, 0.2, 0.9]> : tensor<7xf64>
  %e1 = arith.constant dense<[0.1, 0.5, -1.7, 1.2, 0.4, 0.6, -0.3]> : tensor<7xf64>
  %a0 = arith.constant dense<[1.0, 0.4, -0.9, 0.2, 1.5, -0.7, 0.3, 0.8, -1.3]> : tensor<9xf64>
  %a1 = arith.constant dense<[0.2, -0.5, 1.1, 0.9, -0.3, 0.6, 1.7, -0.8, 0.4]> : tensor<9xf64>
  %w = tensor.generate {
  ^bb0(%i: index, %j: index):
    %t = arith.muli %i, %j : index
    %v = arith.addi %t, %i : index
    %n = arith.index_cast %v : index to i64
    %x = arith.sitofp %n : i64 to f64
    %y = math.sin %x : f64
    tensor.yield %y : f64
  } : tensor<7x9xf64>
  %s = arith.constant 0.37 : f64
  %0, %1, %2, %3, %4, %5 = func.call @step(%d0, %d1, %e0, %e1, %a0, %a1, %w, %s) : (tensor<7xf64>, tensor<7xf64>, tensor<7xf64>, tensor<7xf64>, tensor<9xf64>, tensor<9xf64>, tensor<7x9xf64>, f64) -> (tensor<f64>, tensor<f64>, tensor<f64>, tensor<f64>, tensor<7x9xf64>, tensor<7xf64>)
  %x0 = tensor.extract %0[] : tensor<f64>
  %x1 = tensor.extract %1[] : tensor<f64>
  %x2 = tensor.extract %2[] : tensor<f64>
  %x3 = tensor.extract %3[] : tensor<f64>
  func.call @print(%x0) : (f64) -> ()
  func.call @print(%x1) : (f64) -> ()
  func.call @print(%x2) : (f64) -> ()
  func.call @print(%x3) : (f64) -> ()
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  %c9 = arith.constant 9 : index
  scf.for %i = %c0 to %c7 step %c1 {
    %y = tensor.extract %5[%i] : tensor<7xf64>
    func.call @print(%y) : (f64) -> ()
    scf.for %j = %c0 to %c9 step %c1 {
      %x = tensor.extract %4[%i, %j] : tensor<7x9xf64>
      func.call @print(%x) : (f64) -> ()
    }
  }
  return
}
