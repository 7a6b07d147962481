//===- RuleModels.cpp - Writes models of DifferentiableOpInterface ----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Emitters.h"
#include "Rule.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace costate::tblgen;

static const char *const operandCases = "    switch (operand) {\n";

static void emitKind(const Rule &rule, raw_ostream &os) {
  os << "  ::costate::RuleKind getRuleKind(::mlir::Operation *operation) const {\n";
  auto returnIf = [&](StringRef condition, StringRef kind) {
    os << "    if (" << condition << ")\n      return ::costate::RuleKind::" << kind << ";\n";
  };
  if (!rule.applicable().empty() || !rule.composed().empty())
    os << "    auto op = ::llvm::cast<Op>(operation);\n";
  if (!rule.composed().empty())
    returnIf(rule.composed(), "Compose");
  if (!rule.applicable().empty())
    returnIf(("!(" + rule.applicable() + ")").str(), "None");
  os << "    return ::costate::RuleKind::" << rule.kind() << ";\n  }\n";
}

static void emitIsDifferentiable(const Rule &rule, raw_ostream &os) {
  os << "  bool isDifferentiable(::mlir::Operation *operation, unsigned operand) const {\n";
  if (rule.isStructural()) {
    os << "    auto op = ::llvm::cast<Op>(operation);\n";
    for (unsigned index : rule.linearOperands())
      os << "    {\n      auto [start, length] = op.getODSOperandIndexAndLength(" << index
         << ");\n      if (operand >= start && operand < start + length)\n        return true;\n    }\n";
    os << "    return false;\n";
  } else if (rule.kind() == "Partials") {
    os << operandCases;
    std::vector<const DagInit *> partials = rule.expressions("partials");
    for (size_t i = 0; i < partials.size(); ++i)
      if (!Rule::isZero(partials[i]))
        os << "    case " << i << ":\n      return true;\n";
    os << "    }\n    return false;\n";
  } else {
    os << "    return " << (rule.kind() == "Zero" ? "false" : "true") << ";\n";
  }
  os << "  }\n";
}

/// One case for each operand, with the expression that `field` has for it.
static void emitCases(const Rule &rule, StringRef field, const StringMap<std::string> &variables,
                      raw_ostream &os) {
  os << operandCases;
  std::vector<const DagInit *> dags = rule.expressions(field);
  for (size_t i = 0; i < dags.size(); ++i)
    if (!Rule::isZero(dags[i]))
      os << "    case " << i << ":\n      return " << rule.code(dags[i], variables) << ";\n";
  os << "    }\n    return {};\n  }\n";
}

static void emitLinear(const Rule &rule, raw_ostream &os) {
  os << "  ::mlir::Value push(::mlir::Operation *operation, ::mlir::OpBuilder &builder, "
        "::llvm::ArrayRef<::mlir::Value> tangents) const {\n"
     << "    ExprBuilder e(builder, operation->getLoc(), operation->getResult(0).getType());\n"
     << "    ::mlir::Value sum;\n";
  std::vector<const DagInit *> pushes = rule.expressions("push");
  for (size_t i = 0; i < pushes.size(); ++i)
    os << "    if (::mlir::Value t = tangents[" << i << "])\n      sum = e.accumulate(sum, "
       << rule.code(pushes[i], {{"t", "t"}}) << ");\n";
  os << "    return sum;\n  }\n";
  os << "  ::mlir::Value transpose(::mlir::Operation *operation, ::mlir::OpBuilder &builder, unsigned "
        "operand, "
        "::mlir::Value ct) const {\n"
     << "    ExprBuilder e(builder, operation->getLoc(), operation->getOperand(operand).getType());\n";
  emitCases(rule, "pull", {{"ct", "ct"}}, os);
}

