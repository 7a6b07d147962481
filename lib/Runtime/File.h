//===- File.h - Whole files, read and written without accidents -*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_FILE_H
#define COSTATE_LIB_RUNTIME_FILE_H

#include <string>
#include <string_view>

namespace costate::rt {

/// Throws Error where the file cannot be opened or read.
std::string readFile(const std::string &path);

/// Replaces the file, or leaves it as it was: writes beside it, syncs, renames.
void writeFileAtomically(const std::string &path, std::string_view content);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_FILE_H
