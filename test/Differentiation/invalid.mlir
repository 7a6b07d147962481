// RUN: costate-opt %s -costate-expand-transforms -verify-diagnostics -split-input-file

// Every op without a rule is named, each once.
func.func @rules(%x: f64, %v: vector<4xf64>) -> (f64, f64) {
  %s = math.sin %x : f64
  // expected-error @below {{'scf.execute_region' op has no derivative rule}}
  %a = scf.execute_region -> f64 {
    %z = arith.mulf %s, %s : f64
    scf.yield %z : f64
  }
  // expected-error @below {{'vector.broadcast' op has no derivative rule for a 'vector<4xf64>'; scalars and tensors have one}}
  %b = vector.broadcast %s : f64 to vector<4xf64>
  %r = vector.reduction <add>, %b : vector<4xf64> into f64
  return %a, %r : f64, f64
}
costate.derive @rules_jvp = jvp @rules wrt [0]

// -----

// An op without a rule is no error where its derivative is not needed.
func.func @unneeded(%x: f64, %y: f64) -> f64 {
  %b = vector.broadcast %y : f64 to vector<4xf64>
  %r = vector.reduction <add>, %b : vector<4xf64> into f64
  %unused = vector.broadcast %x : f64 to vector<4xf64>
  %z = arith.mulf %x, %r : f64
  return %z : f64
}
costate.derive @unneeded_gradient = gradient @unneeded wrt [0]

// -----

func.func @jets(%x: f64) -> f64 {
  // expected-error @below {{'vector.broadcast' op has no derivative rule}}
  %b = vector.broadcast %x : f64 to vector<4xf64>
  // expected-error @below {{'vector.reduction' op has no derivative rule}}
  %r = vector.reduction <add>, %b : vector<4xf64> into f64
  return %r : f64
}
costate.derive @second = jet @jets variables [[0, 0]] indices [[1], [2]]

// -----

// The transpose of a move of elements asks for sizes that the types say.
func.func @dynamic_moves(%x: tensor<6xf64>, %n: index) -> (tensor<?x?xf64>, tensor<?xf64>) {
  %s = tensor.extract_slice %x[0] [%n] [1] : tensor<6xf64> to tensor<?xf64>
  %c1 = arith.constant 1 : index
  // expected-error @below {{'tensor.expand_shape' op has no derivative rule for a 'tensor<?xf64>', whose extents are not known}}
  %e = tensor.expand_shape %s [[0, 1]] output_shape [%n, %c1] : tensor<?xf64> into tensor<?x?xf64>
  // expected-error @below {{'tensor.concat' op has no derivative rule for a 'tensor<?xf64>', whose extents are not known}}
  %c = tensor.concat dim(0) %s, %x : (tensor<?xf64>, tensor<6xf64>) -> tensor<?xf64>
  return %e, %c : tensor<?x?xf64>, tensor<?xf64>
}
costate.derive @dynamic_moves_jvp = jvp @dynamic_moves wrt [0]

// -----

// Recursion is no error where its derivative is not needed.
func.func @inactive_recursion(%n: f64) -> f64 {
  %y = func.call @inactive_recursion(%n) : (f64) -> f64
  return %y : f64
}
func.func @calls_inactive(%x: f64, %n: f64) -> f64 {
  %f = func.call @inactive_recursion(%n) : (f64) -> f64
  %y = arith.mulf %x, %f : f64
  return %y : f64
}
costate.derive @calls_inactive_vjp = vjp @calls_inactive wrt [0]

// -----

func.func @not_linear(%x: f64, %y: f64) -> f64 {
  %a = arith.mulf %x, %y : f64
  // expected-error @below {{'arith.mulf' op is not linear in what is transposed}}
  %b = arith.mulf %a, %a : f64
  %one = arith.constant 1.0 : f64
  // expected-error @below {{'arith.addf' op is not linear in what is transposed}}
  %c = arith.addf %b, %one : f64
  // expected-error @below {{'math.sin' op is not linear in what is transposed}}
  %d = math.sin %c : f64
  return %d : f64
}
costate.derive @transposed = transpose @not_linear wrt [0]

// -----

func.func @affine_branch(%x: f64, %c: i1) -> f64 {
  %one = arith.constant 1.0 : f64
  %r = scf.if %c -> f64 {
    %d = arith.mulf %x, %one : f64
    %e = arith.negf %d : f64
    scf.yield %e : f64
  } else {
    // expected-error @below {{'scf.yield' op yields a value that is not linear in what is transposed}}
    scf.yield %one : f64
  }
  return %r : f64
}
costate.derive @transposed = transpose @affine_branch wrt [0]

// -----

// expected-error @below {{'func.func' op returns a value that is not linear in what is transposed}}
func.func @constant_result(%x: f64, %y: f64) -> (f64, f64) {
  %a = arith.mulf %x, %y : f64
  return %a, %y : f64, f64
}
costate.derive @transposed = transpose @constant_result wrt [0]

