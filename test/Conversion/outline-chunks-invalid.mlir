// RUN: costate-opt %s -costate-outline-chunks -split-input-file -verify-diagnostics

func.func @tensors(%n: index, %t: tensor<4xf32>) -> tensor<4xf32> attributes {costate.entry} {
  // expected-error @+1 {{'scf.forall' op still has shared outputs: bufferize it first}}
  %r = scf.forall (%i) in (%n) shared_outs(%o = %t) -> (tensor<4xf32>) {
  }
  return %r : tensor<4xf32>
}
