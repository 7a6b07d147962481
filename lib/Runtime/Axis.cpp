//===- Axis.cpp - Ranges and ticks of a plot --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Axis.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace costate::rt;

bool Axis::accepts(double value) const { return std::isfinite(value) && (!log || value > 0); }

void Axis::include(double value) {
  double at = log ? std::log10(value) : value;
  low = std::min(low, at);
  high = std::max(high, at);
}

void Axis::settle(bool margin) {
  if (low > high) { // nothing was included
    low = 0;
    high = 1;
  }
  if (high - low < 1e-12 * std::max(1.0, std::fabs(high))) {
    double room = log ? 0.5 : (high != 0 ? std::fabs(high) / 2 : 0.5);
    low -= room;
    high += room;
  } else if (margin) {
    double room = 0.04 * (high - low);
    low -= room;
    high += room;
  }
}

double Axis::place(double value) const {
  double at = log ? std::log10(value) : value;
  return std::clamp((at - low) / (high - low), 0.0, 1.0);
}

static std::string labelOf(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.6g", value);
  return text;
}

std::vector<Axis::Tick> Axis::logTicks() const {
  std::vector<Tick> result;
  auto first = static_cast<int>(std::ceil(low)), last = static_cast<int>(std::floor(high));
  int stride = std::max(1, (last - first + 1 + 5) / 6);
  for (int power = first; power <= last; ++power)
    if ((power - first) % stride == 0)
      result.push_back({std::pow(10.0, power), "1e" + std::to_string(power)});
  if (result.size() >= 2)
    return result;
  // Less than two decades: 1, 2 and 5 of each.
  result.clear();
  for (int power = first - 1; power <= last + 1; ++power)
    for (int digit : {1, 2, 5}) {
      double value = digit * std::pow(10.0, power), at = std::log10(value);
      if (at >= low && at <= high)
        result.push_back({value, labelOf(value)});
    }
  if (result.empty())
    result.push_back({std::pow(10.0, (low + high) / 2), labelOf(std::pow(10.0, (low + high) / 2))});
  return result;
}

std::vector<Axis::Tick> Axis::ticks() const {
  if (log)
    return logTicks();
  double raw = (high - low) / 5, size = std::pow(10.0, std::floor(std::log10(raw))), step = size;
  for (double factor : {1.0, 2.0, 5.0, 10.0}) {
    step = factor * size;
    if (step >= raw)
      break;
  }
  std::vector<Tick> result;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k)
    result.push_back({k * step, labelOf(k == 0 ? 0 : k * step)});
  return result;
}
