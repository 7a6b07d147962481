// Every function, measured against the C library in twice the precision; see the table in docs/Lowering.md.
// An odd extent, so that vectors of every width and scalars take part; the program also checks that they agree.
//
// RUN: costate-opt %s -costate-vectorize-tiles -costate-expand-vector-math %lower | mlir-translate --mlir-to-llvmir \
// RUN:   | opt -O1 -mcpu=native | llc -O1 -mcpu=native -relocation-model=pic -filetype=obj -o %t.o
// RUN: %clangxx -O1 -std=c++20 %S/Inputs/vector-math.cpp %t.o -o %t && %t

func.func @exp_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.exp } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @exp_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.exp } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @exp2_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.exp2 } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @exp2_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.exp2 } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @expm1_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.expm1 } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @expm1_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.expm1 } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @tanh_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.tanh } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @tanh_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.tanh } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @sinh_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.sinh } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @sinh_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.sinh } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @cosh_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.cosh } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @cosh_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.cosh } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @log_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.log } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @log_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.log } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @log1p_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.log1p } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @log1p_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.log1p } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @log2_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.log2 } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @log2_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.log2 } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @log10_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.log10 } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @log10_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.log10 } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @asinh_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.asinh } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @asinh_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.asinh } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @acosh_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.acosh } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @acosh_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.acosh } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @atanh_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.atanh } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @atanh_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.atanh } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @cbrt_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.cbrt } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @cbrt_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.cbrt } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @rsqrt_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.rsqrt } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @rsqrt_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.rsqrt } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @sin_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.sin } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @sin_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.sin } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @cos_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.cos } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @cos_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.cos } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @tan_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.tan } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @tan_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.tan } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @atan_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.atan } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @atan_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.atan } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @asin_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.asin } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @asin_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.asin } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @acos_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.acos } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @acos_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.acos } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @erf_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.erf } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @erf_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.erf } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @erfc_f32(%x: memref<1055xf32>, %y: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.erfc } ins(%x : memref<1055xf32>) outs(%y : memref<1055xf32>)
  return
}

func.func @erfc_f64(%x: memref<1055xf64>, %y: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.erfc } ins(%x : memref<1055xf64>) outs(%y : memref<1055xf64>)
  return
}

func.func @powf_f32(%x: memref<1055xf32>, %y: memref<1055xf32>, %z: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.powf } ins(%x, %y : memref<1055xf32>, memref<1055xf32>) outs(%z : memref<1055xf32>)
  return
}

func.func @powf_f64(%x: memref<1055xf64>, %y: memref<1055xf64>, %z: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.powf } ins(%x, %y : memref<1055xf64>, memref<1055xf64>) outs(%z : memref<1055xf64>)
  return
}

func.func @atan2_f32(%x: memref<1055xf32>, %y: memref<1055xf32>, %z: memref<1055xf32>) attributes {llvm.emit_c_interface} {
  linalg.map { math.atan2 } ins(%x, %y : memref<1055xf32>, memref<1055xf32>) outs(%z : memref<1055xf32>)
  return
}

func.func @atan2_f64(%x: memref<1055xf64>, %y: memref<1055xf64>, %z: memref<1055xf64>) attributes {llvm.emit_c_interface} {
  linalg.map { math.atan2 } ins(%x, %y : memref<1055xf64>, memref<1055xf64>) outs(%z : memref<1055xf64>)
  return
}
