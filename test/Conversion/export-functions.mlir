// RUN: costate-opt %s -split-input-file -verify-diagnostics -costate-export-functions | FileCheck %s

// Tensors come in through buffers; results leave through buffers that follow the arguments.
// CHECK-LABEL: func.func @both
// CHECK-SAME: (%[[X:.*]]: memref<4xf64>, %[[N:.*]]: index, %[[A:.*]]: f64, %[[SUM:.*]]: memref<f64>, %[[Y:.*]]: memref<4xf64>) attributes {costate.exported}
// CHECK: %[[READ:.*]] = bufferization.to_tensor %[[X]] restrict : memref<4xf64>
// CHECK: %[[E:.*]] = tensor.extract %[[READ]][%[[N]]]
// CHECK: memref.store %[[E]], %[[SUM]][]
// CHECK: bufferization.materialize_in_destination %[[READ]] in restrict writable %[[Y]]
// CHECK: return{{$}}
func.func @both(%x: tensor<4xf64>, %n: index, %a: f64) -> (f64, tensor<4xf64>) {
  %e = tensor.extract %x[%n] : tensor<4xf64>
  return %e, %x : f64, tensor<4xf64>
}

// CHECK: func.func private @inner(%{{.*}}: tensor<?xf64>) -> tensor<?xf64>
func.func private @inner(%x: tensor<?xf64>) -> tensor<?xf64> {
  return %x : tensor<?xf64>
}

// -----

// A call that stays passes buffers; the caller has a place for each tensor that comes back.
// CHECK-LABEL: func.func private @kept
// CHECK-SAME: (%[[X:.*]]: memref<4xf64>, %[[A:.*]]: f64, %[[P:.*]]: memref<4xf64>) -> f64 attributes {no_inline}
// CHECK: %[[READ:.*]] = bufferization.to_tensor %[[X]] restrict : memref<4xf64>
// CHECK: %[[S:.*]] = math.sin %[[READ]]
// CHECK: bufferization.materialize_in_destination %[[S]] in restrict writable %[[P]]
// CHECK: return %[[A]] : f64
func.func private @kept(%x: tensor<4xf64>, %a: f64) -> (tensor<4xf64>, f64) attributes {no_inline} {
  %s = math.sin %x : tensor<4xf64>
  return %s, %a : tensor<4xf64>, f64
}
// CHECK-LABEL: func.func @calls
// CHECK: %[[T:.*]] = math.cos
// CHECK: %[[B:.*]] = bufferization.to_buffer %[[T]] read_only : tensor<4xf64>
// CHECK: %[[Q:.*]] = memref.alloc() : memref<4xf64>
// CHECK: %[[R:.*]] = call @kept(%[[B]], %{{.*}}, %[[Q]]) : (memref<4xf64>, f64, memref<4xf64>) -> f64
// CHECK: %[[U:.*]] = bufferization.to_tensor %[[Q]] restrict
// CHECK: bufferization.materialize_in_destination %[[U]]
// CHECK: memref.store %[[R]]
func.func @calls(%x: tensor<4xf64>, %a: f64) -> (tensor<4xf64>, f64) {
  %t = math.cos %x : tensor<4xf64>
  %y, %b = func.call @kept(%t, %a) : (tensor<4xf64>, f64) -> (tensor<4xf64>, f64)
  return %y, %b : tensor<4xf64>, f64
}

// -----

// A program has entries, and nothing else to call.
// CHECK-LABEL: func.func @helper
// CHECK-SAME: (%{{.*}}: tensor<4xf64>) -> tensor<4xf64>
func.func @step(%theta: memref<4xf64> {costate.role = "theta"}) attributes {costate.entry} {
  return
}
func.func @helper(%x: tensor<4xf64>) -> tensor<4xf64> {
  return %x : tensor<4xf64>
}

// -----

// expected-error @below {{'func.func' op has argument 1 of type 'tensor<?xf64>', but a C function takes and gives scalars and tensors of static shape}}
func.func @dynamic(%a: f64, %x: tensor<?xf64>) -> f64 {
  return %a : f64
}

// -----

// expected-error @below {{'func.func' op has result 0 of type 'f16', but a C function takes and gives scalars and tensors of static shape}}
func.func @half() -> f16 {
  %h = arith.constant 1.0 : f16
  return %h : f16
}

// -----

// A private function that is named like one of the C library would be found where that is meant.
// CHECK-LABEL: func.func @sine
// CHECK: call @sin_0
// CHECK: func.func private @sin_0
func.func @sine(%a: f64) -> f64 {
  %s = call @sin(%a) : (f64) -> f64
  return %s : f64
}
func.func private @sin(%a: f64) -> f64 {
  return %a : f64
}

// -----

// expected-error @below {{'func.func' op cannot be a function of a library named "cos", but needs a name that is free in C: letters, digits and '_' after a letter, nothing of the C library, not 'main', and not 'costate_' in front}}
func.func @cos(%a: f64) -> f64 {
  return %a : f64
}

// -----

// expected-error @below {{'func.func' op has more than one block: a function of a library has structured control flow}}
func.func @blocks(%a: f64) -> f64 {
  cf.br ^next
^next:
  return %a : f64
}

// -----

func.func @factorial(%n: i64) -> i64 {
  %one = arith.constant 1 : i64
  %more = arith.cmpi sgt, %n, %one : i64
  %r = scf.if %more -> i64 {
    %m = arith.subi %n, %one : i64
    // expected-error @below {{'func.call' op calls @factorial, which the library exports: calls are inlined before, and recursion is not supported}}
    %f = func.call @factorial(%m) : (i64) -> i64
    %p = arith.muli %n, %f : i64
    scf.yield %p : i64
  } else {
    scf.yield %one : i64
  }
  return %r : i64
}

// -----

// One that optimizers do not know, but `math.erfc` calls.
// CHECK-LABEL: func.func @calls_erfc
// CHECK: math.erfc
// CHECK: call @erfc_0
// CHECK: func.func private @erfc_0
func.func @calls_erfc(%a: f64) -> f64 {
  %e = math.erfc %a : f64
  %s = call @erfc(%e) : (f64) -> f64
  return %s : f64
}
func.func private @erfc(%a: f64) -> f64 {
  %s = math.sin %a : f64
  return %s : f64
}

// -----

// expected-error @below {{'func.func' op cannot be a function of a library named "lgammaf"}}
func.func @lgammaf(%x: f64) -> f64 {
  return %x : f64
}
