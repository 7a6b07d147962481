// RUN: costate-opt %s -costate-expand-transforms -verify-diagnostics -split-input-file

// What takes a value that is differentiated, has no rule, and has an effect that no tangent goes with, is an error, in
// every kind of derivative: it would count as constant.

func.func @through_memory(%x: f64) -> f64 {
  %m = memref.alloc() : memref<2xf64>
  %c = arith.constant 1 : index
  %y = math.sin %x : f64
  func.call @keep(%m) : (memref<2xf64>) -> ()
  // expected-error @below {{'memref.store' op has no derivative rule, but takes a value that is differentiated; it has no result for a tangent to go with}}
  memref.store %y, %m[%c] : memref<2xf64>
  %z = memref.load %m[%c] : memref<2xf64>
  return %z : f64
}
func.func private @keep(memref<2xf64>)
costate.derive @memory_jvp = jvp @through_memory wrt [0]

// -----

func.func private @keep(memref<2xf64>)
func.func @backwards(%x: f64, %m: memref<2xf64>) -> f64 {
  %c = arith.constant 1 : index
  func.call @keep(%m) : (memref<2xf64>) -> ()
  // expected-error @below {{'memref.store' op has no derivative rule, but takes a value}}
  memref.store %x, %m[%c] : memref<2xf64>
  %z = memref.load %m[%c] : memref<2xf64>
  return %z : f64
}
costate.derive @memory_vjp = vjp @backwards wrt [0]

// -----

func.func private @keep(memref<2xf64>)
func.func @taylor(%x: f64, %m: memref<2xf64>) -> f64 {
  %c = arith.constant 1 : index
  func.call @keep(%m) : (memref<2xf64>) -> ()
  // expected-error @below {{'memref.store' op has no derivative rule, but takes a value}}
  memref.store %x, %m[%c] : memref<2xf64>
  %z = memref.load %m[%c] : memref<2xf64>
  return %z : f64
}
costate.derive @memory_jet = jet @taylor variables [[0, 0]] indices [[2]]

// -----

// Found where it is, within loops, branches and loops that are there for what they count.
func.func @nested(%x: f64, %m: memref<2xf64>, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %p = arith.cmpf ogt, %x, %x : f64
    scf.if %p {
      // expected-error @below {{'memref.store' op has no derivative rule, but takes a value}}
      memref.store %x, %m[%i] : memref<2xf64>
    }
  }
  %k = scf.while (%i = %c0) : (index) -> index {
    // expected-error @below {{'memref.store' op has no derivative rule, but takes a value}}
    memref.store %x, %m[%i] : memref<2xf64>
    %more = arith.cmpi ult, %i, %n : index
    scf.condition(%more) %i : index
  } do {
  ^bb0(%i: index):
    %next = arith.addi %i, %c1 : index
    scf.yield %next : index
  }
  %z = memref.load %m[%k] : memref<2xf64>
  return %z : f64
}
costate.derive @nested_gradient = gradient @nested wrt [0]

// -----

// In the body of a structured op, and written by an op that has a result.
func.func @bodies(%x: tensor<2xf64>, %s: f64, %m: memref<2xf64>, %o: tensor<2xf64>) -> tensor<2xf64> {
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%x : tensor<2xf64>) outs(%o : tensor<2xf64>) {
  ^bb0(%a: f64, %b: f64):
    %i = linalg.index 0 : index
    // expected-error @below {{'memref.store' op has no derivative rule, but takes a value}}
    memref.store %a, %m[%i] : memref<2xf64>
    linalg.yield %a : f64
  } -> tensor<2xf64>
  %c = arith.constant 0 : index
  // expected-error @below {{'memref.atomic_rmw' op has no derivative rule, but takes a value that is differentiated; no tangent goes through memory}}
  %old = memref.atomic_rmw addf %s, %m[%c] : (f64, memref<2xf64>) -> f64
  return %y : tensor<2xf64>
}
costate.derive @bodies_jvp = jvp @bodies wrt [0, 1]

// -----

// A body says what depends on it: bits do, however they are reduced. What counts comparisons does not.
func.func @reductions(%x: tensor<4xf64>, %none: tensor<i64>) -> f64 {
  %k = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
    ins(%x : tensor<4xf64>) outs(%none : tensor<i64>) {
  ^bb0(%e: f64, %all: i64):
    // expected-error @below {{'arith.bitcast' op has no derivative rule, but takes a value}}
    %b = arith.bitcast %e : f64 to i64
    %next = arith.xori %b, %all : i64
    linalg.yield %next : i64
  } -> tensor<i64>
  %q = tensor.extract %k[] : tensor<i64>
  %r = arith.sitofp %q : i64 to f64
  return %r : f64
}
costate.derive @reductions_jet = jet @reductions variables [[0, 1]] indices [[2]]

