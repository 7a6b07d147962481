//===- Passes.td - Passes of Conversion/GPU ----------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
include "mlir/Pass/PassBase.td"

def CostateChunksToGPU : Pass<"costate-chunks-to-gpu", "::mlir::ModuleOp"> {
  let summary = "Make a kernel of the chunks of each set: a block runs a chunk, lanes become threads";
  let description = [{
    Each outermost `scf.forall` of an entry function becomes a `gpu.func` and a launch of as many blocks as there are
    chunks. What stood there remains beside it, for machines without a device:

    ```
    %ready = call @costate_gpu_ready() : () -> i1
    scf.if %ready { gpu.launch_func @costate_kernels::@step_chunks_0 … } else { scf.forall … }
    ```

    A block runs the tiles of its chunk in order, so sums are grouped as on a CPU. Its body is a sequence of *phases*,
    `scf.parallel (%thread) = (0) to (T)`: no thread of a phase touches what another one of it writes. Within a phase an
    op whose last output dimension has the extent T runs with that dimension as the thread; any other op hands its output
    elements to the threads in turn, and each adds up its reductions in order. Everything between phases (loads of
    uniform scalars, control flow) is done by all threads alike. Buffers of a chunk lie in the slice of the workspace
    that belongs to the block; views and constants are made anew in the kernel, so that it takes whole buffers.

    Before: bufferized level 4. After: no `scf.forall` without a kernel beside it; kernels hold no `linalg`.

    Example: `test/Conversion/GPU/chunks-to-gpu.mlir`.
  }];
  let options = [Option<"lanes", "lanes", "unsigned", "0",
                        "Threads of a block; 0: the commonest extent of last dimensions">];
  let dependentDialects = ["::mlir::gpu::GPUDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::arith::ArithDialect", "::mlir::affine::AffineDialect",
                           "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect"];
}

def CostatePhasesToThreads : Pass<"costate-phases-to-threads", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Let the threads of a block run the phases, with barriers between them";
  let description = [{
    The loop of a phase becomes its body with the thread's number. A barrier follows each phase; one also precedes a
    phase if all threads have read memory since the last barrier, for the phase may overwrite what a slow thread has
    not read yet.

    Before: `gpu.func` with `scf.parallel` phases. After: none, `gpu.barrier` between phases.

    Example: `test/Conversion/GPU/phases-to-threads.mlir`.
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect"];
}

def CostateExactSquareRoots : Pass<"costate-exact-square-roots", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Use the square root that is correctly rounded on a GPU";
  let description = [{
    Calls of libdevice's square roots become `llvm.intr.sqrt`, hence `sqrt.rn`: libdevice's own would become
    `sqrt.approx` in f32. Likewise reciprocal square roots, which become a quotient.

    Before and after: NVVM.

    Example: `test/Conversion/GPU/ptx.mlir`.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def CostateLaunchesToRuntime : Pass<"costate-launches-to-runtime", "::mlir::ModuleOp"> {
  let summary = "Replace kernel launches by calls of the runtime";
  let description = [{
    `gpu.launch_func` becomes a call of `costate_rt_gpu_launch` with a table of arguments on the stack (see
    `costate/Runtime/GPU.h`): a buffer is its address, its size in bytes and whether the kernel writes it; a scalar is
    the address of its value. `@costate_gpu_ready` becomes `costate_rt_gpu_ready`. Both name the table of images that
    `costate-embed-gpu` defines.

    Before: planned memory, memrefs. After: no op of the gpu dialect outside of `gpu.module`.

    Example: `test/Conversion/GPU/launches-to-runtime.mlir`.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect"];
}

def CostateEmbedGPU : Pass<"costate-embed-gpu", "::mlir::ModuleOp"> {
  let summary = "Compile kernels to PTX and machine code, and embed both in the module";
  let description = [{
    Translates `gpu.module @costate_kernels` (NVVM) to LLVM IR, links libdevice, writes PTX and, if `ptxas` is found,
    has it assembled for the architecture. Both become globals that the table `costate_gpu_images` lists, machine code
    first. A function of libdevice that is left unresolved is an error; a missing `ptxas` is a remark, since the
    driver compiles PTX too.

    Before: LLVM dialect, and a `gpu.module` of LLVM dialect and NVVM. After: no `gpu.module`.

    Example: `test/Conversion/GPU/embed.mlir`.
  }];
  let options = [Option<"arch", "arch", "std::string", "\"sm_90a\"", "The architecture, sm_80 for instance">,
                 Option<"toolkit", "toolkit", "std::string", "\"\"",
                        "The CUDA toolkit; empty: CUDA_HOME and its like, then /usr/local/cuda">,
                 Option<"emitPTX", "emit-ptx", "std::string", "\"\"", "Also write the PTX to this file">,
                 Option<"emitCubin", "emit-cubin", "std::string", "\"\"", "Also write the machine code to this file">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::NVVM::NVVMDialect", "::mlir::gpu::GPUDialect"];
}

def CostateEmulateGPU : Pass<"costate-emulate-gpu", "::mlir::ModuleOp"> {
  let summary = "Run kernels by loops on the CPU (for tests)";
  let description = [{
    Each launch becomes a loop over its blocks around the kernel's body, whose phases stay loops over threads; the
    branch without a device disappears. What a phase computes must not depend on the order of its threads, so `reverse`
    runs them from the last to the first.

    Before: `costate-chunks-to-gpu`. After: no op of the gpu dialect.

    Example: `test/Conversion/GPU/emulate.mlir`.
  }];
  let options = [Option<"reverse", "reverse", "bool", "false", "Run the threads of each phase in reverse">];
  let dependentDialects = ["::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::arith::ArithDialect"];
}
