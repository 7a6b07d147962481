//===- SymbolNames.cpp - Names of the functions that a step is made of ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Constraints/SymbolNames.h"

#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace costate;

SymbolNames::SymbolNames(ModuleOp module) {
  for (auto symbol : module.getOps<SymbolOpInterface>())
    taken.insert(symbol.getName().str());
}

const std::string &SymbolNames::of(const std::vector<std::string> &words) {
  std::string &symbol = symbols[words];
  if (!symbol.empty())
    return symbol;
  std::string joined = llvm::join(words, "_");
  symbol = joined;
  for (unsigned number = 1; !taken.insert(symbol).second; ++number)
    symbol = joined + "_" + std::to_string(number);
  return symbol;
}
