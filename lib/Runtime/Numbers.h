//===- Numbers.h - Numbers that a user writes -------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// The one way from text to a number: flags, --set, the environment, TOML files,
// tables. What cannot stand somewhere is refused with what was found and what is
// accepted; nothing wraps, saturates or is cut short.
//
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_NUMBERS_H
#define COSTATE_LIB_RUNTIME_NUMBERS_H

#include "Buffer.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace costate::rt {

/// The number that all of the text is, a sign in front included; "nan" and "inf" are numbers. Nothing where
/// it is none, or where it is beyond f64.
std::optional<double> numberOf(std::string_view text);

/// As short as it can be read back exactly.
std::string numberText(double value);

/// Whole numbers, both ends included.
struct WholeRange {
  uint64_t least = 0;
  uint64_t most = 1'000'000'000'000'000;
  std::string text() const;
};
constexpr WholeRange allSeeds{0, std::numeric_limits<uint64_t>::max()};

/// Finite numbers.
struct RealRange {
  enum class Kind { Any, Positive, NonNegative, Fraction };
  Kind kind = Kind::Any;
  bool holds(double value) const;
  std::string text() const;
};

/// What `text` says, exactly; throws Error (exit code 2) that begins with `origin`, say "--threads".
uint64_t parseWhole(const std::string &text, const std::string &origin, WholeRange range);
/// Of a number that the program will hold in `precision`: in it, it has to be in the range.
double parseReal(const std::string &text, const std::string &origin, RealRange range, Precision precision);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_NUMBERS_H
