//===- Variants.h - One program for several processors ------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_TOOLS_COSTATEC_VARIANTS_H
#define COSTATE_TOOLS_COSTATEC_VARIANTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"

#include <string>
#include <vector>

namespace costate {

/// The names of `list` (separated by commas), the most capable first. Several must be levels of x86-64
/// (x86-64 to x86-64-v4), since the program tells at its start which of them a machine has.
llvm::Expected<std::vector<std::string>> parseProcessors(llvm::StringRef list);

/// Gives what `module` exports names of its own, so that it can stand beside those of other processors.
void nameVariant(llvm::Module &module, llvm::StringRef processor);

/// A module with a main that chooses among the variants, in this order.
std::unique_ptr<llvm::Module> emitChoice(llvm::LLVMContext &context, llvm::ArrayRef<std::string> processors);

} // namespace costate

#endif // COSTATE_TOOLS_COSTATEC_VARIANTS_H
