// RUN: costate-opt %s -costate-expand-transforms -costate-reassociate-contractions=print-costs=true -split-input-file -verify-diagnostics | FileCheck %s

// The kernel of a wide layer: inner products of the cotangents times inner products of the inputs, without the
// gradients of the samples that the declaration contracts.
// CHECK-LABEL: func private @wide_gram
// CHECK-SAME: (%[[W:.*]]: tensor<64x64xf64>, %[[X:.*]]: tensor<64x16xf64>) -> tensor<16x16xf64>
// CHECK-NOT: 64x64x16
// CHECK: arith.subf
// CHECK: %[[DELTA:.*]] = arith.mulf %{{.*}}, %{{.*}} : tensor<64x16xf64>
// CHECK: %[[OUT:.*]] = linalg.contract {{.*}} ins(%[[DELTA]], %[[DELTA]] : {{.*}} -> tensor<16x16xf64>
// CHECK: %[[IN:.*]] = linalg.contract {{.*}} ins(%[[X]], %[[X]] : {{.*}} -> tensor<16x16xf64>
// CHECK: %[[K:.*]] = arith.mulf %[[OUT]], %[[IN]] : tensor<16x16xf64>
// CHECK: return %[[K]]
// The layer itself is 65536 of these.
// expected-remark @below {{4160 multiply-adds before reassociation, 4160 after}}
// expected-remark @below {{1182720 multiply-adds before reassociation, 101632 after}}
func.func @wide(%w: tensor<64x64xf64>, %x: tensor<64xf64>) -> f64 {
  %z = arith.constant dense<0.0> : tensor<64xf64>
  %p = linalg.matvec ins(%w, %x : tensor<64x64xf64>, tensor<64xf64>) outs(%z : tensor<64xf64>) -> tensor<64xf64>
  %h = math.tanh %p : tensor<64xf64>
  %z0 = arith.constant dense<0.0> : tensor<f64>
  %s = linalg.reduce { arith.addf } ins(%h : tensor<64xf64>) outs(%z0 : tensor<f64>) dimensions = [0]
  %y = tensor.extract %s[] : tensor<f64>
  return %y : f64
}
costate.derive @wide_gram = gram @wide wrt [0] across [1] samples 16

// -----

// Of one sample, whose rows have an input in common: its square is one number.
// CHECK-LABEL: func private @rows_gram
// CHECK-SAME: (%{{.*}}: tensor<20x50xf64>, %[[X:.*]]: tensor<50xf64>) -> tensor<20x20xf64>
// CHECK-NOT: 20x50x20
// CHECK: linalg.contract {{.*}} ins(%[[X]], %[[X]] : tensor<50xf64>, tensor<50xf64>) {{.*}} -> tensor<f64>
// CHECK-NOT: 20x50x20
// CHECK: linalg.contract {{.*}} -> tensor<20x20xf64>
// CHECK: return
// expected-remark @below {{1000 multiply-adds before reassociation, 1000 after}}
// expected-remark @below {{421440 multiply-adds before reassociation, 9530 after}}
func.func @rows(%w: tensor<20x50xf64>, %x: tensor<50xf64>) -> tensor<20xf64> {
  %z = arith.constant dense<0.0> : tensor<20xf64>
  %p = linalg.matvec ins(%w, %x : tensor<20x50xf64>, tensor<50xf64>) outs(%z : tensor<20xf64>) -> tensor<20xf64>
  %y = math.tanh %p : tensor<20xf64>
  return %y : tensor<20xf64>
}
costate.derive @rows_gram = gram @rows wrt [0]

// -----

// A layer of one input: the product of the vectors costs no more than the vectors, so gradients are formed.
// CHECK-LABEL: func private @narrow_gram
// CHECK: %[[G:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<30x1x30xf64>)
// CHECK: linalg.contract {{.*}} ins(%[[G]], %[[G]] : tensor<30x1x30xf64>, tensor<30x1x30xf64>) {{.*}} -> tensor<30x30xf64>
// expected-remark @below {{30 multiply-adds before reassociation, 30 after}}
// expected-remark @below {{28890 multiply-adds before reassociation, 28890 after}}
func.func @narrow(%w: tensor<30x1xf64>, %x: tensor<1xf64>) -> tensor<30xf64> {
  %z = arith.constant dense<0.0> : tensor<30xf64>
  %p = linalg.matvec ins(%w, %x : tensor<30x1xf64>, tensor<1xf64>) outs(%z : tensor<30xf64>) -> tensor<30xf64>
  %y = math.tanh %p : tensor<30xf64>
  return %y : tensor<30xf64>
}
costate.derive @narrow_gram = gram @narrow wrt [0]

