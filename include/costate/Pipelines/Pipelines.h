//===- Pipelines.h - Names of the pipelines, and registration of everything a tool needs --------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_PIPELINES_PIPELINES_H
#define COSTATE_PIPELINES_PIPELINES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace costate {

/// What a compilation may choose; the options of every pipeline.
struct PipelineOptions : mlir::PassPipelineOptions<PipelineOptions> {
  Option<std::string> target{*this, "target", llvm::cl::desc("cpu, or gpu with an architecture: gpu:sm_90a"),
                             llvm::cl::init("cpu")};
  Option<std::string> cpu{*this, "cpu",
                          llvm::cl::desc("Processor whose instructions may be used; empty: any"),
                          llvm::cl::init("")};
  Option<std::string> features{*this, "features", llvm::cl::desc("Features of the processor, +a,-b"),
                               llvm::cl::init("")};
  Option<std::string> precision{*this, "precision", llvm::cl::desc("f32 or f64; empty: as written"),
                                llvm::cl::init("")};
  Option<std::string> strategy{*this, "strategy",
                               llvm::cl::desc("Strategy attribute that replaces the problem's"),
                               llvm::cl::init("")};
  Option<unsigned> tile{*this, "tile", llvm::cl::desc("Lanes of a tile; 0: chosen from the caches"),
                        llvm::cl::init(0)};
  Option<unsigned> chunks{*this, "chunks", llvm::cl::desc("Largest number of chunks of a set"),
                          llvm::cl::init(16)};
  Option<unsigned> vectorBits{*this, "vector-bits", llvm::cl::desc("Width of a vector register"),
                              llvm::cl::init(512)};
  Option<bool> fma{*this, "fma",
                   llvm::cl::desc("Whether the processor multiplies and adds in one instruction"),
                   llvm::cl::init(true)};
  Option<int64_t> memoryLimit{
      *this, "memory-limit",
      llvm::cl::desc("Bytes that the loops of a derivative backwards may record; 0: any number"),
      llvm::cl::init(0)};
  Option<bool> flushDenormals{
      *this, "flush-denormals",
      llvm::cl::desc("Whether numbers below the normal range are zero in the functions of a library"),
      llvm::cl::init(false)};
  Option<bool> printMemoryPlan{*this, "print-memory-plan",
                               llvm::cl::desc("Print what each entry function needs"), llvm::cl::init(false)};
};

/// The levels of docs/Lowering.md. Each pipeline ends by verifying the level that it reaches.
void buildLevel1To2Pipeline(mlir::OpPassManager &manager, const PipelineOptions &options);
void buildLevel2To3Pipeline(mlir::OpPassManager &manager, const PipelineOptions &options);
void buildLevel3To4Pipeline(mlir::OpPassManager &manager, const PipelineOptions &options);
void buildLevel4To5CPUPipeline(mlir::OpPassManager &manager, const PipelineOptions &options);
/// The same, with kernels beside the chunks: NVVM in a `gpu.module` until it is embedded.
void buildLevel4To5GPUPipeline(mlir::OpPassManager &manager, const PipelineOptions &options);

/// Rewrites a problem to the precision that the options name; does nothing where they name none.
void buildPrecisionPipeline(mlir::OpPassManager &manager, const PipelineOptions &options);

/// The level that a module is at, told by the ops that it holds.
unsigned detectLevel(mlir::ModuleOp module);

/// Everything from level FROM to level TO (1 to 5, for the target of the options).
void buildCPUPipeline(mlir::OpPassManager &manager, const PipelineOptions &options, unsigned from = 1,
                      unsigned to = 5);

/// Registers the dialects, interfaces and extensions that any tool of the project needs.
void registerDialects(mlir::DialectRegistry &registry);

/// Registers every pass of the project and the named pipelines.
void registerPasses();

} // namespace costate

#endif // COSTATE_PIPELINES_PIPELINES_H
