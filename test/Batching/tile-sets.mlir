// RUN: costate-opt %s -costate-tile-sets="tile=16 chunks=8" -canonicalize -cse | FileCheck %s

// CHECK-DAG: affine_map<(d0, d1, d2) -> (d0 + d1, d2)>

// One dense layer, its squared output, and the gradient of the sum by the weight.
// CHECK-NOT: func private
func.func private @loss(%w: tensor<3x2xf64>, %x: tensor<2xf64>, %weight: f64) -> (tensor<3x2xf64>, f64) {
  %zero = arith.constant dense<0.0> : tensor<3xf64>
  %z = linalg.matvec ins(%w, %x : tensor<3x2xf64>, tensor<2xf64>) outs(%zero : tensor<3xf64>) -> tensor<3xf64>
  %two = arith.constant dense<2.0> : tensor<3xf64>
  %scale = tensor.splat %weight : tensor<3xf64>
  %d = arith.mulf %two, %z : tensor<3xf64>
  %s = arith.mulf %d, %scale : tensor<3xf64>
  %zero2 = arith.constant dense<0.0> : tensor<3x2xf64>
  %g = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
    ins(%s, %x : tensor<3xf64>, tensor<2xf64>) outs(%zero2 : tensor<3x2xf64>) {
  ^bb0(%a: f64, %b: f64, %o: f64):
    %p = arith.mulf %a, %b : f64
    linalg.yield %p : f64
  } -> tensor<3x2xf64>
  %c0 = arith.constant 0 : index
  %z0 = tensor.extract %z[%c0] : tensor<3xf64>
  %q = arith.mulf %z0, %weight : f64
  return %g, %q : tensor<3x2xf64>, f64
}

// CHECK-LABEL: func @step
// CHECK-SAME: (%[[W:.*]]: tensor<3x2xf64>, %[[X:.*]]: tensor<2x?xf64>, %[[N:.*]]: index
func.func @step(%w: tensor<3x2xf64>, %x: tensor<2x?xf64>, %n: index) -> (tensor<3x2xf64>, f64) {
  %one = arith.constant 1.0 : f64
  // CHECK: %[[TILES:.*]] = arith.ceildivsi %[[N]]
  // Two tiles a chunk, and four where that leaves four chunks.
  // CHECK: %[[TWO:.*]] = arith.ceildivsi %[[TILES]], %c2
  // CHECK: %[[FEW:.*]] = arith.minsi %[[TWO]], %c4
  // CHECK: %[[FOUR:.*]] = arith.ceildivsi %[[TILES]], %c4
  // CHECK: %[[WANTED:.*]] = arith.maxsi %[[FOUR]], %[[FEW]]
  // CHECK: %[[ACTIVE:.*]] = arith.minsi %[[WANTED]], %c8
  // CHECK: scf.forall (%[[C:.*]]) in (%[[ACTIVE]]) shared_outs({{.*}}) -> (tensor<8x3x2xf64>, tensor<8xf64>)
  // CHECK: scf.for %[[T:.*]] = {{.*}} iter_args(%[[G:.*]] = {{.*}}, %[[Q:.*]] = {{.*}}) -> (tensor<3x2xf64>, tensor<f64>)
  // CHECK: tensor.extract_slice %[[X]][0, %{{.*}}] [2, 16] [1, 1] : tensor<2x?xf64> to tensor<2x16xf64>
  // The weight stays without lanes, the activations have them, and the gradient contracts over them.
  // CHECK: linalg.generic {{.*}} ins(%[[W]], {{.*}} : tensor<3x2xf64>, tensor<2x16xf64>) outs({{.*}} : tensor<3x16xf64>)
  // CHECK: linalg.contract {{.*}} ins({{.*}} : tensor<3x16xf64>, tensor<2x16xf64>) outs(%[[G]] : tensor<3x2xf64>)
  // CHECK: linalg.generic {{.*}} ins({{.*}} : tensor<16xf64>) outs(%[[Q]] : tensor<f64>)
  // CHECK: tensor.parallel_insert_slice
  // The partial sums of the chunks that ran are added in their order.
  // CHECK: tensor.extract_slice %{{.*}}[0, 0, 0] [%[[ACTIVE]], 3, 2]
  // CHECK: linalg.generic {{.*}} iterator_types = ["reduction", "parallel", "parallel"]
  %g:2 = costate.reduce_set @loss uniform(%w : tensor<3x2xf64>) over(%x : tensor<2x?xf64>) count %n weight %one : f64 -> tensor<3x2xf64>, f64
  return %g#0, %g#1 : tensor<3x2xf64>, f64
}