// -----

// Complex scalars are pairs of floats, tensors of them are not.
func.func @through_complex(%x: f64, %y: f64, %i: index) -> f64 {
  // expected-error @below {{'complex.create' op has no derivative rule, but takes a value that is differentiated; no tangent goes with a result of type 'complex<f64>'}}
  %c = complex.create %x, %y : complex<f64>
  %t = tensor.from_elements %c, %c : tensor<2xcomplex<f64>>
  %e = tensor.extract %t[%i] : tensor<2xcomplex<f64>>
  %r = complex.abs %e : complex<f64>
  return %r : f64
}
costate.derive @complex_vjp = vjp @through_complex wrt [0, 1]

// -----

func.func @through_bits(%x: f64) -> f64 {
  // expected-error @below {{'arith.bitcast' op has no derivative rule, but takes a value that is differentiated; no tangent goes with a result of type 'i64'}}
  %i = arith.bitcast %x : f64 to i64
  %o = arith.constant 9223372036854775807 : i64
  %a = arith.andi %i, %o : i64
  %y = arith.bitcast %a : i64 to f64
  return %y : f64
}
costate.derive @bits_jvp = jvp @through_bits wrt [0]

// -----

// A rule does not help where the result has a type without tangents.
func.func @unranked(%x: tensor<3xf64>) -> tensor<3xf64> {
  // expected-error @below {{'tensor.cast' op cannot be differentiated, but takes a value that is differentiated; no tangent goes with a result of type 'tensor<*xf64>'}}
  %u = tensor.cast %x : tensor<3xf64> to tensor<*xf64>
  %y = tensor.cast %u : tensor<*xf64> to tensor<3xf64>
  return %y : tensor<3xf64>
}
costate.derive @unranked_jacobian = jacobian @unranked wrt [0]

// -----

// Every op is named, those among them that have results with tangents.
func.func private @log(f64)
func.func private @bits(f64) -> (f64, i64)
func.func private @plain(f64) -> f64
func.func @calls(%x: f64) -> f64 {
  // expected-error @below {{'func.call' op has no derivative rule, but takes a value that is differentiated; it has no result for a tangent to go with}}
  func.call @log(%x) : (f64) -> ()
  // expected-error @below {{'func.call' op has no derivative rule, but takes a value that is differentiated; no tangent goes with a result of type 'i64'}}
  %a, %i = func.call @bits(%x) : (f64) -> (f64, i64)
  // expected-error @below {{'func.call' op has no derivative rule}}
  %b = func.call @plain(%a) : (f64) -> f64
  return %b : f64
}
costate.derive @calls_hvp = hvp @calls wrt [0]

// -----

// What is written in a branch would be written twice, even where no derivative goes there.
func.func @repeated(%x: f64, %m: memref<f64>) -> f64 {
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %p = arith.cmpf ogt, %x, %zero : f64
  // expected-note @below {{in this 'scf.if', which is differentiated}}
  %y = scf.if %p -> f64 {
    %old = memref.load %m[] : memref<f64>
    %next = arith.addf %old, %one : f64
    // expected-error @below {{'memref.store' op writes memory where a derivative may run it again}}
    memref.store %next, %m[] : memref<f64>
    %s = math.sin %x : f64
    scf.yield %s : f64
  } else {
    scf.yield %x : f64
  }
  return %y : f64
}
costate.derive @repeated_jvp = jvp @repeated wrt [0]

// -----

// The equation of an implicit function is differentiated by its unknown, too.
func.func @equation(%x: f64, %guess: f64) -> f64 {
  %y = costate.root %guess : f64 {
  ^bb0(%u: f64):
    // expected-error @below {{'arith.bitcast' op has no derivative rule, but takes a value}}
    %i = arith.bitcast %u : f64 to i64
    %v = arith.bitcast %i : i64 to f64
    %r = arith.subf %v, %x : f64
    costate.yield %r : f64
  }
  return %y : f64
}
costate.derive @equation_vjp = vjp @equation wrt [0]

// -----

// What is linear stays so.
func.func @transposed(%x: f64, %m: memref<f64>) -> (f64, f64) {
  // expected-error @below {{'memref.store' op is not linear in what is transposed}}
  memref.store %x, %m[] : memref<f64>
  %y = memref.load %m[] : memref<f64>
  // expected-error @below {{'arith.bitcast' op is not linear in what is transposed}}
  %i = arith.bitcast %x : f64 to i64
  // expected-error @below {{'arith.bitcast' op is not linear in what is transposed}}
  %z = arith.bitcast %i : i64 to f64
  %s = arith.addf %x, %x : f64
  return %s, %z : f64, f64
}
costate.derive @linear = transpose @transposed wrt [0]
