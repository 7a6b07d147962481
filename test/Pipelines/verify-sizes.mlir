// Without the pass named, too: it comes before every other.
// RUN: costate-opt %s -split-input-file -verify-diagnostics -costate-verify-sizes
// RUN: costate-opt %s -split-input-file -verify-diagnostics -canonicalize

// As many as there can be, and those whose number is not known.
func.func @fine(%x: tensor<4194304x4194304xf32>, %y: tensor<?x9223372036xf64>, %z: memref<*xf32>) -> index {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %y, %c0 : tensor<?x9223372036xf64>
  return %n : index
}

// -----

// expected-error@+1 {{has a value of type 'tensor<4194304x4194305xf32>', but a tensor has no more elements than can be addressed, 2^44}}
func.func @argument(%x: tensor<4194304x4194305xf32>) { return }

// -----

// expected-error@+1 {{has a value of type 'memref<9223372036854775807xf32>', but a tensor}}
func.func private @declared(f32, memref<9223372036854775807xf32>)

// -----

// expected-error@+1 {{has a value of type 'tensor<4294967296x4294967296xf32>', but a tensor}}
func.func private @returned() -> tensor<4294967296x4294967296xf32>

// -----

func.func @made(%n: index, %x: tensor<?x4294967296xf32>) -> index {
  %c0 = arith.constant 0 : index
  // expected-error@+1 {{has a value of type 'tensor<4294967296x4294967296xf32>', but a tensor}}
  %y = tensor.cast %x : tensor<?x4294967296xf32> to tensor<4294967296x4294967296xf32>
  %d = tensor.dim %y, %c0 : tensor<4294967296x4294967296xf32>
  return %d : index
}

// -----

// expected-error@+1 {{has a value of type 'tensor<17592186044417xf32>', but a tensor}}
func.func @of_a_block(%x: tensor<?xf32>) {
  return
^unreached(%y: tensor<17592186044417xf32>):
  return
}
