// RUN: costate-opt %s -split-input-file -verify-diagnostics -costate-verify-level=level=3

func.func private @loss(%x: tensor<f32>, %w: f32) -> f32 {
  return %w : f32
}
// expected-error @+1 {{'costate.derive' op is not allowed at level 3: a pass before should have resolved it}}
costate.derive @loss_vjp = vjp @loss wrt [0]
