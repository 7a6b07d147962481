// Every function of math that level 4 may hold, in both precisions, through libdevice to machine code.
// REQUIRES: ptxas
// RUN: costate-opt %s -costate-chunks-to-nvvm -o %t.mlir
// RUN: costate-opt %t.mlir -costate-embed-gpu="arch=sm_80 emit-ptx=%t.80.ptx emit-cubin=%t.80.cubin" -o /dev/null
// RUN: costate-opt %t.mlir -costate-embed-gpu="arch=sm_90a emit-ptx=%t.90.ptx emit-cubin=%t.90.cubin" | FileCheck %s --check-prefix=TABLE
// RUN: cat %t.80.ptx | FileCheck %s -DARCH=sm_80
// RUN: cat %t.90.ptx | FileCheck %s -DARCH=sm_90
// RUN: llvm-readelf -h %t.80.cubin | FileCheck %s --check-prefix=CUBIN
// RUN: llvm-readelf -h %t.90.cubin | FileCheck %s --check-prefix=CUBIN

// CUBIN: Machine: NVIDIA CUDA architecture

// TABLE-NOT: gpu.module
// TABLE-DAG: llvm.mlir.global internal constant @costate_gpu_arch_cubin("sm_90a\00")
// TABLE-DAG: llvm.mlir.global internal constant @costate_gpu_arch_ptx("sm_90\00")
// TABLE-DAG: llvm.mlir.global internal constant @costate_gpu_images() {{.*}} : !llvm.array<3 x struct<(i64, ptr, ptr, i64)>>

// CHECK: .target [[ARCH]]
// CHECK-NOT: {{__nv_|\.extern}}
// CHECK: .entry f32_chunks_0
// CHECK-NOT: {{__nv_|\.extern|sqrt\.approx}}
// CHECK: sqrt.rn.f32
// CHECK-NOT: {{__nv_|\.extern|sqrt\.approx}}
// CHECK: .entry f64_chunks_0
// CHECK-NOT: {{__nv_|\.extern}}
// CHECK: sqrt.rn.f64
// CHECK-NOT: {{__nv_|\.extern}}
#map = affine_map<(l) -> (l)>
func.func @f32(%n: index, %x: memref<32xf32>, %y: memref<32xf32>) {
  scf.forall (%c) in (%n) {
    linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%x : memref<32xf32>) outs(%y : memref<32xf32>) {
    ^bb0(%a: f32, %old: f32):
      %0 = math.sqrt %a : f32
      %1 = math.tanh %0 : f32
      %2 = math.exp %1 : f32
      %3 = math.log %2 : f32
      %4 = math.sin %3 : f32
      %5 = math.cos %4 : f32
      %6 = math.erf %5 : f32
      %7 = math.powf %6, %a : f32
      %8 = arith.divf %7, %a : f32
      %9 = math.absf %8 : f32
      %10 = math.log1p %9 : f32
      %11 = math.atan %10 : f32
      %12 = math.expm1 %11 : f32
      %13 = math.tan %12 : f32
      %14 = math.sinh %13 : f32
      %15 = math.cosh %14 : f32
      %16 = math.floor %15 : f32
      %17 = arith.maximumf %16, %a : f32
      %18 = arith.minimumf %17, %0 : f32
      %19 = math.rsqrt %18 : f32
      %20 = math.fma %19, %a, %old : f32
      %21 = math.copysign %20, %a : f32
      %22 = math.atan2 %21, %a : f32
      %23 = math.log2 %22 : f32
      %24 = math.exp2 %23 : f32
      %25 = arith.remf %24, %a : f32
      linalg.yield %25 : f32
    }
  }
  return
}

func.func @f64(%n: index, %x: memref<32xf64>, %y: memref<32xf64>) {
  scf.forall (%c) in (%n) {
    linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%x : memref<32xf64>) outs(%y : memref<32xf64>) {
    ^bb0(%a: f64, %old: f64):
      %0 = math.sqrt %a : f64
      %1 = math.tanh %0 : f64
      %2 = math.exp %1 : f64
      %3 = math.log %2 : f64
      %4 = math.sin %3 : f64
      %5 = math.cos %4 : f64
      %6 = math.erf %5 : f64
      %7 = math.powf %6, %a : f64
      %8 = arith.divf %7, %a : f64
      %9 = math.absf %8 : f64
      %10 = math.log1p %9 : f64
      %11 = math.atan %10 : f64
      %12 = math.expm1 %11 : f64
      %13 = math.tan %12 : f64
      %14 = math.sinh %13 : f64
      %15 = math.cosh %14 : f64
      %16 = math.floor %15 : f64
      %17 = arith.maximumf %16, %a : f64
      %18 = arith.minimumf %17, %0 : f64
      %19 = math.rsqrt %18 : f64
      %20 = math.fma %19, %a, %old : f64
      %21 = math.copysign %20, %a : f64
      %22 = math.atan2 %21, %a : f64
      %23 = math.log2 %22 : f64
      %24 = math.exp2 %23 : f64
      %25 = arith.remf %24, %a : f64
      linalg.yield %25 : f64
    }
  }
  return
}
