//===- RuleDocs.cpp - Writes the table and the list of the rules ------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Emitters.h"
#include "Rule.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace costate::tblgen;

static std::string describe(const Rule &rule) {
  std::vector<std::string> parts;
  auto perOperand = [&](StringRef field, StringRef prefix) {
    std::vector<const DagInit *> dags = rule.expressions(field);
    for (size_t i = 0; i < dags.size(); ++i)
      if (!Rule::isZero(dags[i]))
        parts.push_back((prefix + rule.op().getOperand(i).name + " = " + rule.notation(dags[i])).str());
  };
  if (rule.kind() == "Partials")
    perOperand("partials", "∂/∂");
  else if (rule.isStructural())
    for (unsigned index : rule.linearOperands())
      parts.push_back(("linear in " + rule.op().getOperand(index).name).str());
  else if (rule.isElementwiseLinear())
    perOperand("push", "from ");
  else if (rule.kind() == "Compose")
    for (const DagInit *dag : rule.expressions("results"))
      parts.push_back(rule.notation(dag));
  return join(parts, "; ");
}

bool costate::tblgen::emitRuleDocs(const RecordKeeper &records, raw_ostream &os) {
  os << "| op | kind | rule | convention |\n| --- | --- | --- | --- |\n";
  for (const Rule &rule : allRules(records))
    os << "| `" << rule.op().getOperationName() << "` | " << rule.kind() << " | " << describe(rule) << " | "
       << rule.note() << " |\n";
  return false;
}

bool costate::tblgen::emitRuleList(const RecordKeeper &records, raw_ostream &os) {
  for (const Rule &rule : allRules(records))
    os << rule.op().getOperationName() << " " << rule.kind() << "\n";
  return false;
}
