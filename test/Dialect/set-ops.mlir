// RUN: costate-opt %s | costate-opt | FileCheck %s
// RUN: costate-opt %s -mlir-print-op-generic | costate-opt | FileCheck %s

func.func private @loss(tensor<20x2xf32>, tensor<2xf32>, f32) -> (tensor<20x2xf32>, f32)
func.func private @net(tensor<20x2xf32>, tensor<2xf32>) -> tensor<1xf32>

// CHECK: costate.derive @loss_vjp = vjp @loss wrt [0]
costate.derive @loss_vjp = vjp @loss wrt [0]

// CHECK-LABEL: func @sets
func.func @sets(%w: tensor<20x2xf32>, %x: tensor<2x?xf32>, %n: index, %s: f32, %d: tensor<1x?xf32>) -> (f32, tensor<1x?xf32>) {
  // CHECK: costate.reduce_set @loss uniform(%{{.*}} : tensor<20x2xf32>) over(%{{.*}} : tensor<2x?xf32>) count %{{.*}} weight %{{.*}} : f32 -> tensor<20x2xf32>, f32
  %g:2 = costate.reduce_set @loss uniform(%w : tensor<20x2xf32>) over(%x : tensor<2x?xf32>) count %n weight %s : f32 -> tensor<20x2xf32>, f32
  // CHECK: costate.map_set @net uniform(%{{.*}} : tensor<20x2xf32>) over(%{{.*}} : tensor<2x?xf32>) count %{{.*}} into(%{{.*}} : tensor<1x?xf32>) -> tensor<1x?xf32>
  %u = costate.map_set @net uniform(%w : tensor<20x2xf32>) over(%x : tensor<2x?xf32>) count %n into(%d : tensor<1x?xf32>) -> tensor<1x?xf32>
  return %g#1, %u : f32, tensor<1x?xf32>
}
