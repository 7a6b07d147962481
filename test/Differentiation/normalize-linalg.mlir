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

// What has no such form stays: the largest of a row.
// CHECK-LABEL: func @maximum
// CHECK: linalg.generic
func.func @maximum(%a: tensor<2x3xf64>, %o: tensor<2xf64>) -> tensor<2xf64> {
  %y = linalg.generic {indexing_maps = [#identity, #row], iterator_types = ["parallel", "reduction"]}
    ins(%a : tensor<2x3xf64>) outs(%o : tensor<2xf64>) {
  ^bb0(%x: f64, %acc: f64):
    %s = arith.maximumf %acc, %x : f64
    linalg.yield %s : f64
  } -> tensor<2xf64>
  return %y : tensor<2xf64>
}
