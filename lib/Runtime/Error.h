//===- Error.h - Refusals and the exit codes they lead to -------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_ERROR_H
#define COSTATE_LIB_RUNTIME_ERROR_H

#include <sstream>
#include <stdexcept>
#include <string>

namespace costate::rt {

enum ExitCode : int {
  Done = 0,
  Failed = 1,
  Usage = 2,
  Diverged = 3,
  Missed = 4,
  Infeasible = 5,
  Interrupted = 130,
};

class Error : public std::runtime_error {
public:
  Error(ExitCode code, const std::string &message) : std::runtime_error(message), code(code) {}
  ExitCode code;
};

/// A file is not what was once written.
class Damaged : public Error {
public:
  explicit Damaged(const std::string &message) : Error(Failed, message) {}
};

/// Joins its arguments into one string, as a stream prints them.
template <typename... Parts> std::string cat(const Parts &...parts) {
  std::ostringstream stream;
  (stream << ... << parts);
  return stream.str();
}

/// Something the user gave cannot be used: a file, a shape, a value.
template <typename... Parts> [[noreturn]] void fail(const Parts &...parts) {
  throw Error(Failed, cat(parts...));
}

/// The command line or the configuration is wrong.
template <typename... Parts> [[noreturn]] void failUsage(const Parts &...parts) {
  throw Error(Usage, cat(parts...));
}

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_ERROR_H
