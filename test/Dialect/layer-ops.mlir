// Layers on grids survive printing, and declare their parameters.
// RUN: costate-opt %s | costate-opt | FileCheck %s
// RUN: costate-opt %s -costate-lower-networks | FileCheck %s --check-prefix=LAYOUT

// CHECK-LABEL: costate.network @smooth
// CHECK: costate.conv %{{.*}} -> 4 kernel [3] padding(periodic [1]) activation(tanh) : tensor<2x16xf64> -> tensor<4x16xf64>
// CHECK: costate.batch_norm %{{.*}} over [1] named "norm" : tensor<4x16xf64>
// CHECK: costate.pool average %{{.*}} window [2] : tensor<4x16xf64> -> tensor<4x8xf64>
// CHECK: costate.upsample cubic %{{.*}} by [2] periodic : tensor<4x8xf64> -> tensor<4x16xf64>
// CHECK: costate.conv %{{.*}} -> 4 kernel [3] stride [2] groups 4 : tensor<4x16xf64> -> tensor<4x7xf64>
// CHECK: costate.conv %{{.*}} -> 1 kernel [4] stride [2] transposed : tensor<4x7xf64> -> tensor<1x16xf64>
costate.network @smooth(%u: tensor<2x16xf64>) -> tensor<1x16xf64> {
  %h = costate.conv %u -> 4 kernel [3] padding(periodic [1]) activation(tanh) : tensor<2x16xf64> -> tensor<4x16xf64>
  %n, %mean, %variance = costate.batch_norm %h over [1] named "norm" : tensor<4x16xf64>
  %p = costate.pool average %n window [2] : tensor<4x16xf64> -> tensor<4x8xf64>
  %f = costate.upsample cubic %p by [2] periodic : tensor<4x8xf64> -> tensor<4x16xf64>
  %d = costate.conv %f -> 4 kernel [3] stride [2] groups 4 : tensor<4x16xf64> -> tensor<4x7xf64>
  %t = costate.conv %d -> 1 kernel [4] stride [2] transposed : tensor<4x7xf64> -> tensor<1x16xf64>
  costate.yield %t : tensor<1x16xf64>
}

// CHECK-LABEL: costate.network @choices
// CHECK: costate.conv %{{.*}} -> 2 kernel [3] padding(zero [1]) activation(cos) : tensor<2x16xf64> -> tensor<2x16xf64>
// CHECK: costate.upsample nearest %{{.*}} by [2] : tensor<2x16xf64> -> tensor<2x32xf64>
costate.network @choices(%u: tensor<2x16xf64>) -> tensor<2x32xf64> {
  %h = costate.conv %u -> 2 kernel [3] padding(zero [1]) activation(cos) : tensor<2x16xf64> -> tensor<2x16xf64>
  %n = costate.upsample nearest %h by [2] : tensor<2x16xf64> -> tensor<2x32xf64>
  costate.yield %n : tensor<2x32xf64>
}

// CHECK-LABEL: costate.network @given
// CHECK: costate.batch_norm %{{.*}} over [0, 2] using %{{.*}} : tensor<3xf64>, %{{.*}} : tensor<3xf64> epsilon 0.001 : tensor<2x3x4xf64>
// CHECK: costate.conv %{{.*}} -> 2 kernel [1] named "mix" init([1.0, 2.0, 3.0, 4.0]) bias(0.5) : tensor<2x4xf64> -> tensor<2x4xf64>
costate.network @given(%x: tensor<2x3x4xf64>, %m: tensor<3xf64>, %u: tensor<2x4xf64>) -> (tensor<2x3x4xf64>, tensor<2x4xf64>) {
  %y, %mean, %variance = costate.batch_norm %x over [0, 2] using %m : tensor<3xf64>, %m : tensor<3xf64> epsilon 0.001 : tensor<2x3x4xf64>
  %v = costate.conv %u -> 2 kernel [1] named "mix" init([1.0, 2.0, 3.0, 4.0]) bias(0.5) : tensor<2x4xf64> -> tensor<2x4xf64>
  costate.yield %y, %v : tensor<2x3x4xf64>, tensor<2x4xf64>
}

// LAYOUT: costate.parameters = [
// LAYOUT-SAME: {init = {fan_in = 6 : i64, fan_out = 12 : i64, kind = "glorot_uniform"}, name = "smooth.conv0.weight", offset = 0 : i64, shape = [4, 2, 3]
// LAYOUT-SAME: name = "smooth.conv0.bias", offset = 24 : i64, shape = [4]
// LAYOUT-SAME: {init = {kind = "constant", value = 1.000000e+00 : f64}, name = "smooth.norm.scale", offset = 28 : i64, shape = [4]
// LAYOUT-SAME: name = "smooth.norm.shift"
// LAYOUT-SAME: {init = {fan_in = 3 : i64, fan_out = 3 : i64, kind = "glorot_uniform"}, name = "smooth.conv1.weight", offset = 36 : i64, shape = [4, 1, 3]
// LAYOUT-SAME: name = "smooth.conv2.weight"
// LAYOUT-SAME: shape = [1, 4, 4]
// LAYOUT-SAME: name = "given.norm0.scale"
// LAYOUT-SAME: name = "given.mix.weight"
