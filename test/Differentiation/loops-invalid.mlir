// RUN: costate-opt %s -costate-expand-transforms -verify-diagnostics -split-input-file

// An op without a rule is named in a loop as anywhere.
func.func @rules(%x: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> f64 {
    // expected-error @below {{'vector.broadcast' op has no derivative rule}}
    %b = vector.broadcast %s : f64 to vector<4xf64>
    %r = vector.reduction <add>, %b : vector<4xf64> into f64
    scf.yield %r : f64
  }
  return %y : f64
}
costate.derive @rules_jvp = jvp @rules wrt [0]

// -----

func.func private @tick()
func.func @effects(%x: f64) -> f64 {
  %one = arith.constant 1.0 : f64
  // expected-error @below {{'scf.while' op has side effects, but the backward pass runs it twice: to count its iterations, and to record them}}
  %y = scf.while (%s = %x) : (f64) -> f64 {
    %c = arith.cmpf ogt, %s, %one : f64
    func.call @tick() : () -> ()
    scf.condition(%c) %s : f64
  } do {
  ^bb0(%s: f64):
    %r = math.sin %s : f64
    scf.yield %r : f64
  }
  return %y : f64
}
costate.derive @effects_vjp = vjp @effects wrt [0]

// -----

func.func @shapes(%x0: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %d = tensor.splat %x0[%n] : tensor<?xf64>
  // expected-error @below {{a value of type 'tensor<?xf64>' cannot be recorded for the backward pass of a loop; a static shape is required}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %d) -> tensor<?xf64> {
    %r = arith.mulf %s, %s : tensor<?xf64>
    scf.yield %r : tensor<?xf64>
  }
  %e = tensor.extract %y[%c0] : tensor<?xf64>
  return %e : f64
}
costate.derive @shapes_vjp = vjp @shapes wrt [0]

// -----

func.func @snapshots(%x0: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  %d = tensor.splat %x0[%n] : tensor<?xf64>
  // expected-error @below {{a value of type 'tensor<?xf64>' cannot be recorded for the backward pass of a loop; a static shape is required}}
  %y = scf.for %i = %c0 to %c9 step %c1 iter_args(%s = %d) -> tensor<?xf64> {
    %r = arith.mulf %s, %s : tensor<?xf64>
    scf.yield %r : tensor<?xf64>
  } {checkpoint = {snapshots = 3}}
  %e = tensor.extract %y[%c0] : tensor<?xf64>
  return %e : f64
}
costate.derive @snapshots_vjp = vjp @snapshots wrt [0]

// -----

func.func @sizes(%x: f64, %n: index, %c: i1) -> f64 {
  %c0 = arith.constant 0 : index
  %e = tensor.from_elements %x, %x, %x : tensor<3xf64>
  // expected-error @below {{'scf.if' op has a result of dynamic shape, whose sizes the backward pass cannot know}}
  %s = scf.if %c -> tensor<?xf64> {
    %a = tensor.extract_slice %e[0] [%n] [1] : tensor<3xf64> to tensor<?xf64>
    scf.yield %a : tensor<?xf64>
  } else {
    %b = tensor.splat %x[%n] : tensor<?xf64>
    scf.yield %b : tensor<?xf64>
  }
  %r = tensor.extract %s[%c0] : tensor<?xf64>
  return %r : f64
}
costate.derive @sizes_vjp = vjp @sizes wrt [0]

// -----

// Linear in the state only if it begins with zero, or with what is transposed.
func.func @affine(%x: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1.0 : f64
  // expected-error @below {{'scf.for' op begins with a value at 0 that is not linear in what is transposed}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %one) -> f64 {
    %r = arith.addf %s, %x : f64
    scf.yield %r : f64
  }
  return %y : f64
}
costate.derive @transposed = transpose @affine wrt [0]

// -----

func.func @affine_step(%x: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1.0 : f64
  %y, %z = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x, %t = %x) -> (f64, f64) {
    %a = arith.addf %s, %t : f64
    // expected-error @below {{'scf.yield' op yields a value that is not linear in what is transposed}}
    scf.yield %one, %a : f64, f64
  }
  %r = arith.addf %y, %z : f64
  return %r : f64
}
costate.derive @transposed = transpose @affine_step wrt [0]

// -----

// expected-note @below {{@recursive is defined here}}
func.func @recursive(%x: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> f64 {
    // expected-error @below {{'func.call' op calls @recursive recursively; recursion cannot be differentiated}}
    %r = func.call @recursive(%s, %i) : (f64, index) -> f64
    scf.yield %r : f64
  }
  return %y : f64
}
costate.derive @recursive_jvp = jvp @recursive wrt [0]

// -----

func.func @scheme(%x: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-error @below {{'scf.for' op has checkpoint = {evry = 4 : i64}; required is "all", {every = n}, {snapshots = n} or {bytes = n} with n of at least 1}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> f64 {
    %r = math.sin %s : f64
    scf.yield %r : f64
  } {checkpoint = {evry = 4}}
  return %y : f64
}
costate.derive @scheme_vjp = vjp @scheme wrt [0]

// -----

func.func @no_snapshots(%x: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-error @below {{'scf.for' op has checkpoint = {snapshots = 0 : i64}; required is}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> f64 {
    %r = math.sin %s : f64
    scf.yield %r : f64
  } {checkpoint = {snapshots = 0}}
  return %y : f64
}
costate.derive @no_snapshots_vjp = vjp @no_snapshots wrt [0]

// -----

func.func @cap(%x: tensor<8xf64>, %n: index) -> tensor<8xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-error @below {{'scf.for' op may record 100 bytes, but one snapshot of what it carries takes 72 and at least two times that is required}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
    %r = math.sin %s : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  } {checkpoint = {bytes = 100}}
  return %y : tensor<8xf64>
}
costate.derive @cap_vjp = vjp @cap wrt [0]
