// Where there is no toolkit, a kernel that needs libdevice is refused; another becomes PTX, with a remark.
// RUN: not costate-opt %s -costate-embed-gpu=arch=sm_70 2>&1 | FileCheck %s --check-prefix=ARCH
// RUN: not costate-opt %s -costate-embed-gpu=arch=gfx90a 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not costate-opt %S/Inputs/needs-libdevice.mlir -costate-embed-gpu=toolkit=/nonexistent 2>&1 | FileCheck %s --check-prefix=LIBDEVICE
// RUN: env PATH=/nonexistent %costate_build/bin/costate-opt %s -costate-embed-gpu=toolkit=/nonexistent 2>&1 | FileCheck %s --check-prefix=PTX
// RUN: env PATH=/nonexistent not %costate_build/bin/costate-opt %s -costate-embed-gpu="toolkit=/nonexistent emit-cubin=%t.cubin" 2>&1 | FileCheck %s --check-prefix=CUBIN
// RUN: not costate-opt %S/Inputs/empty.mlir -costate-embed-gpu=emit-ptx=%t.ptx 2>&1 | FileCheck %s --check-prefix=NONE

// RUN: not costate-opt %s -costate-embed-gpu=emit-ptx=/nonexistent/x.ptx 2>&1 | FileCheck %s --check-prefix=WRITE

// An assembler that refuses, one that leaves nothing, and no place for what it would leave.
// RUN: rm -rf %t && mkdir -p %t/refuses/bin %t/silent/bin
// RUN: printf '#!/bin/sh\necho ptxas: no such thing\nexit 1\n' > %t/refuses/bin/ptxas && chmod +x %t/refuses/bin/ptxas
// RUN: printf '#!/bin/sh\nfor last; do :; done\nrm "$last"\n' > %t/silent/bin/ptxas && chmod +x %t/silent/bin/ptxas
// RUN: not costate-opt %s -costate-embed-gpu=toolkit=%t/refuses 2>&1 | FileCheck %s --check-prefix=REFUSED
// RUN: not costate-opt %s -costate-embed-gpu=toolkit=%t/silent 2>&1 | FileCheck %s --check-prefix=SILENT
// RUN: env TMPDIR=/nonexistent not costate-opt %s -costate-embed-gpu=toolkit=%t/refuses 2>&1 | FileCheck %s --check-prefix=TEMPORARY

// What is not lowered has no PTX.
// RUN: not costate-opt %S/Inputs/not-lowered.mlir -costate-embed-gpu=toolkit=/nonexistent 2>&1 | FileCheck %s --check-prefix=UNTRANSLATED

// WRITE: error: cannot write /nonexistent/x.ptx: No such file or directory
// REFUSED: error: ptxas refused the kernels for sm_90a: ptxas: no such thing
// SILENT: error: cannot read what ptxas wrote: No such file or directory
// TEMPORARY: error: cannot write temporary files for ptxas
// UNTRANSLATED: error: cannot be translated to PTX
// ARCH: error: the architecture 'sm_70' is not one of sm_75 and later, with or without an 'a'
// NAME: error: the architecture 'gfx90a' is not one of sm_75 and later, with or without an 'a'
// LIBDEVICE: error: the kernels call functions that nothing defines: __nv_tanhf; libdevice comes with the CUDA toolkit: set CUDA_HOME
// PTX: remark: ptxas was not found: the program holds PTX only, which the driver compiles when it starts
// PTX: !llvm.array<2 x struct<(i64, ptr, ptr, i64)>>
// CUBIN: error: machine code was asked for, but ptxas was not found: install the CUDA toolkit or set CUDA_HOME
// NONE: error: has no kernel: no entry function reduces or maps a set
gpu.module @costate_kernels {
  llvm.func @store(%x: !llvm.ptr, %v: f32) attributes {gpu.kernel, nvvm.kernel} {
    llvm.store %v, %x : f32, !llvm.ptr
    llvm.return
  }
}
