// RUN: costate-opt %s -verify-diagnostics -split-input-file

costate.network @grid_c1(%x: tensor<8xf64>) -> tensor<8xf64> {
  // expected-error@+1 {{has input 'tensor<8xf64>', but takes channels and one to three dimensions, tensor<c×n×…T>}}
  %y = costate.pool max %x window [2] : tensor<8xf64> -> tensor<4xf64>
  costate.yield %x : tensor<8xf64>
}

// -----

costate.network @grid_c2(%x: tensor<1x8xf64>) -> tensor<1x8xf64> {
  // expected-error@+1 {{has 2 numbers for the kernel, but the grid has 1 dimensions}}
  %y = costate.conv %x -> 1 kernel [3, 3] : tensor<1x8xf64> -> tensor<1x6xf64>
  costate.yield %x : tensor<1x8xf64>
}

// -----

costate.network @grid_c3(%x: tensor<1x8xf64>) -> tensor<1x8xf64> {
  // expected-error@+1 {{has 0 for the stride, but needs at least 1}}
  %y = costate.conv %x -> 1 kernel [3] stride [0] : tensor<1x8xf64> -> tensor<1x6xf64>
  costate.yield %x : tensor<1x8xf64>
}

// -----

costate.network @grid_c5(%x: tensor<1x8xf64>) -> tensor<1x8xf64> {
  // expected-error@+1 {{has 262145 for the dilation, but takes at most 262144}}
  %y = costate.conv %x -> 1 kernel [3] dilation [262145] : tensor<1x8xf64> -> tensor<1x6xf64>
  costate.yield %x : tensor<1x8xf64>
}

// -----

costate.network @grid_c5_input(%x: tensor<1x8xf64>) -> tensor<1x8xf64> {
  %big = tensor.empty() : tensor<1x9223372036854775807xf64>
  // expected-error@+1 {{has input 'tensor<1x9223372036854775807xf64>', but a tensor has no more elements than can be addressed, 2^44}}
  %y = costate.conv %big -> 1 kernel [3] padding(periodic [1]) : tensor<1x9223372036854775807xf64> -> tensor<1x9223372036854775807xf64>
  costate.yield %x : tensor<1x8xf64>
}

// -----

costate.network @grid_c4(%x: tensor<1x8xf64>) -> tensor<1x8xf64> {
  // expected-error@+1 {{has result 'tensor<1x16xf32>', but makes 'tensor<1x16xf64>'}}
  %y = costate.upsample linear %x by [2] : tensor<1x8xf64> -> tensor<1x16xf32>
  costate.yield %x : tensor<1x8xf64>
}

// -----

costate.network @conv_c1(%x: tensor<1x8xf64>) -> tensor<1x8xf64> {
  // expected-error@+1 {{makes 0 channels, but must make at least one}}
  %y = costate.conv %x -> 0 kernel [3] : tensor<1x8xf64> -> tensor<1x6xf64>
  costate.yield %x : tensor<1x8xf64>
}

// -----

costate.network @conv_c2(%x: tensor<4x8xf64>) -> tensor<4x8xf64> {
  // expected-error@+1 {{has 2 groups, which do not divide 4 channels of the input and 3 of the result}}
  %y = costate.conv %x -> 3 kernel [3] groups 2 : tensor<4x8xf64> -> tensor<3x6xf64>
  costate.yield %x : tensor<4x8xf64>
}

// -----

costate.network @conv_c3(%x: tensor<1x8xf64>) -> tensor<1x8xf64> {
  // expected-error@+1 {{pads with the last value, but a convolution pads with zero or periodically}}
  %y = costate.conv %x -> 1 kernel [3] padding(edge [1]) : tensor<1x8xf64> -> tensor<1x8xf64>
  costate.yield %x : tensor<1x8xf64>
}

// -----

costate.network @conv_c4(%x: tensor<1x4xf64>) -> tensor<1x4xf64> {
  // expected-error@+1 {{needs 5 elements beyond the border in dimension 0, but one period has 4}}
  %y = costate.conv %x -> 1 kernel [11] padding(periodic [5]) : tensor<1x4xf64> -> tensor<1x4xf64>
  costate.yield %x : tensor<1x4xf64>
}

// -----

costate.network @conv_c5(%x: tensor<1x4xf64>) -> tensor<1x4xf64> {
  // expected-error@+1 {{takes 3 elements off either side in dimension 0, but the kernel reaches over 2}}
  %y = costate.conv %x -> 1 kernel [3] padding(zero [3]) transposed : tensor<1x4xf64> -> tensor<1x1xf64>
  costate.yield %x : tensor<1x4xf64>
}

