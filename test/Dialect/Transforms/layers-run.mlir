// Layers on grids, executed on numbers that can be checked by hand.
// RUN: rm -rf %t && split-file %s %t
// RUN: costate-opt %t/net.mlir -costate-lower-networks | sed '/^}$/d' > %t/lowered.mlir
// RUN: echo '}' > %t/end.mlir
// RUN: sed '/^func.func private .*->/d' %t/main.mlir > %t/caller.mlir
// RUN: cat %t/lowered.mlir %t/caller.mlir %t/end.mlir > %t/all.mlir
// RUN: costate-opt %t/all.mlir -inline -canonicalize -cse %run_tensors -convert-math-to-libm -convert-func-to-llvm | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils -shared-libs=%memref_printer | FileCheck %t/main.mlir

//--- net.mlir
costate.network @second_difference(%x: tensor<1x6xf64>) -> tensor<1x6xf64> {
  %y = costate.conv %x -> 1 kernel [3] padding(periodic [1]) no_bias : tensor<1x6xf64> -> tensor<1x6xf64>
  costate.yield %y : tensor<1x6xf64>
}
costate.network @strided(%x: tensor<1x6xf64>) -> tensor<1x3xf64> {
  %y = costate.conv %x -> 1 kernel [3] stride [2] dilation [2] padding(zero [2]) : tensor<1x6xf64> -> tensor<1x3xf64>
  costate.yield %y : tensor<1x3xf64>
}
costate.network @transposed(%x: tensor<1x3xf64>) -> (tensor<1x7xf64>, tensor<1x6xf64>) {
  %y = costate.conv %x -> 1 kernel [3] stride [2] transposed no_bias : tensor<1x3xf64> -> tensor<1x7xf64>
  %z = costate.conv %x -> 1 kernel [3] stride [2] padding(periodic [1]) transposed no_bias : tensor<1x3xf64> -> tensor<1x6xf64>
  costate.yield %y, %z : tensor<1x7xf64>, tensor<1x6xf64>
}
costate.network @groups(%x: tensor<2x3xf64>) -> tensor<2x2xf64> {
  %y = costate.conv %x -> 2 kernel [2] groups 2 no_bias : tensor<2x3xf64> -> tensor<2x2xf64>
  costate.yield %y : tensor<2x2xf64>
}
costate.network @pools(%x: tensor<1x2x4xf64>) -> (tensor<1x1x2xf64>, tensor<1x1x3xf64>) {
  %y = costate.pool max %x window [2, 2] : tensor<1x2x4xf64> -> tensor<1x1x2xf64>
  %z = costate.pool average %x window [2, 2] stride [1, 1] : tensor<1x2x4xf64> -> tensor<1x1x3xf64>
  costate.yield %y, %z : tensor<1x1x2xf64>, tensor<1x1x3xf64>
}
costate.network @finer(%x: tensor<1x6xf64>) -> (tensor<1x12xf64>, tensor<1x12xf64>, tensor<1x12xf64>, tensor<1x12xf64>) {
  %n = costate.upsample nearest %x by [2] : tensor<1x6xf64> -> tensor<1x12xf64>
  %l = costate.upsample linear %x by [2] : tensor<1x6xf64> -> tensor<1x12xf64>
  %p = costate.upsample linear %x by [2] periodic : tensor<1x6xf64> -> tensor<1x12xf64>
  %c = costate.upsample cubic %x by [2] : tensor<1x6xf64> -> tensor<1x12xf64>
  costate.yield %n, %l, %p, %c : tensor<1x12xf64>, tensor<1x12xf64>, tensor<1x12xf64>, tensor<1x12xf64>
}
costate.network @norms(%x: tensor<2x4xf64>, %m: tensor<2xf64>, %v: tensor<2xf64>) -> (tensor<2x4xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2x4xf64>) {
  %y, %mean, %variance = costate.batch_norm %x over [1] epsilon 0.0 : tensor<2x4xf64>
  %z, %n, %w = costate.batch_norm %x over [1] using %m : tensor<2xf64>, %v : tensor<2xf64> epsilon 0.0 : tensor<2x4xf64>
  costate.yield %y, %mean, %variance, %z : tensor<2x4xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2x4xf64>
}

