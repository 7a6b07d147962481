//===- Compiler.cpp - From source text to a file --------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Compiler.h"

#include "Library.h"
#include "Link.h"
#include "Output.h"
#include "Variants.h"
#include "costate/Conversion/GPU/Passes.h"
#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Pipelines/Passes.h"
#include "costate/Pipelines/Pipelines.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Pass.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace costate;

namespace {

class Compiler {
public:
  Compiler(const Options &options, Product product, ArrayRef<Processor> processors, unsigned level,
           StringRef tool)
      : options(options), product(product), processors(processors), level(level), tool(tool) {
    registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.disableMultithreading();
    if (options.remarks) {
      // A kind that is not named is not told.
      remark::RemarkCategories all{".*", ".*", ".*", ".*", ".*"};
      [[maybe_unused]] LogicalResult enabled = remark::enableOptimizationRemarks(
          context, nullptr, std::make_unique<remark::RemarkEmittingPolicyAll>(), all,
          /*printAsEmitRemarks=*/true);
      assert(succeeded(enabled) && "there is no file that could not be opened");
    }
    timingManager.setEnabled(llvm::TimePassesIsEnabled);
    timing = timingManager.getRootScope();
  }

  int run() {
    if (!options.strategy.empty())
      if (int code = checkStrategy())
        return code;
    auto file = llvm::MemoryBuffer::getFileOrSTDIN(options.input, /*IsText=*/true);
    if (!file)
      return failureError("cannot read " + options.input + ": " + file.getError().message());
    std::string text = (*file)->getBuffer().str();
    llvm::SourceMgr sources;
    sources.AddNewSourceBuffer(std::move(*file), llvm::SMLoc());
    // Diagnostics show the source line; the IR at hand is for those who ask for it with --save-temps.
    SourceMgrDiagnosticHandler handler(sources, &context);
    context.printOpOnDiagnostic(false);

    OwningOpRef<ModuleOp> module = parse(sources);
    if (!module)
      return kFailed;
    describeSource(*module, text);
    if (failed(check(*module)) || failed(setPrecision(*module)))
      return kFailed;
    llvm::Error error = processors.size() == 1 ? compile(*module) : compileVariants(*module);
    if (error)
      return failureError(llvm::toString(std::move(error)));
    return diagnosed ? kFailed : 0;
  }

private:
  /// Parsers of upstream's ops fail at some errors in their own syntax. What they leave behind is not
  /// touched.
  OwningOpRef<ModuleOp> parse(llvm::SourceMgr &sources) {
    OwningOpRef<ModuleOp> module;
    llvm::CrashRecoveryContext::Enable();
    if (!llvm::CrashRecoveryContext().RunSafely(
            [&] { module = parseSourceFile<ModuleOp>(sources, &context); })) {
      failureError("cannot read " + options.input +
                   ": the parser of an op failed at its syntax, where or after what is said above");
      std::_Exit(kFailed);
    }
    llvm::CrashRecoveryContext::Disable();
    return module;
  }

