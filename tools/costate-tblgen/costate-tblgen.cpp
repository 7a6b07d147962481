//===- costate-tblgen.cpp - Writes C++ and documentation from derivative rules ----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Emitters.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/TableGen/Main.h"

using namespace costate::tblgen;

namespace {
enum class Action { RuleModels, RuleDocs, RuleList };
} // namespace

static llvm::cl::opt<Action> action(
    llvm::cl::desc("what to write"), llvm::cl::Required,
    llvm::cl::values(clEnumValN(Action::RuleModels, "gen-rule-models", "models of DifferentiableOpInterface"),
                     clEnumValN(Action::RuleDocs, "gen-rule-docs", "a Markdown table of the rules"),
                     clEnumValN(Action::RuleList, "gen-rule-list", "the op and the kind of each rule")));

static bool emit(llvm::raw_ostream &os, const llvm::RecordKeeper &records) {
  switch (action) {
  case Action::RuleModels:
    return emitRuleModels(records, os);
  case Action::RuleDocs:
    return emitRuleDocs(records, os);
  case Action::RuleList:
    return emitRuleList(records, os);
  }
  return true;
}

int main(int argc, char **argv) {
  llvm::cl::ParseCommandLineOptions(argc, argv, "Costate TableGen backend\n");
  return llvm::TableGenMain(argv[0], llvm::TableGenMainFn(&emit));
}
