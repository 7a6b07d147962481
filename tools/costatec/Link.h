//===- Link.h - Object code and the runtime become an executable --------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_TOOLS_COSTATEC_LINK_H
#define COSTATE_TOOLS_COSTATEC_LINK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace costate {

/// Links `objects` and the runtime into the executable `output`. `tool` is the path of this program, beside
/// which (../lib) the runtime is found.
llvm::Error linkProgram(llvm::ArrayRef<llvm::StringRef> objects, llvm::StringRef output,
                        llvm::StringRef tool);

/// Links `objects` into the shared library `output`, which needs no runtime.
llvm::Error linkShared(llvm::ArrayRef<llvm::StringRef> objects, llvm::StringRef output);

} // namespace costate

#endif // COSTATE_TOOLS_COSTATEC_LINK_H
