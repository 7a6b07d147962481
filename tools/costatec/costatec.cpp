//===- costatec.cpp - A problem in, an executable out -----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Link.h"
#include "Variants.h"
#include "costate/Conversion/GPU/Passes.h"
#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Pipelines/MachineCode.h"
#include "costate/Pipelines/Passes.h"
#include "costate/Pipelines/Pipelines.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Pass.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace costate;
namespace cl = llvm::cl;

namespace {

constexpr int kFailed = 1, kUsage = 2;

cl::OptionCategory category("Options of costatec");

struct Options {
  cl::opt<std::string> input{cl::Positional, cl::desc("IN.mlir"), cl::init(""), cl::cat(category)};
  cl::opt<std::string> output{"o", cl::desc("Write to this file (- for standard output)"),
                              cl::value_desc("file"), cl::cat(category)};
  cl::opt<std::string> target{"target", cl::desc("cpu, or gpu[:ARCHITECTURE] (gpu is gpu:sm_90a)"),
                              cl::init("cpu"), cl::cat(category)};
  cl::opt<std::string> emit{
      "emit", cl::desc("mlir@LEVEL (or mlir-levelN), llvm, asm, obj, lib, shared, ptx, cubin or exe"),
      cl::init("exe"), cl::cat(category)};
  cl::opt<char> level{"O", cl::desc("Optimization level, 0 to 3"), cl::Prefix, cl::init('2'),
                      cl::cat(category)};
  cl::opt<std::string> precision{"precision", cl::desc("f32 or f64 throughout; as written if not given"),
                                 cl::cat(category)};
  cl::opt<std::string> strategy{"strategy", cl::desc("Strategy that replaces the problem's, '#costate....'"),
                                cl::cat(category)};
  cl::opt<std::string> cpu{
      "target-cpu",
      cl::desc(
          "Processor: native, x86-64-v3, znver4, ...; or several levels, as in x86-64,x86-64-v3,x86-64-v4"),
      cl::init("native"), cl::cat(category)};
  cl::opt<std::string> triple{"target-triple",
                              cl::desc("Machine to make obj, asm or llvm for, such as aarch64-linux-gnu"),
                              cl::init(""), cl::cat(category)};
  cl::opt<unsigned> tile{"tile", cl::desc("Lanes of a tile (0: automatic)"), cl::init(0), cl::cat(category)};
  cl::opt<std::string> saveTemps{"save-temps", cl::desc("Keep every intermediate form in this folder"),
                                 cl::value_desc("folder"), cl::cat(category)};
  cl::opt<bool> remarks{"remarks", cl::desc("Say what the compiler chose: channels, operations, tiles"),
                        cl::cat(category)};
  cl::opt<bool> printMemoryPlan{"print-memory-plan",
                                cl::desc("Say how much memory each entry function needs"), cl::cat(category)};
};

/// What --emit asks for. Levels of the IR are 1 to 5.
struct Product {
  enum Kind { level, llvm, assembly, object, library, shared, executable, ptx, cubin } kind = executable;
  unsigned number = 5;
};

int usageError(const Twine &message) {
  llvm::errs() << "costatec: error: " << message << "\n";
  return kUsage;
}

int failureError(const Twine &message) {
  llvm::errs() << "costatec: error: " << message << "\n";
  return kFailed;
}

std::optional<Product> parseProduct(StringRef text) {
  StringRef number = text;
  if (number.consume_front("mlir@") || number.consume_front("mlir-level")) {
    unsigned level;
    if (number.getAsInteger(10, level) || level < 1 || level > 5)
      return std::nullopt;
    return Product{Product::level, level};
  }
  return llvm::StringSwitch<std::optional<Product>>(text)
      .Case("llvm", Product{Product::llvm})
      .Case("asm", Product{Product::assembly})
      .Case("obj", Product{Product::object})
      .Case("lib", Product{Product::library})
      .Case("shared", Product{Product::shared})
      .Case("exe", Product{Product::executable})
      .Case("ptx", Product{Product::ptx})
      .Case("cubin", Product{Product::cubin})
      .Default(std::nullopt);
}

/// A device or a pipe: it is written to; a file in its place would take it away.
bool isDevice(StringRef path) {
  llvm::sys::fs::file_status status;
  return !llvm::sys::fs::status(path, status) && llvm::sys::fs::is_other(status);
}

/// Writes the whole of a file beside it and renames it, so that what is there is never half of it.
llvm::Error writeWhole(StringRef path, function_ref<llvm::Error(llvm::raw_pwrite_stream &)> write) {
  if (path == "-" || isDevice(path)) {
    SmallVector<char, 0> buffer;
    llvm::raw_svector_ostream stream(buffer);
    if (llvm::Error error = write(stream))
      return error;
    std::error_code error;
    llvm::raw_fd_ostream target(path, error);
    if (!error) {
      target << stream.str();
      target.flush();
      error = target.error();
      target.clear_error();
    }
    return error ? llvm::createStringError("cannot write " + path + ": " + error.message())
                 : llvm::Error::success();
  }
  SmallString<128> temporary;
  int file;
  if (std::error_code error = llvm::sys::fs::createUniqueFile(path + ".%%%%%%.tmp", file, temporary))
    return llvm::createStringError("cannot write " + path + ": " + error.message());
  llvm::ToolOutputFile output(temporary, file);
  if (llvm::Error error = write(output.os()))
    return error;
  output.os().close();
  if (output.os().has_error()) {
    std::error_code error = output.os().error();
    output.os().clear_error();
    return llvm::createStringError("cannot write " + path + ": " + error.message());
  }
  if (std::error_code error = llvm::sys::fs::rename(temporary, path))
    return llvm::createStringError("cannot write " + path + ": " + error.message());
  output.keep();
  return llvm::Error::success();
}

/// Object code on its way to the linker; it is removed whatever happens.
class TemporaryObject {
public:
  TemporaryObject() = default;
  TemporaryObject(const TemporaryObject &) = delete;
  TemporaryObject &operator=(const TemporaryObject &) = delete;
  ~TemporaryObject() {
    if (!file.empty())
      llvm::sys::fs::remove(file);
  }

