// A layer with one derivative channel, forward and backward, on small integers: the same figures with and without
// fusion, bit by bit.
//
// RUN: costate-opt %s -costate-drop-unit-dimensions -costate-fuse-elementwise -costate-fuse-sums -costate-rematerialize \
// RUN:   -costate-fuse-contractions -canonicalize -cse \
// RUN:   -one-shot-bufferize=bufferize-function-boundaries -costate-vectorize-tiles %lower \
// RUN:   | mlir-runner -O1 -e main -entry-point-result=void \
// RUN:   -shared-libs=%mlir_libs/libmlir_runner_utils.so,%mlir_libs/libmlir_c_runner_utils.so | sed 's/base@ = [^ ]*//' > %t.fused
// RUN: costate-opt %s -convert-elementwise-to-linalg -one-shot-bufferize=bufferize-function-boundaries \
// RUN:   -convert-linalg-to-loops %lower | mlir-runner -O1 -e main -entry-point-result=void \
// RUN:   -shared-libs=%mlir_libs/libmlir_runner_utils.so,%mlir_libs/libmlir_c_runner_utils.so | sed 's/base@ = [^ ]*//' > %t.plain
// RUN: diff %t.plain %t.fused
// RUN: FileCheck %s < %t.fused
// CHECK-COUNT-2: rank = 2

func.func private @printMemrefF32(tensor<*xf32>) attributes {llvm.emit_c_interface}

func.func private @layer(%w: tensor<5x3xf32>, %b: tensor<5xf32>, %x: tensor<3x16xf32>, %dx: tensor<3x16xf32>)
    -> (tensor<5x3xf32>, tensor<5x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %two = arith.constant dense<2.0> : tensor<5x16xf32>
  %e = tensor.empty() : tensor<5x16xf32>
  %bias = linalg.broadcast ins(%b : tensor<5xf32>) outs(%e : tensor<5x16xf32>) dimensions = [1]
  %none = linalg.fill ins(%zero : f32) outs(%e : tensor<5x16xf32>) -> tensor<5x16xf32>
  %z = linalg.matmul ins(%w, %x : tensor<5x3xf32>, tensor<3x16xf32>) outs(%bias : tensor<5x16xf32>) -> tensor<5x16xf32>
  %dz = linalg.matmul ins(%w, %dx : tensor<5x3xf32>, tensor<3x16xf32>) outs(%none : tensor<5x16xf32>) -> tensor<5x16xf32>
  // The activation is z^2; its derivative 2 z, used forward and backward.
  %a = arith.mulf %z, %z : tensor<5x16xf32>
  %s = arith.mulf %two, %z : tensor<5x16xf32>
  %da = arith.mulf %s, %dz : tensor<5x16xf32>
  %r = arith.addf %a, %da : tensor<5x16xf32>
  %sum = linalg.reduce { arith.addf } ins(%r : tensor<5x16xf32>) outs(%b : tensor<5xf32>) dimensions = [1]
  %back = linalg.broadcast ins(%sum : tensor<5xf32>) outs(%e : tensor<5x16xf32>) dimensions = [1]
  %g = arith.mulf %back, %s : tensor<5x16xf32>
  %h = arith.mulf %dz, %two : tensor<5x16xf32>
  %k = arith.addf %g, %h : tensor<5x16xf32>
  %we = tensor.empty() : tensor<5x3xf32>
  %w0 = linalg.fill ins(%zero : f32) outs(%we : tensor<5x3xf32>) -> tensor<5x3xf32>
  %g0 = linalg.contract indexing_maps = [affine_map<(j, k, l) -> (j, l)>, affine_map<(j, k, l) -> (k, l)>,
                                         affine_map<(j, k, l) -> (j, k)>]
    ins(%k, %x : tensor<5x16xf32>, tensor<3x16xf32>) outs(%w0 : tensor<5x3xf32>) -> tensor<5x3xf32>
  %g1 = linalg.contract indexing_maps = [affine_map<(j, k, l) -> (j, l)>, affine_map<(j, k, l) -> (k, l)>,
                                         affine_map<(j, k, l) -> (j, k)>]
    ins(%s, %dx : tensor<5x16xf32>, tensor<3x16xf32>) outs(%g0 : tensor<5x3xf32>) -> tensor<5x3xf32>
  return %g1, %r : tensor<5x3xf32>, tensor<5x16xf32>
}

func.func @main() {
  %w = arith.constant dense<[[1.0, -2.0, 0.0], [2.0, 1.0, 1.0], [-1.0, 0.0, 2.0], [0.0, 1.0, -1.0], [1.0, 1.0, 1.0]]> : tensor<5x3xf32>
  %b = arith.constant dense<[1.0, 0.0, -1.0, 2.0, 0.0]> : tensor<5xf32>
  %x = arith.constant dense<[[0.0, 1.0, 2.0, -1.0, 1.0, 0.0, 2.0, 1.0, 0.0, 1.0, 2.0, -1.0, 1.0, 0.0, 2.0, 1.0],
                             [1.0, 1.0, 0.0, 2.0, -1.0, 0.0, 1.0, 1.0, 1.0, -1.0, 0.0, 2.0, 1.0, 0.0, 1.0, 0.0],
                             [2.0, 0.0, 1.0, 1.0, 1.0, -1.0, 0.0, 1.0, 2.0, 0.0, 0.0, 1.0, 1.0, 2.0, 0.0, 1.0]]> : tensor<3x16xf32>
  %dx = arith.constant dense<[[1.0, 0.0, 1.0, -1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, -1.0, 1.0, 0.0, 2.0, 0.0],
                              [0.0, 1.0, 0.0, 1.0, -1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0],
                              [1.0, 0.0, 1.0, 0.0, 1.0, -1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 1.0]]> : tensor<3x16xf32>
  %g, %r = call @layer(%w, %b, %x, %dx) : (tensor<5x3xf32>, tensor<5xf32>, tensor<3x16xf32>, tensor<3x16xf32>)
    -> (tensor<5x3xf32>, tensor<5x16xf32>)
  %gu = tensor.cast %g : tensor<5x3xf32> to tensor<*xf32>
  %ru = tensor.cast %r : tensor<5x16xf32> to tensor<*xf32>
  call @printMemrefF32(%gu) : (tensor<*xf32>) -> ()
  call @printMemrefF32(%ru) : (tensor<*xf32>) -> ()
  return
}
