// The PTX that a program holds, launched by the runtime on a device that is an interpreter, computes the same bits as the
// chunks on a CPU, in whichever order the threads run between barriers. An elementary function would be libdevice's here
// and the C library's there: a square stands for it.
// A runner of the LLVM project loads no library with sanitizers.
// UNSUPPORTED: sanitize
// RUN: sed 's/math.tanh \(%[a-z]*\)/arith.mulf \1, \1/' %S/Inputs/network.mlir > %t.mlir
// RUN: cat %S/Inputs/main.mlir >> %t.mlir
// RUN: costate-opt %t.mlir -costate-tile-sets=tile=16 -canonicalize -cse -convert-elementwise-to-linalg -costate-bufferize -o %t.buffers.mlir
// RUN: costate-opt %t.buffers.mlir -scf-forall-to-for %run_buffers | %run_main > %t.cpu
// RUN: wc -l < %t.cpu | FileCheck %s --check-prefix=LINES
// LINES: 661

// RUN: %cxx -shared -Wl,-u,costate_rt_gpu_launch %costate_build/lib/libcostate_rt.a -o %t.so
// RUN: costate-opt %t.buffers.mlir -costate-chunks-to-nvvm -costate-launches-to-runtime -costate-embed-gpu %run_buffers -o %t.gpu.mlir
// RUN: rm -f %t.log
// RUN: %fake_cuda FAKE_CUDA_LOG=%t.log %run_main -shared-libs=%t.so %t.gpu.mlir > %t.device
// RUN: diff %t.cpu %t.device
// RUN: FileCheck %s --input-file=%t.log
// RUN: %fake_cuda FAKE_CUDA_THREADS=reverse %run_main -shared-libs=%t.so %t.gpu.mlir | diff %t.cpu -

// CHECK: cuModuleLoadData(PTX for sm_90, 2 kernels)
// CHECK: cuLaunchKernel(step_chunks_0, grid {{[0-9]+}} x 1 x 1, block 16 x 1 x 1
// CHECK: cuLaunchKernel(predict_chunks_0, grid {{[0-9]+}} x 1 x 1, block 16 x 1 x 1
// CHECK-NOT: cuLaunchKernel
