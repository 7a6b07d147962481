// What vectors along the columns give is what plain loops give. The data are small integers, so that sums are exact in
// any order.
//
// RUN: costate-opt %s -costate-pack-contractions -costate-vectorize-tiles %lower | mlir-runner -O1 -e main -entry-point-result=void \
// RUN:   -shared-libs=%mlir_libs/libmlir_runner_utils.so,%mlir_libs/libmlir_c_runner_utils.so | sed 's/base@ = [^ ]*//' > %t.512
// RUN: costate-opt %s -costate-pack-contractions=vector-bits=256 -costate-vectorize-tiles=vector-bits=256 %lower | mlir-runner -O1 -e main -entry-point-result=void \
// RUN:   -shared-libs=%mlir_libs/libmlir_runner_utils.so,%mlir_libs/libmlir_c_runner_utils.so | sed 's/base@ = [^ ]*//' > %t.256
// RUN: costate-opt %s -costate-pack-contractions=vector-bits=128 -costate-vectorize-tiles=vector-bits=128 %lower | mlir-runner -O1 -e main -entry-point-result=void \
// RUN:   -shared-libs=%mlir_libs/libmlir_runner_utils.so,%mlir_libs/libmlir_c_runner_utils.so | sed 's/base@ = [^ ]*//' > %t.128
// RUN: costate-opt %s -convert-linalg-to-loops %lower | mlir-runner -O1 -e main -entry-point-result=void \
// RUN:   -shared-libs=%mlir_libs/libmlir_runner_utils.so,%mlir_libs/libmlir_c_runner_utils.so | sed 's/base@ = [^ ]*//' > %t.loops
// RUN: diff %t.loops %t.512
// RUN: diff %t.loops %t.256
// RUN: diff %t.loops %t.128
// RUN: FileCheck %s < %t.loops
// CHECK-COUNT-6: rank = 2
//
// Each width transposes, in both precisions.
// RUN: costate-opt %s -costate-pack-contractions | FileCheck %s --check-prefix=PACKED
// RUN: costate-opt %s -costate-pack-contractions=vector-bits=256 | FileCheck %s --check-prefix=PACKED
// RUN: costate-opt %s -costate-pack-contractions=vector-bits=128 | FileCheck %s --check-prefix=PACKED
// PACKED-LABEL: func private @single
// PACKED: linalg.transpose
// PACKED-LABEL: func private @double
// PACKED: linalg.transpose

#rows = affine_map<(i, j, l) -> (i, l)>
#columns = affine_map<(i, j, l) -> (j, l)>
#out = affine_map<(i, j, l) -> (i, j)>

func.func private @printMemrefF32(memref<*xf32>) attributes {llvm.emit_c_interface}
func.func private @printMemrefF64(memref<*xf64>) attributes {llvm.emit_c_interface}

// Small integers that depend on place and seed.
func.func private @integers_f32(%m: memref<?x?xf32>, %period: index) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %five = arith.constant 5 : index
  %three = arith.constant 3 : i32
  %rows = memref.dim %m, %zero : memref<?x?xf32>
  %columns = memref.dim %m, %one : memref<?x?xf32>
  scf.for %i = %zero to %rows step %one {
    scf.for %j = %zero to %columns step %one {
      %a = arith.muli %i, %five : index
      %b = arith.addi %a, %j : index
      %c = arith.remui %b, %period : index
      %d = arith.index_cast %c : index to i32
      %e = arith.subi %d, %three : i32
      %f = arith.sitofp %e : i32 to f32
      memref.store %f, %m[%i, %j] : memref<?x?xf32>
    }
  }
  return
}

