//===- Compiler.h - From source text to a file ------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_TOOLS_COSTATEC_COMPILER_H
#define COSTATE_TOOLS_COSTATEC_COMPILER_H

#include "Options.h"
#include "costate/Pipelines/MachineCode.h"

#include "llvm/ADT/ArrayRef.h"

namespace costate {

/// Compiles what the options name, for one processor or several in one program, at an optimization level from
/// 0 to 3. `tool` is the path of this program. Says what went wrong, and returns the exit code.
int compile(const Options &options, Product product, llvm::ArrayRef<Processor> processors, unsigned level,
            llvm::StringRef tool);

} // namespace costate

#endif // COSTATE_TOOLS_COSTATEC_COMPILER_H
