// RUN: costate-opt %s -costate-convert-to-llvm -reconcile-unrealized-casts -split-input-file | FileCheck %s --implicit-check-not=unrealized

// CHECK-LABEL: llvm.func @mixed
// CHECK: llvm.load {{.*}} -> vector<16xf32>
// CHECK: llvm.intr.fma({{.*}}) : (vector<16xf32>
// CHECK: llvm.shufflevector {{.*}} [0, 1, 2, 3]
// CHECK: llvm.store {{.*}} : vector<4xf32>
// CHECK: llvm.cond_br
// CHECK: llvm.return
func.func @mixed(%m: memref<64xf32>, %i: index, %c: i1) {
  %a = vector.load %m[%i] : memref<64xf32>, vector<16xf32>
  %b = math.fma %a, %a, %a : vector<16xf32>
  %s = vector.extract_strided_slice %b {offsets = [0], sizes = [4], strides = [1]} : vector<16xf32> to vector<4xf32>
  vector.store %s, %m[%i] : memref<64xf32>, vector<4xf32>
  cf.cond_br %c, ^one, ^two
^one:
  %k = vector.step : vector<4xindex>
  %n = arith.index_cast %k : vector<4xindex> to vector<4xi32>
  %f = arith.sitofp %n : vector<4xi32> to vector<4xf32>
  vector.store %f, %m[%i] : memref<64xf32>, vector<4xf32>
  cf.br ^two
^two:
  return
}

// -----

// An intrinsic where LLVM has one, the C library where it has none.
// CHECK-LABEL: llvm.func @elementary
// CHECK: llvm.intr.sqrt
// CHECK: llvm.call @erf
func.func @elementary(%x: f64) -> f64 {
  %r = math.sqrt %x : f64
  %e = math.erf %r : f64
  return %e : f64
}
