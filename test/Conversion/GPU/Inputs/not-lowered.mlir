gpu.module @costate_kernels {
  func.func @add(%x: f32) -> f32 {
    %y = arith.addf %x, %x : f32
    return %y : f32
  }
}
