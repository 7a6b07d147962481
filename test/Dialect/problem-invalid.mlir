// RUN: costate-opt %s -verify-diagnostics -split-input-file

costate.problem @problem_c1 {
  // expected-note@+1 {{the first}}
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is the second set of this problem named "train"}}
  costate.sample @train (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @problem_c2 {
  costate.data @train (x: tensor<1xf64>)
  // expected-note@+1 {{the first}}
  costate.minimize "f" @f(x) over @train
  // expected-error@+1 {{is the second term or constraint of this problem named "f"}}
  costate.subject_to "f" @f(x) == 0.0 over @train by #costate.monitor
}

// -----

costate.problem @problem_c3 {
  costate.data @train (x: tensor<1xf64>)
  // expected-note@+1 {{the first}}
  costate.train by #costate.adam steps 10
  // expected-error@+1 {{is the second of this problem, which is trained in one way}}
  costate.train by #costate.adam steps 20
}

// -----

// expected-note@+1 {{the problem}}
costate.problem @problem_c4 {
  // expected-error@+1 {{stands in a problem, which holds sets, terms, constraints and costate.train only}}
  %c = arith.constant 1.0 : f64
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @problem_c5 {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "loss", as a figure that every run reports}}
  costate.minimize "loss" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @problem_c5_constraint {
  costate.data @train (x: tensor<1xf64>)
  costate.minimize "f2.max" @f(x) over @train
  // expected-error@+1 {{is named "f.max", like a figure of the constraint "f"}}
  costate.minimize "f.max" @f(x) over @train
  // expected-note@+1 {{the constraint}}
  costate.subject_to "f" @f(x) == 0.0 over @train by #costate.monitor
}

// -----

costate.problem @problem_c6 {
  // expected-note@+1 {{the first set has columns of 'f64'}}
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{has columns of 'f32', but a problem computes in one element type}}
  costate.sample @line (x: tensor<1xf32>) in box<[0.0], [1.0]> by uniform count 10
}

// -----

costate.problem @train_c1 {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{has batch 0, but it must be positive}}
  costate.train by #costate.adam batch 0 steps 1
}

// -----

costate.problem @train_c1_epochs {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{has epochs -1, but it must be positive}}
  costate.train by #costate.adam epochs -1
}

// -----

costate.problem @train_c1_steps {
  // expected-error@+1 {{has steps 0, but it must be positive}}
  costate.train by #costate.adam steps 0
}

// -----

costate.problem @train_c2 {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{ends after epochs and after steps, but must say one of them}}
  costate.train by #costate.adam epochs 1 steps 1
}

// -----

costate.problem @train_c3 {
  // expected-error@+1 {{does not say when it ends; add epochs or steps}}
  costate.train by #costate.adam
}

// -----

