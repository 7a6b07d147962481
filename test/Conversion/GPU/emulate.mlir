// The kernels, run by loops, compute the same bits as the chunks on a CPU: with a thread per lane or not, and in
// whichever order the threads of a phase run.
// RUN: cat %S/Inputs/network.mlir %S/Inputs/main.mlir > %t.mlir
// RUN: costate-opt %t.mlir -costate-tile-sets=tile=16 -canonicalize -cse -convert-elementwise-to-linalg -costate-bufferize -o %t.buffers.mlir
// RUN: costate-opt %t.buffers.mlir -scf-forall-to-for %run_buffers | %run_main > %t.cpu
// RUN: wc -l < %t.cpu | FileCheck %s
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu -costate-emulate-gpu %run_buffers | %run_main | diff %t.cpu -
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu -costate-emulate-gpu=reverse=1 %run_buffers | %run_main | diff %t.cpu -
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu=lanes=32 -costate-emulate-gpu=reverse=1 %run_buffers | %run_main | diff %t.cpu -
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-gpu=lanes=7 -costate-emulate-gpu %run_buffers | %run_main | diff %t.cpu -

// 20 entries of the gradient, the loss, and 5 x 128 values of the field.
// CHECK: 661
