// Every loop nest gives what plain loops give. The data are small integers, so that sums are exact in any order.
//
// RUN: costate-opt %s -costate-vectorize-tiles %lower | mlir-runner -O1 -e main -entry-point-result=void \
// RUN:   -shared-libs=%mlir_libs/libmlir_runner_utils.so,%mlir_libs/libmlir_c_runner_utils.so | sed 's/base@ = [^ ]*//' > %t.512
// RUN: costate-opt %s -costate-vectorize-tiles=vector-bits=128 %lower | mlir-runner -O1 -e main -entry-point-result=void \
// RUN:   -shared-libs=%mlir_libs/libmlir_runner_utils.so,%mlir_libs/libmlir_c_runner_utils.so | sed 's/base@ = [^ ]*//' > %t.128
// RUN: costate-opt %s -convert-linalg-to-loops %lower | mlir-runner -O1 -e main -entry-point-result=void \
// RUN:   -shared-libs=%mlir_libs/libmlir_runner_utils.so,%mlir_libs/libmlir_c_runner_utils.so | sed 's/base@ = [^ ]*//' > %t.loops
// RUN: diff %t.loops %t.512
// RUN: diff %t.loops %t.128
// RUN: FileCheck %s < %t.loops
// CHECK-COUNT-24: rank =

func.func private @printMemrefF32(memref<*xf32>) attributes {llvm.emit_c_interface}

func.func private @opaque(%x: index) -> index attributes {no_inline} {
  return %x : index
}

// Small integers that repeat with a period prime to every extent.
func.func private @integers(%m: memref<?xf32>, %period: index) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %five = arith.constant 5 : index
  %n = memref.dim %m, %zero : memref<?xf32>
  scf.for %i = %zero to %n step %one {
    %a = arith.muli %i, %five : index
    %b = arith.remui %a, %period : index
    %c = arith.index_cast %b : index to i32
    %three = arith.constant 3 : i32
    %d = arith.subi %c, %three : i32
    %e = arith.sitofp %d : i32 to f32
    memref.store %e, %m[%i] : memref<?xf32>
  }
  return
}

// A dense layer, units x lanes.
func.func private @forward(%x0: memref<21x13xf32>, %x1: memref<13x48xf32>, %x2: memref<21x48xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, k, l) -> (j, k)>, affine_map<(j, k, l) -> (k, l)>, affine_map<(j, k, l) -> (j, l)>], iterator_types = ["parallel", "reduction", "parallel"]}
    ins(%x0, %x1 : memref<21x13xf32>, memref<13x48xf32>) outs(%x2 : memref<21x48xf32>) {
  ^bb0(%v0: f32, %v1: f32, %v2: f32):
    %0 = arith.mulf %v0, %v1 : f32
    %1 = arith.addf %v2, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// The same weights transposed.
func.func private @adjoint(%x0: memref<21x13xf32>, %x1: memref<21x48xf32>, %x2: memref<13x48xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, k, l) -> (j, k)>, affine_map<(j, k, l) -> (j, l)>, affine_map<(j, k, l) -> (k, l)>], iterator_types = ["reduction", "parallel", "parallel"]}
    ins(%x0, %x1 : memref<21x13xf32>, memref<21x48xf32>) outs(%x2 : memref<13x48xf32>) {
  ^bb0(%v0: f32, %v1: f32, %v2: f32):
    %0 = arith.mulf %v0, %v1 : f32
    %1 = arith.addf %v2, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Outer products summed over the lanes.
func.func private @weights(%x0: memref<21x48xf32>, %x1: memref<13x48xf32>, %x2: memref<21x13xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, k, l) -> (j, l)>, affine_map<(j, k, l) -> (k, l)>, affine_map<(j, k, l) -> (j, k)>], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x0, %x1 : memref<21x48xf32>, memref<13x48xf32>) outs(%x2 : memref<21x13xf32>) {
  ^bb0(%v0: f32, %v1: f32, %v2: f32):
    %0 = arith.mulf %v0, %v1 : f32
    %1 = arith.addf %v2, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Sums over lanes.
func.func private @bias(%x0: memref<21x37xf32>, %x1: memref<21xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, l) -> (j, l)>, affine_map<(j, l) -> (j)>], iterator_types = ["parallel", "reduction"]}
    ins(%x0 : memref<21x37xf32>) outs(%x1 : memref<21xf32>) {
  ^bb0(%v0: f32, %v1: f32):
    %0 = arith.addf %v1, %v0 : f32
    linalg.yield %0 : f32
  }
  return
}

// Differences: the old value is the minuend.
func.func private @residual(%x0: memref<21x37xf32>, %x1: memref<21xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, l) -> (j, l)>, affine_map<(j, l) -> (j)>], iterator_types = ["parallel", "reduction"]}
    ins(%x0 : memref<21x37xf32>) outs(%x1 : memref<21xf32>) {
  ^bb0(%v0: f32, %v1: f32):
    %0 = arith.subf %v1, %v0 : f32
    linalg.yield %0 : f32
  }
  return
}

// One unit: several chains of the same sum.
func.func private @output(%x0: memref<1x51xf32>, %x1: memref<51x16xf32>, %x2: memref<1x16xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, k, l) -> (j, k)>, affine_map<(j, k, l) -> (k, l)>, affine_map<(j, k, l) -> (j, l)>], iterator_types = ["parallel", "reduction", "parallel"]}
    ins(%x0, %x1 : memref<1x51xf32>, memref<51x16xf32>) outs(%x2 : memref<1x16xf32>) {
  ^bb0(%v0: f32, %v1: f32, %v2: f32):
    %0 = arith.mulf %v0, %v1 : f32
    %1 = arith.addf %v2, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Varying times varying.
func.func private @dot(%x0: memref<21x48xf32>, %x1: memref<21x48xf32>, %x2: memref<48xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, l) -> (j, l)>, affine_map<(j, l) -> (j, l)>, affine_map<(j, l) -> (l)>], iterator_types = ["reduction", "parallel"]}
    ins(%x0, %x1 : memref<21x48xf32>, memref<21x48xf32>) outs(%x2 : memref<48xf32>) {
  ^bb0(%v0: f32, %v1: f32, %v2: f32):
    %0 = arith.mulf %v0, %v1 : f32
    %1 = arith.addf %v2, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// A flat vector to a scalar.
func.func private @norm(%x0: memref<1135xf32>, %x1: memref<1135xf32>, %x2: memref<f32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
    ins(%x0, %x1 : memref<1135xf32>, memref<1135xf32>) outs(%x2 : memref<f32>) {
  ^bb0(%v0: f32, %v1: f32, %v2: f32):
    %0 = arith.mulf %v0, %v1 : f32
    %1 = arith.addf %v2, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// Maximum over units and over lanes.
func.func private @largest(%x0: memref<21x48xf32>, %x1: memref<48xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, l) -> (j, l)>, affine_map<(j, l) -> (l)>], iterator_types = ["reduction", "parallel"]}
    ins(%x0 : memref<21x48xf32>) outs(%x1 : memref<48xf32>) {
  ^bb0(%v0: f32, %v1: f32):
    %0 = arith.maximumf %v0, %v1 : f32
    linalg.yield %0 : f32
  }
  return
}

