// RUN: costate-opt %s -split-input-file -verify-diagnostics -costate-verify-level=level=4

func.func private @pointwise(%x: f32) -> f32
func.func @set(%x: tensor<?xf32>, %n: index, %w: f32) {
  // expected-error @+1 {{'costate.reduce_set' op is not allowed at level 4: a pass before should have resolved it}}
  %s = costate.reduce_set @loss over(%x : tensor<?xf32>) count %n weight %w : f32 -> f32
  return
}
// expected-error @+1 {{'func.func' op is not allowed at level 4: pointwise functions are inlined into tiles}}
func.func private @loss(%x: tensor<f32>, %w: f32) -> f32 {
  return %w : f32
}

// -----

// expected-error @+1 {{'llvm.func' op is not allowed at level 4: the LLVM dialect belongs to level 5}}
llvm.func @body()
