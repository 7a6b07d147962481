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
