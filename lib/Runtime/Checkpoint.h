//===- Checkpoint.h - All that a run needs to go on -------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_CHECKPOINT_H
#define COSTATE_LIB_RUNTIME_CHECKPOINT_H

#include "Session.h"

#include <string>
#include <vector>

namespace costate::rt {

/// Writes parameters (by their names), states, the step that was finished, the seed and the hyperparameters.
/// Batches, samples and random numbers are functions of seed and step, so nothing else is needed.
void writeCheckpoint(const std::string &path, const Session &session, int64_t stepsDone);

/// Reads parameters and states into the session, checked against the program, and returns the steps that were
/// done. Changes nothing where it refuses: with Damaged where the file is not what was written once, else
/// with Error.
int64_t readCheckpoint(const std::string &path, Session &session);

struct NewestCheckpoint {
  std::string path;
  int64_t stepsDone;
};
/// Reads the first of the files that is whole, and says what is wrong with those before it.
NewestCheckpoint readNewestCheckpoint(const std::vector<std::string> &paths, Session &session);

/// --checkpoint: a file, or the newest of a run folder.
NewestCheckpoint readParameters(const std::string &fileOrFolder, Session &session);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_CHECKPOINT_H
