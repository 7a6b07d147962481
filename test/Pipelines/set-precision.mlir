// RUN: costate-opt %s -costate-set-precision=precision=f64 | FileCheck %s
// RUN: costate-opt %s -costate-set-precision=precision=f32 | FileCheck %s --check-prefix=F32
// RUN: not costate-opt %s -costate-set-precision=precision=f16 2>&1 | FileCheck %s --check-prefix=WRONG

// WRONG: error: precision must be f32 or f64, but 'f16' was given

// CHECK: module attributes {test.scale = 5.000000e-01 : f64}
// F32: module attributes {test.scale = 5.000000e-01 : f32}
module attributes {test.scale = 0.5 : f32} {
  // CHECK: func.func @f(%{{.*}}: tensor<2xf64>, %{{.*}}: memref<?xf64>, %{{.*}}: i32) -> tensor<2xf64>
  // F32: func.func @f(%{{.*}}: tensor<2xf32>, %{{.*}}: memref<?xf32>, %{{.*}}: i32) -> tensor<2xf32>
  func.func @f(%x: tensor<2xf32>, %b: memref<?xf32>, %i: i32) -> tensor<2xf32> {
    // CHECK: arith.constant dense<[5.000000e-01, 2.500000e-01]> : tensor<2xf64>
    // CHECK: arith.constant dense<[1, 2]> : tensor<2xi32>
    // F32: arith.constant dense<[5.000000e-01, 2.500000e-01]> : tensor<2xf32>
    %c = arith.constant dense<[0.5, 0.25]> : tensor<2xf32>
    %n = arith.constant dense<[1, 2]> : tensor<2xi32>
    // CHECK: arith.constant 3.0{{.*}} : f64
    %s = arith.constant 3.0 : f32
    %t = tensor.splat %s : tensor<2xf32>
    %y = arith.mulf %x, %c : tensor<2xf32>
    %z = arith.addf %y, %t : tensor<2xf32>
    return %z : tensor<2xf32>
  }

  // Pairs are pairs of the other type.
  // CHECK-LABEL: func.func @pairs
  // CHECK: arith.constant dense<(1.250000e+00,-2.500000e+00)> : tensor<2xcomplex<f64>>
  func.func @pairs() -> tensor<2xcomplex<f32>> {
    %c = arith.constant dense<(1.25, -2.5)> : tensor<2xcomplex<f32>>
    return %c : tensor<2xcomplex<f32>>
  }

  // Casts between what is one type now go; infinities and the bits of other types stay.
  // CHECK-LABEL: func.func @casts(%arg0: f64, %arg1: f64, %arg2: tensor<2xi32>)
  // CHECK-NOT: arith.extf
  // CHECK-NOT: arith.truncf
  // CHECK: arith.constant 0x7FF0000000000000 : f64
  // CHECK: arith.addf %arg0, %arg1 : f64
  // CHECK: arith.bitcast %arg2 : tensor<2xi32> to tensor<2xi32>
  // F32-LABEL: func.func @casts(%arg0: f32, %arg1: f32, %arg2: tensor<2xi32>)
  // F32: arith.constant 0x7F800000 : f32
  // F32: arith.addf %arg0, %arg1 : f32
  func.func @casts(%x: f32, %y: f64, %n: tensor<2xi32>) -> (f32, f64, tensor<2xi32>) {
    %e = arith.extf %x : f32 to f64
    %infinity = arith.constant 0x7FF0000000000000 : f64
    %s = arith.addf %e, %y : f64
    %t = arith.truncf %s : f64 to f32
    %m = arith.bitcast %n : tensor<2xi32> to tensor<2xi32>
    return %t, %infinity, %m : f32, f64, tensor<2xi32>
  }
}

// Numbers of a problem stay as they are.
// RUN: costate-opt %S/../Examples/oscillator.mlir -costate-set-precision=precision=f32 | FileCheck %s --check-prefix=PROBLEM
// PROBLEM: costate.network @u(%{{.*}}: tensor<1xf32>)
// PROBLEM: costate.subject_to "oscillator" @oscillator(x) == 0.{{.*}} over @interior
