//===- Exported.h - The functions of a library ---------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_CONVERSION_EXPORTED_H
#define COSTATE_CONVERSION_EXPORTED_H

#include "llvm/ADT/StringRef.h"

namespace costate {

/// Marks a function that C calls by its own name, from `export-functions` to `finalize-llvm`.
constexpr llvm::StringLiteral kExportedAttr = "costate.exported";

} // namespace costate

#endif // COSTATE_CONVERSION_EXPORTED_H
