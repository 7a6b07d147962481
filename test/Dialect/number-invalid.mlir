// RUN: costate-opt %s -verify-diagnostics -split-input-file

// expected-error@+1 {{this number is larger than any of f64}}
costate.variable @number_c1 init 1.0e400 : tensor<1xf64>

// -----

// expected-error@+1 {{this number is larger than any of f64}}
costate.variable @number_c1_integer init 10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000 : tensor<1xf64>

// -----

// expected-error@+1 {{'inf' is not an initialiser}}
costate.variable @number_c1_infinity init inf : tensor<1xf64>

// -----

// expected-error@+1 {{this number is larger than any of f64}}
costate.variable @number_c1_bound init 0.0 in [-1.0e400, 1.0] : tensor<1xf64>

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @number_c1_target {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{this number is larger than any of f64}}
  costate.subject_to "f" @f(x) == 1.0e400 over @train by #costate.monitor
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @number_c1_weight {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{expected floating point literal}}
  costate.minimize "f" square(@f(x)) over @train weight inf
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @number_c1_penalty {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+2 {{this number is larger than any of f64}}
  // expected-error@+1 {{failed to parse}}
  costate.subject_to "f" @f(x) == 1.0 over @train by #costate.penalty<weight = 1.0e400>
}

// -----

// expected-error@+1 {{initialises the variable with 1.000000e+39, which 'f32' does not reach}}
costate.variable @initializer_c4 init 1.0e39 : tensor<1xf32>

// -----

costate.network @initializer_c4_layer(%x: tensor<1xf32>) -> tensor<1xf32> {
  // expected-error@+1 {{initialises the bias with -1.000000e+39, which 'f32' does not reach}}
  %u = costate.dense %x -> 1 bias(-1.0e39) : tensor<1xf32> -> tensor<1xf32>
  costate.yield %u : tensor<1xf32>
}

// -----

costate.residual @f(%x: tensor<1xf32>) -> tensor<1xf32> {
  costate.yield %x : tensor<1xf32>
}
costate.problem @problem_c8 {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{has "target" 1.000000e+39, but the largest number of 'f32' is 3.402823e+38}}
  costate.minimize "f" square(@f(x) - 1.0e39) over @train
}

// -----

costate.residual @f(%x: tensor<1xf32>) -> tensor<1xf32> {
  costate.yield %x : tensor<1xf32>
}
costate.problem @problem_c8_bound {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{has "bound" -1.000000e+39, but the largest number of 'f32' is 3.402823e+38}}
  costate.subject_to "f" @f(x) >= -1.0e39 over @train by #costate.monitor
}

// -----

costate.problem @sample_c7 {
  // expected-error@+1 {{has more points than can be addressed}}
  costate.sample @s (x: tensor<2xf64>) in box<[0.0, 0.0], [1.0, 1.0]> by uniform count 10000000000000
}

// -----

costate.problem @sample_c7_axes {
  // expected-error@+1 {{has more points than can be addressed}}
  costate.sample @s (x: tensor<2xf64>) in box<[0.0, 0.0], [1.0, 1.0]> by grid count [4294967296, 4294967296]
}

// -----

costate.problem @sample_c7_count {
  // expected-error@+1 {{integer value too large}}
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10000000000000000000
}

// -----

costate.problem @number_c2_steps {
  // expected-error@+1 {{this number does not fit 64 bits with a sign}}
  costate.train by #costate.adam steps 10000000000000000000
}

// -----

costate.problem @train_c1_least {
  // expected-error@+1 {{has steps -9223372036854775808, but it must be positive}}
  costate.train by #costate.adam steps -9223372036854775808
}

// -----

costate.problem @number_c2_fraction {
  // expected-error@+1 {{expected a whole number}}
  costate.train by #costate.adam steps 1.5
}

// -----

costate.network @number_c2_units(%x: tensor<4xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{this number does not fit 64 bits with a sign}}
  %h = costate.dense %x -> 18446744073709551615 : tensor<4xf64> -> tensor<1xf64>
  costate.yield %h : tensor<1xf64>
}

// -----

costate.problem @train_c6 {
  // expected-error@+1 {{expected a seed, a whole number from 0 to 18446744073709551615}}
  costate.train by #costate.adam steps 1 seed -1
}

// -----

costate.problem @train_c6_large {
  // expected-error@+1 {{expected a seed, a whole number from 0 to 18446744073709551615}}
  costate.train by #costate.adam steps 1 seed 18446744073709551616
}

// -----

// expected-error@+1 {{this number is not zero, but smaller than any of f64}}
costate.variable @number_c1_small init 1.0e-400 : tensor<1xf64>

// -----

costate.problem @number_c1_small_rate {
  // expected-error@+2 {{this number is not zero, but smaller than any of f64}}
  // expected-error@+1 {{failed to parse}}
  costate.train by #costate.adam<lr = 0.001e-330> steps 1
}

// -----

costate.residual @f(%x: tensor<1xf32>) -> tensor<1xf32> {
  costate.yield %x : tensor<1xf32>
}
costate.problem @problem_c8_small {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{has "bound" 1.000000e-60, which is zero in 'f32'}}
  costate.subject_to "f" @f(x) >= 1.0e-60 over @train by #costate.monitor
}

