// The gradient of a long simulation by its initial state: the model of E. N. Lorenz (1996) of a quantity on a circle of
// latitude,
//
//   dx_i/dt = (x_{i+1} - x_{i-2}) x_{i-1} - x_i + F,   i = 1 ... 40, cyclic, F = 8,
//
// 500 steps of the classical Runge-Kutta method, and the squared norm of the last state. Plain func, scf, arith and tensor;
// only the declarations of the gradients are Costate's.
//
// What is recorded. Of each of the 500 steps the four states where the right-hand side is evaluated, and nothing else:
// RUN: costate-opt %s -costate-expand-transforms -o %t.derived.mlir
// RUN: FileCheck %s --check-prefix=ALL < %t.derived.mlir
// ALL-LABEL: func.func private @simulate_gradient
// ALL: %[[TAPE:.*]] = tensor.empty() : tensor<500x40xf64>
// ALL: scf.for {{.*}} -> (tensor<40xf64>, tensor<500x40xf64>, tensor<500x40xf64>, tensor<500x40xf64>, tensor<500x40xf64>) {
// ALL: scf.for {{.*}} -> (tensor<40xf64>) {
// ALL-NOT: scf.for
// ALL: return
//
// In blocks of 22 steps: 23 states, and what is needed of 22 steps.
// RUN: FileCheck %s --check-prefix=BLOCKS < %t.derived.mlir
// BLOCKS-LABEL: func.func private @simulate_blocks_gradient
// BLOCKS-NOT: tensor<500x40xf64>
// BLOCKS: scf.for {{.*}} -> (tensor<40xf64>, tensor<23x40xf64>) {
// BLOCKS-NOT: tensor<500x40xf64>
// BLOCKS: scf.for {{.*}} -> (tensor<40xf64>, tensor<22x40xf64>, tensor<22x40xf64>, tensor<22x40xf64>, tensor<22x40xf64>) {
// BLOCKS-NOT: tensor<500x40xf64>
// BLOCKS: return
//
// Where the function says what it may record, blocks of 10 steps are chosen: 50 states, and 4 of each of 10 steps.
// RUN: costate-opt %s -costate-expand-transforms -remarks-filter=checkpoints -o %t.again.mlir 2>&1 | FileCheck %s --check-prefix=REMARK
// REMARK: Function=simulate | Remark="records all of 500 iterations: 640000 bytes"
// REMARK: Function=simulate_blocks | Remark="records what is carried, every 22 of 500 iterations: 35520 bytes; 500 iterations run again"
// REMARK: Function=simulate_snapshots | Remark="records 22 snapshots of 500 iterations: 7544 bytes; 1200 iterations run again"
// REMARK: Function=simulate_limited | Remark="records what is carried, every 10 of 500 iterations: 28800 bytes; 500 iterations run again"
//
// In buffers the tapes are filled in place: what is copied is of one step.
// RUN: costate-opt %t.derived.mlir -inline -canonicalize -cse -symbol-dce -costate-fuse-elementwise -canonicalize -cse \
// RUN:   -costate-bufferize -buffer-hoisting -buffer-loop-hoisting -canonicalize -cse -o %t.buffers.mlir
// RUN: FileCheck %s --check-prefix=COPY < %t.buffers.mlir
// COPY-NOT: memref.copy {{.*}} : memref<{{[0-9]+}}x40xf64{{.*}}> to
// COPY-NOT: linalg.copy {{.*}} : memref<{{[0-9]+}}x40xf64{{.*}}>
// COPY: func.func @main
// COPY-NOT: memref.copy {{.*}} : memref<{{[0-9]+}}x40xf64{{.*}}> to
//
// Numbers; times are printed. The allocator keeps what is freed, as a program that differentiates many times would let it.
// RUN: costate-opt %t.buffers.mlir -buffer-deallocation-pipeline -canonicalize -cse -costate-vectorize-tiles \
// RUN:   -loop-invariant-code-motion -canonicalize -cse -convert-vector-to-scf -convert-math-to-llvm %run_buffers -o %t.llvm.mlir
// RUN: env MALLOC_TRIM_THRESHOLD_=1000000000 MALLOC_MMAP_THRESHOLD_=1000000000 %run_main -O3 %t.llvm.mlir \
// RUN:   | %python %S/Inputs/check_lorenz96.py %t.buffers.mlir

