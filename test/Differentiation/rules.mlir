// The generated code of one op of each kind.
//
// RUN: costate-opt %s -costate-expand-transforms | FileCheck %s

func.func private @linear(%x: f64, %y: f64) -> f64 {
  %z = arith.subf %x, %y : f64
  return %z : f64
}
// CHECK-LABEL: func private @linear_jvp
// CHECK-SAME: (%[[ARG0:.*]]: f64, %[[ARG1:.*]]: f64, %[[ARG2:.*]]: f64, %[[ARG3:.*]]: f64)
// CHECK-NEXT: %[[V0:.*]] = arith.subf %[[ARG0]], %[[ARG1]] : f64
// CHECK-NEXT: %[[V1:.*]] = arith.subf %[[ARG2]], %[[ARG3]] : f64
// CHECK-NEXT: return %[[V0]], %[[V1]] : f64, f64
costate.derive @linear_jvp = jvp @linear wrt [0, 1]
// CHECK-LABEL: func private @linear_vjp
// CHECK-SAME: (%[[ARG0:.*]]: f64, %[[ARG1:.*]]: f64, %[[ARG2:.*]]: f64)
// CHECK-NEXT: %[[V0:.*]] = arith.subf %[[ARG0]], %[[ARG1]] : f64
// CHECK-NEXT: %[[V1:.*]] = arith.negf %[[ARG2]] : f64
// CHECK-NEXT: return %[[V0]], %[[ARG2]], %[[V1]] : f64, f64, f64
costate.derive @linear_vjp = vjp @linear wrt [0, 1]

func.func private @bilinear(%x: f64, %y: f64) -> f64 {
  %z = arith.mulf %x, %y : f64
  return %z : f64
}
// CHECK-LABEL: func private @bilinear_jvp
// CHECK-SAME: (%[[ARG0:.*]]: f64, %[[ARG1:.*]]: f64, %[[ARG2:.*]]: f64, %[[ARG3:.*]]: f64)
// CHECK-NEXT: %[[V0:.*]] = arith.mulf %[[ARG0]], %[[ARG1]] : f64
// CHECK-NEXT: %[[V1:.*]] = arith.mulf %[[ARG2]], %[[ARG1]] : f64
// CHECK-NEXT: %[[V2:.*]] = arith.mulf %[[ARG0]], %[[ARG3]] : f64
// CHECK-NEXT: %[[V3:.*]] = arith.addf %[[V1]], %[[V2]] : f64
// CHECK-NEXT: return %[[V0]], %[[V3]] : f64, f64
costate.derive @bilinear_jvp = jvp @bilinear wrt [0, 1]
// CHECK-LABEL: func private @bilinear_vjp
// CHECK-SAME: (%[[ARG0:.*]]: f64, %[[ARG1:.*]]: f64, %[[ARG2:.*]]: f64)
// CHECK-NEXT: %[[V0:.*]] = arith.mulf %[[ARG0]], %[[ARG1]] : f64
// CHECK-NEXT: %[[V1:.*]] = arith.mulf %[[ARG2]], %[[ARG0]] : f64
// CHECK-NEXT: %[[V2:.*]] = arith.mulf %[[ARG2]], %[[ARG1]] : f64
// CHECK-NEXT: return %[[V0]], %[[V2]], %[[V1]] : f64, f64, f64
costate.derive @bilinear_vjp = vjp @bilinear wrt [0, 1]
// CHECK-LABEL: func private @bilinear_jet
// CHECK-SAME: (%[[ARG0:.*]]: f64, %[[ARG1:.*]]: f64)
// CHECK-NEXT: %[[CST:.*]] = arith.constant 1.000000e+00 : f64
// CHECK-NEXT: return %[[CST]] : f64
costate.derive @bilinear_jet = jet @bilinear variables [[0, 0], [1, 0]] indices [[1, 1]]