// -----

costate.network @conv_c6(%x: tensor<1x8x4xf64>) -> tensor<1x8x4xf64> {
  // expected-error@+1 {{makes nothing of the 4 elements in dimension 1, over which its kernel does not fit}}
  %y = costate.conv %x -> 1 kernel [3, 3] dilation [1, 2] : tensor<1x8x4xf64> -> tensor<1x6x1xf64>
  costate.yield %x : tensor<1x8x4xf64>
}

// -----

costate.network @conv_c7(%x: tensor<1x8xf64>) -> tensor<1x8xf64> {
  // expected-error@+1 {{says how the bias begins, but has none}}
  %y = costate.conv %x -> 1 kernel [3] bias(0.5) no_bias : tensor<1x8xf64> -> tensor<1x6xf64>
  costate.yield %x : tensor<1x8xf64>
}

// -----

costate.network @conv_c8(%x: tensor<2x8xf64>) -> tensor<2x8xf64> {
  // expected-error@+1 {{initialises the weight with 3 values, but it has 6 elements}}
  %y = costate.conv %x -> 1 kernel [3] init([1, 2, 1]) : tensor<2x8xf64> -> tensor<1x6xf64>
  costate.yield %x : tensor<2x8xf64>
}

// -----

costate.network @conv_c8_bias(%x: tensor<2x8xf64>) -> tensor<2x8xf64> {
  // expected-error@+1 {{initialises the bias with 2 values, but it has 1 elements}}
  %y = costate.conv %x -> 1 kernel [3] bias([1, 2]) : tensor<2x8xf64> -> tensor<1x6xf64>
  costate.yield %x : tensor<2x8xf64>
}

// -----

costate.network @conv_c9(%x: tensor<2x8x8x8xf64>) -> tensor<2x8x8x8xf64> {
  // expected-error@+1 {{has a weight of type 'tensor<4x2x262144x262144x262144xf64>', but a tensor has no more elements than can be addressed, 2^44}}
  %y = costate.conv %x -> 4 kernel [262144, 262144, 262144] : tensor<2x8x8x8xf64> -> tensor<4x1x1x1xf64>
  costate.yield %x : tensor<2x8x8x8xf64>
}

// -----

costate.network @pool_c1(%x: tensor<1x8xf64>) -> tensor<1x8xf64> {
  // expected-error@+1 {{has a window of 9 elements, but there are 8}}
  %y = costate.pool average %x window [9] stride [1] : tensor<1x8xf64> -> tensor<1x1xf64>
  costate.yield %x : tensor<1x8xf64>
}

// -----

costate.network @upsample_c1(%x: tensor<3x1xf64>) -> tensor<3x1xf64> {
  // expected-error@+1 {{has a period of one element, but a periodic cubic needs two}}
  %y = costate.upsample cubic %x by [2] periodic : tensor<3x1xf64> -> tensor<3x2xf64>
  costate.yield %x : tensor<3x1xf64>
}

// -----

costate.network @batch_norm_c1(%x: tensor<3x8xf64>) -> tensor<3x8xf64> {
  // expected-error@+1 {{is over no dimension, but needs one at least}}
  %y, %m, %v = costate.batch_norm %x over [] : tensor<3x8xf64>
  costate.yield %y : tensor<3x8xf64>
}

// -----

costate.network @batch_norm_c2(%x: tensor<3x8xf64>) -> tensor<3x8xf64> {
  // expected-error@+1 {{is over dimensions that 'tensor<3x8xf64>' does not have, or twice over one}}
  %y, %m, %v = costate.batch_norm %x over [1, 1] : tensor<3x8xf64>
  costate.yield %y : tensor<3x8xf64>
}

// -----

costate.network @batch_norm_c3(%x: tensor<3x8xf64>, %mean: tensor<8xf64>) -> tensor<3x8xf64> {
  // expected-error@+1 {{is given statistics of type 'tensor<8xf64>', but they are 'tensor<3xf64>'}}
  %y, %m, %v = costate.batch_norm %x over [1] using %mean : tensor<8xf64>, %mean : tensor<8xf64> : tensor<3x8xf64>
  costate.yield %y : tensor<3x8xf64>
}

// -----

costate.network @batch_norm_c4(%x: tensor<3x8xf64>) -> tensor<3x8xf64> {
  // expected-error@+1 {{has epsilon -1.000000e+00 : f64, but needs a number that is not negative}}
  %y, %m, %v = costate.batch_norm %x over [1] epsilon -1.0 : tensor<3x8xf64>
  costate.yield %y : tensor<3x8xf64>
}
