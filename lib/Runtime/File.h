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

/// Appends, or leaves the file as it was. Nothing is promised to be on the disk before syncFile.
void appendToFile(const std::string &path, std::string_view content);
/// Waits until the file's content, and that there is such a file, have reached the disk.
void syncFile(const std::string &path);

/// Replaces the file, or leaves it as it was: writes beside it, syncs, renames.
void writeFileAtomically(const std::string &path, std::string_view content);

/// A name as the name of one file: what would leave the folder, or mean something to a shell or a file
/// system, as %XX.
std::string fileNameOf(std::string_view name);

/// Whether this is the name of a file that writeFileAtomically leaves where the process is killed.
bool isTemporary(std::string_view name);
/// Removes such files from a folder, and from the folders in it.
void removeTemporaries(const std::string &folder);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_FILE_H
