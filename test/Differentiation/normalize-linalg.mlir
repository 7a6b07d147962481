// RUN: costate-opt %s -costate-normalize-linalg | FileCheck %s

#identity = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#column = affine_map<(i, j) -> (j)>
#first = affine_map<(i, j) -> (0)>
#transposed = affine_map<(i, j) -> (j, i)>

// CHECK-LABEL: func @matmul
// CHECK-SAME: (%[[A:.*]]: tensor<2x3xf64>, %[[B:.*]]: tensor<3x4xf64>, %[[C:.*]]: tensor<2x4xf64>)
// CHECK: linalg.contract {{.*}} ins(%[[A]], %[[B]] : tensor<2x3xf64>, tensor<3x4xf64>) outs(%[[C]] : tensor<2x4xf64>)
func.func @matmul(%a: tensor<2x3xf64>, %b: tensor<3x4xf64>, %c: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %y = linalg.matmul ins(%a, %b : tensor<2x3xf64>, tensor<3x4xf64>) outs(%c : tensor<2x4xf64>) -> tensor<2x4xf64>
  return %y : tensor<2x4xf64>
}

// A dimension that one factor has alone is summed there, and what is left is no contraction.
// CHECK-LABEL: func @sum_of_one_factor
// CHECK-SAME: (%[[A:.*]]: tensor<2xf64>, %[[B:.*]]: tensor<3xf64>, %[[C:.*]]: tensor<2xf64>)
// CHECK: %[[R:.*]] = linalg.reduce ins(%[[B]] : tensor<3xf64>)
// CHECK: linalg.generic
// CHECK-SAME: iterator_types = ["parallel"]
// CHECK-SAME: ins(%[[A]], %[[R]] : tensor<2xf64>, tensor<f64>) outs(%[[C]] : tensor<2xf64>)
func.func @sum_of_one_factor(%a: tensor<2xf64>, %b: tensor<3xf64>, %c: tensor<2xf64>) -> tensor<2xf64> {
  %y = linalg.generic {indexing_maps = [#row, #column, #row], iterator_types = ["parallel", "reduction"]}
    ins(%a, %b : tensor<2xf64>, tensor<3xf64>) outs(%c : tensor<2xf64>) {
  ^bb0(%x: f64, %w: f64, %o: f64):
    %p = arith.mulf %x, %w : f64
    %s = arith.addf %o, %p : f64
    linalg.yield %s : f64
  } -> tensor<2xf64>
  return %y : tensor<2xf64>
}

// CHECK-LABEL: func @padded_by_value
// CHECK-SAME: (%[[X:.*]]: tensor<3xf64>, %[[V:.*]]: f64)
// CHECK: %[[S:.*]] = tensor.splat %[[V]] : tensor<5xf64>
// CHECK: tensor.insert_slice %[[X]] into %[[S]][1] [3] [1] : tensor<3xf64> into tensor<5xf64>
func.func @padded_by_value(%x: tensor<3xf64>, %v: f64) -> tensor<5xf64> {
  %y = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %v : f64
  } : tensor<3xf64> to tensor<5xf64>
  return %y : tensor<5xf64>
}

// CHECK-LABEL: func @elementwise
// CHECK-SAME: (%[[A:.*]]: tensor<2x3xf64>, %[[B:.*]]: tensor<3xf64>, %[[S:.*]]: f64, %{{.*}}: tensor<2x3xf64>)
// CHECK: %[[SIN:.*]] = math.sin %[[A]] : tensor<2x3xf64>
// CHECK: %[[COLUMN:.*]] = linalg.broadcast ins(%[[B]] : tensor<3xf64>) outs(%{{.*}} : tensor<2x3xf64>) dimensions = [0]
// CHECK: %[[P:.*]] = arith.mulf %[[SIN]], %[[COLUMN]] : tensor<2x3xf64>
// CHECK: %[[SLICE:.*]] = tensor.extract_slice %[[B]][0] [1] [1] : tensor<3xf64> to tensor<f64>
// CHECK: %[[ONE:.*]] = linalg.broadcast ins(%[[SLICE]] : tensor<f64>) outs(%{{.*}} : tensor<2x3xf64>) dimensions = [0, 1]
// CHECK: %[[Q:.*]] = arith.addf %[[P]], %[[ONE]] : tensor<2x3xf64>
// CHECK: %[[SPLAT:.*]] = tensor.splat %[[S]] : tensor<2x3xf64>
// CHECK: arith.subf %[[Q]], %[[SPLAT]] : tensor<2x3xf64>
func.func @elementwise(%a: tensor<2x3xf64>, %b: tensor<3xf64>, %s: f64, %o: tensor<2x3xf64>) -> tensor<2x3xf64> {
  %y = linalg.generic {indexing_maps = [#identity, #column, #first, #identity], iterator_types = ["parallel", "parallel"]}
    ins(%a, %b, %b : tensor<2x3xf64>, tensor<3xf64>, tensor<3xf64>) outs(%o : tensor<2x3xf64>) {
  ^bb0(%x: f64, %c: f64, %f: f64, %unused: f64):
    %sin = math.sin %x : f64
    %p = arith.mulf %sin, %c : f64
    %q = arith.addf %p, %f : f64
    %r = arith.subf %q, %s : f64
    linalg.yield %r : f64
  } -> tensor<2x3xf64>
  return %y : tensor<2x3xf64>
}

// CHECK-LABEL: func @transposed_result
// CHECK: %[[E:.*]] = math.exp %{{.*}} : tensor<2x3xf64>
// CHECK: linalg.transpose ins(%[[E]] : tensor<2x3xf64>) outs(%{{.*}} : tensor<3x2xf64>) permutation = [1, 0]
func.func @transposed_result(%a: tensor<2x3xf64>, %o: tensor<3x2xf64>) -> tensor<3x2xf64> {
  %y = linalg.generic {indexing_maps = [#identity, #transposed], iterator_types = ["parallel", "parallel"]}
    ins(%a : tensor<2x3xf64>) outs(%o : tensor<3x2xf64>) {
  ^bb0(%x: f64, %unused: f64):
    %e = math.exp %x : f64
    linalg.yield %e : f64
  } -> tensor<3x2xf64>
  return %y : tensor<3x2xf64>
}

// CHECK-LABEL: func @sum
// CHECK-SAME: (%[[A:.*]]: tensor<2x3xf64>, %[[O:.*]]: tensor<2xf64>)
// CHECK: %[[P:.*]] = math.absf %[[A]] : tensor<2x3xf64>
// CHECK: %[[R:.*]] = linalg.reduce ins(%[[P]] : tensor<2x3xf64>) {{.*}} dimensions = [1]
// CHECK: arith.addf %[[O]], %{{.*}} : tensor<2xf64>
func.func @sum(%a: tensor<2x3xf64>, %o: tensor<2xf64>) -> tensor<2xf64> {
  %y = linalg.generic {indexing_maps = [#identity, #row], iterator_types = ["parallel", "reduction"]}
    ins(%a : tensor<2x3xf64>) outs(%o : tensor<2xf64>) {
  ^bb0(%x: f64, %acc: f64):
    %p = math.absf %x : f64
    %s = arith.addf %acc, %p : f64
    linalg.yield %s : f64
  } -> tensor<2xf64>
  return %y : tensor<2xf64>
}

// CHECK-LABEL: func @map
// CHECK: arith.addf %{{.*}}, %{{.*}} : tensor<2xf64>
// CHECK: math.tanh %{{.*}} : tensor<2xf64>
func.func @map(%a: tensor<2xf64>, %b: tensor<2xf64>, %o: tensor<2xf64>) -> tensor<2xf64> {
  %s = linalg.map { arith.addf } ins(%a, %b : tensor<2xf64>, tensor<2xf64>) outs(%o : tensor<2xf64>)
  %y = linalg.elementwise kind=#linalg.elementwise_kind<tanh> ins(%s : tensor<2xf64>) outs(%o : tensor<2xf64>) -> tensor<2xf64>
  return %y : tensor<2xf64>
}

// CHECK-LABEL: func @maximum
// CHECK-SAME: (%[[A:.*]]: tensor<2x3xf64>, %[[O:.*]]: tensor<2xf64>)
// CHECK: linalg.reduce { arith.maximumf } ins(%[[A]] : tensor<2x3xf64>) outs(%[[O]] : tensor<2xf64>) dimensions = [1]
func.func @maximum(%a: tensor<2x3xf64>, %o: tensor<2xf64>) -> tensor<2xf64> {
  %y = linalg.generic {indexing_maps = [#identity, #row], iterator_types = ["parallel", "reduction"]}
    ins(%a : tensor<2x3xf64>) outs(%o : tensor<2xf64>) {
  ^bb0(%x: f64, %acc: f64):
    %s = arith.maximumf %acc, %x : f64
    linalg.yield %s : f64
  } -> tensor<2xf64>
  return %y : tensor<2xf64>
}

// A product is one of halves: 5 factors are 2, 1, then 1.
// CHECK-LABEL: func @product
// CHECK-SAME: (%[[A:.*]]: tensor<2x5xf64>, %[[O:.*]]: tensor<2xf64>)
// CHECK: arith.mulf %{{.*}}, %{{.*}} : tensor<2x2xf64>
// CHECK: tensor.concat dim(1) %{{.*}}, %{{.*}} : (tensor<2x2xf64>, tensor<2x1xf64>) -> tensor<2x3xf64>
// CHECK: arith.mulf %{{.*}}, %{{.*}} : tensor<2x1xf64>
// CHECK: arith.mulf %{{.*}}, %{{.*}} : tensor<2x1xf64>
// CHECK: arith.mulf %[[O]], %{{.*}} : tensor<2xf64>
func.func @product(%a: tensor<2x5xf64>, %o: tensor<2xf64>) -> tensor<2xf64> {
  %y = linalg.reduce { arith.mulf } ins(%a : tensor<2x5xf64>) outs(%o : tensor<2xf64>) dimensions = [1]
  return %y : tensor<2xf64>
}

// What is read at an offset and with a step is a slice.
// CHECK-LABEL: func @every_other
// CHECK: %[[S:.*]] = tensor.extract_slice %{{.*}}[1] [3] [2] : tensor<7xf64> to tensor<3xf64>
// CHECK: math.exp %[[S]] : tensor<3xf64>
func.func @every_other(%a: tensor<7xf64>, %o: tensor<3xf64>) -> tensor<3xf64> {
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (2 * i + 1)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%a : tensor<7xf64>) outs(%o : tensor<3xf64>) {
  ^bb0(%x: f64, %unused: f64):
    %e = math.exp %x : f64
    linalg.yield %e : f64
  } -> tensor<3xf64>
  return %y : tensor<3xf64>
}

// What a body reads at an index is gathered by a loop.
// CHECK-LABEL: func @gather
// CHECK-SAME: (%[[A:.*]]: tensor<7xf64>, %[[I:.*]]: tensor<3xi32>
// CHECK: %[[G:.*]] = scf.for %[[K:[a-z0-9]+]] = {{.*}} -> (tensor<3xf64>) {
// CHECK:   %[[AT:.*]] = tensor.extract %[[I]][%[[K]]] : tensor<3xi32>
// CHECK:   %[[INDEX:.*]] = arith.index_cast %[[AT]] : i32 to index
// CHECK:   %[[E:.*]] = tensor.extract %[[A]][%[[INDEX]]] : tensor<7xf64>
// CHECK:   tensor.insert %[[E]] into %{{.*}}[%[[K]]] : tensor<3xf64>
// CHECK: math.exp %[[G]] : tensor<3xf64>
func.func @gather(%a: tensor<7xf64>, %i: tensor<3xi32>, %o: tensor<3xf64>) -> tensor<3xf64> {
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%i : tensor<3xi32>) outs(%o : tensor<3xf64>) {
  ^bb0(%k: i32, %unused: f64):
    %index = arith.index_cast %k : i32 to index
    %x = tensor.extract %a[%index] : tensor<7xf64>
    %e = math.exp %x : f64
    linalg.yield %e : f64
  } -> tensor<3xf64>
  return %y : tensor<3xf64>
}
