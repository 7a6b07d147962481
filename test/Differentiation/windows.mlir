// RUN: costate-opt %s -costate-expand-transforms | FileCheck %s

// Backwards a convolution is a convolution: by the filter one of the image and the cotangent, by the image one of the
// cotangent, between zeros, and the filter, which is read backwards. Nothing is scattered.

// CHECK-DAG: #[[WINDOW:.*]] = affine_map<(d0, d1) -> (d0 * 2 + d1 * 2)>
// CHECK-DAG: #[[O:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-DAG: #[[K:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-DAG: #[[BACK:.*]] = affine_map<(d0, d1) -> (d0 * -2 + d1 + 4)>

#window = affine_map<(o, k) -> (2 * o + 2 * k)>
#filter = affine_map<(o, k) -> (k)>
#result = affine_map<(o, k) -> (o)>

func.func @convolution(%x: tensor<11xf64>, %w: tensor<3xf64>, %o: tensor<4xf64>) -> tensor<4xf64> {
  %y = linalg.generic {indexing_maps = [#window, #filter, #result], iterator_types = ["parallel", "reduction"]}
    ins(%x, %w : tensor<11xf64>, tensor<3xf64>) outs(%o : tensor<4xf64>) {
  ^bb0(%i: f64, %k: f64, %s: f64):
    %m = arith.mulf %i, %k : f64
    %n = arith.addf %m, %s : f64
    linalg.yield %n : f64
  } -> tensor<4xf64>
  return %y : tensor<4xf64>
}
costate.derive @convolution_vjp = vjp @convolution wrt [0, 1]

// CHECK-LABEL: func private @convolution_vjp
// CHECK-SAME: (%[[X:.*]]: tensor<11xf64>, %[[W:.*]]: tensor<3xf64>, %{{.*}}: tensor<4xf64>, %[[CT:.*]]: tensor<4xf64>)
// CHECK: %[[BY_FILTER:.*]] = linalg.generic {indexing_maps = [#[[WINDOW]], #[[O]], #[[K]]], iterator_types = ["reduction", "parallel"]} ins(%[[X]], %[[CT]] : tensor<11xf64>, tensor<4xf64>)
// CHECK: %[[Z:.*]] = tensor.insert_slice %[[CT]] into %{{.*}}[4] [4] [2] : tensor<4xf64> into tensor<15xf64>
// CHECK: %[[BY_IMAGE:.*]] = linalg.generic {indexing_maps = [#[[BACK]], #[[O]], #[[K]]], iterator_types = ["reduction", "parallel"]} ins(%[[Z]], %[[W]] : tensor<15xf64>, tensor<3xf64>)
// CHECK: return %{{.*}}, %[[BY_IMAGE]], %[[BY_FILTER]]

// The cotangent of a maximum is divided among the elements that attain it.

func.func @largest(%x: tensor<4x5xf64>, %o: tensor<4xf64>) -> tensor<4xf64> {
  %y = linalg.reduce { arith.maximumf } ins(%x : tensor<4x5xf64>) outs(%o : tensor<4xf64>) dimensions = [1]
  return %y : tensor<4xf64>
}
costate.derive @largest_vjp = vjp @largest wrt [0]

// CHECK-LABEL: func private @largest_vjp
// CHECK-SAME: (%[[X:.*]]: tensor<4x5xf64>, %[[INITIAL:.*]]: tensor<4xf64>, %[[CT:.*]]: tensor<4xf64>)
// CHECK: %[[MAX:.*]] = linalg.reduce { arith.maximumf } ins(%[[X]] : tensor<4x5xf64>) outs(%[[INITIAL]] : tensor<4xf64>) dimensions = [1]
// CHECK: %[[ON_ROWS:.*]] = linalg.broadcast ins(%[[MAX]]
// CHECK: %[[ATTAINS:.*]] = arith.cmpf oeq, %[[X]], %[[ON_ROWS]] : tensor<4x5xf64>
// CHECK: %[[INVERSE:.*]] = arith.divf %{{.*}}, %[[COUNT:.*]] : tensor<4xf64>
// CHECK: %[[SHARE:.*]] = arith.mulf %[[CT]], %[[INVERSE]] : tensor<4xf64>
// CHECK: %[[SHARES:.*]] = linalg.broadcast ins(%[[SHARE]]
// CHECK: %[[RESULT:.*]] = arith.select %[[ATTAINS]], %[[SHARES]], %{{.*}}
// CHECK: return %[[MAX]], %[[RESULT]]

// What a strided map never reads has no part in the derivative: zero times an infinite one would be none. Windows with gaps are
// read window by window, and what is beyond the last one is cut off.

// CHECK-LABEL: func private @strided_vjp
// CHECK-SAME: (%[[X:.*]]: tensor<5xf64>
// CHECK: %[[READ:.*]] = tensor.extract_slice %[[X]][0] [3] [2] : tensor<5xf64> to tensor<3xf64>
// CHECK: arith.divf %{{.*}}, %[[READ]] : tensor<3xf64>
// CHECK-NOT: arith.divf
// CHECK-LABEL: func private @covered_vjp
// CHECK-SAME: (%[[X:.*]]: tensor<6xf64>
// CHECK: %[[READ:.*]] = tensor.extract_slice %[[X]][0] [5] [1] : tensor<6xf64> to tensor<5xf64>
// CHECK: arith.divf %{{.*}}, %[[READ]] : tensor<5xf64>
// CHECK-NOT: arith.divf
// CHECK-LABEL: func private @gaps_vjp
// CHECK: arith.divf %{{.*}}, %{{.*}} : tensor<2x2xf64>
// CHECK-NOT: arith.divf
#even = affine_map<(d) -> (d * 2)>
#each = affine_map<(d) -> (d)>
#none = affine_map<(d) -> ()>
func.func @strided(%x: tensor<5xf64>, %y: tensor<3xf64>) -> tensor<f64> {
  %z = arith.constant dense<0.0> : tensor<f64>
  %m = linalg.generic {indexing_maps = [#even, #each, #none], iterator_types = ["reduction"]}
    ins(%x, %y : tensor<5xf64>, tensor<3xf64>) outs(%z : tensor<f64>) {
  ^bb0(%a: f64, %b: f64, %o: f64):
    %l = math.log %a : f64
    %p = arith.mulf %l, %b : f64
    %n = arith.addf %o, %p : f64
    linalg.yield %n : f64
  } -> tensor<f64>
  return %m : tensor<f64>
}
costate.derive @strided_vjp = vjp @strided wrt [0]
func.func @covered(%x: tensor<6xf64>, %y: tensor<3xf64>) -> tensor<2xf64> {
  %z = arith.constant dense<0.0> : tensor<2xf64>
  %m = linalg.generic {indexing_maps = [affine_map<(o, k) -> (o * 2 + k)>, affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o)>],
                       iterator_types = ["parallel", "reduction"]}
    ins(%x, %y : tensor<6xf64>, tensor<3xf64>) outs(%z : tensor<2xf64>) {
  ^bb0(%a: f64, %b: f64, %o: f64):
    %l = math.log %a : f64
    %p = arith.mulf %l, %b : f64
    %n = arith.addf %o, %p : f64
    linalg.yield %n : f64
  } -> tensor<2xf64>
  return %m : tensor<2xf64>
}
costate.derive @covered_vjp = vjp @covered wrt [0]
func.func @gaps(%x: tensor<5xf64>, %y: tensor<2xf64>) -> tensor<2xf64> {
  %z = arith.constant dense<0.0> : tensor<2xf64>
  %m = linalg.generic {indexing_maps = [affine_map<(o, k) -> (o * 3 + k)>, affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o)>],
                       iterator_types = ["parallel", "reduction"]}
    ins(%x, %y : tensor<5xf64>, tensor<2xf64>) outs(%z : tensor<2xf64>) {
  ^bb0(%a: f64, %b: f64, %o: f64):
    %l = math.log %a : f64
    %p = arith.mulf %l, %b : f64
    %n = arith.addf %o, %p : f64
    linalg.yield %n : f64
  } -> tensor<2xf64>
  return %m : tensor<2xf64>
}
costate.derive @gaps_vjp = vjp @gaps wrt [0]
