// RUN: costate-opt %s -verify-diagnostics -split-input-file

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
// What names may be.
costate.problem @name_c1 {
  costate.data @"0-train_1" ("x-0": tensor<1xf64>)
  costate.minimize "a term. 2" @f("x-0") over @"0-train_1"
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_bytes {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "a\FFb", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "a\FFb" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_comma {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "a,b", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "a,b" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_quote {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "a\22b", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "a\22b" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_newline {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "a\0Ab", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "a\0Ab" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_backslash {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "a\\b", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "a\\b" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_nothing {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_letters {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "\CE\BD", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "\CE\BD" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_parent {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "..", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize ".." @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_slash {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "a/b", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "a/b" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_colon {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "a:b", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "a:b" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_less {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "a<b", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "a<b" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_spaces {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "a  b", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "a  b" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_space {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "a ", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "a " @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_nul {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "a\00b", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "a\00b" @f(x) over @train
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c1_long {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  costate.minimize "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" @f(x) over @train
}

// -----

// expected-error@+1 {{is named "../../name_c1", but a name has 1 to 100 letters (a to z), digits, '_' and '-', and begins with a letter, a digit or '_'}}
costate.problem @"../../name_c1" {
}

// -----

costate.problem @name_c1_set {
  // expected-error@+1 {{is named "a:b", but a name has 1 to 100 letters (a to z), digits, '_' and '-', and begins with a letter, a digit or '_'}}
  costate.sample @"a:b" (x: tensor<1xf64>) in box<[0.0], [1.0]> by grid count 4
}

// -----

costate.problem @name_c1_set_point {
  // expected-error@+1 {{is named "a.b", but a name has 1 to 100 letters (a to z), digits, '_' and '-', and begins with a letter, a digit or '_'}}
  costate.data @a.b (x: tensor<1xf64>)
}

// -----

costate.problem @name_c1_column {
  // expected-error@+1 {{has a column named "x.y", but a name has 1 to 100 letters (a to z), digits, '_' and '-', and begins with a letter, a digit or '_'}}
  costate.data @a ("x.y": tensor<1xf64>)
}

// -----

// expected-error@+1 {{is named "name_c1/state", but a name has 1 to 100 letters (a to z), digits, '_' and '-', and begins with a letter, a digit or '_'}}
costate.network @"name_c1/state"(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.dense %x -> 1 : tensor<1xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

// expected-error@+1 {{is named "name_c1$", but a name has 1 to 100 letters (a to z), digits, '_' and '-', and begins with a letter, a digit or '_'}}
costate.residual @name_c1$(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}

// -----

// expected-error@+1 {{is named "u.layer0.bias", but a name has 1 to 100 letters (a to z), digits, '_' and '-', and begins with a letter, a digit or '_'}}
costate.variable @u.layer0.bias init 0.0 : tensor<1xf64>

// -----

costate.network @name_c1_layer(%x: tensor<1xf64>) -> tensor<1xf64> {
  // expected-error@+1 {{is named "a/b", but a name has 1 to 100 letters (a to z), digits, '_', '-', '.' and single spaces, and begins with a letter, a digit or '_'}}
  %u = costate.dense %x -> 1 named "a/b" : tensor<1xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @name_c2 {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "costate_a", but names that begin with 'costate_' are the compiler's}}
  costate.minimize "costate_a" @f(x) over @train
}

// -----

costate.problem @problem_c7 {
  // expected-note@+1 {{the other}}
  costate.data @left_wall (x: tensor<1xf64>)
  // expected-error@+1 {{is named "Left-Wall" and another set "left_wall", but names of sets must differ in more than capitals, '-' and '_'}}
  costate.data @"Left-Wall" (x: tensor<1xf64>)
}

// -----

costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
costate.problem @problem_c5_error {
  costate.data @train (x: tensor<1xf64>)
  // expected-error@+1 {{is named "l2re.u", as a figure that every run reports}}
  costate.minimize "l2re.u" @f(x) over @train
}