// Maximum over lanes.
func.func private @peak(%x0: memref<21x45xf32>, %x1: memref<21xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, l) -> (j, l)>, affine_map<(j, l) -> (j)>], iterator_types = ["parallel", "reduction"]}
    ins(%x0 : memref<21x45xf32>) outs(%x1 : memref<21xf32>) {
  ^bb0(%v0: f32, %v1: f32):
    %0 = arith.maximumf %v0, %v1 : f32
    linalg.yield %0 : f32
  }
  return
}

// Outer product of each lane.
func.func private @outer(%x0: memref<5x48xf32>, %x1: memref<7x48xf32>, %x2: memref<5x7x48xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, k, l) -> (j, l)>, affine_map<(j, k, l) -> (k, l)>, affine_map<(j, k, l) -> (j, k, l)>], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%x0, %x1 : memref<5x48xf32>, memref<7x48xf32>) outs(%x2 : memref<5x7x48xf32>) {
  ^bb0(%v0: f32, %v1: f32, %v2: f32):
    %0 = arith.mulf %v0, %v1 : f32
    linalg.yield %0 : f32
  }
  return
}

// Two results, a bias without lanes, an index.
func.func private @activation(%x0: memref<9x48xf32>, %x1: memref<9xf32>, %x2: memref<9x48xf32>, %x3: memref<9x48xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, l) -> (j, l)>, affine_map<(j, l) -> (j)>, affine_map<(j, l) -> (j, l)>, affine_map<(j, l) -> (j, l)>], iterator_types = ["parallel", "parallel"]}
    ins(%x0, %x1 : memref<9x48xf32>, memref<9xf32>) outs(%x2, %x3 : memref<9x48xf32>, memref<9x48xf32>) {
  ^bb0(%v0: f32, %v1: f32, %v2: f32, %v3: f32):
    %0 = arith.addf %v0, %v1 : f32
    %1 = arith.mulf %0, %0 : f32
    %2 = arith.subf %v0, %1 : f32
    %3 = linalg.index 1 : index
    %4 = arith.index_cast %3 : index to i32
    %5 = arith.sitofp %4 : i32 to f32
    %6 = arith.addf %2, %5 : f32
    linalg.yield %0, %6 : f32, f32
  }
  return
}

// A flat vector, extent not a multiple of anything, in place.
func.func private @update(%x0: memref<1135xf32>, %x1: memref<f32>, %x2: memref<1135xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%x0, %x1 : memref<1135xf32>, memref<f32>) outs(%x2 : memref<1135xf32>) {
  ^bb0(%v0: f32, %v1: f32, %v2: f32):
    %0 = arith.mulf %v0, %v1 : f32
    %1 = arith.subf %v2, %0 : f32
    linalg.yield %1 : f32
  }
  return
}

// No dimension walks both operands.
func.func private @transposed(%x0: memref<13x21xf32>, %x1: memref<21x13xf32>) {
  linalg.transpose ins(%x0 : memref<13x21xf32>) outs(%x1 : memref<21x13xf32>) permutation = [1, 0]
  return
}

// Bias to all lanes.
func.func private @spread(%x0: memref<13xf32>, %x1: memref<13x32xf32>) {
  linalg.broadcast ins(%x0 : memref<13xf32>) outs(%x1 : memref<13x32xf32>) dimensions = [1]
  return
}

// A constant.
func.func private @filled(%x0: memref<13x35xf32>) {
  %c = arith.constant 3.0 : f32
  linalg.fill ins(%c : f32) outs(%x0 : memref<13x35xf32>)
  return
}

// No call remains.
func.func private @copied(%x0: memref<13x35xf32>, %x1: memref<13x35xf32>) {
  memref.copy %x0, %x1 : memref<13x35xf32> to memref<13x35xf32>
  return
}

// A tile of a longer column.
func.func private @column(%x0: memref<3x99xf32>, %x1: memref<3x16xf32>) {
  %c = arith.constant 37 : index
  %n = call @opaque(%c) : (index) -> index
  %s = memref.subview %x0[0, %n] [3, 16] [1, 1] : memref<3x99xf32> to memref<3x16xf32, strided<[99, 1], offset: ?>>
  linalg.add ins(%s, %x1 : memref<3x16xf32, strided<[99, 1], offset: ?>>, memref<3x16xf32>) outs(%x1 : memref<3x16xf32>)
  return
}

// Sums of indices.
func.func private @convolved(%x0: memref<40xf32>, %x1: memref<5xf32>, %x2: memref<36xf32>) {
  linalg.conv_1d ins(%x0, %x1 : memref<40xf32>, memref<5xf32>) outs(%x2 : memref<36xf32>)
  return
}

// One accumulation over three pairs.
func.func private @channels(%x0: memref<21x32xf32>, %x1: memref<21x32xf32>, %x2: memref<21x32xf32>, %x3: memref<6x32xf32>, %x4: memref<6x32xf32>, %x5: memref<6x32xf32>, %x6: memref<21x6xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, k, l) -> (j, l)>, affine_map<(j, k, l) -> (j, l)>, affine_map<(j, k, l) -> (j, l)>, affine_map<(j, k, l) -> (k, l)>, affine_map<(j, k, l) -> (k, l)>, affine_map<(j, k, l) -> (k, l)>, affine_map<(j, k, l) -> (j, k)>], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x0, %x1, %x2, %x3, %x4, %x5 : memref<21x32xf32>, memref<21x32xf32>, memref<21x32xf32>, memref<6x32xf32>, memref<6x32xf32>, memref<6x32xf32>) outs(%x6 : memref<21x6xf32>) {
  ^bb0(%v0: f32, %v1: f32, %v2: f32, %v3: f32, %v4: f32, %v5: f32, %v6: f32):
    %0 = arith.mulf %v0, %v3 : f32
    %1 = arith.addf %v6, %0 : f32
    %2 = arith.mulf %v1, %v4 : f32
    %3 = arith.addf %1, %2 : f32
    %4 = arith.mulf %v2, %v5 : f32
    %5 = arith.subf %3, %4 : f32
    linalg.yield %5 : f32
  }
  return
}

