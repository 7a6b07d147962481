// RUN: costate-opt %s -costate-outline-chunks -split-input-file -verify-diagnostics

func.func @tensors(%n: index, %t: tensor<4xf32>) -> tensor<4xf32> attributes {costate.entry} {
  // expected-error @+1 {{'scf.forall' op still has shared outputs: bufferize it first}}
  %r = scf.forall (%i) in (%n) shared_outs(%o = %t) -> (tensor<4xf32>) {
  }
  return %r : tensor<4xf32>
}

// -----

// expected-error @+1 {{'memref.global' op is named @costate_rt_worker, which is a declaration of type '() -> index'}}
memref.global @costate_rt_worker : memref<2xf32>

// -----

func.func private @costate_rt_worker() -> index
func.func @outside() -> index attributes {costate.entry} {
  // expected-error @+1 {{'func.call' op asks for the worker of a chunk outside of chunks}}
  %worker = func.call @costate_rt_worker() : () -> index
  return %worker : index
}
