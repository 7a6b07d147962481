//===- Numbers.cpp - Numbers that a user writes -----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Numbers.h"

#include "Error.h"

#include <charconv>
#include <cmath>

using namespace costate::rt;

/// Without a plus in front, which std::from_chars does not take; "+-1" stays what it is.
static std::string_view withoutPlus(std::string_view text) {
  return text.size() > 1 && text[0] == '+' && text[1] != '-' ? text.substr(1) : text;
}

template <typename T> static std::optional<T> parsed(std::string_view text) {
  T value{};
  text = withoutPlus(text);
  auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::optional<double> costate::rt::numberOf(std::string_view text) { return parsed<double>(text); }

std::string costate::rt::numberText(double value) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value < 0 ? "-inf" : "inf";
  char text[40];
  auto end = std::to_chars(text, text + sizeof(text), value);
  return std::string(text, end.ptr);
}

std::string WholeRange::text() const { return cat("a whole number from ", least, " to ", most); }

bool RealRange::holds(double value) const {
  if (!std::isfinite(value))
    return false;
  switch (kind) {
  case Kind::Any:
    return true;
  case Kind::Positive:
    return value > 0;
  case Kind::NonNegative:
    return value >= 0;
  case Kind::Fraction:
    return value >= 0 && value < 1;
  }
  return false;
}

std::string RealRange::text() const {
  switch (kind) {
  case Kind::Any:
    break;
  case Kind::Positive:
    return "a finite number above 0";
  case Kind::NonNegative:
    return "a finite number of at least 0";
  case Kind::Fraction:
    return "a number of at least 0 and below 1";
  }
  return "a finite number";
}

uint64_t costate::rt::parseWhole(const std::string &text, const std::string &origin, WholeRange range) {
  std::optional<uint64_t> value = parsed<uint64_t>(text);
  // 1e4 is a whole number as well, up to where every one of them is an f64.
  if (std::optional<double> real = numberOf(text);
      !value && real && *real == std::floor(*real) && *real >= 0 && *real <= 0x1p53)
    value = static_cast<uint64_t>(*real);
  if (!value || *value < range.least || *value > range.most)
    failUsage(origin, ": found '", text, "', required ", range.text());
  return *value;
}

double costate::rt::parseReal(const std::string &text, const std::string &origin, RealRange range,
                              Precision precision) {
  std::optional<double> value = numberOf(text);
  bool narrow = precision == Precision::F32;
  if (!value || !range.holds(narrow ? static_cast<float>(*value) : *value))
    failUsage(origin, ": found '", text, "', required ", range.text(), narrow ? " (in f32)" : "");
  return *value;
}
