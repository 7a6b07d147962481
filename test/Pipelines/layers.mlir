// Every layer on grids of one to three dimensions, with batches, tiles and vectors: gradients against differences. The
// greatest of a window has corners, which differences at many points would cross: few points, and many of its mean.
// RUN: rm -rf %t && mkdir %t && costatec %s -o %t/layers
// RUN: %t/layers check-grad --threads 1 --seed 1 --set points.count=4 | FileCheck %s
// RUN: sed 's/pool max/pool average/' %s > %t/means.mlir && costatec %t/means.mlir -o %t/means
// RUN: %t/means check-grad --threads 1 | FileCheck %s
// RUN: costatec %s --target-cpu=x86-64 --emit=obj -o %t/layers.o
// RUN: costatec %s --precision=f32 --emit=obj -o %t/layers.o
// CHECK: the gradient agrees with differences

costate.network @line(%x: tensor<2xf64>) -> tensor<1xf64> {
  %h = costate.dense %x -> 24 activation(sin) : tensor<2xf64> -> tensor<24xf64>
  %u = tensor.expand_shape %h [[0, 1]] output_shape [2, 12] : tensor<24xf64> into tensor<2x12xf64>
  %a = costate.conv %u -> 4 kernel [3] stride [2] padding(periodic [1]) activation(swish) : tensor<2x12xf64> -> tensor<4x6xf64>
  %b = costate.conv %a -> 4 kernel [3] dilation [2] padding(zero [2]) groups 4 activation(tanh) : tensor<4x6xf64> -> tensor<4x6xf64>
  %n, %mean, %variance = costate.batch_norm %b over [1] epsilon 0.01 : tensor<4x6xf64>
  %f = costate.upsample cubic %n by [2] periodic : tensor<4x6xf64> -> tensor<4x12xf64>
  %p = costate.pool max %f window [3] stride [2] : tensor<4x12xf64> -> tensor<4x5xf64>
  %t = costate.conv %p -> 1 kernel [3] stride [2] padding(zero [1]) transposed : tensor<4x5xf64> -> tensor<1x9xf64>
  %flat = tensor.collapse_shape %t [[0, 1]] : tensor<1x9xf64> into tensor<9xf64>
  %y = costate.dense %flat -> 1 : tensor<9xf64> -> tensor<1xf64>
  costate.yield %y : tensor<1xf64>
}

costate.network @plane(%x: tensor<2xf64>) -> tensor<1xf64> {
  %h = costate.dense %x -> 40 activation(sin) : tensor<2xf64> -> tensor<40xf64>
  %u = tensor.expand_shape %h [[0, 1, 2]] output_shape [2, 4, 5] : tensor<40xf64> into tensor<2x4x5xf64>
  %a = costate.conv %u -> 3 kernel [3, 2] padding(periodic [1, 0]) activation(tanh) : tensor<2x4x5xf64> -> tensor<3x4x4xf64>
  %p = costate.pool average %a window [2, 2] : tensor<3x4x4xf64> -> tensor<3x2x2xf64>
  %f = costate.upsample linear %p by [2, 3] : tensor<3x2x2xf64> -> tensor<3x4x6xf64>
  %t = costate.conv %f -> 1 kernel [2, 3] stride [2, 1] padding(periodic [0, 1]) transposed : tensor<3x4x6xf64> -> tensor<1x8x6xf64>
  %flat = tensor.collapse_shape %t [[0, 1, 2]] : tensor<1x8x6xf64> into tensor<48xf64>
  %y = costate.dense %flat -> 1 : tensor<48xf64> -> tensor<1xf64>
  costate.yield %y : tensor<1xf64>
}

costate.network @space(%x: tensor<2xf64>) -> tensor<1xf64> {
  %h = costate.dense %x -> 54 activation(sin) : tensor<2xf64> -> tensor<54xf64>
  %u = tensor.expand_shape %h [[0, 1, 2, 3]] output_shape [2, 3, 3, 3] : tensor<54xf64> into tensor<2x3x3x3xf64>
  %a = costate.conv %u -> 2 kernel [2, 3, 2] padding(zero [0, 1, 0]) activation(tanh) : tensor<2x3x3x3xf64> -> tensor<2x2x3x2xf64>
  %p = costate.pool max %a window [2, 2, 1] stride [1, 1, 1] : tensor<2x2x3x2xf64> -> tensor<2x1x2x2xf64>
  %f = costate.upsample nearest %p by [2, 1, 1] : tensor<2x1x2x2xf64> -> tensor<2x2x2x2xf64>
  %flat = tensor.collapse_shape %f [[0, 1, 2, 3]] : tensor<2x2x2x2xf64> into tensor<16xf64>
  %y = costate.dense %flat -> 1 : tensor<16xf64> -> tensor<1xf64>
  costate.yield %y : tensor<1xf64>
}

costate.problem @layers {
  costate.sample @points (x: tensor<2xf64>) in box<[-1.0, -1.0], [1.0, 1.0]> by uniform count 80
  costate.minimize "line" square(@line(x) - 1.0) over @points
  costate.minimize "plane" square(@plane(x) - 1.0) over @points
  costate.minimize "space" square(@space(x) - 1.0) over @points
  costate.train by #costate.adam<lr = 1.0e-3> steps 10
}
