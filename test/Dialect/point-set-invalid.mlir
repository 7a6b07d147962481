// RUN: costate-opt %s -verify-diagnostics -split-input-file

costate.problem @columns_c1 {
  // expected-error@+1 {{has no column, but needs at least one}}
  costate.data @train ()
}

// -----

costate.problem @columns_c2 {
  // expected-error@+1 {{has two columns named "x"}}
  costate.data @train (x: tensor<1xf64>, x: tensor<1xf64>)
}

// -----

costate.problem @columns_c3 {
  // expected-error@+1 {{has column "x" of type 'tensor<?xf64>', but a sample is a statically shaped tensor of f32 or f64, with an element}}
  costate.data @train (x: tensor<?xf64>)
}

// -----

costate.problem @columns_c4 {
  // expected-error@+1 {{has column "y" of 'f32', but others of 'f64'; a problem computes in one element type}}
  costate.data @train (x: tensor<1xf64>, y: tensor<1xf32>)
}

// -----

costate.problem @columns_c5 {
  // expected-error@+1 {{names 1 columns, but has types for 2}}
  "costate.data"() {set_name = "s", column_names = ["x"], column_types = [tensor<1xf64>, tensor<1xf64>]} : () -> ()
}

// -----

costate.problem @sample_c1 {
  // expected-error@+1 {{has columns of 3 components together, but a region of 2 dimensions}}
  costate.sample @s (x: tensor<2xf64>, t: tensor<1xf64>) in box<[0.0, 0.0], [1.0, 1.0]> by uniform count 10
}

// -----

costate.problem @sample_c2 {
  // expected-error@+1 {{has count 0, but needs at least one point}}
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 0
}

// -----

costate.problem @sample_c2_none {
  // expected-error@+1 {{has no count of points}}
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count []
}

// -----

costate.problem @sample_c3 {
  // expected-error@+1 {{counts points along each axis, which only a grid has, not sobol}}
  costate.sample @s (x: tensor<2xf64>) in box<[0.0, 0.0], [1.0, 1.0]> by sobol count [10, 10]
}

// -----

costate.problem @sample_c4 {
  // expected-error@+1 {{counts points along 3 axes, but the region has 2}}
  costate.sample @s (x: tensor<2xf64>) in box<[0.0, 0.0], [1.0, 1.0]> by grid count [10, 10, 10]
}

// -----

costate.problem @sample_c5 {
  // expected-error@+1 {{resamples every -1 steps, but cannot less than every 0}}
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10 resample -1
}

// -----

costate.problem @sample_c6 {
  // expected-error@+1 {{resamples a grid, which is the same every time}}
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by grid count 10 resample 5
}

// -----

costate.problem @region_c1 {
  // expected-error@+1 {{lower corner has 2 numbers, but the upper has 1}}
  costate.sample @s (x: tensor<1xf64>) in box<[0.0, 0.0], [1.0]> by uniform count 10
}

// -----

costate.problem @region_c2 {
  // expected-error@+1 {{a box needs at least one dimension}}
  costate.sample @s (x: tensor<1xf64>) in box<[], []> by uniform count 10
}

// -----

costate.problem @region_c3 {
  // expected-error@+1 {{dimension 0 runs from 1.000000e+00 to 0.000000e+00, but needs finite ends, the lower below the upper}}
  costate.sample @s (x: tensor<1xf64>) in box<[1.0], [0.0]> by uniform count 10
}

// -----

costate.problem @region_c4 {
  // expected-error@+1 {{face of dimension 1, but the box has 1}}
  costate.sample @s (x: tensor<1xf64>) on faces<[0.0], [1.0], [[1, 0]]> by uniform count 10
}

// -----

costate.problem @region_c5 {
  // expected-error@+1 {{side 2 of a face, but there are 0 (lower) and 1 (upper)}}
  costate.sample @s (x: tensor<1xf64>) on faces<[0.0], [1.0], [[0, 2]]> by uniform count 10
}

// -----

costate.problem @region_face {
  // expected-error@+1 {{a face is [dimension, side], but this has 1 numbers}}
  costate.sample @s (x: tensor<1xf64>) on faces<[0.0], [1.0], [[0]]> by uniform count 10
}

// -----

costate.problem @region_kind {
  // expected-error@+1 {{'ball' is not a region; there are box and faces}}
  costate.sample @s (x: tensor<1xf64>) in ball<[0.0], [1.0]> by uniform count 10
}

// -----

costate.problem @region_preposition {
  // expected-error@+1 {{expected 'in' or 'on' and a region, but found 'at'}}
  costate.sample @s (x: tensor<1xf64>) at box<[0.0], [1.0]> by uniform count 10
}