// Two right-hand sides, one reading of the weights.
func.func private @shared(%x0: memref<21x13xf32>, %x1: memref<13x32xf32>, %x2: memref<13x32xf32>, %x3: memref<21x32xf32>, %x4: memref<21x32xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, k, l) -> (j, k)>, affine_map<(j, k, l) -> (k, l)>, affine_map<(j, k, l) -> (k, l)>, affine_map<(j, k, l) -> (j, l)>, affine_map<(j, k, l) -> (j, l)>], iterator_types = ["parallel", "reduction", "parallel"]}
    ins(%x0, %x1, %x2 : memref<21x13xf32>, memref<13x32xf32>, memref<13x32xf32>) outs(%x3, %x4 : memref<21x32xf32>, memref<21x32xf32>) {
  ^bb0(%v0: f32, %v1: f32, %v2: f32, %v3: f32, %v4: f32):
    %0 = arith.mulf %v0, %v1 : f32
    %1 = arith.addf %v3, %0 : f32
    %2 = arith.mulf %v0, %v2 : f32
    %3 = arith.addf %v4, %2 : f32
    linalg.yield %1, %3 : f32, f32
  }
  return
}

// A condition in the body.
func.func private @logical(%x0: memref<21x37xf32>, %x1: memref<21x37xf32>) {
  linalg.generic {indexing_maps = [affine_map<(j, l) -> (j, l)>, affine_map<(j, l) -> (j, l)>], iterator_types = ["parallel", "parallel"]}
    ins(%x0 : memref<21x37xf32>) outs(%x1 : memref<21x37xf32>) {
  ^bb0(%v0: f32, %v1: f32):
    %z = arith.constant 0.0 : f32
    %0 = arith.cmpf ogt, %v0, %z : f32
    %1 = arith.select %0, %v0, %v1 : f32
    linalg.yield %1 : f32
  }
  return
}