// -----

// expected-note @below {{@loop is defined here}}
func.func @loop(%x: f64) -> f64 {
  // expected-error @below {{'func.call' op calls @loop recursively; recursion cannot be differentiated}}
  %y = func.call @loop(%x) : (f64) -> f64
  return %y : f64
}
costate.derive @loop_jvp = jvp @loop wrt [0]

// -----

// expected-error @below {{'func.func' op has no body to differentiate}}
func.func private @external(%x: f64) -> f64
costate.derive @external_jvp = jvp @external wrt [0]

// -----

func.func private @external(%x: f64) -> f64
func.func @calls(%x: f64) -> f64 {
  // expected-error @below {{'func.call' op has no derivative rule}}
  %y = func.call @external(%x) : (f64) -> f64
  return %y : f64
}
costate.derive @calls_jvp = jvp @calls wrt [0]

// -----

// expected-error @below {{'func.func' op has control flow between blocks, which cannot be differentiated; use scf.if, scf.for and scf.while}}
func.func @blocks(%x: f64) -> f64 {
  cf.br ^bb1
^bb1:
  return %x : f64
}
costate.derive @blocks_jvp = jvp @blocks wrt [0]

// -----

// expected-error @below {{'func.func' op has type '(f64) -> (f64, f64)', but a gradient requires one result, a float or a tensor of one}}
func.func @two(%x: f64) -> (f64, f64) {
  return %x, %x : f64, f64
}
costate.derive @two_gradient = gradient @two wrt [0]

// -----

// expected-error @below {{'func.func' op cannot be differentiated by argument 0 of type 'i32'; a float or a tensor of floats is required}}
func.func @integer(%x: i32) -> f64 {
  %y = arith.sitofp %x : i32 to f64
  return %y : f64
}
costate.derive @integer_jvp = jvp @integer wrt [0]

// -----

// expected-error @below {{'func.func' op cannot be differentiated by argument 0 of type 'tensor<?xf64>'; a static shape is required}}
func.func @dynamic(%x: tensor<?xf64>) -> tensor<?xf64> {
  return %x : tensor<?xf64>
}
costate.derive @dynamic_jvp = jvp @dynamic wrt [0]

// -----

// As loops, the op reads what it wrote for the point before, on tensors it would not: the buffer stays one.
func.func @overlap(%x: tensor<4xf64>) -> tensor<4xf64> {
  %m = memref.alloc() : memref<4xf64>
  // expected-error @below {{'bufferization.materialize_in_destination' op has no derivative rule}}
  bufferization.materialize_in_destination %x in restrict writable %m : (tensor<4xf64>, memref<4xf64>) -> ()
  %a = memref.subview %m[0] [3] [1] : memref<4xf64> to memref<3xf64, strided<[1]>>
  %b = memref.subview %m[1] [3] [1] : memref<4xf64> to memref<3xf64, strided<[1], offset: 1>>
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%a : memref<3xf64, strided<[1]>>) outs(%b : memref<3xf64, strided<[1], offset: 1>>) {
  ^bb0(%in: f64, %out: f64):
    %s = arith.addf %in, %out : f64
    linalg.yield %s : f64
  }
  %t = bufferization.to_tensor %m restrict : memref<4xf64> to tensor<4xf64>
  return %t : tensor<4xf64>
}
costate.derive @overlap_vjp = vjp @overlap wrt [0]

// -----

// The body loads what the op writes.
func.func @own(%x: tensor<4xf64>) -> tensor<4xf64> {
  %m = memref.alloc() : memref<4xf64>
  // expected-error @below {{'bufferization.materialize_in_destination' op has no derivative rule}}
  bufferization.materialize_in_destination %x in restrict writable %m : (tensor<4xf64>, memref<4xf64>) -> ()
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%m : memref<4xf64>) {
  ^bb0(%out: f64):
    %first = arith.constant 0 : index
    %v = memref.load %m[%first] : memref<4xf64>
    %s = arith.mulf %v, %out : f64
    linalg.yield %s : f64
  }
  %t = bufferization.to_tensor %m restrict : memref<4xf64> to tensor<4xf64>
  return %t : tensor<4xf64>
}
costate.derive @own_vjp = vjp @own wrt [0]

// -----

// expected-note @below {{@blocks is defined here}}
func.func private @blocks(%x: f64) -> f64 {
  cf.br ^bb1(%x : f64)
^bb1(%y: f64):
  return %y : f64
}
func.func @calls_blocks(%x: f64) -> f64 {
  // expected-error @below {{'func.call' op calls @blocks, which has control flow between blocks, which cannot be differentiated; use scf.if, scf.for and scf.while}}
  %y = func.call @blocks(%x) : (f64) -> f64
  return %y : f64
}
costate.derive @calls_blocks_vjp = vjp @calls_blocks wrt [0]
