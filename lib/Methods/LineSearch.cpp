//===- LineSearch.cpp - The line search that a rule names -----------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Line.h"

using namespace costate::methods;

Found costate::methods::search(Line &line, const Trial &start, double first, const LineSearch &rule) {
  switch (rule.rule) {
  case LineSearch::Rule::Backtracking:
    return backtrack(line, start, first, rule);
  case LineSearch::Rule::StrongWolfe:
    return strongWolfe(line, start, first, rule);
  case LineSearch::Rule::ApproximateWolfe:
    return approximateWolfe(line, start, first, rule);
  }
  return {};
}