// -----
//--- main.mlir
func.func private @printMemrefF64(tensor<*xf64>)
func.func private @second_difference(tensor<1x1x3xf64>, tensor<1x6xf64>) -> tensor<1x6xf64>
func.func private @strided(tensor<1x1x3xf64>, tensor<1xf64>, tensor<1x6xf64>) -> tensor<1x3xf64>
func.func private @transposed(tensor<1x1x3xf64>, tensor<1x1x3xf64>, tensor<1x3xf64>) -> (tensor<1x7xf64>, tensor<1x6xf64>)
func.func private @groups(tensor<2x1x2xf64>, tensor<2x3xf64>) -> tensor<2x2xf64>
func.func private @pools(tensor<1x2x4xf64>) -> (tensor<1x1x2xf64>, tensor<1x1x3xf64>)
func.func private @finer(tensor<1x6xf64>) -> (tensor<1x12xf64>, tensor<1x12xf64>, tensor<1x12xf64>, tensor<1x12xf64>)
func.func private @norms(tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2x4xf64>, tensor<2xf64>, tensor<2xf64>) -> (tensor<2x4xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2x4xf64>)
func.func @main() {
  %squares = arith.constant dense<[[0.0, 1.0, 4.0, 9.0, 16.0, 25.0]]> : tensor<1x6xf64>
  %numbers = arith.constant dense<[[1.0, 2.0, 3.0]]> : tensor<1x3xf64>
  %d2 = arith.constant dense<[[[1.0, -2.0, 1.0]]]> : tensor<1x1x3xf64>
  %w = arith.constant dense<[[[1.0, 10.0, 100.0]]]> : tensor<1x1x3xf64>
  %half = arith.constant dense<0.5> : tensor<1xf64>

  // CHECK: [26, 2, 2, 2, 2, -34]
  %a = func.call @second_difference(%d2, %squares) : (tensor<1x1x3xf64>, tensor<1x6xf64>) -> tensor<1x6xf64>
  %a_ = tensor.cast %a : tensor<1x6xf64> to tensor<*xf64>
  func.call @printMemrefF64(%a_) : (tensor<*xf64>) -> ()

  // Elements -2, 0, 2, then 0, 2, 4, then 2, 4, 6 of the squares, weighed by 1, 10 and 100.
  // CHECK: [400.5, 1640.5, 164.5]
  %b = func.call @strided(%w, %half, %squares) : (tensor<1x1x3xf64>, tensor<1xf64>, tensor<1x6xf64>) -> tensor<1x3xf64>
  %b_ = tensor.cast %b : tensor<1x3xf64> to tensor<*xf64>
  func.call @printMemrefF64(%b_) : (tensor<*xf64>) -> ()

  // Copies of the kernel two elements apart; periodic, one to the left and wrapped.
  // CHECK: [1, 10, 102, 20, 203, 30, 300]
  // CHECK: [10, 102, 20, 203, 30, 301]
  %c:2 = func.call @transposed(%w, %w, %numbers) : (tensor<1x1x3xf64>, tensor<1x1x3xf64>, tensor<1x3xf64>) -> (tensor<1x7xf64>, tensor<1x6xf64>)
  %c0_ = tensor.cast %c#0 : tensor<1x7xf64> to tensor<*xf64>
  func.call @printMemrefF64(%c0_) : (tensor<*xf64>) -> ()
  %c1_ = tensor.cast %c#1 : tensor<1x6xf64> to tensor<*xf64>
  func.call @printMemrefF64(%c1_) : (tensor<*xf64>) -> ()

  // CHECK: [21, 32]
  // CHECK: [5400, 6500]
  %two = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf64>
  %v = arith.constant dense<[[[1.0, 10.0]], [[100.0, 1000.0]]]> : tensor<2x1x2xf64>
  %d = func.call @groups(%v, %two) : (tensor<2x1x2xf64>, tensor<2x3xf64>) -> tensor<2x2xf64>
  %d_ = tensor.cast %d : tensor<2x2xf64> to tensor<*xf64>
  func.call @printMemrefF64(%d_) : (tensor<*xf64>) -> ()

  // CHECK: [6, 9]
  // CHECK: [4, 3.75, 5]
  %grid = arith.constant dense<[[[2.0, 5.0, 1.0, 9.0], [3.0, 6.0, 3.0, 7.0]]]> : tensor<1x2x4xf64>
  %e:2 = func.call @pools(%grid) : (tensor<1x2x4xf64>) -> (tensor<1x1x2xf64>, tensor<1x1x3xf64>)
  %e0_ = tensor.cast %e#0 : tensor<1x1x2xf64> to tensor<*xf64>
  func.call @printMemrefF64(%e0_) : (tensor<*xf64>) -> ()
  %e1_ = tensor.cast %e#1 : tensor<1x1x3xf64> to tensor<*xf64>
  func.call @printMemrefF64(%e1_) : (tensor<*xf64>) -> ()

  // Half-pixel centres: the cubic has the squares of 1.25, 1.75, ..., 3.75 where no border is near.
  // CHECK: [0, 0, 1, 1, 4, 4, 9, 9, 16, 16, 25, 25]
  // CHECK: [0, 0.25, 0.75, 1.75, 3.25, 5.25, 7.75, 10.75, 14.25, 18.25, 22.75, 25]
  // CHECK: [6.25, 0.25, 0.75, 1.75, 3.25, 5.25, 7.75, 10.75, 14.25, 18.25, 22.75, 18.75]
  // CHECK: 1.5625, 3.0625, 5.0625, 7.5625, 10.5625, 14.0625,
  %f:4 = func.call @finer(%squares) : (tensor<1x6xf64>) -> (tensor<1x12xf64>, tensor<1x12xf64>, tensor<1x12xf64>, tensor<1x12xf64>)
  %f0_ = tensor.cast %f#0 : tensor<1x12xf64> to tensor<*xf64>
  func.call @printMemrefF64(%f0_) : (tensor<*xf64>) -> ()
  %f1_ = tensor.cast %f#1 : tensor<1x12xf64> to tensor<*xf64>
  func.call @printMemrefF64(%f1_) : (tensor<*xf64>) -> ()
  %f2_ = tensor.cast %f#2 : tensor<1x12xf64> to tensor<*xf64>
  func.call @printMemrefF64(%f2_) : (tensor<*xf64>) -> ()
  %f3_ = tensor.cast %f#3 : tensor<1x12xf64> to tensor<*xf64>
  func.call @printMemrefF64(%f3_) : (tensor<*xf64>) -> ()

  // Means 2 and 5, variances 1 and 4; scaled by 1 and 3, shifted by 0 and 10.
  // CHECK: [-1, 1, -1, 1]
  // CHECK: [7, 13, 7, 13]
  // CHECK: [2, 5]
  // CHECK: [1, 4]
  // CHECK: [0.5, 1.5, 0.5, 1.5]
  // CHECK: [6, 10, 6, 10]
  %rows = arith.constant dense<[[1.0, 3.0, 1.0, 3.0], [3.0, 7.0, 3.0, 7.0]]> : tensor<2x4xf64>
  %scale = arith.constant dense<[1.0, 3.0]> : tensor<2xf64>
  %shift = arith.constant dense<[0.0, 10.0]> : tensor<2xf64>
  %ones = arith.constant dense<[1.0, 1.0]> : tensor<2xf64>
  %zeros = arith.constant dense<[0.0, 0.0]> : tensor<2xf64>
  %means = arith.constant dense<[0.0, 1.0]> : tensor<2xf64>
  %fours = arith.constant dense<[4.0, 4.0]> : tensor<2xf64>
  %factor = arith.constant dense<[1.0, 2.0]> : tensor<2xf64>
  %addend = arith.constant dense<[0.0, 4.0]> : tensor<2xf64>
  %g:4 = func.call @norms(%scale, %shift, %factor, %addend, %rows, %means, %fours) : (tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2x4xf64>, tensor<2xf64>, tensor<2xf64>) -> (tensor<2x4xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2x4xf64>)
  %g0_ = tensor.cast %g#0 : tensor<2x4xf64> to tensor<*xf64>
  func.call @printMemrefF64(%g0_) : (tensor<*xf64>) -> ()
  %g1_ = tensor.cast %g#1 : tensor<2xf64> to tensor<*xf64>
  func.call @printMemrefF64(%g1_) : (tensor<*xf64>) -> ()
  %g2_ = tensor.cast %g#2 : tensor<2xf64> to tensor<*xf64>
  func.call @printMemrefF64(%g2_) : (tensor<*xf64>) -> ()
  %g3_ = tensor.cast %g#3 : tensor<2x4xf64> to tensor<*xf64>
  func.call @printMemrefF64(%g3_) : (tensor<*xf64>) -> ()
  return
}
