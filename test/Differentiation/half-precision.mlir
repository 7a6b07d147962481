// RUN: costate-opt %s -costate-expand-transforms | FileCheck %s

// Tangents and cotangents have the type of their value: what is computed in f16 has them in f16, what is accumulated in f32 in f32.
func.func @layer(%w: tensor<2x3xf16>, %x: tensor<3xf16>, %b: tensor<2xf32>) -> tensor<2xf16> {
  %t = math.tanh %x : tensor<3xf16>
  %s = linalg.matvec ins(%w, %t : tensor<2x3xf16>, tensor<3xf16>) outs(%b : tensor<2xf32>) -> tensor<2xf32>
  %y = arith.truncf %s : tensor<2xf32> to tensor<2xf16>
  return %y : tensor<2xf16>
}
costate.derive @layer_vjp = vjp @layer wrt [0, 1, 2]

// CHECK-LABEL: func private @layer_vjp
// CHECK-SAME: (%[[W:[a-z0-9]+]]: tensor<2x3xf16>, %[[X:[a-z0-9]+]]: tensor<3xf16>, %[[B:[a-z0-9]+]]: tensor<2xf32>, %[[C:[a-z0-9]+]]: tensor<2xf16>)
// CHECK: %[[T:.*]] = math.tanh %[[X]] : tensor<3xf16>
// CHECK-DAG: %[[WX:.*]] = arith.extf %[[W]] : tensor<2x3xf16> to tensor<2x3xf32>
// CHECK-DAG: %[[TX:.*]] = arith.extf %[[T]] : tensor<3xf16> to tensor<3xf32>
// CHECK-DAG: %[[CX:.*]] = arith.extf %[[C]] : tensor<2xf16> to tensor<2xf32>
// CHECK-DAG: %[[BACK:.*]] = linalg.contract {{.*}} ins(%[[WX]], %[[CX]] : tensor<2x3xf32>, tensor<2xf32>) outs(%{{.*}} : tensor<3xf32>)
// CHECK-DAG: %[[HALF:.*]] = arith.truncf %[[BACK]] : tensor<3xf32> to tensor<3xf16>
// CHECK-DAG: %[[DX:.*]] = arith.mulf %[[HALF]], %{{.*}} : tensor<3xf16>
// CHECK-DAG: %[[DW:.*]] = arith.truncf %{{.*}} : tensor<2x3xf32> to tensor<2x3xf16>
// CHECK: return %{{.*}}, %[[DW]], %[[DX]], %[[CX]] : tensor<2xf16>, tensor<2x3xf16>, tensor<3xf16>, tensor<2xf32>

func.func @brain(%x: tensor<4xbf16>) -> bf16 {
  %z = arith.constant dense<0.0> : tensor<bf16>
  %m = arith.mulf %x, %x : tensor<4xbf16>
  %s = linalg.reduce { arith.addf } ins(%m : tensor<4xbf16>) outs(%z : tensor<bf16>) dimensions = [0]
  %y = tensor.extract %s[] : tensor<bf16>
  return %y : bf16
}
costate.derive @brain_jvp = jvp @brain wrt [0]

// CHECK-LABEL: func private @brain_jvp
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<4xbf16>, %[[DX:[a-z0-9]+]]: tensor<4xbf16>) -> (bf16, bf16)
// CHECK: arith.mulf %[[DX]], %[[X]] : tensor<4xbf16>