func.func private @tendency(%x: tensor<40xf64>) -> tensor<40xf64> {
  %force = arith.constant dense<8.0> : tensor<40xf64>
  // x_(i+1), x_(i-1) and x_(i-2)
  %a0 = tensor.extract_slice %x[0] [1] [1] : tensor<40xf64> to tensor<1xf64>
  %a1 = tensor.extract_slice %x[1] [39] [1] : tensor<40xf64> to tensor<39xf64>
  %right = tensor.concat dim(0) %a1, %a0 : (tensor<39xf64>, tensor<1xf64>) -> tensor<40xf64>
  %b0 = tensor.extract_slice %x[0] [39] [1] : tensor<40xf64> to tensor<39xf64>
  %b1 = tensor.extract_slice %x[39] [1] [1] : tensor<40xf64> to tensor<1xf64>
  %left = tensor.concat dim(0) %b1, %b0 : (tensor<1xf64>, tensor<39xf64>) -> tensor<40xf64>
  %c0 = tensor.extract_slice %x[0] [38] [1] : tensor<40xf64> to tensor<38xf64>
  %c1 = tensor.extract_slice %x[38] [2] [1] : tensor<40xf64> to tensor<2xf64>
  %further = tensor.concat dim(0) %c1, %c0 : (tensor<2xf64>, tensor<38xf64>) -> tensor<40xf64>
  %difference = arith.subf %right, %further : tensor<40xf64>
  %advection = arith.mulf %difference, %left : tensor<40xf64>
  %damped = arith.subf %advection, %x : tensor<40xf64>
  %y = arith.addf %damped, %force : tensor<40xf64>
  return %y : tensor<40xf64>
}

func.func private @step(%x: tensor<40xf64>) -> tensor<40xf64> {
  %h = arith.constant dense<0.005> : tensor<40xf64>
  %h2 = arith.constant dense<0.0025> : tensor<40xf64>
  %h3 = arith.constant dense<0.0016666666666666668> : tensor<40xf64>
  %h6 = arith.constant dense<0.0008333333333333334> : tensor<40xf64>
  %k1 = func.call @tendency(%x) : (tensor<40xf64>) -> tensor<40xf64>
  %a1 = arith.mulf %k1, %h2 : tensor<40xf64>
  %x1 = arith.addf %x, %a1 : tensor<40xf64>
  %k2 = func.call @tendency(%x1) : (tensor<40xf64>) -> tensor<40xf64>
  %a2 = arith.mulf %k2, %h2 : tensor<40xf64>
  %x2 = arith.addf %x, %a2 : tensor<40xf64>
  %k3 = func.call @tendency(%x2) : (tensor<40xf64>) -> tensor<40xf64>
  %a3 = arith.mulf %k3, %h : tensor<40xf64>
  %x3 = arith.addf %x, %a3 : tensor<40xf64>
  %k4 = func.call @tendency(%x3) : (tensor<40xf64>) -> tensor<40xf64>
  %b1 = arith.mulf %k1, %h6 : tensor<40xf64>
  %b2 = arith.mulf %k2, %h3 : tensor<40xf64>
  %b3 = arith.mulf %k3, %h3 : tensor<40xf64>
  %b4 = arith.mulf %k4, %h6 : tensor<40xf64>
  %y1 = arith.addf %x, %b1 : tensor<40xf64>
  %y2 = arith.addf %y1, %b2 : tensor<40xf64>
  %y3 = arith.addf %y2, %b3 : tensor<40xf64>
  %y4 = arith.addf %y3, %b4 : tensor<40xf64>
  return %y4 : tensor<40xf64>
}

func.func private @squared_norm(%x: tensor<40xf64>) -> f64 {
  %zero = arith.constant dense<0.0> : tensor<f64>
  %q = linalg.dot ins(%x, %x : tensor<40xf64>, tensor<40xf64>) outs(%zero : tensor<f64>) -> tensor<f64>
  %r = tensor.extract %q[] : tensor<f64>
  return %r : f64
}

func.func private @simulate(%x: tensor<40xf64>) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 500 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<40xf64> {
    %next = func.call @step(%s) : (tensor<40xf64>) -> tensor<40xf64>
    scf.yield %next : tensor<40xf64>
  }
  %r = func.call @squared_norm(%y) : (tensor<40xf64>) -> f64
  return %r : f64
}
costate.derive @simulate_gradient = gradient @simulate wrt [0]

func.func private @simulate_blocks(%x: tensor<40xf64>) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 500 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<40xf64> {
    %next = func.call @step(%s) : (tensor<40xf64>) -> tensor<40xf64>
    scf.yield %next : tensor<40xf64>
  } {checkpoint = {every = 22}}
  %r = func.call @squared_norm(%y) : (tensor<40xf64>) -> f64
  return %r : f64
}
costate.derive @simulate_blocks_gradient = gradient @simulate_blocks wrt [0]

