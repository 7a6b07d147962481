// RUN: costate-opt %s -pass-pipeline='builtin.module(gpu.module(costate-exact-square-roots))' | FileCheck %s

// Roots become those of the machine, rounded correctly, and the library's declarations go; other functions of it stay.
// CHECK-LABEL: gpu.module @kernels
gpu.module @kernels {
  // CHECK-NOT: @__nv_sqrt
  // CHECK-NOT: @__nv_rsqrtf
  // CHECK: llvm.func @__nv_exp(f64) -> f64
  llvm.func @__nv_sqrt(f64) -> f64
  llvm.func @__nv_rsqrtf(f32) -> f32
  llvm.func @__nv_exp(f64) -> f64

  // CHECK: llvm.func @roots(%[[X:.*]]: f64, %[[Y:.*]]: f32)
  llvm.func @roots(%x: f64, %y: f32) -> !llvm.struct<(f64, f32, f64)> {
    // CHECK: %[[ROOT:.*]] = llvm.intr.sqrt(%[[X]]) : (f64) -> f64
    %root = llvm.call @__nv_sqrt(%x) : (f64) -> f64
    // CHECK: %[[OTHER:.*]] = llvm.intr.sqrt(%[[Y]]) : (f32) -> f32
    // CHECK: %[[ONE:.*]] = llvm.mlir.constant(1.000000e+00 : f32) : f32
    // CHECK: %[[INVERSE:.*]] = llvm.fdiv %[[ONE]], %[[OTHER]] : f32
    %inverse = llvm.call @__nv_rsqrtf(%y) : (f32) -> f32
    // CHECK: %[[EXP:.*]] = llvm.call @__nv_exp(%[[ROOT]])
    %exp = llvm.call @__nv_exp(%root) : (f64) -> f64
    %empty = llvm.mlir.undef : !llvm.struct<(f64, f32, f64)>
    %0 = llvm.insertvalue %root, %empty[0] : !llvm.struct<(f64, f32, f64)>
    // CHECK: llvm.insertvalue %[[INVERSE]], %{{.*}}[1]
    %1 = llvm.insertvalue %inverse, %0[1] : !llvm.struct<(f64, f32, f64)>
    // CHECK: llvm.insertvalue %[[EXP]], %{{.*}}[2]
    %2 = llvm.insertvalue %exp, %1[2] : !llvm.struct<(f64, f32, f64)>
    llvm.return %2 : !llvm.struct<(f64, f32, f64)>
  }
}
