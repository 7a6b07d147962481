//===- Exported.h - The functions of a library ---------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_CONVERSION_EXPORTED_H
#define COSTATE_CONVERSION_EXPORTED_H

#include "llvm/ADT/StringRef.h"

namespace costate {

/// Marks a function that C calls by its own name, from `export-functions` to `finalize-llvm`.
constexpr llvm::StringLiteral kExportedAttr = "costate.exported";

/// Whether the C library has a function of this name, or the code generator takes it for one.
bool isOfTheCLibrary(llvm::StringRef name);

/// Whether a function that C calls can have this name; a keyword can be a symbol, but in no header.
bool isFreeInC(llvm::StringRef name);

} // namespace costate

#endif // COSTATE_CONVERSION_EXPORTED_H