// The gradient of the kernel of a convolution: the windows stay, the lanes are one more sum.
func.func private @kernel_gradient(%s: tensor<3xf64>, %x: tensor<5xf64>, %weight: f64) -> tensor<3xf64> {
  %d = tensor.splat %weight : tensor<3xf64>
  %zero = arith.constant dense<0.0> : tensor<3xf64>
  %g = linalg.generic {indexing_maps = [affine_map<(o, k) -> (o + k)>, affine_map<(o, k) -> (o)>, affine_map<(o, k) -> (k)>], iterator_types = ["reduction", "parallel"]}
    ins(%x, %d : tensor<5xf64>, tensor<3xf64>) outs(%zero : tensor<3xf64>) {
  ^bb0(%a: f64, %b: f64, %o: f64):
    %p = arith.mulf %a, %b : f64
    %q = arith.addf %o, %p : f64
    linalg.yield %q : f64
  } -> tensor<3xf64>
  return %g : tensor<3xf64>
}

// CHECK-LABEL: func @convolution
func.func @convolution(%s: tensor<3xf64>, %x: tensor<5x?xf64>, %n: index) -> tensor<3xf64> {
  // CHECK: linalg.generic {indexing_maps = [#[[WINDOWS:.*]], #{{.*}}, #{{.*}}], iterator_types = ["reduction", "parallel", "reduction"]} ins(%{{.*}}, %{{.*}} : tensor<5x16xf64>, tensor<3x16xf64>) outs(%{{.*}} : tensor<3xf64>)
  %one = arith.constant 1.0 : f64
  %g = costate.reduce_set @kernel_gradient uniform(%s : tensor<3xf64>) over(%x : tensor<5x?xf64>) count %n weight %one : f64 -> tensor<3xf64>
  return %g : tensor<3xf64>
}

func.func private @net(%w: tensor<3x2xf64>, %x: tensor<2xf64>) -> tensor<3xf64> {
  %zero = arith.constant dense<0.0> : tensor<3xf64>
  %z = linalg.matvec ins(%w, %x : tensor<3x2xf64>, tensor<2xf64>) outs(%zero : tensor<3xf64>) -> tensor<3xf64>
  return %z : tensor<3xf64>
}

// CHECK-LABEL: func @predict
func.func @predict(%w: tensor<3x2xf64>, %x: tensor<2x?xf64>, %n: index, %d: tensor<3x?xf64>) -> tensor<3x?xf64> {
  // CHECK: scf.forall
  // CHECK: tensor.parallel_insert_slice {{.*}} [3, 16] [1, 1] : tensor<3x16xf64> into tensor<3x?xf64>
  %u = costate.map_set @net uniform(%w : tensor<3x2xf64>) over(%x : tensor<2x?xf64>) count %n into(%d : tensor<3x?xf64>) -> tensor<3x?xf64>
  return %u : tensor<3x?xf64>
}

func.func private @single(%x: tensor<1xf64>, %weight: f64) -> f64 {
  %scalar = tensor.collapse_shape %x [] : tensor<1xf64> into tensor<f64>
  %square = arith.mulf %scalar, %scalar : tensor<f64>
  %matrix = tensor.expand_shape %square [] output_shape [1, 1] : tensor<f64> into tensor<1x1xf64>
  %cube = linalg.mul ins(%matrix, %matrix : tensor<1x1xf64>, tensor<1x1xf64>) outs(%matrix : tensor<1x1xf64>) -> tensor<1x1xf64>
  %c0 = arith.constant 0 : index
  %v = tensor.extract %cube[%c0, %c0] : tensor<1x1xf64>
  %w = arith.mulf %v, %weight : f64
  return %w : f64
}

// A tensor without dimensions has that of the lanes.
// CHECK-LABEL: func @no_dimension
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0, 1]] : tensor<1x16xf64> into tensor<16xf64>
// CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0, 1, 2]] output_shape [1, 1, 16] : tensor<16xf64> into tensor<1x1x16xf64>
func.func @no_dimension(%x: tensor<1x?xf64>, %n: index) -> f64 {
  %one = arith.constant 1.0 : f64
  %s = costate.reduce_set @single over(%x : tensor<1x?xf64>) count %n weight %one : f64 -> f64
  return %s : f64
}

func.func private @two_terms(%b: tensor<3xf64>, %x: tensor<3xf64>, %weight: f64) -> tensor<3xf64> {
  %w = tensor.splat %weight : tensor<3xf64>
  %p = arith.mulf %x, %w : tensor<3xf64>
  %q = arith.mulf %p, %x : tensor<3xf64>
  %s = arith.addf %p, %q : tensor<3xf64>
  return %s : tensor<3xf64>
}

// Two terms that are no outer products are added before their lanes are.
// CHECK-LABEL: func @sum_of_terms
// CHECK: %[[S:.*]] = arith.addf %{{.*}}, %{{.*}} : tensor<3x16xf64>
// CHECK: linalg.generic {{.*}} ins(%[[S]] : tensor<3x16xf64>)
// CHECK-NOT: tensor<3x16xf64>
func.func @sum_of_terms(%b: tensor<3xf64>, %x: tensor<3x?xf64>, %n: index) -> tensor<3xf64> {
  %one = arith.constant 1.0 : f64
  %s = costate.reduce_set @two_terms uniform(%b : tensor<3xf64>) over(%x : tensor<3x?xf64>) count %n weight %one : f64 -> tensor<3xf64>
  return %s : tensor<3xf64>
}