func.func private @partials(%x: f64, %y: f64) -> f64 {
  %z = arith.divf %x, %y : f64
  return %z : f64
}
// CHECK-LABEL: func private @partials_jvp
// CHECK-SAME: (%[[ARG0:.*]]: f64, %[[ARG1:.*]]: f64, %[[ARG2:.*]]: f64, %[[ARG3:.*]]: f64)
// CHECK-NEXT: %[[V0:.*]] = arith.divf %[[ARG0]], %[[ARG1]] : f64
// CHECK-NEXT: %[[CST:.*]] = arith.constant 1.000000e+00 : f64
// CHECK-NEXT: %[[V1:.*]] = arith.divf %[[CST]], %[[ARG1]] : f64
// CHECK-NEXT: %[[V2:.*]] = arith.mulf %[[V1]], %[[ARG2]] : f64
// CHECK-NEXT: %[[V3:.*]] = arith.divf %[[V0]], %[[ARG1]] : f64
// CHECK-NEXT: %[[V4:.*]] = arith.negf %[[V3]] : f64
// CHECK-NEXT: %[[V5:.*]] = arith.mulf %[[V4]], %[[ARG3]] : f64
// CHECK-NEXT: %[[V6:.*]] = arith.addf %[[V2]], %[[V5]] : f64
// CHECK-NEXT: return %[[V0]], %[[V6]] : f64, f64
costate.derive @partials_jvp = jvp @partials wrt [0, 1]
// CHECK-LABEL: func private @partials_vjp
// CHECK-SAME: (%[[ARG0:.*]]: f64, %[[ARG1:.*]]: f64, %[[ARG2:.*]]: f64)
// CHECK-NEXT: %[[V0:.*]] = arith.divf %[[ARG0]], %[[ARG1]] : f64
// CHECK-NEXT: %[[CST:.*]] = arith.constant 1.000000e+00 : f64
// CHECK-NEXT: %[[V1:.*]] = arith.divf %[[CST]], %[[ARG1]] : f64
// CHECK-NEXT: %[[V2:.*]] = arith.divf %[[V0]], %[[ARG1]] : f64
// CHECK-NEXT: %[[V3:.*]] = arith.negf %[[V2]] : f64
// CHECK-NEXT: %[[V4:.*]] = arith.mulf %[[ARG2]], %[[V3]] : f64
// CHECK-NEXT: %[[V5:.*]] = arith.mulf %[[ARG2]], %[[V1]] : f64
// CHECK-NEXT: return %[[V0]], %[[V5]], %[[V4]] : f64, f64, f64
costate.derive @partials_vjp = vjp @partials wrt [0, 1]

func.func private @compose(%x: f64, %y: f64) -> f64 {
  %z = arith.maximumf %x, %y : f64
  return %z : f64
}
// CHECK-LABEL: func private @compose_jvp
// CHECK-SAME: (%[[ARG0:.*]]: f64, %[[ARG1:.*]]: f64, %[[ARG2:.*]]: f64)
// CHECK-NEXT: %[[V0:.*]] = arith.maximumf %[[ARG0]], %[[ARG1]] : f64
// CHECK-NEXT: %[[V1:.*]] = arith.cmpf ogt, %[[ARG0]], %[[ARG1]] : f64
// CHECK-NEXT: %[[CST:.*]] = arith.constant 0.000000e+00 : f64
// CHECK-NEXT: %[[V2:.*]] = arith.select %[[V1]], %[[ARG2]], %[[CST]] : f64
// CHECK-NEXT: return %[[V0]], %[[V2]] : f64, f64
costate.derive @compose_jvp = jvp @compose wrt [0]
// CHECK-LABEL: func private @compose_vjp
// CHECK-SAME: (%[[ARG0:.*]]: f64, %[[ARG1:.*]]: f64, %[[ARG2:.*]]: f64)
// CHECK-NEXT: %[[V0:.*]] = arith.maximumf %[[ARG0]], %[[ARG1]] : f64
// CHECK-NEXT: %[[V1:.*]] = arith.cmpf ogt, %[[ARG0]], %[[ARG1]] : f64
// CHECK-NEXT: %[[CST:.*]] = arith.constant 0.000000e+00 : f64
// CHECK-NEXT: %[[V2:.*]] = arith.select %[[V1]], %[[ARG2]], %[[CST]] : f64
// CHECK-NEXT: return %[[V0]], %[[V2]] : f64, f64
costate.derive @compose_vjp = vjp @compose wrt [0]

func.func private @tower(%x: f64) -> f64 {
  %z = math.sin %x : f64
  return %z : f64
}
// CHECK-LABEL: func private @tower_jet
// CHECK-SAME: (%[[ARG0:.*]]: f64)
// CHECK-NEXT: %[[V0:.*]] = math.cos %[[ARG0]] : f64
// CHECK-NEXT: %[[V1:.*]] = arith.negf %[[V0]] : f64
// CHECK-NEXT: return %[[V1]] : f64
costate.derive @tower_jet = jet @tower variables [[0, 0]] indices [[3]]