  int checkStrategy() {
    context.loadDialect<CostateDialect>();
    std::string message;
    Attribute attr;
    {
      ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
        if (message.empty())
          message = diagnostic.str();
        return success();
      });
      attr = parseAttribute(options.strategy, &context);
    }
    if (!attr)
      return usageError("--strategy='" + options.strategy + "': " + message);
    if (!isa<CostateDialect>(attr.getDialect()))
      return usageError("--strategy='" + options.strategy + "': a strategy is an attribute #costate....");
    return 0;
  }

  void describeSource(ModuleOp module, StringRef text) {
    Builder builder(&context);
    llvm::SHA256 hash;
    hash.update(text);
    // Names of files may be any bytes, but the descriptor is text.
    std::string name = options.input == "-" ? "<stdin>" : llvm::json::fixUTF8(options.input);
    module->setAttr("costate.source", builder.getStringAttr(name));
    module->setAttr("costate.ir_hash", builder.getStringAttr(llvm::toHex(hash.final(), /*LowerCase=*/true)));
  }

  LogicalResult check(ModuleOp module) {
    unsigned first = detectLevel(module);
    if (first > last())
      return module.emitError() << "is at level " << first << ", past the level " << last()
                                << " that is to be written";
    if (first < 5 &&
        failed(
            runPasses(module, [](OpPassManager &manager) { manager.addPass(createCostateVerifySource()); })))
      return failure();
    auto isOfAProgram = [](Operation &op) { return isa<ProblemOp>(op) || op.hasAttr("costate.entry"); };
    bool isProgram = llvm::any_of(*module.getBody(), isOfAProgram);
    if (product.kind == Product::executable && first < 5 && !isProgram)
      return module.emitError() << "has no costate.problem to make a program of; its functions are a "
                                   "library, by --emit=lib or --emit=shared";
    auto isCalledFromOutside = [](Operation &op) {
      auto function = dyn_cast<func::FuncOp>(op);
      return isa<ProblemOp>(op) || (function && function.isPublic() && !function.isExternal());
    };
    if ((product.kind == Product::library || product.kind == Product::shared) && first < 5 &&
        llvm::none_of(*module.getBody(), isCalledFromOutside))
      return module.emitError() << "has no public function to make a library of";
    return product.kind == Product::library ? verifyDeclarable(module) : success();
  }

  unsigned last() const { return product.kind == Product::level ? product.number : 5; }

  LogicalResult runPasses(ModuleOp module, function_ref<void(OpPassManager &)> build) {
    PassManager manager(&context);
    manager.enableTiming(timing);
    build(manager);
    return manager.run(module);
  }

  LogicalResult setPrecision(ModuleOp module) {
    PipelineOptions pipeline;
    pipeline.precision = options.precision.getValue();
    if (!options.precision.empty() &&
        failed(runPasses(module, [&](OpPassManager &manager) { buildPrecisionPipeline(manager, pipeline); })))
      return failure();
    return save(module, detectLevel(module));
  }

  LogicalResult lower(ModuleOp module, unsigned to, const Processor &processor, StringRef target) {
    PipelineOptions pipeline;
    pipeline.target = target.str();
    pipeline.cpu = processor.cpu;
    pipeline.features = processor.features;
    pipeline.vectorBits = processor.vectorBits;
    pipeline.fma = processor.fma;
    pipeline.strategy = options.strategy.getValue();
    pipeline.tile = options.tile.getValue();
    pipeline.flushDenormals = options.flushDenormals.getValue();
    pipeline.memoryLimit = parseBytes(options.memoryLimit).value_or(0);
    pipeline.printMemoryPlan = options.printMemoryPlan.getValue();
    for (unsigned current = detectLevel(module); current < to; ++current) {
      if (current == 4)
        declarations = declareFunctions(module);
      if (failed(runPasses(
              module,
              [&](OpPassManager &manager) { buildCPUPipeline(manager, pipeline, current, current + 1); })) ||
          failed(save(module, current + 1)))
        return failure();
    }
    return success();
  }

  llvm::Error compile(ModuleOp module) {
    diagnosed = failed(lower(module, last(), processors.front(), options.target)) || failed(embedGPU(module));
    return diagnosed ? llvm::Error::success() : write(module);
  }

  LogicalResult embedGPU(ModuleOp module) {
    if (!StringRef(options.target).starts_with("gpu") || product.kind == Product::level)
      return success();
    return runPasses(module, [&](OpPassManager &manager) {
      CostateEmbedGPUOptions embed;
      if (auto [gpu, architecture] = StringRef(options.target).split(':'); !architecture.empty())
        embed.arch = architecture.str();
      // These two are what is asked for; the program that would hold them is not.
      if (product.kind == Product::ptx)
        embed.emitPTX = options.output;
      if (product.kind == Product::cubin)
        embed.emitCubin = options.output;
      manager.addPass(createCostateEmbedGPU(embed));
    });
  }

  /// One object for each processor, and one that chooses. What is the same for all is done once.
  llvm::Error compileVariants(ModuleOp module) {
    if (failed(lower(module, 4, processors.front(), options.target))) {
      diagnosed = true;
      return llvm::Error::success();
    }
    std::vector<TemporaryObject> objects(processors.size() + 1);
    std::vector<std::string> names;
    llvm::LLVMContext llvmContext;
    for (auto [processor, object] : llvm::zip(processors, objects)) {
      OwningOpRef<ModuleOp> variant = module.clone();
      if (failed(lower(*variant, 5, processor, "cpu:" + processor.cpu))) {
        diagnosed = true;
        return llvm::Error::success();
      }
      names.push_back(processor.cpu);
      if (llvm::Error error = object.write([&](llvm::raw_pwrite_stream &stream) -> llvm::Error {
            auto machine = createTargetMachine(processor, level);
            if (!machine)
              return machine.takeError();
            auto ir = emitLLVM(*variant, llvmContext, **machine, level);
            if (!ir)
              return ir.takeError();
            nameVariant(**ir, processor.cpu);
            return emitMachineCode(**ir, **machine, stream, llvm::CodeGenFileType::ObjectFile);
          }))
        return error;
    }
    if (llvm::Error error = objects.back().write([&](llvm::raw_pwrite_stream &stream) -> llvm::Error {
          auto machine = createTargetMachine(processors.back(), level);
          if (!machine)
            return machine.takeError();
          std::unique_ptr<llvm::Module> choice = emitChoice(llvmContext, names);
          choice->setTargetTriple((*machine)->getTargetTriple());
          choice->setDataLayout((*machine)->createDataLayout());
          return emitMachineCode(*choice, **machine, stream, llvm::CodeGenFileType::ObjectFile);
        }))
      return error;
    return link(objects);
  }

  /// Keeps a form of the program if --save-temps asks for it.
  LogicalResult save(ModuleOp module, unsigned current) {
    return saveAs("level" + std::to_string(current) + ".mlir", [&](llvm::raw_pwrite_stream &stream) {
      module.print(stream);
      return llvm::Error::success();
    });
  }

  LogicalResult saveAs(StringRef name, Writer write) {
    if (options.saveTemps.empty())
      return success();
    if (std::error_code error = llvm::sys::fs::create_directories(options.saveTemps)) {
      failureError("cannot make the folder " + options.saveTemps + ": " + error.message());
      return failure();
    }
    SmallString<128> path(options.saveTemps);
    StringRef stem = options.input == "-" ? "stdin" : llvm::sys::path::stem(options.input);
    llvm::sys::path::append(path, stem + "." + name);
    if (llvm::Error error = writeWhole(path, write)) {
      failureError(llvm::toString(std::move(error)));
      return failure();
    }
    return success();
  }

  llvm::Error write(ModuleOp module) {
    if (product.kind == Product::level)
      return writeWhole(options.output, [&](llvm::raw_pwrite_stream &stream) {
        module.print(stream);
        return llvm::Error::success();
      });
    // The pass that compiled the kernels wrote them.
    if (product.kind == Product::ptx || product.kind == Product::cubin)
      return llvm::Error::success();
    auto machine = createTargetMachine(processors.front(), level);
    if (!machine)
      return machine.takeError();
    llvm::LLVMContext llvmContext;
    auto ir = emitLLVM(module, llvmContext, **machine, level);
    if (!ir)
      return ir.takeError();
    auto print = [&](llvm::raw_pwrite_stream &stream) {
      (*ir)->print(stream, nullptr);
      return llvm::Error::success();
    };
    if (failed(saveAs("ll", print)))
      return llvm::createStringError("--save-temps failed");
    if (product.kind == Product::llvm)
      return writeWhole(options.output, print);
    auto type = product.kind == Product::assembly ? llvm::CodeGenFileType::AssemblyFile
                                                  : llvm::CodeGenFileType::ObjectFile;
    auto generate = [&](llvm::raw_pwrite_stream &stream) {
      return emitMachineCode(**ir, **machine, stream, type);
    };
    switch (product.kind) {
    case Product::library:
      return writeLibrary(options.input, options.output, **ir, declarations, generate);
    case Product::shared:
    case Product::executable:
      return writeLinked(generate);
    default:
      return writeWhole(options.output, generate);
    }
  }

  /// An executable or a shared library.
  llvm::Error writeLinked(Writer generate) {
    std::vector<TemporaryObject> objects(1);
    if (llvm::Error error = objects.front().write(generate))
      return error;
    return link(objects);
  }

  /// The executable appears by renaming.
  llvm::Error link(ArrayRef<TemporaryObject> objects) {
    SmallString<128> linked;
    if (std::error_code error = llvm::sys::fs::createUniqueFile(options.output + ".%%%%%%.tmp", linked))
      return llvm::createStringError("cannot write " + options.output + ": " + error.message());
    llvm::FileRemover removeLinked(linked);
    auto paths = llvm::map_to_vector(objects, [](const TemporaryObject &object) { return object.path(); });
    if (llvm::Error error =
            product.kind == Product::shared ? linkShared(paths, linked) : linkProgram(paths, linked, tool))
      return error;
    if (std::error_code error = llvm::sys::fs::rename(linked, options.output))
      return llvm::createStringError("cannot write " + options.output + ": " + error.message());
    removeLinked.releaseFile();
    return llvm::Error::success();
  }

  const Options &options;
  Product product;
  ArrayRef<Processor> processors;
  unsigned level;
  std::string tool, declarations;
  DialectRegistry registry;
  MLIRContext context;
  DefaultTimingManager timingManager;
  TimingScope timing;
  bool diagnosed = false; ///< What went wrong was said at its place.
};

} // namespace

int costate::compile(const Options &options, Product product, ArrayRef<Processor> processors, unsigned level,
                     StringRef tool) {
  return Compiler(options, product, processors, level, tool).run();
}
