// What other functions of a library call becomes part of them, also in a loop; what is private is dropped then.
// RUN: costatec %s --emit=mlir@4 | FileCheck %s
// RUN: costatec %s --emit=llvm | FileCheck %s --check-prefix=LLVM

// CHECK-NOT: @unused
// LLVM-NOT: @unused
func.func private @unused(%x: tensor<1000xf64>) -> (tensor<1000xf64>, f64) {
  %c0 = arith.constant 0 : index
  %y = math.sin %x : tensor<1000xf64>
  %z = math.cos %y : tensor<1000xf64>
  %a = tensor.extract %y[%c0] : tensor<1000xf64>
  return %z, %a : tensor<1000xf64>, f64
}

// CHECK-NOT: @swapped
// LLVM-NOT: @swapped
func.func private @swapped(%x: tensor<3xf64>, %a: f64) -> (f64, tensor<3xf64>) {
  %c1 = arith.constant 1 : index
  %s = tensor.splat %a : tensor<3xf64>
  %y = arith.addf %x, %s : tensor<3xf64>
  %b = tensor.extract %x[%c1] : tensor<3xf64>
  return %b, %y : f64, tensor<3xf64>
}

// CHECK: func.func @sums(
// CHECK-NOT: call
// CHECK: scf.for
// CHECK-NOT: call
// CHECK: return
// LLVM: define void @sums(
// LLVM-NOT: call {{.*}}@{{sw|un}}
func.func @sums(%x: tensor<3xf64>, %n: index) -> (tensor<3xf64>, f64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1.0 : f64
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%u = %x, %a = %one) -> (tensor<3xf64>, f64) {
    %s:2 = func.call @swapped(%u, %a) : (tensor<3xf64>, f64) -> (f64, tensor<3xf64>)
    scf.yield %s#1, %s#0 : tensor<3xf64>, f64
  }
  return %r#0, %r#1 : tensor<3xf64>, f64
}

// What is public is called by others, too.
// CHECK: func.func @sums_twice(
// CHECK-NOT: call
// CHECK: return
// LLVM: define void @sums_twice(
func.func @sums_twice(%x: tensor<3xf64>, %n: index) -> f64 {
  %a:2 = call @sums(%x, %n) : (tensor<3xf64>, index) -> (tensor<3xf64>, f64)
  %b:2 = call @sums(%a#0, %n) : (tensor<3xf64>, index) -> (tensor<3xf64>, f64)
  return %b#1 : f64
}

// Affine loops become part of a loop of scf.
// CHECK-NOT: @affine
func.func private @affine(%x: f64) -> f64 {
  %y = affine.for %i = 0 to 3 iter_args(%a = %x) -> f64 {
    %s = math.sin %a : f64
    affine.yield %s : f64
  }
  return %y : f64
}

// CHECK: func.func @calls_affine(
// CHECK-NOT: call
// CHECK: return
func.func @calls_affine(%x: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> f64 {
    %b = func.call @affine(%a) : (f64) -> f64
    scf.yield %b : f64
  }
  return %r : f64
}