static void emitStructural(raw_ostream &os) {
  os << "  ::mlir::Value push(::mlir::Operation *operation, ::mlir::OpBuilder &builder, "
        "::llvm::ArrayRef<::mlir::Value> tangents) const {\n"
     << "    return pushStructural(builder, operation, tangents);\n  }\n"
     << "  ::mlir::Value transpose(::mlir::Operation *operation, ::mlir::OpBuilder &builder, unsigned "
        "operand, "
        "::mlir::Value ct) const {\n"
     << "    return transposeOf(builder, ::llvm::cast<Op>(operation), operand, ct);\n  }\n";
}

static void emitBilinear(raw_ostream &os) {
  os << "  ::mlir::Value multiply(::mlir::Operation *operation, ::mlir::OpBuilder &builder, ::mlir::Value "
        "lhs, "
        "::mlir::Value rhs) const {\n"
     << "    return productOf(builder, ::llvm::cast<Op>(operation), lhs, rhs);\n  }\n"
     << "  ::mlir::Value transpose(::mlir::Operation *operation, ::mlir::OpBuilder &builder, unsigned "
        "operand, "
        "::mlir::Value ct) const {\n"
     << "    if (operand == 2)\n      return ct;\n"
     << "    return transposeOf(builder, ::llvm::cast<Op>(operation), operand, ct);\n  }\n";
}

static void emitPartials(const Rule &rule, raw_ostream &os) {
  os << "  ::mlir::Value partial(::mlir::Operation *operation, ::mlir::OpBuilder &builder, unsigned operand) "
        "const {\n"
     << "    ExprBuilder e(builder, operation->getLoc(), operation->getResult(0).getType());\n";
  emitCases(rule, "partials", {{"y", "operation->getResult(0)"}}, os);
}

static void emitCompose(const Rule &rule, raw_ostream &os) {
  os << "  ::llvm::SmallVector<::mlir::Value> compose(::mlir::Operation *operation, ::mlir::OpBuilder "
        "&builder) "
        "const {\n"
     << "    ExprBuilder e(builder, operation->getLoc(), operation->getResult(0).getType());\n"
     << "    ::llvm::SmallVector<::mlir::Value> values;\n";
  for (const DagInit *dag : rule.expressions("results"))
    os << "    values.push_back(" << rule.code(dag, {}) << ");\n";
  os << "    return values;\n  }\n";
}

static void emitComposed(raw_ostream &os) {
  os << "  ::llvm::SmallVector<::mlir::Value> compose(::mlir::Operation *operation, ::mlir::OpBuilder "
        "&builder) "
        "const {\n"
     << "    return composeOf(builder, ::llvm::cast<Op>(operation));\n  }\n";
}

bool costate::tblgen::emitRuleModels(const RecordKeeper &records, raw_ostream &os) {
  os << "// Written by costate-tblgen -gen-rule-models. Do not edit.\n\nnamespace {\n";
  std::vector<Rule> rules = allRules(records);
  for (const Rule &rule : rules) {
    std::string model = (rule.op().getCppClassName() + "Rule").str();
    os << "struct " << model << " : ::costate::DifferentiableOpInterface::ExternalModel<" << model << ", "
       << rule.op().getQualCppClassName() << "> {\n  using Op = " << rule.op().getQualCppClassName() << ";\n";
    emitKind(rule, os);
    emitIsDifferentiable(rule, os);
    if (rule.isElementwiseLinear())
      emitLinear(rule, os);
    else if (rule.isStructural())
      emitStructural(os);
    else if (rule.kind() == "Bilinear")
      emitBilinear(os);
    else if (rule.kind() == "Partials")
      emitPartials(rule, os);
    else if (rule.kind() == "Compose")
      emitCompose(rule, os);
    if (!rule.composed().empty())
      emitComposed(os);
    os << "};\n";
  }
  os << "} // namespace\n\nstatic void attachRules(::mlir::MLIRContext *context) {\n";
  for (const Rule &rule : rules)
    os << "  " << rule.op().getQualCppClassName() << "::attachInterface<" << rule.op().getCppClassName()
       << "Rule>(*context);\n";
  os << "}\n";
  return false;
}
