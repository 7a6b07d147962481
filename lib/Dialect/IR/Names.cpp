//===- Names.cpp - What may be a name ---------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Names.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

/// Leaves room for what a name of a file adds.
static constexpr size_t longest = 100;

static bool isName(StringRef name, bool phrase) {
  auto isLetter = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  if (name.empty() || name.size() > longest || !isLetter(name.front()) || name.back() == ' ' ||
      name.contains("  "))
    return false;
  return llvm::all_of(name,
                      [&](char c) { return isLetter(c) || c == '-' || (phrase && (c == '.' || c == ' ')); });
}

/// As MLIR would write it: whatever bytes there are, they can be read.
static std::string quoted(StringRef name) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << '"';
  llvm::printEscapedString(name.take_front(longest), stream);
  stream << (name.size() > longest ? "...\"" : "\"");
  return text;
}

static LogicalResult verify(Operation *op, StringRef what, StringRef name, bool phrase) {
  if (name.starts_with("costate_"))
    return op->emitOpError() << what << " " << quoted(name)
                             << ", but names that begin with 'costate_' are the compiler's";
  if (isName(name, phrase))
    return success();
  return op->emitOpError() << what << " " << quoted(name)
                           << ", but a name has 1 to 100 letters (a to z), digits, '_'"
                           << (phrase ? ", '-', '.' and single spaces" : " and '-'")
                           << ", and begins with a letter, a digit or '_'";
}

LogicalResult costate::verifyName(Operation *op, StringRef name, bool phrase) {
  return verify(op, "is named", name, phrase);
}

LogicalResult costate::verifyColumnName(Operation *op, StringRef name) {
  return verify(op, "has a column named", name, /*phrase=*/false);
}
