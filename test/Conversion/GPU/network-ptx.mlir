// The kernels of a network, its gradient and its field assemble for both architectures.
// REQUIRES: ptxas
// RUN: costate-opt %S/Inputs/network.mlir -costate-tile-sets=tile=32 -canonicalize -cse -convert-elementwise-to-linalg -costate-bufferize -costate-chunks-to-nvvm -o %t.mlir
// RUN: costate-opt %t.mlir -costate-embed-gpu="arch=sm_80 emit-ptx=%t.ptx emit-cubin=%t.cubin" -o /dev/null
// RUN: cat %t.ptx | FileCheck %s
// RUN: costate-opt %t.mlir -costate-embed-gpu="arch=sm_90a emit-ptx=%t.ptx emit-cubin=%t.cubin" -o /dev/null
// RUN: cat %t.ptx | FileCheck %s

// CHECK-NOT: {{__nv_|\.extern}}
// CHECK: .entry step_chunks_0
// CHECK: .maxntid 32
// CHECK: bar.sync
// CHECK-NOT: {{__nv_|\.extern}}
// CHECK: .entry predict_chunks_0
// CHECK-NOT: {{__nv_|\.extern}}
