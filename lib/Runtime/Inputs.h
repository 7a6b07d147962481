//===- Inputs.h - All sets of a program, from files and samplers -*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_INPUTS_H
#define COSTATE_LIB_RUNTIME_INPUTS_H

#include "Dataset.h"

#include <map>
#include <memory>
#include <string>

namespace costate::rt {

/// In the order of the program's sets.
using Datasets = std::vector<std::unique_ptr<Dataset>>;

/// Loads data sets as `--data` says (SET=FILE, COLUMN=@FILE.npy, or a FILE alone where there is one data set)
/// or from their default files, and draws sampled sets. A set whose points come from a file although it is
/// sampled is allowed. Sets that `needed` leaves out are skipped and null.
Datasets loadDatasets(const Program &program, const std::vector<std::string> &data, uint64_t seed,
                      const std::vector<std::string> &needed);

/// Of each set that comes from a file, what digestOf says of its columns.
std::map<std::string, std::string> digestsOf(const Program &program, const Datasets &datasets);

/// Those that are not null.
std::vector<Dataset *> loaded(const Datasets &datasets);

/// The names of all sets.
std::vector<std::string> allSets(const Program &program);
/// The names of the sets that an entry's arguments name.
std::vector<std::string> setsOf(const Program &program, const Entry &entry);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_INPUTS_H
