//===- Options.cpp - What costatec may be told ----------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Options.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace costate;

int costate::usageError(const Twine &message) {
  errs() << "costatec: error: " << message << "\n";
  return kUsage;
}

int costate::failureError(const Twine &message) {
  errs() << "costatec: error: " << message << "\n";
  return kFailed;
}

std::optional<Product> costate::parseProduct(StringRef text) {
  StringRef number = text;
  if (number.consume_front("mlir@") || number.consume_front("mlir-level")) {
    unsigned level;
    if (number.getAsInteger(10, level) || level < 1 || level > 5)
      return std::nullopt;
    return Product{Product::level, level};
  }
  return StringSwitch<std::optional<Product>>(text)
      .Case("llvm", Product{Product::llvm})
      .Case("asm", Product{Product::assembly})
      .Case("obj", Product{Product::object})
      .Case("lib", Product{Product::library})
      .Case("shared", Product{Product::shared})
      .Case("exe", Product{Product::executable})
      .Case("ptx", Product{Product::ptx})
      .Case("cubin", Product{Product::cubin})
      .Default(std::nullopt);
}

std::optional<int64_t> costate::parseBytes(StringRef text) {
  unsigned shift = 0;
  for (auto [i, unit] : enumerate(StringRef("KMG")))
    if (text.ends_with(StringRef(&unit, 1)))
      shift = 10 * (i + 1);
  int64_t number;
  if (text.drop_back(shift ? 1 : 0).getAsInteger(10, number) || number < 1 ||
      number > (std::numeric_limits<int64_t>::max() >> shift))
    return std::nullopt;
  return number << shift;
}
