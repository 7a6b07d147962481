//===- EmbedGPU.cpp - Kernels to PTX and machine code, embedded in the module -----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Conversion/GPU/Passes.h"

#include "costate/Runtime/ABI.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/ToolOutputFile.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEEMBEDGPU
#include "costate/Conversion/GPU/Passes.h.inc"
} // namespace costate

using namespace mlir;
namespace path = llvm::sys::path;

namespace {

std::string findToolkit(StringRef given) {
  if (!given.empty())
    return given.str();
  for (const char *variable : {"CUDA_HOME", "CUDA_ROOT", "CUDA_PATH"})
    if (const char *value = std::getenv(variable); value && *value)
      return value;
  return llvm::sys::fs::is_directory("/usr/local/cuda") ? "/usr/local/cuda" : "";
}

std::string findPtxas(StringRef toolkit) {
  SmallString<128> candidate(toolkit);
  path::append(candidate, "bin", "ptxas");
  if (!toolkit.empty() && llvm::sys::fs::can_execute(candidate))
    return candidate.str().str();
  llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName("ptxas");
  return found ? *found : "";
}

struct CostateEmbedGPU : costate::impl::CostateEmbedGPUBase<CostateEmbedGPU> {
  using CostateEmbedGPUBase::CostateEmbedGPUBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto kernels = module.lookupSymbol<gpu::GPUModuleOp>("costate_kernels");
    if (!kernels) {
      if (emitPTX.empty() && emitCubin.empty())
        return;
      module.emitError("has no kernel: no entry function reduces or maps a set");
      return signalPassFailure();
    }
    std::string folder = findToolkit(toolkit);
    FailureOr<std::string> ptx = writePTX(kernels, folder);
    if (failed(ptx))
      return signalPassFailure();
    FailureOr<std::string> cubin = assemble(kernels, *ptx, findPtxas(folder));
    if (failed(cubin))
      return signalPassFailure();
    if (failed(save(kernels, emitPTX, *ptx)))
      return signalPassFailure();
    if (!emitCubin.empty() && cubin->empty()) {
      kernels.emitError(
          "machine code was asked for, but ptxas was not found: install the CUDA toolkit or set CUDA_HOME");
      return signalPassFailure();
    }
    if (failed(save(kernels, emitCubin, *cubin)))
      return signalPassFailure();
    embed(module, *ptx, *cubin);
    kernels.erase();
  }

private:
  /// PTX of the general architecture: that of sm_90a would run on nothing else, and no kernel needs its
  /// features.
  std::string generalArch() const {
    StringRef name(arch);
    name.consume_back("a");
    return name.str();
  }

  FailureOr<std::string> writePTX(gpu::GPUModuleOp kernels, StringRef folder) {
    int number;
    if (!StringRef(generalArch()).starts_with("sm_") ||
        StringRef(generalArch()).drop_front(3).getAsInteger(10, number) || number < 75)
      return kernels.emitError("the architecture '")
             << arch << "' is not one of sm_75 and later, with or without an 'a'";
    auto target = dyn_cast<gpu::TargetAttrInterface>(Attribute(
        NVVM::NVVMTargetAttr::get(&getContext(), /*optLevel=*/3, "nvptx64-nvidia-cuda", generalArch())));
    assert(target && "whoever registers this pass registers the translation to PTX");
    SmallVector<std::string> unresolved;
    auto findUnresolved = [&](llvm::Module &module) {
      for (llvm::Function &function : module)
        if (function.isDeclaration() && !function.isIntrinsic() && !function.use_empty())
          unresolved.push_back(function.getName().str());
    };
    gpu::TargetOptions options(folder, {}, "", "", gpu::CompilationTarget::Assembly, {}, {}, {},
                               findUnresolved);
    // A kernel that needs no function of libdevice needs no toolkit; the translator would refuse without one.
    std::optional<SmallVector<char, 0>> text = target.serializeToObject(kernels, options);
    if (!unresolved.empty())
      return kernels.emitError("the kernels call functions that nothing defines: ")
             << llvm::join(unresolved, ", ") << "; libdevice comes with the CUDA toolkit: set CUDA_HOME";
    if (!text)
      return kernels.emitError("cannot be translated to PTX");
    std::string result(text->begin(), text->end());
    // The driver takes PTX as a C string.
    while (!result.empty() && result.back() == '\0')
      result.pop_back();
    return result;
  }