func.func private @simulate_snapshots(%x: tensor<40xf64>) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 500 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<40xf64> {
    %next = func.call @step(%s) : (tensor<40xf64>) -> tensor<40xf64>
    scf.yield %next : tensor<40xf64>
  } {checkpoint = {snapshots = 22}}
  %r = func.call @squared_norm(%y) : (tensor<40xf64>) -> f64
  return %r : f64
}
costate.derive @simulate_snapshots_gradient = gradient @simulate_snapshots wrt [0]

func.func private @simulate_limited(%x: tensor<40xf64>) -> f64 attributes {costate.memory_limit = 35000 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 500 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<40xf64> {
    %next = func.call @step(%s) : (tensor<40xf64>) -> tensor<40xf64>
    scf.yield %next : tensor<40xf64>
  }
  %r = func.call @squared_norm(%y) : (tensor<40xf64>) -> f64
  return %r : f64
}
costate.derive @simulate_limited_gradient = gradient @simulate_limited wrt [0]

// What follows runs and times them, on buffers.

func.func private @rtclock() -> f64
func.func private @printI64(i64)
func.func private @printNewline()

func.func private @forward(%xb: memref<40xf64>) -> f64 attributes {no_inline} {
  %x = bufferization.to_tensor %xb restrict : memref<40xf64> to tensor<40xf64>
  %r = func.call @simulate(%x) : (tensor<40xf64>) -> f64
  return %r : f64
}
func.func private @all(%xb: memref<40xf64>, %gb: memref<40xf64>) -> f64 attributes {no_inline} {
  %x = bufferization.to_tensor %xb restrict : memref<40xf64> to tensor<40xf64>
  %r, %g = costate.call @simulate_gradient(%x) : (tensor<40xf64>) -> (f64, tensor<40xf64>)
  bufferization.materialize_in_destination %g in restrict writable %gb : (tensor<40xf64>, memref<40xf64>) -> ()
  return %r : f64
}
func.func private @blocks(%xb: memref<40xf64>, %gb: memref<40xf64>) -> f64 attributes {no_inline} {
  %x = bufferization.to_tensor %xb restrict : memref<40xf64> to tensor<40xf64>
  %r, %g = costate.call @simulate_blocks_gradient(%x) : (tensor<40xf64>) -> (f64, tensor<40xf64>)
  bufferization.materialize_in_destination %g in restrict writable %gb : (tensor<40xf64>, memref<40xf64>) -> ()
  return %r : f64
}
func.func private @snapshots(%xb: memref<40xf64>, %gb: memref<40xf64>) -> f64 attributes {no_inline} {
  %x = bufferization.to_tensor %xb restrict : memref<40xf64> to tensor<40xf64>
  %r, %g = costate.call @simulate_snapshots_gradient(%x) : (tensor<40xf64>) -> (f64, tensor<40xf64>)
  bufferization.materialize_in_destination %g in restrict writable %gb : (tensor<40xf64>, memref<40xf64>) -> ()
  return %r : f64
}

func.func private @limited(%xb: memref<40xf64>, %gb: memref<40xf64>) -> f64 attributes {no_inline} {
  %x = bufferization.to_tensor %xb restrict : memref<40xf64> to tensor<40xf64>
  %r, %g = costate.call @simulate_limited_gradient(%x) : (tensor<40xf64>) -> (f64, tensor<40xf64>)
  bufferization.materialize_in_destination %g in restrict writable %gb : (tensor<40xf64>, memref<40xf64>) -> ()
  return %r : f64
}

// All bits of the number.
func.func private @print(%value: f64) attributes {no_inline} {
  %bits = arith.bitcast %value : f64 to i64
  func.call @printI64(%bits) : (i64) -> ()
  func.call @printNewline() : () -> ()
  return
}

// y = x + e (1, -1, 1, ...)
func.func private @shift(%x: memref<40xf64>, %e: f64, %y: memref<40xf64>) attributes {no_inline} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 40 : index
  scf.for %i = %c0 to %n step %c1 iter_args(%s = %e) -> f64 {
    %a = memref.load %x[%i] : memref<40xf64>
    %b = arith.addf %a, %s : f64
    memref.store %b, %y[%i] : memref<40xf64>
    %m = arith.negf %s : f64
    scf.yield %m : f64
  }
  return
}

