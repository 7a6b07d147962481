// RUN: costate-opt %s -costate-expand-transforms -split-input-file -verify-diagnostics

// What no memory holds is refused, and not only when it is run.
func.func @tape(%x: tensor<8xf64>) -> tensor<8xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 4611686018427387904 : index
  // expected-error @below {{records more than 1099511627776 bytes in a derivative of @tape backwards, which no memory holds; its attribute 'checkpoint' or a memory limit lets it record less}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
    %r = math.sin %s : tensor<8xf64>
    scf.yield %r : tensor<8xf64>
  }
  return %y : tensor<8xf64>
}
costate.derive @tape_vjp = vjp @tape wrt [0]

// -----

func.func @blocks(%x: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-error @below {{records more than 1099511627776 bytes in a derivative of @blocks backwards}}
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> f64 {
    %r = math.sin %s : f64
    scf.yield %r : f64
  } {checkpoint = {every = 1000000000000}}
  return %y : f64
}
costate.derive @blocks_vjp = vjp @blocks wrt [0]