// Two channels into a gradient that starts from zero, and one into a gradient that adds to what is there; all share a
// factor. The columns are three vectors and a rest, for each width.
func.func private @single(%d: memref<50x32xf32>, %e: memref<50x32xf32>, %a: memref<53x32xf32>, %b: memref<53x32xf32>, %g: memref<50x53xf32>, %h: memref<50x53xf32>, %s: memref<53x1xf32>) {
  %zero = arith.constant 0.0 : f32
  %sum = memref.alloc() : memref<50x53xf32>
  %rows = memref.alloc() : memref<53x1xf32>
  linalg.fill ins(%zero : f32) outs(%sum : memref<50x53xf32>)
  linalg.generic {indexing_maps = [#rows, #columns, #rows, #columns, #out], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%d, %a, %e, %b : memref<50x32xf32>, memref<53x32xf32>, memref<50x32xf32>, memref<53x32xf32>) outs(%sum : memref<50x53xf32>) {
  ^bb0(%v0: f32, %v1: f32, %v2: f32, %v3: f32, %o: f32):
    %0 = arith.mulf %v0, %v1 : f32
    %1 = arith.addf %o, %0 : f32
    %2 = arith.mulf %v2, %v3 : f32
    %3 = arith.addf %1, %2 : f32
    linalg.yield %3 : f32
  }
  memref.copy %sum, %g : memref<50x53xf32> to memref<50x53xf32>
  linalg.contract indexing_maps = [#rows, #columns, #out]
    ins(%e, %a : memref<50x32xf32>, memref<53x32xf32>) outs(%h : memref<50x53xf32>)
  // Sums over lanes that start from zero.
  linalg.fill ins(%zero : f32) outs(%rows : memref<53x1xf32>)
  linalg.generic {indexing_maps = [affine_map<(i, k, l) -> (i, l)>, affine_map<(i, k, l) -> (i, k)>], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%a : memref<53x32xf32>) outs(%rows : memref<53x1xf32>) {
  ^bb0(%v: f32, %o: f32):
    %0 = arith.addf %o, %v : f32
    linalg.yield %0 : f32
  }
  memref.copy %rows, %s : memref<53x1xf32> to memref<53x1xf32>
  memref.dealloc %sum : memref<50x53xf32>
  memref.dealloc %rows : memref<53x1xf32>
  return
}

// Small integers that depend on place and seed.
func.func private @integers_f64(%m: memref<?x?xf64>, %period: index) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %five = arith.constant 5 : index
  %three = arith.constant 3 : i32
  %rows = memref.dim %m, %zero : memref<?x?xf64>
  %columns = memref.dim %m, %one : memref<?x?xf64>
  scf.for %i = %zero to %rows step %one {
    scf.for %j = %zero to %columns step %one {
      %a = arith.muli %i, %five : index
      %b = arith.addi %a, %j : index
      %c = arith.remui %b, %period : index
      %d = arith.index_cast %c : index to i32
      %e = arith.subi %d, %three : i32
      %f = arith.sitofp %e : i32 to f64
      memref.store %f, %m[%i, %j] : memref<?x?xf64>
    }
  }
  return
}

// Two channels into a gradient that starts from zero, and one into a gradient that adds to what is there; all share a
// factor. The columns are three vectors and a rest, for each width.
func.func private @double(%d: memref<50x32xf64>, %e: memref<50x32xf64>, %a: memref<53x32xf64>, %b: memref<53x32xf64>, %g: memref<50x53xf64>, %h: memref<50x53xf64>, %s: memref<53x1xf64>) {
  %zero = arith.constant 0.0 : f64
  %sum = memref.alloc() : memref<50x53xf64>
  %rows = memref.alloc() : memref<53x1xf64>
  linalg.fill ins(%zero : f64) outs(%sum : memref<50x53xf64>)
  linalg.generic {indexing_maps = [#rows, #columns, #rows, #columns, #out], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%d, %a, %e, %b : memref<50x32xf64>, memref<53x32xf64>, memref<50x32xf64>, memref<53x32xf64>) outs(%sum : memref<50x53xf64>) {
  ^bb0(%v0: f64, %v1: f64, %v2: f64, %v3: f64, %o: f64):
    %0 = arith.mulf %v0, %v1 : f64
    %1 = arith.addf %o, %0 : f64
    %2 = arith.mulf %v2, %v3 : f64
    %3 = arith.addf %1, %2 : f64
    linalg.yield %3 : f64
  }
  memref.copy %sum, %g : memref<50x53xf64> to memref<50x53xf64>
  linalg.contract indexing_maps = [#rows, #columns, #out]
    ins(%e, %a : memref<50x32xf64>, memref<53x32xf64>) outs(%h : memref<50x53xf64>)
  // Sums over lanes that start from zero.
  linalg.fill ins(%zero : f64) outs(%rows : memref<53x1xf64>)
  linalg.generic {indexing_maps = [affine_map<(i, k, l) -> (i, l)>, affine_map<(i, k, l) -> (i, k)>], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%a : memref<53x32xf64>) outs(%rows : memref<53x1xf64>) {
  ^bb0(%v: f64, %o: f64):
    %0 = arith.addf %o, %v : f64
    linalg.yield %0 : f64
  }
  memref.copy %rows, %s : memref<53x1xf64> to memref<53x1xf64>
  memref.dealloc %sum : memref<50x53xf64>
  memref.dealloc %rows : memref<53x1xf64>
  return
}

func.func @main() {
  %pa = arith.constant 7 : index
  %pb = arith.constant 11 : index
  %pc = arith.constant 13 : index
  %pd = arith.constant 17 : index
  %d_f32 = memref.alloc() : memref<50x32xf32>
  %d_f32_any = memref.cast %d_f32 : memref<50x32xf32> to memref<?x?xf32>
  call @integers_f32(%d_f32_any, %pa) : (memref<?x?xf32>, index) -> ()
  %e_f32 = memref.alloc() : memref<50x32xf32>
  %e_f32_any = memref.cast %e_f32 : memref<50x32xf32> to memref<?x?xf32>
  call @integers_f32(%e_f32_any, %pb) : (memref<?x?xf32>, index) -> ()
  %a_f32 = memref.alloc() : memref<53x32xf32>
  %a_f32_any = memref.cast %a_f32 : memref<53x32xf32> to memref<?x?xf32>
  call @integers_f32(%a_f32_any, %pc) : (memref<?x?xf32>, index) -> ()
  %b_f32 = memref.alloc() : memref<53x32xf32>
  %b_f32_any = memref.cast %b_f32 : memref<53x32xf32> to memref<?x?xf32>
  call @integers_f32(%b_f32_any, %pd) : (memref<?x?xf32>, index) -> ()
  %g_f32 = memref.alloc() : memref<50x53xf32>
  %g_f32_any = memref.cast %g_f32 : memref<50x53xf32> to memref<?x?xf32>
  call @integers_f32(%g_f32_any, %pa) : (memref<?x?xf32>, index) -> ()
  %h_f32 = memref.alloc() : memref<50x53xf32>
  %h_f32_any = memref.cast %h_f32 : memref<50x53xf32> to memref<?x?xf32>
  call @integers_f32(%h_f32_any, %pb) : (memref<?x?xf32>, index) -> ()
  %s_f32 = memref.alloc() : memref<53x1xf32>
  %s_f32_any = memref.cast %s_f32 : memref<53x1xf32> to memref<?x?xf32>
  call @integers_f32(%s_f32_any, %pc) : (memref<?x?xf32>, index) -> ()
  call @single(%d_f32, %e_f32, %a_f32, %b_f32, %g_f32, %h_f32, %s_f32) : (memref<50x32xf32>, memref<50x32xf32>, memref<53x32xf32>, memref<53x32xf32>, memref<50x53xf32>, memref<50x53xf32>, memref<53x1xf32>) -> ()
  %g_f32_print = memref.cast %g_f32 : memref<50x53xf32> to memref<*xf32>
  call @printMemrefF32(%g_f32_print) : (memref<*xf32>) -> ()
  %h_f32_print = memref.cast %h_f32 : memref<50x53xf32> to memref<*xf32>
  call @printMemrefF32(%h_f32_print) : (memref<*xf32>) -> ()
  %s_f32_print = memref.cast %s_f32 : memref<53x1xf32> to memref<*xf32>
  call @printMemrefF32(%s_f32_print) : (memref<*xf32>) -> ()
  %d_f64 = memref.alloc() : memref<50x32xf64>
  %d_f64_any = memref.cast %d_f64 : memref<50x32xf64> to memref<?x?xf64>
  call @integers_f64(%d_f64_any, %pa) : (memref<?x?xf64>, index) -> ()
  %e_f64 = memref.alloc() : memref<50x32xf64>
  %e_f64_any = memref.cast %e_f64 : memref<50x32xf64> to memref<?x?xf64>
  call @integers_f64(%e_f64_any, %pb) : (memref<?x?xf64>, index) -> ()
  %a_f64 = memref.alloc() : memref<53x32xf64>
  %a_f64_any = memref.cast %a_f64 : memref<53x32xf64> to memref<?x?xf64>
  call @integers_f64(%a_f64_any, %pc) : (memref<?x?xf64>, index) -> ()
  %b_f64 = memref.alloc() : memref<53x32xf64>
  %b_f64_any = memref.cast %b_f64 : memref<53x32xf64> to memref<?x?xf64>
  call @integers_f64(%b_f64_any, %pd) : (memref<?x?xf64>, index) -> ()
  %g_f64 = memref.alloc() : memref<50x53xf64>
  %g_f64_any = memref.cast %g_f64 : memref<50x53xf64> to memref<?x?xf64>
  call @integers_f64(%g_f64_any, %pa) : (memref<?x?xf64>, index) -> ()
  %h_f64 = memref.alloc() : memref<50x53xf64>
  %h_f64_any = memref.cast %h_f64 : memref<50x53xf64> to memref<?x?xf64>
  call @integers_f64(%h_f64_any, %pb) : (memref<?x?xf64>, index) -> ()
  %s_f64 = memref.alloc() : memref<53x1xf64>
  %s_f64_any = memref.cast %s_f64 : memref<53x1xf64> to memref<?x?xf64>
  call @integers_f64(%s_f64_any, %pc) : (memref<?x?xf64>, index) -> ()
  call @double(%d_f64, %e_f64, %a_f64, %b_f64, %g_f64, %h_f64, %s_f64) : (memref<50x32xf64>, memref<50x32xf64>, memref<53x32xf64>, memref<53x32xf64>, memref<50x53xf64>, memref<50x53xf64>, memref<53x1xf64>) -> ()
  %g_f64_print = memref.cast %g_f64 : memref<50x53xf64> to memref<*xf64>
  call @printMemrefF64(%g_f64_print) : (memref<*xf64>) -> ()
  %h_f64_print = memref.cast %h_f64 : memref<50x53xf64> to memref<*xf64>
  call @printMemrefF64(%h_f64_print) : (memref<*xf64>) -> ()
  %s_f64_print = memref.cast %s_f64 : memref<53x1xf64> to memref<*xf64>
  call @printMemrefF64(%s_f64_print) : (memref<*xf64>) -> ()
  return
}
