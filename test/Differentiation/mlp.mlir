// RUN: costate-opt %s -costate-expand-transforms | FileCheck %s

#matrix = affine_map<(i, k) -> (i, k)>
#input = affine_map<(i, k) -> (k)>
#output = affine_map<(i, k) -> (i)>

func.func @net(%w1: tensor<4x2xf64>, %b1: tensor<4xf64>, %w2: tensor<1x4xf64>, %x: tensor<2xf64>) -> tensor<1xf64> {
  %zero = arith.constant 0.0 : f64
  %e1 = tensor.empty() : tensor<4xf64>
  %z1 = linalg.fill ins(%zero : f64) outs(%e1 : tensor<4xf64>) -> tensor<4xf64>
  %p = linalg.matvec ins(%w1, %x : tensor<4x2xf64>, tensor<2xf64>) outs(%z1 : tensor<4xf64>) -> tensor<4xf64>
  %q = arith.addf %p, %b1 : tensor<4xf64>
  %h = math.tanh %q : tensor<4xf64>
  %e2 = tensor.empty() : tensor<1xf64>
  %z2 = linalg.fill ins(%zero : f64) outs(%e2 : tensor<1xf64>) -> tensor<1xf64>
  %u = linalg.contract indexing_maps = [#matrix, #input, #output]
    ins(%w2, %h : tensor<1x4xf64>, tensor<4xf64>) outs(%z2 : tensor<1xf64>) -> tensor<1xf64>
  return %u : tensor<1xf64>
}

// The gradients by the weights are outer products of a cotangent and an activation.
// CHECK-LABEL: func private @net_vjp
// CHECK-SAME: (%[[W1:.*]]: tensor<4x2xf64>, %[[B1:.*]]: tensor<4xf64>, %[[W2:.*]]: tensor<1x4xf64>, %[[X:.*]]: tensor<2xf64>, %[[CT:.*]]: tensor<1xf64>)
// CHECK: %[[P:.*]] = linalg.contract {{.*}} ins(%[[W1]], %[[X]]
// CHECK: %[[Q:.*]] = arith.addf %[[P]], %[[B1]]
// CHECK: %[[H:.*]] = math.tanh %[[Q]]
// CHECK: %[[HH:.*]] = arith.mulf %[[H]], %[[H]]
// CHECK: %[[D:.*]] = arith.subf %{{.*}}, %[[HH]]
// CHECK: %[[Y:.*]] = linalg.contract {{.*}} ins(%[[W2]], %[[H]]
// CHECK: %[[DH:.*]] = linalg.contract {{.*}} ins(%[[W2]], %[[CT]]
// CHECK: %[[DW2:.*]] = linalg.generic {{.*}} ins(%[[CT]], %[[H]]
// CHECK: %[[DB1:.*]] = arith.mulf %[[DH]], %[[D]]
// CHECK: %[[DW1:.*]] = linalg.generic {{.*}} ins(%[[DB1]], %[[X]]
// CHECK: return %[[Y]], %[[DW1]], %[[DB1]], %[[DW2]]
costate.derive @net_vjp = vjp @net wrt [0, 1, 2]

// CHECK-LABEL: func private @net_jvp
// CHECK-COUNT-4: linalg.contract
// CHECK-NOT: linalg.contract
// CHECK: return
costate.derive @net_jvp = jvp @net wrt [3]

// With a = tanh' and b = tanh'' = -2·tanh·tanh', of the hidden layer h: u_xx = W2 (b·h_x·h_x), u_xy = W2 (b·h_x·h_y).
// CHECK-LABEL: func private @net_jet
// CHECK-SAME: (%[[W1:.*]]: tensor<4x2xf64>, %[[B1:.*]]: tensor<4xf64>, %[[W2:.*]]: tensor<1x4xf64>, %[[X:.*]]: tensor<2xf64>)
// CHECK-DAG: %[[EX:.*]] = arith.constant dense<[1.000000e+00, 0.000000e+00]>
// CHECK-DAG: %[[EY:.*]] = arith.constant dense<[0.000000e+00, 1.000000e+00]>
// CHECK-DAG: %[[PX:.*]] = linalg.contract {{.*}} ins(%[[W1]], %[[EX]]
// CHECK-DAG: %[[PY:.*]] = linalg.contract {{.*}} ins(%[[W1]], %[[EY]]
// CHECK: %[[H:.*]] = math.tanh
// CHECK: %[[HH:.*]] = arith.mulf %[[H]], %[[H]]
// CHECK: %[[A:.*]] = arith.subf %{{.*}}, %[[HH]]
// CHECK: %[[HX:.*]] = arith.mulf %[[A]], %[[PX]]
// CHECK: %[[HA:.*]] = arith.mulf %[[H]], %[[A]]
// CHECK: %[[B:.*]] = arith.mulf %[[HA]], %{{.*}}
// CHECK: %[[PXX:.*]] = arith.mulf %[[PX]], %[[PX]]
// CHECK: %[[HXX:.*]] = arith.mulf %[[B]], %[[PXX]]
// CHECK: %[[PXY:.*]] = arith.mulf %[[PX]], %[[PY]]
// CHECK: %[[HXY:.*]] = arith.mulf %[[B]], %[[PXY]]
// CHECK: %[[UX:.*]] = linalg.contract {{.*}} ins(%[[W2]], %[[HX]]
// CHECK: %[[UXX:.*]] = linalg.contract {{.*}} ins(%[[W2]], %[[HXX]]
// CHECK: %[[UXY:.*]] = linalg.contract {{.*}} ins(%[[W2]], %[[HXY]]
// CHECK: return %[[UX]], %[[UXX]], %[[UXY]]
costate.derive @net_jet = jet @net variables [[3, 0], [3, 1]] indices [[1, 0], [2, 0], [1, 1]]

// One row, so backwards.
// CHECK-LABEL: func private @net_jacobian
// CHECK: %[[ROW:.*]] = linalg.contract {{.*}} -> tensor<2xf64>
// CHECK: tensor.insert_slice %[[ROW]] into %{{.*}}[0, 0] [1, 2] [1, 1] : tensor<2xf64> into tensor<1x2xf64>
costate.derive @net_jacobian = jacobian @net wrt [3]
