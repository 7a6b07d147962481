// RUN: costate-opt %s -costate-expand-transforms -split-input-file -verify-diagnostics

// Two snapshots, of a state and a position each, are the least.
module attributes {costate.memory_limit = 100 : i64} {
  func.func @f(%x: tensor<8xf64>) -> tensor<8xf64> {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %n = arith.constant 100 : index
    // expected-error @below {{records at least 144 bytes in a derivative of @f backwards, which records at least 144 in all; the memory limit is 100}}
    %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<8xf64> {
      %r = math.sin %s : tensor<8xf64>
      scf.yield %r : tensor<8xf64>
    }
    return %y : tensor<8xf64>
  }
  costate.derive @f_vjp = vjp @f wrt [0]
}

// -----

// expected-error @below {{'func.func' op has a costate.memory_limit that is not a number of bytes of at least 1}}
func.func @f(%x: tensor<8xf64>) -> tensor<8xf64> attributes {costate.memory_limit = "100"} {
  return %x : tensor<8xf64>
}
costate.derive @f_vjp = vjp @f wrt [0]
