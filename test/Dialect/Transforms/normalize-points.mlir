// What a set calls, what that calls and what it derives from take the form that derivatives have: values are then computed once.
// Other functions stay.
// RUN: costate-opt %s -costate-normalize-points | FileCheck %s
// RUN: costate-opt %s -costate-level2-to-3 | FileCheck %s --check-prefix=ONCE
#id = affine_map<(i) -> (i)>

// CHECK-LABEL: @inner(
// CHECK-NOT: linalg.generic
// CHECK: math.sin %{{.*}} : tensor<3xf64>
func.func private @inner(%x: tensor<3xf64>) -> tensor<3xf64> {
  %e = tensor.empty() : tensor<3xf64>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<3xf64>) outs(%e : tensor<3xf64>) {
  ^bb0(%a: f64, %o: f64):
    %s = math.sin %a : f64
    linalg.yield %s : f64
  } -> tensor<3xf64>
  return %y : tensor<3xf64>
}
// CHECK-LABEL: @source(
// CHECK-NOT: affine
// CHECK: scf.for
func.func private @source(%p: f64, %x: tensor<3xf64>) -> f64 {
  %zero = arith.constant 0.0 : f64
  %y = func.call @inner(%x) : (tensor<3xf64>) -> tensor<3xf64>
  %s = affine.for %i = 0 to 3 iter_args(%sum = %zero) -> f64 {
    %v = tensor.extract %y[%i] : tensor<3xf64>
    %t = arith.addf %sum, %v : f64
    affine.yield %t : f64
  }
  %r = arith.mulf %p, %s : f64
  return %r : f64
}
costate.derive @source_vjp = vjp @source wrt [0]
// Values and derivatives use the same sum of sines.
// ONCE-LABEL: @point(
// ONCE: math.sin
// ONCE: scf.for
// ONCE-NOT: scf.for
// ONCE-NOT: math.sin
// ONCE-LABEL: func.func @other
func.func private @point(%p: f64, %x: tensor<3xf64>, %w: f64) -> (f64, f64) {
  %v = costate.call @source(%p, %x) : (f64, tensor<3xf64>) -> f64
  %value = arith.mulf %v, %w : f64
  %d:2 = costate.call @source_vjp(%p, %x, %w) : (f64, tensor<3xf64>, f64) -> (f64, f64)
  return %value, %d#1 : f64, f64
}
// CHECK-LABEL: func.func @other
// CHECK: affine.for
func.func @other(%x: f64) -> f64 {
  %s = affine.for %i = 0 to 3 iter_args(%sum = %x) -> f64 {
    %t = math.sin %sum : f64
    affine.yield %t : f64
  }
  return %s : f64
}
func.func @entry(%p: f64, %x: tensor<3x?xf64>, %n: index, %w: f64) -> (f64, f64) {
  %r:2 = costate.reduce_set @point uniform(%p : f64) over(%x : tensor<3x?xf64>) count %n weight %w : f64 -> f64, f64
  return %r#0, %r#1 : f64, f64
}
