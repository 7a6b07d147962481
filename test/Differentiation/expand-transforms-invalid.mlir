// RUN: costate-opt %s -costate-expand-transforms -verify-diagnostics -split-input-file

// expected-error @below {{'costate.derive' op depends on itself}}
costate.derive @a = jvp @b wrt [0]
costate.derive @b = jvp @a wrt [0]

// -----

func.func @f(%x: f64) -> f64 {
  %y:2 = costate.call @df(%x, %x) : (f64, f64) -> (f64, f64)
  return %y#1 : f64
}
// expected-error @below {{'costate.derive' op depends on itself}}
costate.derive @df = jvp @f wrt [0]

// -----

// A derivative has the location of its source.
// expected-note @below {{@df is defined here}}
func.func @f(%x: f64) -> f64 {
  return %x : f64
}
costate.derive @df = jvp @f wrt [0]
func.func @g(%x: f64) -> f64 {
  // expected-error @below {{'costate.call' op has type '(f64) -> f64', but @df has type '(f64, f64) -> (f64, f64)'}}
  %y = costate.call @df(%x) : (f64) -> f64
  return %y : f64
}

// -----

costate.network @u(%x: tensor<1xf64>) -> tensor<1xf64> {
  costate.yield %x : tensor<1xf64>
}
// expected-error @below {{'costate.derive' op derives from @u, which is not a function}}
costate.derive @du = jvp @u wrt [0]

// -----

// What a declared derivative takes is known when it is made.
// expected-error @below {{'func.func' op has 2 arguments, so there is none to differentiate by at 2}}
func.func @f(%x: f64) -> f64 {
  return %x : f64
}
costate.derive @df = jvp @f wrt [0]
costate.derive @ddf = jvp @df wrt [2]

// -----

// expected-error @below {{'func.func' op has a Jacobian or Hessian only where results and arguments are scalars and tensors of static shape, but one is of type 'tensor<?xf64>'}}
func.func @f(%x: tensor<3xf64>, %n: index) -> tensor<?xf64> {
  %y = tensor.extract_slice %x[0] [%n] [1] : tensor<3xf64> to tensor<?xf64>
  return %y : tensor<?xf64>
}
costate.derive @df = jacobian @f wrt [0]

// -----

func.func @f(%w: tensor<3xf32>, %x: tensor<3xf32>) -> tensor<3xf64> {
  %p = arith.mulf %w, %x : tensor<3xf32>
  %y = arith.extf %p : tensor<3xf32> to tensor<3xf64>
  return %y : tensor<3xf64>
}
// expected-error @below {{'costate.derive' op requires scalars and static tensors of one float type, but has 'tensor<3xf64>' beside 'tensor<3xf32>'}}
costate.derive @g = gram @f wrt [0]

// -----

func.func @f(%w: tensor<3xf64>, %n: index) -> tensor<?xf64> {
  %y = tensor.extract_slice %w[0] [%n] [1] : tensor<3xf64> to tensor<?xf64>
  return %y : tensor<?xf64>
}
// expected-error @below {{'costate.derive' op requires scalars and static tensors of one float type, but has 'tensor<?xf64>' beside 'tensor<3xf64>'}}
costate.derive @g = gram @f wrt [0]

// -----

// What no batch can do for each sample is an error where it stands.
func.func @f(%w: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-error @below {{cannot be batched: its extent depends on the sample}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %w) -> f64 {
    %t = math.sin %s : f64
    scf.yield %t : f64
  }
  return %y : f64
}
costate.derive @g = gram @f wrt [0] across [1] samples 2

// -----

func.func @f(%x: f64) -> (i32, tensor<0xf64>) {
  %k = arith.constant 7 : i32
  %e = tensor.empty() : tensor<0xf64>
  return %k, %e : i32, tensor<0xf64>
}
// expected-error @below {{'costate.derive' op derives from @f, whose results have no component to differentiate}}
costate.derive @g = gram @f wrt [0]

// -----

// expected-error @below {{'func.func' op has a Jacobian or Hessian only where results and arguments are scalars and tensors of static shape, but one is of type 'vector<4xf64>'}}
func.func @f(%x: vector<4xf64>) -> f64 {
  %s = math.sin %x : vector<4xf64>
  %y = vector.reduction <add>, %s : vector<4xf64> into f64
  return %y : f64
}
costate.derive @h = hessian @f wrt [0]