  /// Machine code, or nothing (with a remark) where there is no assembler.
  FailureOr<std::string> assemble(gpu::GPUModuleOp kernels, StringRef ptx, StringRef ptxas) {
    if (ptxas.empty()) {
      kernels.emitRemark(
          "ptxas was not found: the program holds PTX only, which the driver compiles when it starts");
      return std::string();
    }
    SmallString<128> input, output, messages;
    if (llvm::sys::fs::createTemporaryFile("costate", "ptx", input) ||
        llvm::sys::fs::createTemporaryFile("costate", "cubin", output) ||
        llvm::sys::fs::createTemporaryFile("costate", "log", messages))
      return kernels.emitError("cannot write temporary files for ptxas");
    llvm::FileRemover removeInput(input), removeOutput(output), removeMessages(messages);
    std::error_code error;
    llvm::raw_fd_ostream stream(input, error);
    stream << ptx;
    stream.close();
    std::string failure;
    std::optional<StringRef> redirects[] = {StringRef(), StringRef(messages), StringRef(messages)};
    std::string archFlag = "-arch=" + arch;
    int code = llvm::sys::ExecuteAndWait(ptxas, {ptxas, archFlag, "-O3", input, "-o", output}, std::nullopt,
                                         redirects, 0, 0, &failure);
    if (code != 0) {
      if (auto log = llvm::MemoryBuffer::getFile(messages))
        failure += (*log)->getBuffer();
      return kernels.emitError("ptxas refused the kernels for ") << arch << ": " << StringRef(failure).trim();
    }
    auto machineCode =
        llvm::MemoryBuffer::getFile(output, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    if (!machineCode)
      return kernels.emitError("cannot read what ptxas wrote: ") << machineCode.getError().message();
    return (*machineCode)->getBuffer().str();
  }

  LogicalResult save(gpu::GPUModuleOp kernels, StringRef file, StringRef content) {
    if (file.empty())
      return success();
    std::error_code error;
    llvm::ToolOutputFile stream(file, error, llvm::sys::fs::OF_None);
    if (error)
      return kernels.emitError("cannot write ") << file << ": " << error.message();
    stream.os() << content;
    stream.keep();
    return success();
  }

  void embed(ModuleOp module, StringRef ptx, StringRef cubin) {
    if (Operation *declaration = module.lookupSymbol("costate_gpu_images"))
      declaration->erase();
    OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
    Location loc = module.getLoc();
    Type pointer = LLVM::LLVMPointerType::get(&getContext()), word = builder.getI64Type();
    struct Image {
      int64_t kind;
      LLVM::GlobalOp arch, data;
      int64_t size;
    };
    SmallVector<Image> images;
    auto addImage = [&](int64_t kind, StringRef name, StringRef arch, StringRef data) {
      images.push_back({kind, createData(builder, loc, ("costate_gpu_arch_" + name).str(), arch),
                        createData(builder, loc, ("costate_gpu_" + name).str(), data),
                        static_cast<int64_t>(data.size())});
    };
    if (!cubin.empty())
      addImage(costate_gpu_cubin, "cubin", arch, cubin);
    addImage(costate_gpu_ptx, "ptx", generalArch(), ptx);

    auto row = LLVM::LLVMStructType::getLiteral(&getContext(), {word, pointer, pointer, word});
    auto rows = LLVM::LLVMArrayType::get(row, images.size() + 1);
    auto table = LLVM::GlobalOp::create(builder, loc, rows, /*isConstant=*/true, LLVM::Linkage::Internal,
                                        "costate_gpu_images", Attribute());
    builder.createBlock(&table.getInitializerRegion());
    Value value = LLVM::ZeroOp::create(builder, loc, rows);
    for (auto [i, image] : llvm::enumerate(images)) {
      Value fields[] = {LLVM::ConstantOp::create(builder, loc, word, image.kind),
                        LLVM::AddressOfOp::create(builder, loc, image.arch),
                        LLVM::AddressOfOp::create(builder, loc, image.data),
                        LLVM::ConstantOp::create(builder, loc, word, image.size)};
      for (auto [j, field] : llvm::enumerate(fields))
        value = LLVM::InsertValueOp::create(
            builder, loc, value, field, ArrayRef<int64_t>{static_cast<int64_t>(i), static_cast<int64_t>(j)});
    }
    LLVM::ReturnOp::create(builder, loc, value);
  }

  /// A constant with a NUL after it, which PTX and names need and machine code does not mind.
  static LLVM::GlobalOp createData(OpBuilder &builder, Location loc, StringRef name, StringRef data) {
    std::string text = data.str() + '\0';
    auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), text.size());
    return LLVM::GlobalOp::create(builder, loc, type, /*isConstant=*/true, LLVM::Linkage::Internal, name,
                                  builder.getStringAttr(text), /*alignment=*/64);
  }
};

} // namespace
