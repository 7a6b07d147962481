// RUN: costate-opt %s -costate-outline-chunks -split-input-file -verify-diagnostics

func.func @two_dimensions(%n: index) attributes {costate.entry} {
  // expected-error @+1 {{'scf.forall' op must have one dimension, from 0 in steps of 1, to be run by the worker pool}}
  scf.forall (%i, %j) in (%n, %n) {
  }
  return
}

// -----

func.func @step_of_two(%n: index) attributes {costate.entry} {
  // expected-error @+1 {{'scf.forall' op must have one dimension, from 0 in steps of 1, to be run by the worker pool}}
  scf.forall (%i) = (0) to (%n) step (2) {
  }
  return
}

// -----

func.func @tensors(%n: index, %t: tensor<4xf32>) -> tensor<4xf32> attributes {costate.entry} {
  // expected-error @+1 {{'scf.forall' op still has shared outputs: bufferize it first}}
  %r = scf.forall (%i) in (%n) shared_outs(%o = %t) -> (tensor<4xf32>) {
  }
  return %r : tensor<4xf32>
}
