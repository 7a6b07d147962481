//===- ConfigFile.h - Settings in TOML --------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_CONFIGFILE_H
#define COSTATE_LIB_RUNTIME_CONFIGFILE_H

#include <string>
#include <string_view>
#include <vector>

namespace costate::rt {

/// One number of a file: its dotted key, its text, and "FILE:LINE".
struct Assignment {
  std::string key, text, origin;
};

/// The numbers of a TOML text in its order of keys; throws Error (exit code 2) where it is no TOML, or where
/// something else than a number stands. A string serves as a number: TOML's own end at 2^63 - 1.
std::vector<Assignment> parseConfig(std::string_view text, const std::string &path);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_CONFIGFILE_H