costate.problem @train_c4 {
  costate.sample @interior (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  // expected-error@+1 {{counts epochs, but the problem has no data set to pass over; give steps}}
  costate.train by #costate.adam epochs 1
}

// -----

costate.problem @train_c5 {
  costate.sample @interior (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  // expected-error@+1 {{has batches, but the problem has no data set to take them from}}
  costate.train by #costate.adam batch 5 steps 1
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @application_c1 {
  // expected-error@+1 {{is over @train, which is not a set of this problem}}
  costate.minimize "f" @f(x) over @train
}

// -----

costate.problem @application_c2 {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{applies @f, which is not a network, a residual or a function of this module}}
  costate.minimize "f" @f(x) over @train
}

// -----

// expected-note@+1 {{@f is defined here}}
costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @application_c3 {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{applies @f to 2 columns, but it takes 1}}
  costate.minimize "f" @f(x, x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @application_c4 {
  // expected-note@+1 {{@train has the columns (x: tensor<1xf64>, y: tensor<2xf64>)}}
  costate.data @train (x: tensor<1xf64>, y: tensor<2xf64>)
  // expected-error@+1 {{names column 'z', which @train does not have}}
  costate.subject_to "f" @f(z) == 0.0 over @train by #costate.monitor
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @application_c5 {
  // expected-note@+1 {{@interior has the columns (x: tensor<2xf64>)}}
  costate.sample @interior (x: tensor<2xf64>) in box<[0.0, 0.0], [1.0, 1.0]> by sobol count 8
  // expected-error@+1 {{passes column 'x' of type 'tensor<2xf64>' as argument 0 of @f, which is 'tensor<1xf64>'}}
  costate.subject_to "f" @f(x) == 0.0 over @interior by #costate.monitor
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> (tensor<1xf64>, tensor<1xf64>) {
  costate.yield %x, %x : tensor<1xf64>, tensor<1xf64>
}
costate.problem @application_c6 {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{applies @f, which has 2 results, but must have one}}
  costate.minimize "f" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @application_c7 {
  // expected-note@+1 {{@train has the columns (x: tensor<1xf64>)}}
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{names column 'y', which @train does not have}}
  costate.minimize "f" square(@f(x) - y) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @application_c8 {
  // expected-note@+1 {{@train has the columns (x: tensor<1xf64>, y: tensor<2xf64>)}}
  costate.data @train (x: tensor<1xf64>, y: tensor<2xf64>)
  // expected-error@+1 {{has target 'y' of type 'tensor<2xf64>', but compares it with 'tensor<1xf64>'}}
  costate.minimize "f" square(@f(x) - y) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @application_c8_bound {
  // expected-note@+1 {{@train has the columns (x: tensor<1xf64>, y: tensor<2xf64>)}}
  costate.data @train (x: tensor<1xf64>, y: tensor<2xf64>)
  // expected-error@+1 {{has bound 'y' of type 'tensor<2xf64>', but compares it with 'tensor<1xf64>'}}
  costate.subject_to "f" @f(x) <= y over @train by #costate.monitor
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @minimize_c1 {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{has a Huber loss, which needs a positive threshold}}
  costate.minimize "f" huber<0.0>(@f(x)) over @train
}

// -----

costate.residual @f(%x: tensor<2xf64>) -> tensor<2xf64> {
  costate.yield %x : tensor<2xf64>
}
costate.problem @minimize_c2 {
  costate.data @train (x: tensor<2xf64>)
  // expected-error@+1 {{has a cross entropy without a column of distributions to compare with}}
  costate.minimize "f" cross_entropy(@f(x), 1.0) over @train
}

// -----

costate.residual @f(%x: tensor<2xf64>) -> tensor<2xf64> {
  costate.yield %x : tensor<2xf64>
}
costate.problem @minimize_c3 {
  costate.data @train (x: tensor<2xf64>)
  // expected-error@+1 {{minimises @f, which is 'tensor<2xf64>', but only one number can be small; use a loss}}
  costate.minimize "f" @f(x) over @train
}

// -----

// expected-note@+1 {{@loss is defined here}}
func.func private @loss(tensor<1xf64>) -> tensor<1xf64>
costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @minimize_c4 {
  costate.data @train (x: tensor<1xf64>, y: tensor<1xf64>)
  // expected-error@+1 {{has loss @loss of type '(tensor<1xf64>) -> tensor<1xf64>', but it must map ('tensor<1xf64>', 'tensor<1xf64>') to one number}}
  costate.minimize "f" @loss(@f(x), y) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @minimize_c4_missing {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{applies @loss, which is not a network, a residual or a function of this module}}
  costate.minimize "f" @loss(@f(x)) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @minimize_kind {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{'cube' is not a loss; there are identity, square, absolute, huber and cross_entropy, and @functions}}
  costate.minimize "f" cube(@f(x)) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @subject_to_c1 {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{compares a mean over the set with a column, but needs a number}}
  costate.subject_to "f" mean @f(x) == x over @train by #costate.monitor
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @subject_to_c2 {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is an inequality, which strategy tanabe does not admit}}
  costate.subject_to "f" @f(x) <= 0.0 over @train by #costate.tanabe<mode = per_sample>
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @subject_to_relation {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{expected '==', '<=' or '>='}}
  costate.subject_to "f" @f(x) - 0.0 over @train by #costate.monitor
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @subject_to_c3 {
  costate.data @train (x: tensor<1xf64>)
  costate.data @test (x: tensor<1xf64>)
  // expected-note@+1 {{the other constraint}}
  costate.subject_to "a" @f(x) == 0.0 over @train by #costate.tanabe<mode = reduction, reduce = square>
  costate.subject_to "b" @f(x) == 0.0 over @train by #costate.tanabe<mode = per_sample>
  costate.subject_to "c" @f(x) == 0.0 over @test by #costate.tanabe<mode = per_sample, gain = 2.0>
  // expected-error@+1 {{shares multipliers with the constraint "a", as all that are reduced do, but is by another strategy, #costate.tanabe<mode = reduction>}}
  costate.subject_to "d" @f(x) == 0.0 over @test by #costate.tanabe<mode = reduction>
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @subject_to_c3_per_sample {
  costate.data @train (x: tensor<1xf64>)
  // expected-note@+1 {{the other constraint}}
  costate.subject_to "a" @f(x) == 0.0 over @train by #costate.tanabe<mode = per_sample>
  // expected-error@+1 {{shares multipliers with the constraint "a", as all of every sample of a set do, but is by another strategy, #costate.tanabe<mode = per_sample, gain = 2.0> and not #costate.tanabe<mode = per_sample>}}
  costate.subject_to "b" @f(x) == 0.0 over @train by #costate.tanabe<mode = per_sample, gain = 2.0>
}
