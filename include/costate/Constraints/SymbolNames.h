//===- SymbolNames.h - Names of the functions that a step is made of ----------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_CONSTRAINTS_SYMBOLNAMES_H
#define COSTATE_CONSTRAINTS_SYMBOLNAMES_H

#include "mlir/IR/BuiltinOps.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace costate {

/// Gives each list of words a symbol of its own: the words joined by underscores, and a number behind them
/// where something else is named like that, in the module or by other words ("a", "b_c" and "a_b", "c").
class SymbolNames {
public:
  explicit SymbolNames(mlir::ModuleOp module);
  /// The same words have the same symbol, whenever they are asked for.
  const std::string &of(const std::vector<std::string> &words);

private:
  std::map<std::vector<std::string>, std::string> symbols;
  std::set<std::string> taken;
};

} // namespace costate

#endif // COSTATE_CONSTRAINTS_SYMBOLNAMES_H
