// RUN: costate-opt %s -costate-expand-transforms -split-input-file | FileCheck %s

// Sixty-four seeds at a time, or a few more than that share: here 72 of 144, where the dimension is the last one.
// The seeds are made where they are needed.
func.func @f(%x: tensor<144xf64>, %w: tensor<144x144xf64>) -> tensor<144xf64> {
  %z = arith.constant dense<0.0> : tensor<144xf64>
  %s = math.sin %x : tensor<144xf64>
  %y = linalg.matvec ins(%w, %s : tensor<144x144xf64>, tensor<144xf64>) outs(%z : tensor<144xf64>) -> tensor<144xf64>
  return %y : tensor<144xf64>
}
// CHECK-LABEL: func private @f_jacobian
// CHECK-SAME: (%[[X:.*]]: tensor<144xf64>, %[[W:.*]]: tensor<144x144xf64>) -> tensor<144x144xf64>
// CHECK-DAG: %[[COS:.*]] = math.cos %[[X]]
// CHECK-DAG: %[[THREE:.*]] = arith.constant 3 : index
// CHECK: %[[R:.*]] = scf.for %[[I:.*]] = %{{.*}} to %[[THREE]] step %{{.*}} iter_args(%[[ALL:.*]] = %{{.*}}) -> (tensor<144x144xf64>)
// CHECK: %[[FIRST:.*]] = arith.minsi
// CHECK: linalg.index 0
// CHECK: linalg.index 1
// CHECK: linalg.contract
// CHECK-SAME: ins(%[[W]], %{{.*}} : tensor<144x144xf64>, tensor<144x48xf64>)
// CHECK: tensor.insert_slice %{{.*}} into %[[ALL]][0, %[[FIRST]]] [144, 48] [1, 1]
// CHECK: return %[[R]]
costate.derive @f_jacobian = jacobian @f wrt [0]

// -----

// Eight seeds have a copy each.
func.func @few(%x: tensor<8xf64>) -> tensor<8xf64> {
  %z = arith.constant dense<0.0> : tensor<f64>
  %d = linalg.dot ins(%x, %x : tensor<8xf64>, tensor<8xf64>) outs(%z : tensor<f64>) -> tensor<f64>
  %e = tensor.extract %d[] : tensor<f64>
  %s = tensor.splat %e : tensor<8xf64>
  %y = arith.mulf %s, %x : tensor<8xf64>
  return %y : tensor<8xf64>
}
// CHECK-LABEL: func private @few_jacobian
// CHECK-NOT: scf.for
// CHECK-NOT: linalg.index
// CHECK-COUNT-8: tensor.insert_slice
// CHECK-NOT: tensor.insert_slice
// CHECK: return
costate.derive @few_jacobian = jacobian @few wrt [0]

// -----

// Nine are a dimension.
func.func @nine(%x: tensor<9xf64>) -> tensor<9xf64> {
  %z = arith.constant dense<0.0> : tensor<f64>
  %d = linalg.dot ins(%x, %x : tensor<9xf64>, tensor<9xf64>) outs(%z : tensor<f64>) -> tensor<f64>
  %e = tensor.extract %d[] : tensor<f64>
  %s = tensor.splat %e : tensor<9xf64>
  %y = arith.mulf %s, %x : tensor<9xf64>
  return %y : tensor<9xf64>
}
// CHECK-LABEL: func private @nine_jacobian
// CHECK-NOT: scf.for
// CHECK: linalg.generic
// CHECK-NOT: tensor.insert_slice
// CHECK: return %{{.*}} : tensor<9x9xf64>
costate.derive @nine_jacobian = jacobian @nine wrt [0]

// -----

// Of a large sparse matrix the entries are put one by one where they belong, by a table.
func.func @tridiagonal(%x: tensor<100xf64>) -> tensor<100xf64> {
  %zero = arith.constant 0.0 : f64
  %p = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f64
  } : tensor<100xf64> to tensor<102xf64>
  %l = tensor.extract_slice %p[0] [100] [1] : tensor<102xf64> to tensor<100xf64>
  %r = tensor.extract_slice %p[2] [100] [1] : tensor<102xf64> to tensor<100xf64>
  %m = arith.mulf %l, %r : tensor<100xf64>
  %y = arith.mulf %m, %x : tensor<100xf64>
  return %y : tensor<100xf64>
}
// CHECK-LABEL: func private @tridiagonal_jacobian
// CHECK-COUNT-3: tensor.insert_slice %{{.*}} into %{{.*}} : tensor<100xf64> into tensor<100x3xf64>
// CHECK-DAG: arith.constant dense<{{.*}}> : tensor<298xi32>
// CHECK: scf.for
// CHECK: tensor.extract %{{.*}} : tensor<300xf64>
// CHECK: tensor.insert %{{.*}} : tensor<10000xf64>
// CHECK: tensor.expand_shape
costate.derive @tridiagonal_jacobian = jacobian @tridiagonal wrt [0]
