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

// -----

// expected-error @+1 {{'func.func' op is not allowed at level 4: it calls itself, and what is recursive cannot be inlined: @even -> @odd -> @even}}
func.func private @even(%n: index) -> index {
  %r = func.call @plain(%n) : (index) -> index
  %s = func.call @odd(%r) : (index) -> index
  return %s : index
}
// expected-error @+1 {{it calls itself, and what is recursive cannot be inlined: @odd -> @even -> @odd}}
func.func private @odd(%n: index) -> index {
  %r = func.call @even(%n) : (index) -> index
  return %r : index
}
// expected-error @+1 {{pointwise functions are inlined into tiles}}
func.func private @plain(%n: index) -> index {
  return %n : index
}
// expected-error @+1 {{it calls itself, and what is recursive cannot be inlined: @self -> @self}}
func.func private @self(%n: index) -> index {
  %r = func.call @self(%n) : (index) -> index
  return %r : index
}
