// RUN: costate-opt %s -costate-split-at-min-cut="function=wave params=0,1 print-width=true" -split-input-file -verify-diagnostics | FileCheck %s

// Three outputs of a network through u and u_xx: a residual, another and a loss. The data go around the cut.
// CHECK-LABEL: func.func @wave(
// CHECK-LABEL: func.func private @wave_head(
// CHECK-SAME: %[[W:.*]]: tensor<4xf64>, %[[V:.*]]: tensor<4xf64>, %[[X:.*]]: f64, %[[Y:.*]]: f64) -> (f64, f64)
// CHECK: %[[H:.*]] = math.tanh
// CHECK: %[[U:.*]] = tensor.extract
// CHECK: %[[UXX:.*]] = tensor.extract
// CHECK: return %[[U]], %[[UXX]] : f64, f64
// CHECK-LABEL: func.func private @wave_tail(
// CHECK-SAME: %[[U:[a-z0-9]+]]: f64, %[[UXX:[a-z0-9]+]]: f64, %{{[a-z0-9]+}}: tensor<4xf64>, %{{[a-z0-9]+}}: tensor<4xf64>, %[[X:[a-z0-9]+]]: f64, %[[Y:[a-z0-9]+]]: f64) -> (f64, f64, f64, f64)
// CHECK-NEXT: %[[K:.*]] = arith.constant
// CHECK-NEXT: %[[KU:.*]] = arith.mulf %[[K]], %[[U]]
// CHECK-NEXT: %[[R:.*]] = arith.addf %[[UXX]], %[[KU]]
// CHECK-NEXT: %[[E:.*]] = arith.subf %[[U]], %[[Y]]
// CHECK-NEXT: %[[L:.*]] = arith.mulf %[[E]], %[[E]]
// CHECK-NEXT: %[[P:.*]] = arith.mulf %[[U]], %[[UXX]]
// CHECK-NEXT: %[[D:.*]] = math.sin %[[X]]
// CHECK-NEXT: return %[[R]], %[[L]], %[[P]], %[[D]]
// expected-remark @below {{split at a cut of 2 element(s)}}
func.func @wave(%w: tensor<4xf64>, %v: tensor<4xf64>, %x: f64, %y: f64) -> (f64, f64, f64, f64) {
  %k2 = arith.constant 39.0 : f64
  %s = tensor.splat %x : tensor<4xf64>
  %z = arith.mulf %w, %s : tensor<4xf64>
  %h = math.tanh %z : tensor<4xf64>
  %zero = arith.constant dense<0.0> : tensor<f64>
  %u0 = linalg.dot ins(%v, %h : tensor<4xf64>, tensor<4xf64>) outs(%zero : tensor<f64>) -> tensor<f64>
  %u = tensor.extract %u0[] : tensor<f64>
  %hh = arith.mulf %h, %h : tensor<4xf64>
  %u1 = linalg.dot ins(%v, %hh : tensor<4xf64>, tensor<4xf64>) outs(%zero : tensor<f64>) -> tensor<f64>
  %uxx = tensor.extract %u1[] : tensor<f64>
  %ku = arith.mulf %k2, %u : f64
  %r = arith.addf %uxx, %ku : f64
  %e = arith.subf %u, %y : f64
  %l = arith.mulf %e, %e : f64
  %p = arith.mulf %u, %uxx : f64
  %d = math.sin %x : f64
  return %r, %l, %p, %d : f64, f64, f64, f64
}

// -----

// Fewer results than u and u_xx: the results themselves. A penalty on a parameter does not let the parameter be cut.
// CHECK-LABEL: func.func private @wave_head(
// CHECK-SAME: -> tensor<f64>
// CHECK-LABEL: func.func private @wave_tail(
// CHECK-SAME: %[[L:[a-z0-9]+]]: tensor<f64>, %
// CHECK-NEXT: return %[[L]]
// expected-remark @below {{split at a cut of 1 element(s)}}
func.func @wave(%w: tensor<4xf64>, %v: tensor<4xf64>) -> tensor<f64> {
  %zero = arith.constant dense<0.0> : tensor<f64>
  %l = linalg.dot ins(%w, %w : tensor<4xf64>, tensor<4xf64>) outs(%zero : tensor<f64>) -> tensor<f64>
  return %l : tensor<f64>
}

// -----

// A parameter that is a result is cut, and the condition of a branch goes with what is cut before it.
// CHECK-LABEL: func.func private @wave_head(
// CHECK-SAME: %[[W:.*]]: f64, %[[V:.*]]: f64) -> (f64, f64)
// CHECK: %[[T:.*]] = math.tanh %[[V]]
// CHECK: return %[[W]], %[[T]]
// CHECK-LABEL: func.func private @wave_tail(
// CHECK-SAME: %[[W:[a-z0-9]+]]: f64, %[[T:[a-z0-9]+]]: f64, %{{.*}}: f64, %{{.*}}: f64) -> (f64, f64, f64, f64)
// CHECK: arith.cmpf ogt, %[[T]]
// CHECK: scf.if
// CHECK: scf.yield %[[T]]
// CHECK: return %[[W]]
// expected-remark @below {{split at a cut of 2 element(s)}}
func.func @wave(%w: f64, %v: f64) -> (f64, f64, f64, f64) {
  %zero = arith.constant 0.0 : f64
  %t = math.tanh %v : f64
  %c = arith.cmpf ogt, %t, %zero : f64
  %relu = scf.if %c -> f64 {
    scf.yield %t : f64
  } else {
    scf.yield %zero : f64
  }
  %e = math.exp %t : f64
  %s = math.sin %t : f64
  return %w, %relu, %e, %s : f64, f64, f64, f64
}

// -----

// Nothing depends on the parameters: an empty cut.
// CHECK-LABEL: func.func private @wave_head(
// CHECK-SAME: %{{.*}}: f64, %{{.*}}: f64, %{{.*}}: f64) {
// CHECK-LABEL: func.func private @wave_tail(
// CHECK-SAME: %{{.*}}: f64, %{{.*}}: f64, %[[X:.*]]: f64) -> f64
// CHECK-NEXT: return %[[X]]
// expected-remark @below {{split at a cut of 0 element(s)}}
func.func @wave(%w: f64, %v: f64, %x: f64) -> f64 {
  return %x : f64
}

// -----

// expected-error @below {{cannot be split: found parameter 1, required less than 1}}
func.func @wave(%w: f64) -> f64 {
  return %w : f64
}

// -----

// expected-error @below {{has no cut between its parameters and its results: on some path every value is a parameter, an integer or of dynamic shape}}
func.func @wave(%w: f64, %v: f64) -> i1 {
  %c = arith.cmpf ogt, %w, %v : f64
  return %c : i1
}

// -----

// expected-error @below {{cannot be split: found 2 blocks, required one}}
func.func @wave(%w: f64, %v: f64) -> f64 {
  cf.br ^next
^next:
  return %v : f64
}

// -----

// expected-error @below {{has no function 'wave' to split}}
module {
}

// -----

// What passes through memory is on no path that a cut can be found on.
func.func @wave(%w: f64, %m: memref<f64>) -> f64 {
  %s = math.sin %w : f64
  // expected-error @below {{'memref.store' op writes memory, and a function that does so cannot be split}}
  memref.store %s, %m[] : memref<f64>
  %y = memref.load %m[] : memref<f64>
  return %y : f64
}