func.func @main() {
  %forward0_flat = memref.alloc() : memref<273xf32>
  %forward0_any = memref.cast %forward0_flat : memref<273xf32> to memref<?xf32>
  %forward0_p = arith.constant 7 : index
  call @integers(%forward0_any, %forward0_p) : (memref<?xf32>, index) -> ()
  %forward0 = memref.reinterpret_cast %forward0_flat to offset: [0], sizes: [21, 13], strides: [13, 1] : memref<273xf32> to memref<21x13xf32>
  %forward1_flat = memref.alloc() : memref<624xf32>
  %forward1_any = memref.cast %forward1_flat : memref<624xf32> to memref<?xf32>
  %forward1_p = arith.constant 11 : index
  call @integers(%forward1_any, %forward1_p) : (memref<?xf32>, index) -> ()
  %forward1 = memref.reinterpret_cast %forward1_flat to offset: [0], sizes: [13, 48], strides: [48, 1] : memref<624xf32> to memref<13x48xf32>
  %forward2_flat = memref.alloc() : memref<1008xf32>
  %forward2_any = memref.cast %forward2_flat : memref<1008xf32> to memref<?xf32>
  %forward2_p = arith.constant 17 : index
  call @integers(%forward2_any, %forward2_p) : (memref<?xf32>, index) -> ()
  %forward2 = memref.reinterpret_cast %forward2_flat to offset: [0], sizes: [21, 48], strides: [48, 1] : memref<1008xf32> to memref<21x48xf32>
  call @forward(%forward0, %forward1, %forward2) : (memref<21x13xf32>, memref<13x48xf32>, memref<21x48xf32>) -> ()
  %forward2_print = memref.cast %forward2 : memref<21x48xf32> to memref<*xf32>
  call @printMemrefF32(%forward2_print) : (memref<*xf32>) -> ()
  %adjoint0_flat = memref.alloc() : memref<273xf32>
  %adjoint0_any = memref.cast %adjoint0_flat : memref<273xf32> to memref<?xf32>
  %adjoint0_p = arith.constant 7 : index
  call @integers(%adjoint0_any, %adjoint0_p) : (memref<?xf32>, index) -> ()
  %adjoint0 = memref.reinterpret_cast %adjoint0_flat to offset: [0], sizes: [21, 13], strides: [13, 1] : memref<273xf32> to memref<21x13xf32>
  %adjoint1_flat = memref.alloc() : memref<1008xf32>
  %adjoint1_any = memref.cast %adjoint1_flat : memref<1008xf32> to memref<?xf32>
  %adjoint1_p = arith.constant 11 : index
  call @integers(%adjoint1_any, %adjoint1_p) : (memref<?xf32>, index) -> ()
  %adjoint1 = memref.reinterpret_cast %adjoint1_flat to offset: [0], sizes: [21, 48], strides: [48, 1] : memref<1008xf32> to memref<21x48xf32>
  %adjoint2_flat = memref.alloc() : memref<624xf32>
  %adjoint2_any = memref.cast %adjoint2_flat : memref<624xf32> to memref<?xf32>
  %adjoint2_p = arith.constant 17 : index
  call @integers(%adjoint2_any, %adjoint2_p) : (memref<?xf32>, index) -> ()
  %adjoint2 = memref.reinterpret_cast %adjoint2_flat to offset: [0], sizes: [13, 48], strides: [48, 1] : memref<624xf32> to memref<13x48xf32>
  call @adjoint(%adjoint0, %adjoint1, %adjoint2) : (memref<21x13xf32>, memref<21x48xf32>, memref<13x48xf32>) -> ()
  %adjoint2_print = memref.cast %adjoint2 : memref<13x48xf32> to memref<*xf32>
  call @printMemrefF32(%adjoint2_print) : (memref<*xf32>) -> ()
  %weights0_flat = memref.alloc() : memref<1008xf32>
  %weights0_any = memref.cast %weights0_flat : memref<1008xf32> to memref<?xf32>
  %weights0_p = arith.constant 7 : index
  call @integers(%weights0_any, %weights0_p) : (memref<?xf32>, index) -> ()
  %weights0 = memref.reinterpret_cast %weights0_flat to offset: [0], sizes: [21, 48], strides: [48, 1] : memref<1008xf32> to memref<21x48xf32>
  %weights1_flat = memref.alloc() : memref<624xf32>
  %weights1_any = memref.cast %weights1_flat : memref<624xf32> to memref<?xf32>
  %weights1_p = arith.constant 11 : index
  call @integers(%weights1_any, %weights1_p) : (memref<?xf32>, index) -> ()
  %weights1 = memref.reinterpret_cast %weights1_flat to offset: [0], sizes: [13, 48], strides: [48, 1] : memref<624xf32> to memref<13x48xf32>
  %weights2_flat = memref.alloc() : memref<273xf32>
  %weights2_any = memref.cast %weights2_flat : memref<273xf32> to memref<?xf32>
  %weights2_p = arith.constant 17 : index
  call @integers(%weights2_any, %weights2_p) : (memref<?xf32>, index) -> ()
  %weights2 = memref.reinterpret_cast %weights2_flat to offset: [0], sizes: [21, 13], strides: [13, 1] : memref<273xf32> to memref<21x13xf32>
  call @weights(%weights0, %weights1, %weights2) : (memref<21x48xf32>, memref<13x48xf32>, memref<21x13xf32>) -> ()
  %weights2_print = memref.cast %weights2 : memref<21x13xf32> to memref<*xf32>
  call @printMemrefF32(%weights2_print) : (memref<*xf32>) -> ()
  %bias0_flat = memref.alloc() : memref<777xf32>
  %bias0_any = memref.cast %bias0_flat : memref<777xf32> to memref<?xf32>
  %bias0_p = arith.constant 7 : index
  call @integers(%bias0_any, %bias0_p) : (memref<?xf32>, index) -> ()
  %bias0 = memref.reinterpret_cast %bias0_flat to offset: [0], sizes: [21, 37], strides: [37, 1] : memref<777xf32> to memref<21x37xf32>
  %bias1_flat = memref.alloc() : memref<21xf32>
  %bias1_any = memref.cast %bias1_flat : memref<21xf32> to memref<?xf32>
  %bias1_p = arith.constant 11 : index
  call @integers(%bias1_any, %bias1_p) : (memref<?xf32>, index) -> ()
  %bias1 = memref.reinterpret_cast %bias1_flat to offset: [0], sizes: [21], strides: [1] : memref<21xf32> to memref<21xf32>
  call @bias(%bias0, %bias1) : (memref<21x37xf32>, memref<21xf32>) -> ()
  %bias1_print = memref.cast %bias1 : memref<21xf32> to memref<*xf32>
  call @printMemrefF32(%bias1_print) : (memref<*xf32>) -> ()
  %residual0_flat = memref.alloc() : memref<777xf32>
  %residual0_any = memref.cast %residual0_flat : memref<777xf32> to memref<?xf32>
  %residual0_p = arith.constant 7 : index
  call @integers(%residual0_any, %residual0_p) : (memref<?xf32>, index) -> ()
  %residual0 = memref.reinterpret_cast %residual0_flat to offset: [0], sizes: [21, 37], strides: [37, 1] : memref<777xf32> to memref<21x37xf32>
  %residual1_flat = memref.alloc() : memref<21xf32>
  %residual1_any = memref.cast %residual1_flat : memref<21xf32> to memref<?xf32>
  %residual1_p = arith.constant 11 : index
  call @integers(%residual1_any, %residual1_p) : (memref<?xf32>, index) -> ()
  %residual1 = memref.reinterpret_cast %residual1_flat to offset: [0], sizes: [21], strides: [1] : memref<21xf32> to memref<21xf32>
  call @residual(%residual0, %residual1) : (memref<21x37xf32>, memref<21xf32>) -> ()
  %residual1_print = memref.cast %residual1 : memref<21xf32> to memref<*xf32>
  call @printMemrefF32(%residual1_print) : (memref<*xf32>) -> ()
  %output0_flat = memref.alloc() : memref<51xf32>
  %output0_any = memref.cast %output0_flat : memref<51xf32> to memref<?xf32>
  %output0_p = arith.constant 7 : index
  call @integers(%output0_any, %output0_p) : (memref<?xf32>, index) -> ()
  %output0 = memref.reinterpret_cast %output0_flat to offset: [0], sizes: [1, 51], strides: [51, 1] : memref<51xf32> to memref<1x51xf32>
  %output1_flat = memref.alloc() : memref<816xf32>
  %output1_any = memref.cast %output1_flat : memref<816xf32> to memref<?xf32>
  %output1_p = arith.constant 11 : index
  call @integers(%output1_any, %output1_p) : (memref<?xf32>, index) -> ()
  %output1 = memref.reinterpret_cast %output1_flat to offset: [0], sizes: [51, 16], strides: [16, 1] : memref<816xf32> to memref<51x16xf32>
  %output2_flat = memref.alloc() : memref<16xf32>
  %output2_any = memref.cast %output2_flat : memref<16xf32> to memref<?xf32>
  %output2_p = arith.constant 17 : index
  call @integers(%output2_any, %output2_p) : (memref<?xf32>, index) -> ()
  %output2 = memref.reinterpret_cast %output2_flat to offset: [0], sizes: [1, 16], strides: [16, 1] : memref<16xf32> to memref<1x16xf32>
  call @output(%output0, %output1, %output2) : (memref<1x51xf32>, memref<51x16xf32>, memref<1x16xf32>) -> ()
  %output2_print = memref.cast %output2 : memref<1x16xf32> to memref<*xf32>
  call @printMemrefF32(%output2_print) : (memref<*xf32>) -> ()
  %dot0_flat = memref.alloc() : memref<1008xf32>
  %dot0_any = memref.cast %dot0_flat : memref<1008xf32> to memref<?xf32>
  %dot0_p = arith.constant 7 : index
  call @integers(%dot0_any, %dot0_p) : (memref<?xf32>, index) -> ()
  %dot0 = memref.reinterpret_cast %dot0_flat to offset: [0], sizes: [21, 48], strides: [48, 1] : memref<1008xf32> to memref<21x48xf32>
  %dot1_flat = memref.alloc() : memref<1008xf32>
  %dot1_any = memref.cast %dot1_flat : memref<1008xf32> to memref<?xf32>
  %dot1_p = arith.constant 11 : index
  call @integers(%dot1_any, %dot1_p) : (memref<?xf32>, index) -> ()
  %dot1 = memref.reinterpret_cast %dot1_flat to offset: [0], sizes: [21, 48], strides: [48, 1] : memref<1008xf32> to memref<21x48xf32>
  %dot2_flat = memref.alloc() : memref<48xf32>
  %dot2_any = memref.cast %dot2_flat : memref<48xf32> to memref<?xf32>
  %dot2_p = arith.constant 17 : index
  call @integers(%dot2_any, %dot2_p) : (memref<?xf32>, index) -> ()
  %dot2 = memref.reinterpret_cast %dot2_flat to offset: [0], sizes: [48], strides: [1] : memref<48xf32> to memref<48xf32>
  call @dot(%dot0, %dot1, %dot2) : (memref<21x48xf32>, memref<21x48xf32>, memref<48xf32>) -> ()
  %dot2_print = memref.cast %dot2 : memref<48xf32> to memref<*xf32>
  call @printMemrefF32(%dot2_print) : (memref<*xf32>) -> ()
  %norm0_flat = memref.alloc() : memref<1135xf32>
  %norm0_any = memref.cast %norm0_flat : memref<1135xf32> to memref<?xf32>
  %norm0_p = arith.constant 7 : index
  call @integers(%norm0_any, %norm0_p) : (memref<?xf32>, index) -> ()
  %norm0 = memref.reinterpret_cast %norm0_flat to offset: [0], sizes: [1135], strides: [1] : memref<1135xf32> to memref<1135xf32>
  %norm1_flat = memref.alloc() : memref<1135xf32>
  %norm1_any = memref.cast %norm1_flat : memref<1135xf32> to memref<?xf32>
  %norm1_p = arith.constant 11 : index
  call @integers(%norm1_any, %norm1_p) : (memref<?xf32>, index) -> ()
  %norm1 = memref.reinterpret_cast %norm1_flat to offset: [0], sizes: [1135], strides: [1] : memref<1135xf32> to memref<1135xf32>
  %norm2_flat = memref.alloc() : memref<1xf32>
  %norm2_any = memref.cast %norm2_flat : memref<1xf32> to memref<?xf32>
  %norm2_p = arith.constant 17 : index
  call @integers(%norm2_any, %norm2_p) : (memref<?xf32>, index) -> ()
  %norm2 = memref.reinterpret_cast %norm2_flat to offset: [0], sizes: [], strides: [] : memref<1xf32> to memref<f32>
  call @norm(%norm0, %norm1, %norm2) : (memref<1135xf32>, memref<1135xf32>, memref<f32>) -> ()
  %norm2_print = memref.cast %norm2 : memref<f32> to memref<*xf32>
  call @printMemrefF32(%norm2_print) : (memref<*xf32>) -> ()
  %largest0_flat = memref.alloc() : memref<1008xf32>
  %largest0_any = memref.cast %largest0_flat : memref<1008xf32> to memref<?xf32>
  %largest0_p = arith.constant 7 : index
  call @integers(%largest0_any, %largest0_p) : (memref<?xf32>, index) -> ()
  %largest0 = memref.reinterpret_cast %largest0_flat to offset: [0], sizes: [21, 48], strides: [48, 1] : memref<1008xf32> to memref<21x48xf32>
  %largest1_flat = memref.alloc() : memref<48xf32>
  %largest1_any = memref.cast %largest1_flat : memref<48xf32> to memref<?xf32>
  %largest1_p = arith.constant 11 : index
  call @integers(%largest1_any, %largest1_p) : (memref<?xf32>, index) -> ()
  %largest1 = memref.reinterpret_cast %largest1_flat to offset: [0], sizes: [48], strides: [1] : memref<48xf32> to memref<48xf32>
  call @largest(%largest0, %largest1) : (memref<21x48xf32>, memref<48xf32>) -> ()
  %largest1_print = memref.cast %largest1 : memref<48xf32> to memref<*xf32>
  call @printMemrefF32(%largest1_print) : (memref<*xf32>) -> ()
  %peak0_flat = memref.alloc() : memref<945xf32>
  %peak0_any = memref.cast %peak0_flat : memref<945xf32> to memref<?xf32>
  %peak0_p = arith.constant 7 : index
  call @integers(%peak0_any, %peak0_p) : (memref<?xf32>, index) -> ()
  %peak0 = memref.reinterpret_cast %peak0_flat to offset: [0], sizes: [21, 45], strides: [45, 1] : memref<945xf32> to memref<21x45xf32>
  %peak1_flat = memref.alloc() : memref<21xf32>
  %peak1_any = memref.cast %peak1_flat : memref<21xf32> to memref<?xf32>
  %peak1_p = arith.constant 11 : index
  call @integers(%peak1_any, %peak1_p) : (memref<?xf32>, index) -> ()
  %peak1 = memref.reinterpret_cast %peak1_flat to offset: [0], sizes: [21], strides: [1] : memref<21xf32> to memref<21xf32>
  call @peak(%peak0, %peak1) : (memref<21x45xf32>, memref<21xf32>) -> ()
  %peak1_print = memref.cast %peak1 : memref<21xf32> to memref<*xf32>
  call @printMemrefF32(%peak1_print) : (memref<*xf32>) -> ()
  %outer0_flat = memref.alloc() : memref<240xf32>
  %outer0_any = memref.cast %outer0_flat : memref<240xf32> to memref<?xf32>
  %outer0_p = arith.constant 7 : index
  call @integers(%outer0_any, %outer0_p) : (memref<?xf32>, index) -> ()
  %outer0 = memref.reinterpret_cast %outer0_flat to offset: [0], sizes: [5, 48], strides: [48, 1] : memref<240xf32> to memref<5x48xf32>
  %outer1_flat = memref.alloc() : memref<336xf32>
  %outer1_any = memref.cast %outer1_flat : memref<336xf32> to memref<?xf32>
  %outer1_p = arith.constant 11 : index
  call @integers(%outer1_any, %outer1_p) : (memref<?xf32>, index) -> ()
  %outer1 = memref.reinterpret_cast %outer1_flat to offset: [0], sizes: [7, 48], strides: [48, 1] : memref<336xf32> to memref<7x48xf32>
  %outer2_flat = memref.alloc() : memref<1680xf32>
  %outer2_any = memref.cast %outer2_flat : memref<1680xf32> to memref<?xf32>
  %outer2_p = arith.constant 17 : index
  call @integers(%outer2_any, %outer2_p) : (memref<?xf32>, index) -> ()
  %outer2 = memref.reinterpret_cast %outer2_flat to offset: [0], sizes: [5, 7, 48], strides: [336, 48, 1] : memref<1680xf32> to memref<5x7x48xf32>
  call @outer(%outer0, %outer1, %outer2) : (memref<5x48xf32>, memref<7x48xf32>, memref<5x7x48xf32>) -> ()
  %outer2_print = memref.cast %outer2 : memref<5x7x48xf32> to memref<*xf32>
  call @printMemrefF32(%outer2_print) : (memref<*xf32>) -> ()
  %activation0_flat = memref.alloc() : memref<432xf32>
  %activation0_any = memref.cast %activation0_flat : memref<432xf32> to memref<?xf32>
  %activation0_p = arith.constant 7 : index
  call @integers(%activation0_any, %activation0_p) : (memref<?xf32>, index) -> ()
  %activation0 = memref.reinterpret_cast %activation0_flat to offset: [0], sizes: [9, 48], strides: [48, 1] : memref<432xf32> to memref<9x48xf32>
  %activation1_flat = memref.alloc() : memref<9xf32>
  %activation1_any = memref.cast %activation1_flat : memref<9xf32> to memref<?xf32>
  %activation1_p = arith.constant 11 : index
  call @integers(%activation1_any, %activation1_p) : (memref<?xf32>, index) -> ()
  %activation1 = memref.reinterpret_cast %activation1_flat to offset: [0], sizes: [9], strides: [1] : memref<9xf32> to memref<9xf32>
  %activation2_flat = memref.alloc() : memref<432xf32>
  %activation2_any = memref.cast %activation2_flat : memref<432xf32> to memref<?xf32>
  %activation2_p = arith.constant 17 : index
  call @integers(%activation2_any, %activation2_p) : (memref<?xf32>, index) -> ()
  %activation2 = memref.reinterpret_cast %activation2_flat to offset: [0], sizes: [9, 48], strides: [48, 1] : memref<432xf32> to memref<9x48xf32>
  %activation3_flat = memref.alloc() : memref<432xf32>
  %activation3_any = memref.cast %activation3_flat : memref<432xf32> to memref<?xf32>
  %activation3_p = arith.constant 19 : index
  call @integers(%activation3_any, %activation3_p) : (memref<?xf32>, index) -> ()
  %activation3 = memref.reinterpret_cast %activation3_flat to offset: [0], sizes: [9, 48], strides: [48, 1] : memref<432xf32> to memref<9x48xf32>
  call @activation(%activation0, %activation1, %activation2, %activation3) : (memref<9x48xf32>, memref<9xf32>, memref<9x48xf32>, memref<9x48xf32>) -> ()
  %activation2_print = memref.cast %activation2 : memref<9x48xf32> to memref<*xf32>
  call @printMemrefF32(%activation2_print) : (memref<*xf32>) -> ()
  %activation3_print = memref.cast %activation3 : memref<9x48xf32> to memref<*xf32>
  call @printMemrefF32(%activation3_print) : (memref<*xf32>) -> ()
  %update0_flat = memref.alloc() : memref<1135xf32>
  %update0_any = memref.cast %update0_flat : memref<1135xf32> to memref<?xf32>
  %update0_p = arith.constant 7 : index
  call @integers(%update0_any, %update0_p) : (memref<?xf32>, index) -> ()
  %update0 = memref.reinterpret_cast %update0_flat to offset: [0], sizes: [1135], strides: [1] : memref<1135xf32> to memref<1135xf32>
  %update1_flat = memref.alloc() : memref<1xf32>
  %update1_any = memref.cast %update1_flat : memref<1xf32> to memref<?xf32>
  %update1_p = arith.constant 11 : index
  call @integers(%update1_any, %update1_p) : (memref<?xf32>, index) -> ()
  %update1 = memref.reinterpret_cast %update1_flat to offset: [0], sizes: [], strides: [] : memref<1xf32> to memref<f32>
  %update2_flat = memref.alloc() : memref<1135xf32>
  %update2_any = memref.cast %update2_flat : memref<1135xf32> to memref<?xf32>
  %update2_p = arith.constant 17 : index
  call @integers(%update2_any, %update2_p) : (memref<?xf32>, index) -> ()
  %update2 = memref.reinterpret_cast %update2_flat to offset: [0], sizes: [1135], strides: [1] : memref<1135xf32> to memref<1135xf32>
  call @update(%update0, %update1, %update2) : (memref<1135xf32>, memref<f32>, memref<1135xf32>) -> ()
  %update2_print = memref.cast %update2 : memref<1135xf32> to memref<*xf32>
  call @printMemrefF32(%update2_print) : (memref<*xf32>) -> ()
  %transposed0_flat = memref.alloc() : memref<273xf32>
  %transposed0_any = memref.cast %transposed0_flat : memref<273xf32> to memref<?xf32>
  %transposed0_p = arith.constant 7 : index
  call @integers(%transposed0_any, %transposed0_p) : (memref<?xf32>, index) -> ()
  %transposed0 = memref.reinterpret_cast %transposed0_flat to offset: [0], sizes: [13, 21], strides: [21, 1] : memref<273xf32> to memref<13x21xf32>
  %transposed1_flat = memref.alloc() : memref<273xf32>
  %transposed1_any = memref.cast %transposed1_flat : memref<273xf32> to memref<?xf32>
  %transposed1_p = arith.constant 11 : index
  call @integers(%transposed1_any, %transposed1_p) : (memref<?xf32>, index) -> ()
  %transposed1 = memref.reinterpret_cast %transposed1_flat to offset: [0], sizes: [21, 13], strides: [13, 1] : memref<273xf32> to memref<21x13xf32>
  call @transposed(%transposed0, %transposed1) : (memref<13x21xf32>, memref<21x13xf32>) -> ()
  %transposed1_print = memref.cast %transposed1 : memref<21x13xf32> to memref<*xf32>
  call @printMemrefF32(%transposed1_print) : (memref<*xf32>) -> ()
  %spread0_flat = memref.alloc() : memref<13xf32>
  %spread0_any = memref.cast %spread0_flat : memref<13xf32> to memref<?xf32>
  %spread0_p = arith.constant 7 : index
  call @integers(%spread0_any, %spread0_p) : (memref<?xf32>, index) -> ()
  %spread0 = memref.reinterpret_cast %spread0_flat to offset: [0], sizes: [13], strides: [1] : memref<13xf32> to memref<13xf32>
  %spread1_flat = memref.alloc() : memref<416xf32>
  %spread1_any = memref.cast %spread1_flat : memref<416xf32> to memref<?xf32>
  %spread1_p = arith.constant 11 : index
  call @integers(%spread1_any, %spread1_p) : (memref<?xf32>, index) -> ()
  %spread1 = memref.reinterpret_cast %spread1_flat to offset: [0], sizes: [13, 32], strides: [32, 1] : memref<416xf32> to memref<13x32xf32>
  call @spread(%spread0, %spread1) : (memref<13xf32>, memref<13x32xf32>) -> ()
  %spread1_print = memref.cast %spread1 : memref<13x32xf32> to memref<*xf32>
  call @printMemrefF32(%spread1_print) : (memref<*xf32>) -> ()
  %filled0_flat = memref.alloc() : memref<455xf32>
  %filled0_any = memref.cast %filled0_flat : memref<455xf32> to memref<?xf32>
  %filled0_p = arith.constant 7 : index
  call @integers(%filled0_any, %filled0_p) : (memref<?xf32>, index) -> ()
  %filled0 = memref.reinterpret_cast %filled0_flat to offset: [0], sizes: [13, 35], strides: [35, 1] : memref<455xf32> to memref<13x35xf32>
  call @filled(%filled0) : (memref<13x35xf32>) -> ()
  %filled0_print = memref.cast %filled0 : memref<13x35xf32> to memref<*xf32>
  call @printMemrefF32(%filled0_print) : (memref<*xf32>) -> ()
  %copied0_flat = memref.alloc() : memref<455xf32>
  %copied0_any = memref.cast %copied0_flat : memref<455xf32> to memref<?xf32>
  %copied0_p = arith.constant 7 : index
  call @integers(%copied0_any, %copied0_p) : (memref<?xf32>, index) -> ()
  %copied0 = memref.reinterpret_cast %copied0_flat to offset: [0], sizes: [13, 35], strides: [35, 1] : memref<455xf32> to memref<13x35xf32>
  %copied1_flat = memref.alloc() : memref<455xf32>
  %copied1_any = memref.cast %copied1_flat : memref<455xf32> to memref<?xf32>
  %copied1_p = arith.constant 11 : index
  call @integers(%copied1_any, %copied1_p) : (memref<?xf32>, index) -> ()
  %copied1 = memref.reinterpret_cast %copied1_flat to offset: [0], sizes: [13, 35], strides: [35, 1] : memref<455xf32> to memref<13x35xf32>
  call @copied(%copied0, %copied1) : (memref<13x35xf32>, memref<13x35xf32>) -> ()
  %copied1_print = memref.cast %copied1 : memref<13x35xf32> to memref<*xf32>
  call @printMemrefF32(%copied1_print) : (memref<*xf32>) -> ()
  %column0_flat = memref.alloc() : memref<297xf32>
  %column0_any = memref.cast %column0_flat : memref<297xf32> to memref<?xf32>
  %column0_p = arith.constant 7 : index
  call @integers(%column0_any, %column0_p) : (memref<?xf32>, index) -> ()
  %column0 = memref.reinterpret_cast %column0_flat to offset: [0], sizes: [3, 99], strides: [99, 1] : memref<297xf32> to memref<3x99xf32>
  %column1_flat = memref.alloc() : memref<48xf32>
  %column1_any = memref.cast %column1_flat : memref<48xf32> to memref<?xf32>
  %column1_p = arith.constant 11 : index
  call @integers(%column1_any, %column1_p) : (memref<?xf32>, index) -> ()
  %column1 = memref.reinterpret_cast %column1_flat to offset: [0], sizes: [3, 16], strides: [16, 1] : memref<48xf32> to memref<3x16xf32>
  call @column(%column0, %column1) : (memref<3x99xf32>, memref<3x16xf32>) -> ()
  %column1_print = memref.cast %column1 : memref<3x16xf32> to memref<*xf32>
  call @printMemrefF32(%column1_print) : (memref<*xf32>) -> ()
  %convolved0_flat = memref.alloc() : memref<40xf32>
  %convolved0_any = memref.cast %convolved0_flat : memref<40xf32> to memref<?xf32>
  %convolved0_p = arith.constant 7 : index
  call @integers(%convolved0_any, %convolved0_p) : (memref<?xf32>, index) -> ()
  %convolved0 = memref.reinterpret_cast %convolved0_flat to offset: [0], sizes: [40], strides: [1] : memref<40xf32> to memref<40xf32>
  %convolved1_flat = memref.alloc() : memref<5xf32>
  %convolved1_any = memref.cast %convolved1_flat : memref<5xf32> to memref<?xf32>
  %convolved1_p = arith.constant 11 : index
  call @integers(%convolved1_any, %convolved1_p) : (memref<?xf32>, index) -> ()
  %convolved1 = memref.reinterpret_cast %convolved1_flat to offset: [0], sizes: [5], strides: [1] : memref<5xf32> to memref<5xf32>
  %convolved2_flat = memref.alloc() : memref<36xf32>
  %convolved2_any = memref.cast %convolved2_flat : memref<36xf32> to memref<?xf32>
  %convolved2_p = arith.constant 17 : index
  call @integers(%convolved2_any, %convolved2_p) : (memref<?xf32>, index) -> ()
  %convolved2 = memref.reinterpret_cast %convolved2_flat to offset: [0], sizes: [36], strides: [1] : memref<36xf32> to memref<36xf32>
  call @convolved(%convolved0, %convolved1, %convolved2) : (memref<40xf32>, memref<5xf32>, memref<36xf32>) -> ()
  %convolved2_print = memref.cast %convolved2 : memref<36xf32> to memref<*xf32>
  call @printMemrefF32(%convolved2_print) : (memref<*xf32>) -> ()
  %channels0_flat = memref.alloc() : memref<672xf32>
  %channels0_any = memref.cast %channels0_flat : memref<672xf32> to memref<?xf32>
  %channels0_p = arith.constant 7 : index
  call @integers(%channels0_any, %channels0_p) : (memref<?xf32>, index) -> ()
  %channels0 = memref.reinterpret_cast %channels0_flat to offset: [0], sizes: [21, 32], strides: [32, 1] : memref<672xf32> to memref<21x32xf32>
  %channels1_flat = memref.alloc() : memref<672xf32>
  %channels1_any = memref.cast %channels1_flat : memref<672xf32> to memref<?xf32>
  %channels1_p = arith.constant 11 : index
  call @integers(%channels1_any, %channels1_p) : (memref<?xf32>, index) -> ()
  %channels1 = memref.reinterpret_cast %channels1_flat to offset: [0], sizes: [21, 32], strides: [32, 1] : memref<672xf32> to memref<21x32xf32>
  %channels2_flat = memref.alloc() : memref<672xf32>
  %channels2_any = memref.cast %channels2_flat : memref<672xf32> to memref<?xf32>
  %channels2_p = arith.constant 17 : index
  call @integers(%channels2_any, %channels2_p) : (memref<?xf32>, index) -> ()
  %channels2 = memref.reinterpret_cast %channels2_flat to offset: [0], sizes: [21, 32], strides: [32, 1] : memref<672xf32> to memref<21x32xf32>
  %channels3_flat = memref.alloc() : memref<192xf32>
  %channels3_any = memref.cast %channels3_flat : memref<192xf32> to memref<?xf32>
  %channels3_p = arith.constant 19 : index
  call @integers(%channels3_any, %channels3_p) : (memref<?xf32>, index) -> ()
  %channels3 = memref.reinterpret_cast %channels3_flat to offset: [0], sizes: [6, 32], strides: [32, 1] : memref<192xf32> to memref<6x32xf32>
  %channels4_flat = memref.alloc() : memref<192xf32>
  %channels4_any = memref.cast %channels4_flat : memref<192xf32> to memref<?xf32>
  %channels4_p = arith.constant 23 : index
  call @integers(%channels4_any, %channels4_p) : (memref<?xf32>, index) -> ()
  %channels4 = memref.reinterpret_cast %channels4_flat to offset: [0], sizes: [6, 32], strides: [32, 1] : memref<192xf32> to memref<6x32xf32>
  %channels5_flat = memref.alloc() : memref<192xf32>
  %channels5_any = memref.cast %channels5_flat : memref<192xf32> to memref<?xf32>
  %channels5_p = arith.constant 29 : index
  call @integers(%channels5_any, %channels5_p) : (memref<?xf32>, index) -> ()
  %channels5 = memref.reinterpret_cast %channels5_flat to offset: [0], sizes: [6, 32], strides: [32, 1] : memref<192xf32> to memref<6x32xf32>
  %channels6_flat = memref.alloc() : memref<126xf32>
  %channels6_any = memref.cast %channels6_flat : memref<126xf32> to memref<?xf32>
  %channels6_p = arith.constant 31 : index
  call @integers(%channels6_any, %channels6_p) : (memref<?xf32>, index) -> ()
  %channels6 = memref.reinterpret_cast %channels6_flat to offset: [0], sizes: [21, 6], strides: [6, 1] : memref<126xf32> to memref<21x6xf32>
  call @channels(%channels0, %channels1, %channels2, %channels3, %channels4, %channels5, %channels6) : (memref<21x32xf32>, memref<21x32xf32>, memref<21x32xf32>, memref<6x32xf32>, memref<6x32xf32>, memref<6x32xf32>, memref<21x6xf32>) -> ()
  %channels6_print = memref.cast %channels6 : memref<21x6xf32> to memref<*xf32>
  call @printMemrefF32(%channels6_print) : (memref<*xf32>) -> ()
  %shared0_flat = memref.alloc() : memref<273xf32>
  %shared0_any = memref.cast %shared0_flat : memref<273xf32> to memref<?xf32>
  %shared0_p = arith.constant 7 : index
  call @integers(%shared0_any, %shared0_p) : (memref<?xf32>, index) -> ()
  %shared0 = memref.reinterpret_cast %shared0_flat to offset: [0], sizes: [21, 13], strides: [13, 1] : memref<273xf32> to memref<21x13xf32>
  %shared1_flat = memref.alloc() : memref<416xf32>
  %shared1_any = memref.cast %shared1_flat : memref<416xf32> to memref<?xf32>
  %shared1_p = arith.constant 11 : index
  call @integers(%shared1_any, %shared1_p) : (memref<?xf32>, index) -> ()
  %shared1 = memref.reinterpret_cast %shared1_flat to offset: [0], sizes: [13, 32], strides: [32, 1] : memref<416xf32> to memref<13x32xf32>
  %shared2_flat = memref.alloc() : memref<416xf32>
  %shared2_any = memref.cast %shared2_flat : memref<416xf32> to memref<?xf32>
  %shared2_p = arith.constant 17 : index
  call @integers(%shared2_any, %shared2_p) : (memref<?xf32>, index) -> ()
  %shared2 = memref.reinterpret_cast %shared2_flat to offset: [0], sizes: [13, 32], strides: [32, 1] : memref<416xf32> to memref<13x32xf32>
  %shared3_flat = memref.alloc() : memref<672xf32>
  %shared3_any = memref.cast %shared3_flat : memref<672xf32> to memref<?xf32>
  %shared3_p = arith.constant 19 : index
  call @integers(%shared3_any, %shared3_p) : (memref<?xf32>, index) -> ()
  %shared3 = memref.reinterpret_cast %shared3_flat to offset: [0], sizes: [21, 32], strides: [32, 1] : memref<672xf32> to memref<21x32xf32>
  %shared4_flat = memref.alloc() : memref<672xf32>
  %shared4_any = memref.cast %shared4_flat : memref<672xf32> to memref<?xf32>
  %shared4_p = arith.constant 23 : index
  call @integers(%shared4_any, %shared4_p) : (memref<?xf32>, index) -> ()
  %shared4 = memref.reinterpret_cast %shared4_flat to offset: [0], sizes: [21, 32], strides: [32, 1] : memref<672xf32> to memref<21x32xf32>
  call @shared(%shared0, %shared1, %shared2, %shared3, %shared4) : (memref<21x13xf32>, memref<13x32xf32>, memref<13x32xf32>, memref<21x32xf32>, memref<21x32xf32>) -> ()
  %shared3_print = memref.cast %shared3 : memref<21x32xf32> to memref<*xf32>
  call @printMemrefF32(%shared3_print) : (memref<*xf32>) -> ()
  %shared4_print = memref.cast %shared4 : memref<21x32xf32> to memref<*xf32>
  call @printMemrefF32(%shared4_print) : (memref<*xf32>) -> ()
  %logical0_flat = memref.alloc() : memref<777xf32>
  %logical0_any = memref.cast %logical0_flat : memref<777xf32> to memref<?xf32>
  %logical0_p = arith.constant 7 : index
  call @integers(%logical0_any, %logical0_p) : (memref<?xf32>, index) -> ()
  %logical0 = memref.reinterpret_cast %logical0_flat to offset: [0], sizes: [21, 37], strides: [37, 1] : memref<777xf32> to memref<21x37xf32>
  %logical1_flat = memref.alloc() : memref<777xf32>
  %logical1_any = memref.cast %logical1_flat : memref<777xf32> to memref<?xf32>
  %logical1_p = arith.constant 11 : index
  call @integers(%logical1_any, %logical1_p) : (memref<?xf32>, index) -> ()
  %logical1 = memref.reinterpret_cast %logical1_flat to offset: [0], sizes: [21, 37], strides: [37, 1] : memref<777xf32> to memref<21x37xf32>
  call @logical(%logical0, %logical1) : (memref<21x37xf32>, memref<21x37xf32>) -> ()
  %logical1_print = memref.cast %logical1 : memref<21x37xf32> to memref<*xf32>
  call @printMemrefF32(%logical1_print) : (memref<*xf32>) -> ()
  return
}
