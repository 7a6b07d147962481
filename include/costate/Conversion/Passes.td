//===- Passes.td - Passes of Conversion --------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
include "mlir/Pass/PassBase.td"

def ExportFunctions : Pass<"costate-export-functions", "::mlir::ModuleOp"> {
  let summary = "Give the public functions of a library the interface of C";
  let description = [{
    In a module without entry functions, each public function gets buffers for its tensors: an argument is read from
    one, a result is written to one of the caller's, which follow the arguments in the order of the results. A scalar
    result is written to a buffer of rank zero. The function is marked `costate.exported`, which leaves it visible by
    its own name. A private function that is there still, since it must not be inlined, takes the buffers of its tensors,
    too, and after them places of its caller for the tensors that it returns; scalars stay as they are. A module with
    entry functions stays as it is: its interface is that of the runtime.

    Before: public functions on scalars and tensors of static shape; another type is an error. After: on scalars and
    buffers, without results.

    Example: `test/Conversion/export-functions.mlir`.
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::memref::MemRefDialect"];
}

def CostateBufferize : Pass<"costate-bufferize", "::mlir::ModuleOp"> {
  let summary = "Turn the tensors of level 4 into buffers without needless copies";
  let description = [{
    Runs one-shot bufferization on a level-4 module whose entry functions already take memrefs, then removes
    self-copies. What loops carry and the shared outputs of `scf.forall` are updated in place. What an iteration or a
    function leaves behind is written in an order in which nothing is read once it is overwritten, with a copy where
    values trade places, and each buffer that a function is given becomes one tensor, which is written once.
    What starts from a shared fill gets a fill of its own, which is cheaper than a copy. Copies between buffers of which
    one is strided become `linalg.copy`, so that no library call is needed.

    Before: tensors, entered by `bufferization.to_tensor`. After: no tensor value is left.

    Example: `test/Conversion/bufferize.mlir`.
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect"];
}

def FreeBuffers : Pass<"costate-free-buffers", "::mlir::ModuleOp"> {
  let summary = "Allocate and free the buffers of exported functions";
  let description = [{
    What an exported function allocates leaves the loops that it need not be in; small buffers of static shape go to
    the stack, and others are freed when they are not needed any more. Buffers may have dynamic extents, as the tape of
    a loop whose trip count is not known has. A module without exported functions stays as it is.

    Before: `memref.alloc`, those of `costate-pack-contractions` included. After: each has its `memref.dealloc`, or is a
    `memref.alloca`.

    Example: `test/Conversion/free-buffers.mlir`.
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::func::FuncDialect", "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect"];
}

def CostatePlanMemory : Pass<"costate-plan-memory", "::mlir::ModuleOp"> {
  let summary = "Give every buffer a fixed place in the workspace";
  let description = [{
    Gives each statically shaped `memref.alloc` of an entry function an offset: in the worker's part of the workspace
    if it stands in a chunk (`scf.forall`), in the host's part otherwise. Buffers whose live ranges do not meet share
    memory; buffers of one element become stack slots at the head of the chunk or function. The entry function gets one
    more argument, `memref<?xi8>` of role `workspace`: the host's part comes first, then one part per worker. A chunk
    learns its worker from `@costate_rt_worker`, which `costate-outline-chunks` resolves.

    The module gets `costate.host_workspace_bytes` and `costate.workspace_bytes_per_worker`.

    Before: `memref.alloc` and `memref.dealloc`. After: neither; only `memref.view` of the workspace and stack slots.
    A buffer of dynamic extent, or one that outlives the iteration that allocates it, is an error that names the op.

    Example: `test/Conversion/plan-memory.mlir`.
  }];
  let options = [Option<"print", "print", "bool", "false", "Print a line per entry function that says what it needs">];
  let dependentDialects = ["::mlir::memref::MemRefDialect", "::mlir::func::FuncDialect", "::mlir::arith::ArithDialect"];
}

def OutlineKernels : Pass<"costate-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "Makes functions of loop nests that occur several times";
  let description = [{
    Equal `linalg` ops of a function, on buffers of the same shapes and strides, become calls of one function, each with
    the fill that its sums start from. The function gets pointers, and what is dynamic of the shapes; of a buffer that
    nothing else touches which the op is given, it knows that (`llvm.noalias`). Ops of less than 64 points stay, unless
    there are 128 equal ones.

    Before: level 4 with buffers in their places, before chunks are functions. After: the same, and private functions of
    one nest.

    Example: `test/Conversion/outline-kernels.mlir`.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect"];
}

def CostateOutlineChunks : Pass<"costate-outline-chunks", "::mlir::ModuleOp"> {
  let summary = "Move the chunks of a set into functions that the worker pool runs";
  let description = [{
    Moves the body of each outermost `scf.forall` of an entry function into a function `ENTRY_chunks_N(chunk, worker,
    captures...)` and calls `costate_rt_parallel_for` with a body that unpacks the captures from a context on the
    stack. Constants are cloned into the body. A memref is captured as its pointer and what is dynamic of its shape;
    the pointers of captures that are provably distinct buffers are `llvm.noalias`. Other `scf.forall`, those of a library,
    within a chunk or of several dimensions, become loops.

    Before: bufferized `scf.forall`. After: none.

    Example: `test/Conversion/outline-chunks.mlir`.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::func::FuncDialect", "::mlir::arith::ArithDialect"];
}

def MergeFunctions : Pass<"costate-merge-functions", "::mlir::ModuleOp"> {
  let summary = "Makes equal internal functions one";
  let description = [{
    Two functions that nothing outside of the module sees, of `func` or of the LLVM dialect, and that differ in their
    names only become one, which all symbol uses then name; and so on, as callers become equal by that. The first
    stays.

    Before and after: any level.

    Example: `test/Conversion/merge-functions.mlir`.
  }];
}

def CostatePackEntries : Pass<"costate-pack-entries", "::mlir::ModuleOp"> {
  let summary = "Wrap entry functions for the runtime and write the program descriptor";
  let description = [{
    For each entry function NAME, `costate_entry_NAME(void **args, void *workspace)` unpacks the arguments as
    `docs/Lowering.md` says and calls it; NAME becomes private. Adds the table `costate_entries` and the string
    `costate_program`: the JSON that the module attribute `costate.program` holds (a string or a dictionary), completed
    by what only the compiler knows: workspace sizes, precision, target, compiler, and the arguments of each entry.

    A library has exported functions and no entries. They take a pointer for each buffer, and there is no program.

    Example: `test/Conversion/pack-entries.mlir`.
  }];
  let options = [Option<"target", "target", "std::string", "\"cpu\"", "The target named in the descriptor">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::func::FuncDialect", "::mlir::arith::ArithDialect"];
}

def CostateConvertToLLVM : Pass<"costate-convert-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Convert everything that is left to the LLVM dialect at once";
  let description = [{
    Before: `func`, `cf`, `arith`, `math`, `index`, `ub`, `memref` without strided views, and `vector` of rank 1. After: the
    LLVM dialect. What of `math` has no intrinsic becomes a call to the C library.

    Example: `test/Conversion/convert-to-llvm.mlir`.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
                           "::mlir::math::MathDialect", "::mlir::vector::VectorDialect"];
}

def KeepBlocks : Pass<"costate-keep-blocks", "::mlir::ModuleOp"> {
  let summary = "Keep large blocks of the heap between calls of a library";
  let description = [{
    The C library gives large blocks back to the system, and each page of the next one is cleared again at its first touch. A
    library of exported functions keeps up to eight blocks of 64 KiB or more that it has freed, until it is unloaded, and
    takes one of them where it is of at most twice the size that is needed. Any number of threads may call, and calls may be
    within calls: a block is taken by an atomic exchange.

    Before: LLVM dialect, calls of `malloc` and `free`. After: calls of functions in the module that do this.

    Example: `test/Conversion/keep-blocks.mlir`.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def CostateFinalizeLLVM : Pass<"costate-finalize-llvm", "::mlir::ModuleOp"> {
  let summary = "Set the attributes of LLVM functions that the target and the memory plan justify";
  let description = [{
    Every function that neither the runtime nor the user of a library calls by name becomes internal, and gets the target's
    processor and features. Attributes of the `costate` dialect are removed. For a processor without an instruction that multiplies and
    adds, a fused operation becomes one that may be two: the function that rounds once takes a hundred times as long.

    With `flush-denormals`, what the user of a library calls computes with zero for numbers below the normal range, as XLA
    does, and gives the state of the processor back as it was. It is for x86-64.

    Before and after: LLVM dialect.

    Example: `test/Conversion/finalize-llvm.mlir`.
  }];
  let options = [Option<"flushDenormals", "flush-denormals", "bool", "false", "Numbers below the normal range are zero">,
                 Option<"cpu", "cpu", "std::string", "\"\"", "The processor; empty: none is set">,
                 Option<"features", "features", "std::string", "\"\"", "Features of the processor, +a,-b">,
                 Option<"vectorBits", "vector-bits", "unsigned", "512", "The widest vectors to use">,
                 Option<"fma", "fma", "bool", "true", "Whether there is an instruction that multiplies and adds">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def PackContractions : Pass<"costate-pack-contractions"> {
  let summary = "Transpose a factor of sums over lanes where that is cheaper than adding lanes";
  let description = [{
    Before: `linalg` on buffers. After: each sum over lanes of products of a factor that depends on (i, lane) and one that
    depends on (j, lane), such as the gradient of a weight, has the second factor transposed where a count of issue slots
    says that this pays, so that vectors can run along j; what of j does not fill a vector stays a sum over lanes. A factor
    that several contractions use is transposed once, unless it is overwritten in between.

    ```mlir
    linalg.contract indexing_maps = [(i, j, l) -> (i, l), (i, j, l) -> (j, l), (i, j, l) -> (i, j)]
      ins(%d, %a : memref<50x16xf32>, memref<50x16xf32>) outs(%g : memref<50x50xf32>)
    ```

    becomes a transpose of the first 48 rows of `%a`, a contraction with it into columns 0 to 47 of `%g` and one with the
    last two rows of `%a` into columns 48 and 49.
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "int64_t", "512", "Width of a vector register: 128, 256 or 512">,
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect"];
}

def VectorizeTiles : Pass<"costate-vectorize-tiles"> {
  let summary = "Write linalg on memrefs as loops over explicit register tiles";
  let description = [{
    Before: `linalg` ops and `memref.copy` on buffers. After: neither; each has become `scf.for` loops around `vector`
    loads, stores and FMAs. Vectors run along the dimension in which outputs are contiguous (the lanes of a tile) or, for
    weight gradients, along the reduced lanes; a register tile of several rows and vectors is carried by the innermost
    reduction loop. Extents need not divide: tails get smaller tiles and narrower vectors, all of power-of-two width.
    Sums are formed in an order that depends on shapes alone. Ops without a form in vectors become scalar loops.

    ```mlir
    linalg.matmul ins(%w, %a : memref<50x50xf32>, memref<50x64xf32>) outs(%z : memref<50x64xf32>)
    ```

    becomes a loop over blocks of 5 rows whose inner loop carries 5 x 4 vectors of 16 lanes.
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "int64_t", "512", "Width of a vector register: 128, 256 or 512">,
  ];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def ExpandVectorMath : Pass<"costate-expand-vector-math", "::mlir::ModuleOp"> {
  let summary = "Replace math ops on f32 and f64 by arithmetic with stated error bounds";
  let description = [{
    Before: `math` functions on vectors and scalars. After: range reductions and polynomials in `arith` and `math.fma`,
    the same for scalars and vectors, so that both give the same bits. Bounds are in docs/Lowering.md. What a processor
    does in one instruction (`sqrt`, `fma`, `absf`, `copysign`, rounding) stays. Trigonometric functions whose argument
    exceeds 1e5 in some lane, `powf` in f64 and `erfc` call the C library for each lane, from private functions that the
    pass adds to the module. A scalar function that one `func.func` has 64 times or more becomes a private function, which
    is compiled once. Runs before `scf` is lowered.

    ```mlir
    %t = math.tanh %x : vector<16xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::func::FuncDialect",
                           "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def FuseElementwise : Pass<"costate-fuse-elementwise"> {
  let summary = "Make one linalg.generic of elementwise ops over the same points";
  let description = [{
    Before: `arith` and `math` on tensors and elementwise `linalg` ops, each a loop of its own. After: clusters of them, one
    `linalg.generic` with several results each. A value that several ops of a cluster use is computed once; results that
    nobody outside uses are gone; broadcasts, fills and constant tensors are folded into indexing maps and scalars.
    Nothing is computed twice. A value used only later (by the backward pass) is computed there.

    ```mlir
    %a = math.tanh %z : tensor<20x64xf32>
    %s = arith.mulf %a, %a : tensor<20x64xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"];
}

def Rematerialize : Pass<"costate-rematerialize"> {
  let summary = "Compute cheap values again where they are read instead of storing them";
  let description = [{
    Before: elementwise `linalg.generic` on tensors that pass values from the forward to the backward pass. After: a value
    that only elementwise ops over the same points read, and that follows in few cheap operations from what its producer
    reads or stores anyway, is computed by each of them; elementary functions and quotients are never computed twice but
    become results of the producer, if a count of loads and stores says that the exchange pays.

    ```mlir
    %t, %s, %d = linalg.generic ins(%z) ...  // tanh(z), 1 - tanh(z)^2, z * (1 - tanh(z)^2)
    ... linalg.generic ins(%s, %d, %c) ...
    ```

    becomes one op with the result `%t` and one that reads `%z`, `%t` and `%c`.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def DropUnitDimensions : Pass<"costate-drop-unit-dimensions"> {
  let summary = "Drop the dimensions of extent one from loops over tensors";
  let description = [{
    Before: ops on tensors, some with dimensions of extent one (the output of a network, a single constraint). After:
    `linalg.generic` without such loops, between reshapes where others see the tensor. A sum of one term is elementwise then,
    and what works on the same points says so by its shape.

    ```mlir
    linalg.contract ... ins(%a, %d : tensor<1x100xf32>, tensor<1x64xf32>) outs(%init : tensor<100x64xf32>)
    ```

    is an elementwise op on 100x64 points that reads `tensor<100xf32>` and `tensor<64xf32>`.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def FuseSums : Pass<"costate-fuse-sums"> {
  let summary = "Make one loop of sums over the same points";
  let description = [{
    Before: sums on tensors over the same extents that read the same tensors or results of the same op, each element once (the
    inner products of a Gram matrix). After: one `linalg.generic` with a result for each sum. Sums that read elements several
    times, which are products of matrices, stay as they are. What depends on one of the sums comes after all of them.

    ```mlir
    %0 = linalg.contract ... ins(%a, %a) outs(%zero)
    %1 = linalg.contract ... ins(%a, %b) outs(%zero)
    ```

    becomes one op with the inputs `%a` and `%b` and two results.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def FuseContractions : Pass<"costate-fuse-contractions"> {
  let summary = "Make one accumulation of contractions that add to each other's result";
  let description = [{
    Before: a chain of contractions on tensors, each with the result of the one before as its `outs`, over the same extents
    (the weight gradient of a layer, channel by channel). After: one `linalg.generic` that adds all products in one loop, so
    that lanes are summed once for all channels.

    ```mlir
    %0 = linalg.contract ... ins(%d0, %a0) outs(%w)
    %1 = linalg.contract ... ins(%d1, %a1) outs(%0)
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}