// Prints the values of the function, its difference in the direction (1, -1, 1, ...), the four gradients, and the least
// times of the simulation and of the gradients.
func.func @main() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 40 : index
  %repetitions = arith.constant 60 : index
  %rest = arith.constant 8.0 : f64
  %ripple = arith.constant 0.01 : f64
  %e = arith.constant 1.0e-7 : f64
  %minus_e = arith.constant -1.0e-7 : f64
  %two_e = arith.constant 2.0e-7 : f64
  %long = arith.constant 1.0e9 : f64
  %x = memref.alloc() : memref<40xf64>
  %y = memref.alloc() : memref<40xf64>
  %g0 = memref.alloc() : memref<40xf64>
  %g1 = memref.alloc() : memref<40xf64>
  %g2 = memref.alloc() : memref<40xf64>
  %g3 = memref.alloc() : memref<40xf64>
  scf.for %i = %c0 to %n step %c1 {
    %square = arith.muli %i, %i : index
    %seven = arith.constant 7 : index
    %k = arith.remui %square, %seven : index
    %k64 = arith.index_cast %k : index to i64
    %f = arith.sitofp %k64 : i64 to f64
    %d = arith.mulf %f, %ripple : f64
    %v = arith.addf %rest, %d : f64
    memref.store %v, %x[%i] : memref<40xf64>
  }
  %f0 = func.call @forward(%x) : (memref<40xf64>) -> f64
  func.call @print(%f0) : (f64) -> ()
  %f1 = func.call @all(%x, %g0) : (memref<40xf64>, memref<40xf64>) -> f64
  func.call @print(%f1) : (f64) -> ()
  %f2 = func.call @blocks(%x, %g1) : (memref<40xf64>, memref<40xf64>) -> f64
  func.call @print(%f2) : (f64) -> ()
  %f3 = func.call @snapshots(%x, %g2) : (memref<40xf64>, memref<40xf64>) -> f64
  func.call @print(%f3) : (f64) -> ()
  %f4 = func.call @limited(%x, %g3) : (memref<40xf64>, memref<40xf64>) -> f64
  func.call @print(%f4) : (f64) -> ()
  func.call @shift(%x, %e, %y) : (memref<40xf64>, f64, memref<40xf64>) -> ()
  %above = func.call @forward(%y) : (memref<40xf64>) -> f64
  func.call @shift(%x, %minus_e, %y) : (memref<40xf64>, f64, memref<40xf64>) -> ()
  %below = func.call @forward(%y) : (memref<40xf64>) -> f64
  %distance = arith.subf %above, %below : f64
  %slope = arith.divf %distance, %two_e : f64
  func.call @print(%slope) : (f64) -> ()
  scf.for %i = %c0 to %n step %c1 {
    %a = memref.load %g0[%i] : memref<40xf64>
    func.call @print(%a) : (f64) -> ()
    %b = memref.load %g1[%i] : memref<40xf64>
    func.call @print(%b) : (f64) -> ()
    %c = memref.load %g2[%i] : memref<40xf64>
    func.call @print(%c) : (f64) -> ()
    %d = memref.load %g3[%i] : memref<40xf64>
    func.call @print(%d) : (f64) -> ()
  }
  %least:5 = scf.for %i = %c0 to %repetitions step %c1 iter_args(%m0 = %long, %m1 = %long, %m2 = %long, %m3 = %long, %m4 = %long) -> (f64, f64, f64, f64, f64) {
    %t0 = func.call @rtclock() : () -> f64
    %r0 = func.call @forward(%x) : (memref<40xf64>) -> f64
    %t1 = func.call @rtclock() : () -> f64
    %r1 = func.call @all(%x, %g0) : (memref<40xf64>, memref<40xf64>) -> f64
    %t2 = func.call @rtclock() : () -> f64
    %r2 = func.call @blocks(%x, %g1) : (memref<40xf64>, memref<40xf64>) -> f64
    %t3 = func.call @rtclock() : () -> f64
    %r3 = func.call @snapshots(%x, %g2) : (memref<40xf64>, memref<40xf64>) -> f64
    %t4 = func.call @rtclock() : () -> f64
    %r4 = func.call @limited(%x, %g3) : (memref<40xf64>, memref<40xf64>) -> f64
    %t5 = func.call @rtclock() : () -> f64
    %d0 = arith.subf %t1, %t0 : f64
    %d1 = arith.subf %t2, %t1 : f64
    %d2 = arith.subf %t3, %t2 : f64
    %d3 = arith.subf %t4, %t3 : f64
    %d4 = arith.subf %t5, %t4 : f64
    %n0 = arith.minimumf %m0, %d0 : f64
    %n1 = arith.minimumf %m1, %d1 : f64
    %n2 = arith.minimumf %m2, %d2 : f64
    %n3 = arith.minimumf %m3, %d3 : f64
    %n4 = arith.minimumf %m4, %d4 : f64
    scf.yield %n0, %n1, %n2, %n3, %n4 : f64, f64, f64, f64, f64
  }
  func.call @print(%least#0) : (f64) -> ()
  func.call @print(%least#1) : (f64) -> ()
  func.call @print(%least#2) : (f64) -> ()
  func.call @print(%least#3) : (f64) -> ()
  func.call @print(%least#4) : (f64) -> ()
  return
}
