//===- Output.h - Files that are there whole or not at all ------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_TOOLS_COSTATEC_OUTPUT_H
#define COSTATE_TOOLS_COSTATEC_OUTPUT_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace costate {

/// Writes something to a stream.
using Writer = llvm::function_ref<llvm::Error(llvm::raw_pwrite_stream &)>;

/// A device or a pipe: it is written to; a file in its place would take it away.
bool isDevice(llvm::StringRef path);

/// Writes the whole of a file beside it and renames it, so that what is there is never half of it. `-` is
/// standard output.
llvm::Error writeWhole(llvm::StringRef path, Writer write);

/// Object code on its way to the linker; it is removed whatever happens.
class TemporaryObject {
public:
  TemporaryObject() = default;
  TemporaryObject(const TemporaryObject &) = delete;
  TemporaryObject &operator=(const TemporaryObject &) = delete;
  ~TemporaryObject();

  llvm::Error write(Writer generate);
  llvm::StringRef path() const { return file; }

private:
  llvm::SmallString<128> file;
};

} // namespace costate

#endif // COSTATE_TOOLS_COSTATEC_OUTPUT_H
