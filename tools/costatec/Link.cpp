//===- Link.cpp - Object code and the runtime become an executable ----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Link.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace llvm;

/// The compiler driver that links: the one that built this tool if it is still there, else one on the path.
static Expected<std::string> findLinker() {
  if (sys::fs::can_execute(COSTATE_CXX))
    return COSTATE_CXX;
  for (StringRef name : {"c++", "clang++-22", "clang++", "g++"})
    if (ErrorOr<std::string> found = sys::findProgramByName(name))
      return *found;
  return createStringError("no linker: none of c++, clang++-22, clang++ and g++ is on the path");
}

static Error runLinker(ArrayRef<StringRef> arguments) {
  std::string message;
  if (sys::ExecuteAndWait(arguments.front(), arguments, std::nullopt, {}, 0, 0, &message) != 0)
    return createStringError("linking failed" + (message.empty() ? "" : ": " + message));
  return Error::success();
}

Error costate::linkShared(ArrayRef<StringRef> objects, StringRef output) {
  Expected<std::string> linker = findLinker();
  if (!linker)
    return linker.takeError();
  SmallVector<StringRef> arguments = {*linker, "-shared", "-o", output};
  llvm::append_range(arguments, objects);
  arguments.push_back("-lm");
  return runLinker(arguments);
}

Error costate::linkProgram(ArrayRef<StringRef> objects, StringRef output, StringRef tool) {
  SmallString<128> runtime(sys::path::parent_path(sys::path::parent_path(tool)));
  sys::path::append(runtime, "lib", "libcostate_rt.a");
  if (!sys::fs::exists(runtime))
    return createStringError("the runtime " + runtime + " is missing");
  Expected<std::string> linker = findLinker();
  if (!linker)
    return linker.takeError();

  SmallVector<StringRef> arguments = {*linker};
  llvm::append_range(arguments, objects);
  llvm::append_range(arguments,
                     ArrayRef<StringRef>{runtime, "-o", output, "-Wl,--gc-sections", "-Wl,--as-needed",
                                         "-static-libstdc++", "-static-libgcc"});
  SmallVector<StringRef> libraries;
  StringRef(COSTATE_RT_LIBRARIES).split(libraries, ' ', -1, /*KeepEmpty=*/false);
  std::vector<std::string> flags;
  for (StringRef library : libraries)
    flags.push_back(library.starts_with("-") || library.contains('/') ? library.str()
                                                                      : ("-l" + library).str());
  llvm::append_range(arguments, flags);
  arguments.push_back("-lm");
  return runLinker(arguments);
}