func.func private @structural(%x: tensor<4xf64>, %y: tensor<2xf64>) -> tensor<4xf64> {
  %z = tensor.insert_slice %y into %x[1] [2] [1] : tensor<2xf64> into tensor<4xf64>
  return %z : tensor<4xf64>
}
// CHECK-LABEL: func private @structural_vjp
// CHECK-SAME: (%[[ARG0:.*]]: tensor<4xf64>, %[[ARG1:.*]]: tensor<2xf64>, %[[ARG2:.*]]: tensor<4xf64>)
// CHECK-NEXT: %[[INSERTED_SLICE:.*]] = tensor.insert_slice %[[ARG1]] into %[[ARG0]][1] [2] [1] : tensor<2xf64> into tensor<4xf64>
// CHECK-NEXT: %[[EXTRACTED_SLICE:.*]] = tensor.extract_slice %[[ARG2]][1] [2] [1] : tensor<4xf64> to tensor<2xf64>
// CHECK-NEXT: %[[CST:.*]] = arith.constant dense<0.000000e+00> : tensor<2xf64>
// CHECK-NEXT: %[[INSERTED_SLICE_0:.*]] = tensor.insert_slice %[[CST]] into %[[ARG2]][1] [2] [1] : tensor<2xf64> into tensor<4xf64>
// CHECK-NEXT: return %[[INSERTED_SLICE]], %[[INSERTED_SLICE_0]], %[[EXTRACTED_SLICE]] : tensor<4xf64>, tensor<4xf64>, tensor<2xf64>
costate.derive @structural_vjp = vjp @structural wrt [0, 1]

func.func private @accumulator(%a: tensor<2x3xf64>, %x: tensor<3xf64>, %y: tensor<2xf64>) -> tensor<2xf64> {
  %z = linalg.matvec ins(%a, %x : tensor<2x3xf64>, tensor<3xf64>) outs(%y : tensor<2xf64>) -> tensor<2xf64>
  return %z : tensor<2xf64>
}
// CHECK-LABEL: func private @accumulator_jvp
// CHECK-SAME: (%[[ARG0:.*]]: tensor<2x3xf64>, %[[ARG1:.*]]: tensor<3xf64>, %[[ARG2:.*]]: tensor<2xf64>, %[[ARG3:.*]]: tensor<3xf64>, %[[ARG4:.*]]: tensor<2xf64>)
// CHECK-NEXT: %[[V0:.*]] = linalg.contract {{.*}} ins(%[[ARG0]], %[[ARG1]] : tensor<2x3xf64>, tensor<3xf64>) outs(%[[ARG2]] : tensor<2xf64>) -> tensor<2xf64>
// CHECK-NEXT: %[[CST:.*]] = arith.constant 0.000000e+00 : f64
// CHECK-NEXT: %[[V1:.*]] = tensor.empty() : tensor<2xf64>
// CHECK-NEXT: %[[V2:.*]] = linalg.fill ins(%[[CST]] : f64) outs(%[[V1]] : tensor<2xf64>) -> tensor<2xf64>
// CHECK-NEXT: %[[V3:.*]] = linalg.contract {{.*}} ins(%[[ARG0]], %[[ARG3]] : tensor<2x3xf64>, tensor<3xf64>) outs(%[[V2]] : tensor<2xf64>) -> tensor<2xf64>
// CHECK-NEXT: %[[V4:.*]] = arith.addf %[[V3]], %[[ARG4]] : tensor<2xf64>
// CHECK-NEXT: return %[[V0]], %[[V4]] : tensor<2xf64>, tensor<2xf64>
costate.derive @accumulator_jvp = jvp @accumulator wrt [1, 2]
// CHECK-LABEL: func private @accumulator_vjp
// CHECK-SAME: (%[[ARG0:.*]]: tensor<2x3xf64>, %[[ARG1:.*]]: tensor<3xf64>, %[[ARG2:.*]]: tensor<2xf64>, %[[ARG3:.*]]: tensor<2xf64>)
// CHECK-NEXT: %[[V0:.*]] = linalg.contract {{.*}} ins(%[[ARG0]], %[[ARG1]] : tensor<2x3xf64>, tensor<3xf64>) outs(%[[ARG2]] : tensor<2xf64>) -> tensor<2xf64>
// CHECK-NEXT: return %[[V0]], %[[ARG3]] : tensor<2xf64>, tensor<2xf64>
costate.derive @accumulator_vjp = vjp @accumulator wrt [2]