// -----

costate.residual @f(%x: tensor<1xf32>) -> tensor<1xf32> {
  costate.yield %x : tensor<1xf32>
}
costate.problem @problem_c9_gain {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{is computed in 'f32', where gain is 0.000000e+00, but must be positive}}
  costate.subject_to "f" @f(x) == 0.0 over @train by #costate.tanabe<mode = per_sample, gain = 1.0e-60>
}

// -----

costate.residual @f(%x: tensor<1xf32>) -> tensor<1xf32> {
  costate.yield %x : tensor<1xf32>
}
costate.problem @problem_c9_weight {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{is computed in 'f32', where weight is INF, but must be positive}}
  costate.subject_to "f" @f(x) == 0.0 over @train by #costate.penalty<weight = 1.0e39>
}

// -----

costate.problem @problem_c9_sgd {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{is computed in 'f32', where momentum is 1.000000e+00, but must be at least 0 and below 1}}
  costate.train by #costate.sgd<lr = 1.0, momentum = 0.99999999999> steps 1
}

// -----

costate.problem @problem_c9_nesterov {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{is computed in 'f32', where lr is INF, but must be positive}}
  costate.train by #costate.nesterov<lr = 1.0e39> steps 1
}

// -----

costate.problem @problem_c9_descent {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{is computed in 'f32', where lr is 0.000000e+00, but must be positive}}
  costate.train by #costate.gradient_descent<lr = 1.0e-60> steps 1
}

// -----

costate.problem @problem_c9_adam {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{is computed in 'f32', where eps is 0.000000e+00, but must be positive}}
  costate.train by #costate.adam<eps = 1.0e-60> steps 1
}

// -----

costate.problem @problem_c9_adamw {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{is computed in 'f32', where decay is 1.000000e+00, but must be at least 0 and below 1}}
  costate.train by #costate.adamw<decay = 0.9999999999> steps 1
}

// -----

costate.problem @problem_c9_euler {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{is computed in 'f32', where dt is 0.000000e+00, but must be positive}}
  costate.train by #costate.euler<dt = 1.0e-60> steps 1
}

// -----

costate.problem @data_c1 {
  // expected-error@+1 {{names a file, "a\FF.npz", that is no text in UTF-8}}
  costate.data @s (x: tensor<1xf64>) file "a\FF.npz"
}

// -----

// expected-error@+1 {{argument 0 is 'tensor<0xf64>', but must be a statically shaped tensor of f32 or f64, with an element}}
costate.residual @function_c1_empty(%x: tensor<0xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<0xf64>
}

// -----

costate.network @dense_c6(%x: tensor<4xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{has 4611686018427387904 units of 4 inputs, a weight of more elements than can be addressed}}
  %h = costate.dense %x -> 4611686018427387904 : tensor<4xf64> -> tensor<4611686018427387904xf64>
  %u = tensor.extract_slice %h[0] [1] [1] : tensor<4611686018427387904xf64> to tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

costate.network @parameter_c2(%x: tensor<4xf64>) -> tensor<4xf64> {
  // expected-error@+1 {{is a 'tensor<0xf64>', but a parameter has at least one element, and no more than can be addressed}}
  %p = costate.parameter "p" : tensor<0xf64>
  costate.yield %x : tensor<4xf64>
}

// -----

// What the program would refuse of its own numbers.
costate.problem @train_c1_most {
  // expected-error@+1 {{has steps 1000000000000001, but it must be at most 1000000000000000}}
  costate.train by #costate.adam steps 1000000000000001
}

// -----

costate.problem @train_c1_most_epochs {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{has epochs 1000000000000001, but it must be at most 1000000000000000}}
  costate.train by #costate.adam epochs 1000000000000001
}

// -----

costate.problem @train_c1_most_batch {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{has batch 9223372036854775807, but it must be at most 1000000000000000}}
  costate.train by #costate.adam batch 9223372036854775807 epochs 1
}

// -----

costate.problem @sample_c5_most {
  // expected-error@+1 {{resamples every 1000000000000001 steps, but at most every 1000000000000000 can be said}}
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 1 resample 1000000000000001
}

// -----

// expected-error@+1 {{steps is 1000000000000001, but must be from 1 to 1000000000000000}}
#cosine = #costate.cosine<steps = 1000000000000001>

// -----

costate.problem @problem_c9_step {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{is computed in 'f32', where factor is 0.000000e+00, but must be positive}}
  costate.train by #costate.adam schedule #costate.step<every = 1, factor = 1.0e-60> steps 1
}

// -----

costate.problem @problem_c9_warmup {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{is computed in 'f32', where rate is 0.000000e+00, but must be positive}}
  costate.train by #costate.adam schedule #costate.warmup<steps = 1, then = #costate.exponential<rate = 1.0e-60>> steps 1
}

// -----

costate.problem @problem_c9_cosine {
  costate.data @train (x: tensor<1xf32>)
  // expected-error@+1 {{is computed in 'f32', where final is INF, but must be finite and cannot be negative}}
  costate.train by #costate.adam schedule #costate.cosine<steps = 1, final = 1.0e39> steps 1
}