  llvm::Error write(function_ref<llvm::Error(llvm::raw_pwrite_stream &)> generate) {
    if (std::error_code error = llvm::sys::fs::createTemporaryFile("costate", "o", file))
      return llvm::createStringError("cannot write a temporary file: " + error.message());
    return writeWhole(file, generate);
  }

  StringRef path() const { return file; }

private:
  SmallString<128> file;
};

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

    OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
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
    module->setAttr("costate.source", builder.getStringAttr(options.input == "-" ? StringRef("<stdin>")
                                                                                 : StringRef(options.input)));
    module->setAttr("costate.ir_hash", builder.getStringAttr(llvm::toHex(hash.final(), /*LowerCase=*/true)));
  }

  LogicalResult check(ModuleOp module) {
    unsigned first = detectLevel(module);
    if (first > last())
      return module.emitError() << "is at level " << first << ", past the level " << last()
                                << " that is to be written";
    if (product.kind == Product::executable && first == 1 && module.getOps<ProblemOp>().empty())
      return module.emitError() << "has no costate.problem to make a program of";
    return success();
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

  /// The functions of a library as C sees them after `costate-export-functions`, while they still have types.
  static std::string declareFunctions(ModuleOp module) {
    auto scalar = [](Type type) -> std::string {
      if (type.isF64() || type.isF32())
        return type.isF64() ? "double" : "float";
      unsigned bits = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
      return bits == 1 ? "bool" : "int" + std::to_string(bits) + "_t";
    };
    std::string text;
    llvm::raw_string_ostream stream(text);
    for (auto function : module.getOps<func::FuncOp>()) {
      if (function->hasAttr("costate.entry"))
        return "";
      if (function.isPrivate() || function.isExternal())
        continue;
      SmallVector<std::string> types;
      for (Type type : function.getArgumentTypes())
        types.push_back(isa<ShapedType>(type) ? "const " + scalar(getElementTypeOrSelf(type)) + " *"
                                              : scalar(type));
      for (Type type : function.getResultTypes())
        types.push_back(scalar(getElementTypeOrSelf(type)) + " *");
      stream << "void " << function.getName() << "(" << llvm::join(types, ", ") << ");\n";
    }
    return text;
  }

  /// Keeps a form of the program if --save-temps asks for it.
  LogicalResult save(ModuleOp module, unsigned current) {
    return saveAs("level" + std::to_string(current) + ".mlir", [&](llvm::raw_pwrite_stream &stream) {
      module.print(stream);
      return llvm::Error::success();
    });
  }

  LogicalResult saveAs(StringRef name, function_ref<llvm::Error(llvm::raw_pwrite_stream &)> write) {
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
      return writeLibrary(**ir, generate);
    case Product::shared:
    case Product::executable:
      return writeLinked(generate);
    default:
      return writeWhole(options.output, generate);
    }
  }

  /// An archive, and beside it a header that declares the packed entries or the plain functions.
  llvm::Error writeLibrary(llvm::Module &ir, function_ref<llvm::Error(llvm::raw_pwrite_stream &)> generate) {
    SmallVector<char, 0> object;
    llvm::raw_svector_ostream stream(object);
    if (llvm::Error error = generate(stream))
      return error;
    std::vector<llvm::NewArchiveMember> members;
    members.emplace_back(llvm::MemoryBufferRef(StringRef(object.data(), object.size()), "costate.o"));
    auto archive =
        llvm::writeArchiveToBuffer(members, llvm::SymtabWritingMode::NormalSymtab,
                                   llvm::object::Archive::K_GNU, /*Deterministic=*/true, /*Thin=*/false);
    if (!archive)
      return archive.takeError();
    if (llvm::Error error = writeWhole(options.output, [&](llvm::raw_pwrite_stream &stream) {
          stream << (*archive)->getBuffer();
          return llvm::Error::success();
        }))
      return error;
    SmallString<128> header(options.output);
    llvm::sys::path::replace_extension(header, "h");
    return writeWhole(header, [&](llvm::raw_pwrite_stream &stream) {
      // Plain functions need nothing but the C library.
      stream << "// Written by costatec from " << options.input << "."
             << (declarations.empty() ? " Link with libcostate_rt.a.\n" : "\n") << "#pragma once\n\n"
             << (declarations.empty() ? "#include \"costate/Runtime/ABI.h\"\n"
                                      : "#include <stdbool.h>\n#include <stdint.h>\n")
             << "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
      for (llvm::Function &function : ir)
        if (function.getName().starts_with("costate_entry_"))
          stream << "void " << function.getName() << "(void **args, void *workspace);\n";
      stream << declarations << "\n#ifdef __cplusplus\n}\n#endif\n";
      return llvm::Error::success();
    });
  }

  /// An executable or a shared library.
  llvm::Error writeLinked(function_ref<llvm::Error(llvm::raw_pwrite_stream &)> generate) {
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

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  static Options options;
  // LLVM brings this option, for its own passes; here it stands for all.
  cl::Option *timePasses = cl::getRegisteredOptions().lookup("time-passes");
  timePasses->addCategory(category);
  timePasses->setHiddenFlag(cl::NotHidden);
  timePasses->setDescription("Say how long each pass took");
  cl::HideUnrelatedOptions(category);
  cl::SetVersionPrinter([](llvm::raw_ostream &stream) { stream << "costatec 0.1\n"; });
  std::string errors;
  llvm::raw_string_ostream errorStream(errors);
  if (!cl::ParseCommandLineOptions(
          argc, argv, "compiles a constrained learning problem to a native program\n", &errorStream)) {
    llvm::errs() << errors;
    return kUsage;
  }
  if (options.input.empty())
    return usageError("no input file: costatec IN.mlir -o EXE (--help explains the options)");
  StringRef target = StringRef(options.target).split(':').first;
  if (target != "cpu" && target != "gpu")
    return usageError("--target=" + options.target + ": must be cpu or gpu[:ARCHITECTURE]");
  std::optional<Product> product = parseProduct(options.emit);
  if (!product)
    return usageError("--emit=" + options.emit +
                      ": must be mlir@1 to mlir@5, llvm, asm, obj, lib, shared, ptx, cubin or exe");
  if (target == "cpu" && (product->kind == Product::ptx || product->kind == Product::cubin))
    return usageError("--emit=" + options.emit + ": needs --target=gpu[:ARCHITECTURE]");
  if (options.level < '0' || options.level > '3')
    return usageError(Twine("-O") + Twine(options.level.getValue()) + ": must be -O0, -O1, -O2 or -O3");
  if (!options.precision.empty() && options.precision != "f32" && options.precision != "f64")
    return usageError("--precision=" + options.precision + ": must be f32 or f64");
  if (options.output.empty()) {
    if (product->kind != Product::level && product->kind != Product::llvm && product->kind != Product::ptx)
      return usageError("no output file: name one with -o");
    options.output = "-";
  }
  bool linked = product->kind == Product::executable || product->kind == Product::library ||
                product->kind == Product::shared;
  if (options.output == "-" && linked)
    return usageError("an executable or a library cannot be written to standard output");
  if (isDevice(options.output) && linked)
    return usageError("an executable or a library cannot be written to the device " + options.output);
  auto names = parseProcessors(options.cpu);
  if (!names)
    return usageError("--target-cpu: " + llvm::toString(names.takeError()));
  if (names->size() > 1 && (product->kind != Product::executable || target != "cpu"))
    return usageError("--target-cpu=" + options.cpu + ": several are for --target=cpu --emit=exe only");
  if (!options.triple.empty() && (product->kind == Product::executable || product->kind == Product::shared ||
                                  product->kind == Product::ptx || product->kind == Product::cubin))
    return usageError("--target-triple=" + options.triple +
                      ": is for --emit=obj, lib, asm, llvm and mlir@5 only");
  std::vector<Processor> processors;
  for (const std::string &name : *names) {
    llvm::Expected<Processor> processor = findProcessor(name, options.triple);
    if (!processor)
      return usageError("--target-cpu: " + llvm::toString(processor.takeError()));
    processors.push_back(std::move(*processor));
  }

  void *here = reinterpret_cast<void *>(&main);
  std::string tool = llvm::sys::fs::getMainExecutable(argv[0], here);
  return Compiler(options, *product, processors, options.level - '0', tool).run();
}
