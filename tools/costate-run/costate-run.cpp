//===- costate-run.cpp - A problem in, its program run without a link step --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// costatec, which stands beside this program, compiles the problem to an object; that is linked in memory
// with the runtime, which is part of this program, and its command line takes over.
//
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Runtime/ABI.h"

#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/TargetSelect.h"

#include <csignal>
#include <cstdio>

using namespace llvm;

namespace {

constexpr int kFailed = 1, kUsage = 2;

constexpr char kUsageText[] =
    "costate-run [OPTION=VALUE ...] IN.mlir VERB ...: runs the program that costatec makes of a problem, "
    "without\n"
    "linking one. Options before the file are costatec's (costatec --help); verbs and what follows are the\n"
    "program's (costate-run IN.mlir --help).\n";

int failureError(const Twine &message, int code = kFailed) {
  errs() << "costate-run: error: " << message << "\n";
  return code;
}

/// The object code, or nothing after costatec has said why not; its exit code is `code`.
std::unique_ptr<MemoryBuffer> compile(StringRef tool, ArrayRef<StringRef> options, int &code) {
  code = kFailed;
  SmallString<128> compiler(sys::path::parent_path(tool)), object;
  sys::path::append(compiler, "costatec");
  if (!sys::fs::can_execute(compiler)) {
    failureError("costatec is not beside this program: " + compiler + " is missing");
    return nullptr;
  }
  if (std::error_code error = sys::fs::createTemporaryFile("costate", "o", object)) {
    failureError("cannot write a temporary file: " + error.message());
    return nullptr;
  }
  FileRemover removeObject(object);
  SmallVector<StringRef> arguments = {compiler};
  append_range(arguments, options);
  append_range(arguments, ArrayRef<StringRef>{"--emit=obj", "-o", object});
  std::string message;
  code = sys::ExecuteAndWait(compiler, arguments, std::nullopt, {}, 0, 0, &message);
  if (code != 0) {
    if (!message.empty() || code < 0)
      code = failureError("costatec failed: " + message);
    return nullptr;
  }
  code = kFailed;
  auto buffer = MemoryBuffer::getFile(object, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) {
    failureError("cannot read what costatec wrote: " + buffer.getError().message());
    return nullptr;
  }
  // The file goes; what was read of it must not be a view of it.
  return MemoryBuffer::getMemBufferCopy((*buffer)->getBuffer(), (*buffer)->getBufferIdentifier());
}

/// Links the object with the runtime and the C library of this process.
Expected<std::unique_ptr<orc::LLJIT>> link(std::unique_ptr<MemoryBuffer> object) {
  auto jit = orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  orc::JITDylib &library = (*jit)->getMainJITDylib();
  auto process =
      orc::DynamicLibrarySearchGenerator::GetForCurrentProcess((*jit)->getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  library.addGenerator(std::move(*process));
  // Named, so that this program holds them and need not export them.
  orc::SymbolMap runtime;
  auto define = [&](StringRef name, auto *function) {
    runtime[(*jit)->mangleAndIntern(name)] = {orc::ExecutorAddr::fromPtr(function), JITSymbolFlags::Exported};
  };
  define("costate_rt_parallel_for", &costate_rt_parallel_for);
  define("costate_rt_gpu_ready", &costate_rt_gpu_ready);
  define("costate_rt_gpu_launch", &costate_rt_gpu_launch);
  if (Error error = library.define(orc::absoluteSymbols(std::move(runtime))))
    return std::move(error);
  if (Error error = (*jit)->addObjectFile(std::move(object)))
    return std::move(error);
  return jit;
}

} // namespace

int main(int argc, char **argv) {
  struct sigaction hangup{};
  sigaction(SIGHUP, nullptr, &hangup);
  InitLLVM init(argc, argv);
  // LLVM's handlers would end a run that the caller (nohup) keeps from hangups.
  if (hangup.sa_handler == SIG_IGN)
    sigaction(SIGHUP, &hangup, nullptr);
  int file = 1;
  while (file < argc && StringRef(argv[file]).starts_with("-") && StringRef(argv[file]) != "-")
    ++file;
  if (file >= argc) {
    bool asked = argc == 2 && StringRef(argv[1]) == "--help";
    (asked ? outs() : errs()) << kUsageText;
    return asked ? 0 : kUsage;
  }
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();

  void *here = reinterpret_cast<void *>(&main);
  std::string tool = sys::fs::getMainExecutable(argv[0], here);
  SmallVector<StringRef> options(argv + 1, argv + file + 1);
  int code = 0;
  std::unique_ptr<MemoryBuffer> object = compile(tool, options, code);
  if (!object)
    return code;
  Expected<std::unique_ptr<orc::LLJIT>> jit = link(std::move(object));
  if (!jit)
    return failureError("linking failed: " + toString(jit.takeError()));
  auto program = (*jit)->lookup("costate_program"), entries = (*jit)->lookup("costate_entries");
  if (!program || !entries)
    return failureError("linking failed: " +
                        toString(joinErrors(program ? Error::success() : program.takeError(),
                                            entries ? Error::success() : entries.takeError())));

  // Words up to the file are the program's name in the command that a run records.
  costate_rt_set_command_words(file + 1);
  return costate_rt_main(argc, argv, program->toPtr<const char *>(), entries->toPtr<const costate_entry *>());
}
