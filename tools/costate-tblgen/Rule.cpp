//===- Rule.cpp - Reads and checks derivative rules -------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Rule.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/TableGen/Error.h"
#include "llvm/TableGen/Record.h"

using namespace llvm;
using namespace costate::tblgen;

Rule::Rule(const Record *record) : def(record), target(record->getValueAsDef("target")) { check(); }

std::vector<const DagInit *> Rule::expressions(StringRef field) const {
  std::vector<const DagInit *> dags;
  for (const Init *init : *def->getValueAsListInit(field))
    dags.push_back(cast<DagInit>(init));
  return dags;
}

unsigned Rule::operandIndex(StringRef name) const {
  for (int i = 0; i < target.getNumOperands(); ++i)
    if (target.getOperand(i).name == name)
      return i;
  PrintFatalError(def->getLoc(), "rule of '" + target.getOperationName() + "' names '$" + name +
                                     "', which is no operand of the op");
}

std::vector<unsigned> Rule::linearOperands() const {
  std::vector<unsigned> indices;
  for (StringRef name : def->getValueAsListOfStrings("linear"))
    indices.push_back(operandIndex(name));
  return indices;
}

void Rule::check() const {
  auto count = [&](StringRef field, int expected, StringRef of) {
    int found = expressions(field).size();
    if (found != expected)
      PrintFatalError(def->getLoc(), "rule of '" + target.getOperationName() + "' has " + Twine(found) + " " +
                                         field + ", but the op has " + Twine(expected) + " " + of);
  };
  if (isElementwiseLinear()) {
    count("push", target.getNumOperands(), "operands");
    count("pull", target.getNumOperands(), "operands");
  } else if (isStructural()) {
    linearOperands();
  } else if (kind() == "Partials") {
    count("partials", target.getNumOperands(), "operands");
  } else if (kind() == "Compose") {
    count("results", target.getNumResults(), "results");
  }
}

bool Rule::isZero(const DagInit *dag) { return dag->getOperatorAsDef({})->getName() == "Zero"; }

std::string Rule::leaf(StringRef name, const StringMap<std::string> &variables) const {
  if (auto it = variables.find(name); it != variables.end())
    return it->second;
  return ("operation->getOperand(" + Twine(operandIndex(name)) + ")").str();
}

std::string Rule::code(const DagInit *dag, const StringMap<std::string> &variables) const {
  const Record *expr = dag->getOperatorAsDef(def->getLoc());
  if (!expr->isSubClassOf("Expr"))
    PrintFatalError(def->getLoc(), "'" + expr->getName() + "' is not an expression");
  std::vector<std::string> arguments;
  if (expr->isSubClassOf("Const"))
    arguments.push_back(expr->getValueAsString("value").str());
  for (unsigned i = 0; i < dag->getNumArgs(); ++i) {
    if (auto *inner = dyn_cast<DagInit>(dag->getArg(i)))
      arguments.push_back(code(inner, variables));
    else
      arguments.push_back(leaf(dag->getArgNameStr(i), variables));
  }
  std::string text = ("e." + expr->getValueAsString("builder") + "(").str();
  return text + llvm::join(arguments, ", ") + ")";
}

std::string Rule::notation(const DagInit *dag) const {
  const Record *expr = dag->getOperatorAsDef(def->getLoc());
  std::string text = expr->getValueAsString("notation").str();
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 == text.size() || !isDigit(text[i + 1])) {
      result += text[i];
      continue;
    }
    unsigned index = text[++i] - '0';
    if (index >= dag->getNumArgs())
      PrintFatalError(def->getLoc(), "'" + expr->getName() + "' lacks argument " + Twine(index));
    if (auto *inner = dyn_cast<DagInit>(dag->getArg(index)))
      result += notation(inner);
    else
      result += dag->getArgNameStr(index).str();
  }
  return result;
}

std::vector<Rule> costate::tblgen::allRules(const RecordKeeper &records) {
  std::vector<const Record *> defs = records.getAllDerivedDefinitions("Rule");
  llvm::sort(defs, [](const Record *a, const Record *b) { return a->getID() < b->getID(); });
  std::vector<Rule> rules;
  for (const Record *def : defs)
    rules.emplace_back(def);
  return rules;
}
