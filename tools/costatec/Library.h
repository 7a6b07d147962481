//===- Library.h - An archive of functions, and its header ------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_TOOLS_COSTATEC_LIBRARY_H
#define COSTATE_TOOLS_COSTATEC_LIBRARY_H

#include "Output.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"

namespace costate {

/// That a header can declare the functions: none is named like a keyword of C or C++.
mlir::LogicalResult verifyDeclarable(mlir::ModuleOp module);

/// The functions of a library as C sees them after `costate-export-functions`, while they still have types.
std::string declareFunctions(mlir::ModuleOp module);

/// An archive, and beside it a header that declares the packed entries or the plain functions.
llvm::Error writeLibrary(llvm::StringRef input, llvm::StringRef output, llvm::Module &ir,
                         llvm::StringRef declarations, Writer generate);

} // namespace costate

#endif // COSTATE_TOOLS_COSTATEC_LIBRARY_H
