//===- RunFolder.h - Where a run leaves its results -------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_RUNFOLDER_H
#define COSTATE_LIB_RUNTIME_RUNFOLDER_H

#include "FolderLock.h"
#include "Program.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace costate::rt {

/// What manifest.json says.
struct Manifest {
  std::string command, started, status = "running", stopReason;
  uint64_t seed = 1;
  int64_t threads = 1;
  std::string device = "cpu";
  int64_t steps = 0;
  double seconds = 0;
  /// --data as it was given.
  std::vector<std::string> data;
  std::string reference;
  /// Of each data set, as it was loaded.
  std::map<std::string, std::string> digests;
  /// Figures of the last evaluation.
  std::map<std::string, double> results;
};

class RunFolder {
public:
  /// Makes runs/NAME-001 (the first number that is free) or the folder given, which must be new or empty but
  /// for what a start that died left, and locks it. The file of --config is never such.
  static RunFolder create(const std::string &programName, const std::string &wanted,
                          const std::string &config);
  /// Whether `create` would refuse the folder given: throws that Error.
  static void checkFree(const std::string &wanted, const std::string &config);
  /// A folder that a run left; throws Error where it is none.
  static RunFolder open(const std::string &path);

  /// Keeps other processes from training in it; throws Error where one does.
  void lock();
  /// Takes away what `create` made and what a start writes, and nothing else.
  void discard();

  const std::string &path() const { return root; }
  std::string file(const std::string &name) const { return root + "/" + name; }
  std::string checkpointFile(int64_t step) const;
  /// All checkpoints, the highest step first.
  std::vector<std::string> checkpoints() const;
  /// The step that a checkpoint's name says.
  static int64_t stepOf(const std::string &checkpoint);

  void writeManifest(const Program &program, const Manifest &manifest) const;
  /// Refuses a folder of another program.
  Manifest readManifest(const Program &program) const;

private:
  explicit RunFolder(std::string root) : root(std::move(root)) {}
  std::string root;
  void makeFolder(const std::filesystem::path &path);

  std::unique_ptr<FolderLock> held;
  /// Folders that this process made, each before those in it.
  std::vector<std::filesystem::path> made;
  /// Whether what is in the folder is from this process or a start that died.
  bool isOurs = false;
};

/// "2026-01-31T12:00:00Z"
std::string timestamp();

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_RUNFOLDER_H
