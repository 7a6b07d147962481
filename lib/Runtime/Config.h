//===- Config.h - What may be set, and who set it ---------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Program default < file (TOML) < environment COSTATE_* < command line.
//
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_CONFIG_H
#define COSTATE_LIB_RUNTIME_CONFIG_H

#include "Program.h"

#include <string>
#include <vector>

namespace costate::rt {

class Config {
public:
  explicit Config(const Program &program);

  /// Each throws Error for an unknown key (naming the nearest one) or a value that cannot stand there.
  void readFile(const std::string &path);
  void readEnvironment(char **environment);
  /// "key=value"
  void readAssignment(const std::string &assignment);
  void set(const std::string &key, double value, const std::string &origin);

  double get(const std::string &key) const;
  /// Writes what was resolved back into the program's description.
  void apply(Program &program) const;
  /// The resolved configuration as TOML that readFile accepts, with the origin of each value.
  std::string text() const;

private:
  struct Setting {
    std::string key;
    double value;
    bool isInteger;
    double least;
    std::string origin;
  };
  Setting &find(const std::string &key, const std::string &origin);
  std::vector<std::string> keys() const;
  std::vector<Setting> settings;
};

/// A number as short as it can be read back exactly.
std::string numberText(double value);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_CONFIG_H
