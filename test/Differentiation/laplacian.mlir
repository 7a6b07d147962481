// A Laplacian of a network of two hidden layers is carried as one channel beside the first derivatives: the second
// layer has three contractions of first derivatives and one of the Laplacian, not three of second derivatives.
//
// RUN: costate-opt %s -costate-expand-transforms | FileCheck %s

func.func @net(%w1: tensor<8x3xf64>, %w2: tensor<8x8xf64>, %w3: tensor<1x8xf64>, %x: tensor<3xf64>) -> tensor<1xf64> {
  %z8 = arith.constant dense<0.0> : tensor<8xf64>
  %z1 = arith.constant dense<0.0> : tensor<1xf64>
  %p = linalg.matvec ins(%w1, %x : tensor<8x3xf64>, tensor<3xf64>) outs(%z8 : tensor<8xf64>) -> tensor<8xf64>
  %h = math.tanh %p : tensor<8xf64>
  %q = linalg.matvec ins(%w2, %h : tensor<8x8xf64>, tensor<8xf64>) outs(%z8 : tensor<8xf64>) -> tensor<8xf64>
  %g = math.tanh %q : tensor<8xf64>
  %u = linalg.matvec ins(%w3, %g : tensor<1x8xf64>, tensor<8xf64>) outs(%z1 : tensor<1xf64>) -> tensor<1xf64>
  return %u : tensor<1xf64>
}

// CHECK-LABEL: func private @laplacian
// First layer: the value and three directions.
// CHECK-COUNT-4: linalg.contract {{.*}} ins(%{{.*}}, %{{.*}} : tensor<8x3xf64>, tensor<3xf64>)
// CHECK-NOT: tensor<8x3xf64>
// Second layer: the value, three first derivatives, the Laplacian.
// CHECK-COUNT-5: linalg.contract {{.*}} ins(%{{.*}}, %{{.*}} : tensor<8x8xf64>, tensor<8xf64>)
// CHECK-NOT: tensor<8x8xf64>
// Last: the Laplacian only, as nobody asks for u or its gradient.
// CHECK: linalg.contract {{.*}} ins(%{{.*}}, %{{.*}} : tensor<1x8xf64>, tensor<8xf64>)
// CHECK-NOT: linalg.contract
// CHECK: return
costate.derive @laplacian = jet @net variables [[3, 0], [3, 1], [3, 2]] indices [[2, 0, 0], [0, 2, 0], [0, 0, 2]] weights [[1.0, 1.0, 1.0]]

// u_t - ν u_xx of a network in (t, x, y): u_t joins the channel of u_xx, and t needs no channel of its own.
// CHECK-LABEL: func private @heat
// CHECK-COUNT-3: linalg.contract {{.*}} ins(%{{.*}}, %{{.*}} : tensor<8x3xf64>, tensor<3xf64>)
// CHECK-NOT: tensor<8x3xf64>
// CHECK-COUNT-3: linalg.contract {{.*}} ins(%{{.*}}, %{{.*}} : tensor<8x8xf64>, tensor<8xf64>)
// CHECK-NOT: tensor<8x8xf64>
// CHECK: linalg.contract {{.*}} ins(%{{.*}}, %{{.*}} : tensor<1x8xf64>, tensor<8xf64>)
// CHECK-NOT: linalg.contract
// CHECK: return
costate.derive @heat = jet @net variables [[3, 0], [3, 1]] indices [[1, 0], [0, 2]] weights [[1.0, -0.01]]

// Δ² in the plane: the value, two first derivatives, three second ones, ∂_x Δ and ∂_y Δ for the four third ones, and Δ² itself.
// CHECK-LABEL: func private @bilaplacian
// CHECK-COUNT-3: linalg.contract {{.*}} ins(%{{.*}}, %{{.*}} : tensor<8x3xf64>, tensor<3xf64>)
// CHECK-NOT: tensor<8x3xf64>
// CHECK-COUNT-9: linalg.contract {{.*}} ins(%{{.*}}, %{{.*}} : tensor<8x8xf64>, tensor<8xf64>)
// CHECK-NOT: tensor<8x8xf64>
// CHECK: linalg.contract {{.*}} ins(%{{.*}}, %{{.*}} : tensor<1x8xf64>, tensor<8xf64>)
// CHECK-NOT: linalg.contract
// CHECK: return
costate.derive @bilaplacian = jet @net variables [[3, 0], [3, 1]] indices [[4, 0], [2, 2], [0, 4]] weights [[1.0, 2.0, 1.0]]

// One mixed derivative of order four has nothing to share: all eight below it, and itself.
// CHECK-LABEL: func private @mixed
// CHECK-COUNT-9: linalg.contract {{.*}} ins(%{{.*}}, %{{.*}} : tensor<8x8xf64>, tensor<8xf64>)
// CHECK-NOT: tensor<8x8xf64>
// CHECK: return
costate.derive @mixed = jet @net variables [[3, 0], [3, 1]] indices [[2, 2]]
