//===- Config.h - What may be set, and who set it ---------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Program default < file (TOML) < environment COSTATE_* < command line.
//
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_CONFIG_H
#define COSTATE_LIB_RUNTIME_CONFIG_H

#include "Numbers.h"
#include "Program.h"

#include <string>
#include <variant>
#include <vector>

namespace costate::rt {

class Config {
public:
  /// The first line of `text`.
  static constexpr char heading[] =
      "# The resolved configuration: program < file < environment < command line.\n";

  explicit Config(const Program &program);

  /// Each throws Error for an unknown key (naming the nearest one) or a value that cannot stand there.
  void readFile(const std::string &path);
  void readEnvironment(char **environment);
  /// "key=value"
  void readAssignment(const std::string &assignment);
  void set(const std::string &key, const std::string &text, const std::string &origin);

  /// Writes what was resolved back into the program's description.
  void apply(Program &program) const;
  /// The resolved configuration as TOML that readFile accepts, with the origin of each value.
  std::string text() const;

private:
  struct Setting {
    std::string key;
    /// Whole numbers are kept as such: not every seed is a double.
    std::variant<uint64_t, double> value;
    std::variant<WholeRange, RealRange> range;
    std::string origin = "program";
  };
  Setting &find(const std::string &key, const std::string &origin);
  template <typename T> T get(const std::string &key) const;
  std::vector<std::string> keys() const;
  Precision precision;
  std::vector<Setting> settings;
};

/// What is no UTF-8 is replaced by U+FFFD.
std::string inUtf8(const std::string &text);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_CONFIG_H