// -----

func.func @f0(%x: f64) -> f64 {
  %y = math.sin %x : f64
  return %y : f64
}
costate.derive @d1 = jvp @f0 wrt [0]
func.func @f1(%x: f64) -> f64 {
  %y, %dy = costate.call @d1(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d2 = jvp @f1 wrt [0]
func.func @f2(%x: f64) -> f64 {
  %y, %dy = costate.call @d2(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d3 = jvp @f2 wrt [0]
func.func @f3(%x: f64) -> f64 {
  %y, %dy = costate.call @d3(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d4 = jvp @f3 wrt [0]
func.func @f4(%x: f64) -> f64 {
  %y, %dy = costate.call @d4(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d5 = jvp @f4 wrt [0]
func.func @f5(%x: f64) -> f64 {
  %y, %dy = costate.call @d5(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d6 = jvp @f5 wrt [0]
func.func @f6(%x: f64) -> f64 {
  %y, %dy = costate.call @d6(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d7 = jvp @f6 wrt [0]
func.func @f7(%x: f64) -> f64 {
  %y, %dy = costate.call @d7(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d8 = jvp @f7 wrt [0]
func.func @f8(%x: f64) -> f64 {
  %y, %dy = costate.call @d8(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d9 = jvp @f8 wrt [0]
func.func @f9(%x: f64) -> f64 {
  %y, %dy = costate.call @d9(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d10 = jvp @f9 wrt [0]
func.func @f10(%x: f64) -> f64 {
  %y, %dy = costate.call @d10(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d11 = jvp @f10 wrt [0]
func.func @f11(%x: f64) -> f64 {
  %y, %dy = costate.call @d11(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d12 = jvp @f11 wrt [0]
func.func @f12(%x: f64) -> f64 {
  %y, %dy = costate.call @d12(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d13 = jvp @f12 wrt [0]
func.func @f13(%x: f64) -> f64 {
  %y, %dy = costate.call @d13(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d14 = jvp @f13 wrt [0]
func.func @f14(%x: f64) -> f64 {
  %y, %dy = costate.call @d14(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d15 = jvp @f14 wrt [0]
func.func @f15(%x: f64) -> f64 {
  %y, %dy = costate.call @d15(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
costate.derive @d16 = jvp @f15 wrt [0]
func.func @f16(%x: f64) -> f64 {
  %y, %dy = costate.call @d16(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}
// expected-error @below {{'costate.derive' op is the last of 17 derivatives, each of the one before; 16 is the most}}
costate.derive @d17 = jvp @f16 wrt [0]
func.func @f17(%x: f64) -> f64 {
  %y, %dy = costate.call @d17(%x, %x) : (f64, f64) -> (f64, f64)
  return %dy : f64
}

// -----

func.func @long(%x: tensor<4294967296xf64>) -> tensor<4294967296xf64> {
  %y = math.sin %x : tensor<4294967296xf64>
  return %y : tensor<4294967296xf64>
}
// expected-error@+1 {{makes a matrix of 4294967296 rows and 4294967296 columns for each sample, but a tensor has no more elements than can be addressed, 2^44}}
costate.derive @long_jacobian = jacobian @long wrt [0]

// -----

func.func @sum(%x: tensor<4294967296xf64>) -> f64 {
  %z = arith.constant dense<0.0> : tensor<f64>
  %d = linalg.dot ins(%x, %x : tensor<4294967296xf64>, tensor<4294967296xf64>) outs(%z : tensor<f64>) -> tensor<f64>
  %e = tensor.extract %d[] : tensor<f64>
  return %e : f64
}
// expected-error@+1 {{makes a matrix of 4294967296 rows and 4294967296 columns for each sample, but a tensor has}}
costate.derive @sum_hessian = hessian @sum wrt [0]

// -----

func.func @wide(%w: f64, %x: tensor<4194304xf64>) -> tensor<4194304xf64> {
  %s = tensor.splat %w : tensor<4194304xf64>
  %y = arith.mulf %s, %x : tensor<4194304xf64>
  return %y : tensor<4194304xf64>
}
// expected-error@+1 {{makes a matrix of 4194304 rows and 4194304 columns for each sample, but a tensor has no more elements}}
costate.derive @wide_gram = gram @wide wrt [0] across [1] samples 2
