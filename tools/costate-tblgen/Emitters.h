//===- Emitters.h - What costate-tblgen can write ----------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_TOOLS_TBLGEN_EMITTERS_H
#define COSTATE_TOOLS_TBLGEN_EMITTERS_H

#include "llvm/TableGen/Record.h"

namespace costate::tblgen {

/// Models of DifferentiableOpInterface, and a function `attachRules` that attaches them.
bool emitRuleModels(const llvm::RecordKeeper &records, llvm::raw_ostream &os);

/// A Markdown table of the rules.
bool emitRuleDocs(const llvm::RecordKeeper &records, llvm::raw_ostream &os);

/// One line for each rule: the op and its kind.
bool emitRuleList(const llvm::RecordKeeper &records, llvm::raw_ostream &os);

} // namespace costate::tblgen

#endif // COSTATE_TOOLS_TBLGEN_EMITTERS_H