// -----

// A diagonal of the shape of each argument comes after the arguments; one block for each pair of results.
// CHECK-LABEL: func private @pair_gram
// CHECK-SAME: (%{{.*}}: tensor<2x3xf64>, %{{.*}}: f64, %{{.*}}: tensor<3x5xf64>, %[[D:.*]]: tensor<2x3xf64>, %[[E:.*]]: f64)
// CHECK-SAME: -> (tensor<2x5x2x5xf64>, tensor<2x5x5xf64>, tensor<5x5xf64>)
// CHECK-DAG: arith.divf %{{.*}}, %[[D]] : tensor<2x3xf64>
// CHECK-DAG: arith.divf %{{.*}}, %[[E]] : f64
// expected-remark @below {{8 multiply-adds before reassociation, 8 after}}
// expected-remark @below {{1911 multiply-adds before reassociation, 1161 after}}
func.func @pair(%w: tensor<2x3xf64>, %s: f64, %x: tensor<3xf64>) -> (tensor<2xf64>, f64) {
  %z = arith.constant dense<0.0> : tensor<2xf64>
  %p = linalg.matvec ins(%w, %x : tensor<2x3xf64>, tensor<3xf64>) outs(%z : tensor<2xf64>) -> tensor<2xf64>
  %t = tensor.splat %s : tensor<2xf64>
  %y = arith.mulf %p, %t : tensor<2xf64>
  %c0 = arith.constant 0 : index
  %a = tensor.extract %p[%c0] : tensor<2xf64>
  %e = math.exp %a : f64
  return %y, %e : tensor<2xf64>, f64
}
costate.derive @pair_gram = gram @pair wrt [0, 1] across [2] samples 5 diagonal

// -----

// The gradient by a kernel is a sum over places, here 16. What is read through windows is copied, but the 16 x 16 pairs of
// places of two samples are dearer than 16 x 8 x 3 x 3 products: gradients are formed.
// CHECK-LABEL: func private @many_places_gram
// CHECK: linalg.contract {{.*}} : tensor<16x8x3x3x10xf64>, tensor<16x8x3x3x10xf64>) {{.*}} -> tensor<10x10xf64>
// expected-remark @below {{256 multiply-adds before reassociation, 256 after}}
// expected-remark @below {{307200 multiply-adds before reassociation, 307200 after}}
func.func @many_places(%k: tensor<16x8x3x3xf64>, %x: tensor<1x8x6x6xf64>) -> f64 {
  %z = arith.constant dense<0.0> : tensor<1x16x4x4xf64>
  %c = linalg.conv_2d_nchw_fchw ins(%x, %k : tensor<1x8x6x6xf64>, tensor<16x8x3x3xf64>) outs(%z : tensor<1x16x4x4xf64>) -> tensor<1x16x4x4xf64>
  %h = math.tanh %c : tensor<1x16x4x4xf64>
  %z0 = arith.constant dense<0.0> : tensor<f64>
  %s = linalg.reduce { arith.addf } ins(%h : tensor<1x16x4x4xf64>) outs(%z0 : tensor<f64>) dimensions = [0, 1, 2, 3]
  %y = tensor.extract %s[] : tensor<f64>
  return %y : f64
}
costate.derive @many_places_gram = gram @many_places wrt [0] across [1] samples 10

// -----

// Of few places and many channels, no gradient is formed.
// CHECK-LABEL: func private @many_channels_gram
// CHECK-NOT: 64x48x3x3x10
// CHECK: return
// expected-remark @below {{256 multiply-adds before reassociation, 256 after}}
// expected-remark @below {{3878400 multiply-adds before reassociation, 802880 after}}
func.func @many_channels(%k: tensor<64x48x3x3xf64>, %x: tensor<1x48x4x4xf64>) -> f64 {
  %z = arith.constant dense<0.0> : tensor<1x64x2x2xf64>
  %c = linalg.conv_2d_nchw_fchw ins(%x, %k : tensor<1x48x4x4xf64>, tensor<64x48x3x3xf64>) outs(%z : tensor<1x64x2x2xf64>) -> tensor<1x64x2x2xf64>
  %h = math.tanh %c : tensor<1x64x2x2xf64>
  %z0 = arith.constant dense<0.0> : tensor<f64>
  %s = linalg.reduce { arith.addf } ins(%h : tensor<1x64x2x2xf64>) outs(%z0 : tensor<f64>) dimensions = [0, 1, 2, 3]
  %y = tensor.extract %s[] : tensor<f64>
  return %y : f64
}
costate.derive @many_channels_gram = gram @many_channels wrt [0] across [1] samples 10
