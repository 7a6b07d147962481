//===- FolderLock.h - One process in a run folder ---------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_FOLDERLOCK_H
#define COSTATE_LIB_RUNTIME_FOLDERLOCK_H

#include <string>

namespace costate::rt {

/// Holds the file `lock` of a folder, in which the holder's process number stands, as long as it lives. The
/// system takes the lock from a process that dies.
class FolderLock {
public:
  static constexpr char fileName[] = "lock";

  /// Throws Error, which names the holder, where another process has it. Where files cannot be locked, that
  /// is said, and the folder is used without.
  explicit FolderLock(const std::string &folder);
  ~FolderLock();
  FolderLock(const FolderLock &) = delete;
  FolderLock &operator=(const FolderLock &) = delete;

private:
  int descriptor;
};

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_FOLDERLOCK_H
