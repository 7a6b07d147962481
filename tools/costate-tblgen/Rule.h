//===- Rule.h - A derivative rule as read from TableGen ----------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_TOOLS_TBLGEN_RULE_H
#define COSTATE_TOOLS_TBLGEN_RULE_H

#include "mlir/TableGen/Operator.h"
#include "llvm/ADT/StringMap.h"

namespace costate::tblgen {

/// A rule, checked against the declaration of its op: operands that are named exist, and there are as many
/// expressions as operands or results.
class Rule {
public:
  explicit Rule(const llvm::Record *record);

  const llvm::Record &record() const { return *def; }
  const mlir::tblgen::Operator &op() const { return target; }
  llvm::StringRef kind() const { return def->getValueAsString("kind"); }
  llvm::StringRef applicable() const { return def->getValueAsString("applicable"); }
  llvm::StringRef composed() const { return def->getValueAsString("composed"); }
  llvm::StringRef note() const { return def->getValueAsString("note"); }
  bool isStructural() const { return def->isSubClassOf("StructuralRule"); }
  bool isElementwiseLinear() const { return def->isSubClassOf("LinearRule"); }

  /// The expressions of field `field`.
  std::vector<const llvm::DagInit *> expressions(llvm::StringRef field) const;
  /// Indices, in the declaration, of the operands in which a structural op is linear.
  std::vector<unsigned> linearOperands() const;
  /// The index of the operand with this name; an error at the rule if there is none.
  unsigned operandIndex(llvm::StringRef name) const;

  /// C++ that builds the expression. `variables` maps further names to C++ expressions.
  std::string code(const llvm::DagInit *dag, const llvm::StringMap<std::string> &variables) const;
  /// The expression as a reader writes it.
  std::string notation(const llvm::DagInit *dag) const;

  static bool isZero(const llvm::DagInit *dag);

private:
  void check() const;
  std::string leaf(llvm::StringRef name, const llvm::StringMap<std::string> &variables) const;

  const llvm::Record *def;
  mlir::tblgen::Operator target;
};

/// Every rule of the main file, in the order of the file.
std::vector<Rule> allRules(const llvm::RecordKeeper &records);

} // namespace costate::tblgen

#endif // COSTATE_TOOLS_TBLGEN_RULE_H
