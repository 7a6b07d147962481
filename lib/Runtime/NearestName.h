//===- NearestName.h - What a misspelt name may have meant ------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_NEARESTNAME_H
#define COSTATE_LIB_RUNTIME_NEARESTNAME_H

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace costate::rt {

/// Levenshtein's distance.
inline size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// The name nearest to `name`, or "" where there are none.
inline std::string nearestName(std::string_view name, const std::vector<std::string> &names) {
  auto nearer = [&](const std::string &a, const std::string &b) {
    return editDistance(name, a) < editDistance(name, b);
  };
  auto best = std::min_element(names.begin(), names.end(), nearer);
  return best == names.end() ? std::string() : *best;
}

/// "; did you mean 'x'?" or "".
inline std::string didYouMean(std::string_view name, const std::vector<std::string> &names) {
  std::string nearest = nearestName(name, names);
  return nearest.empty() ? nearest : "; did you mean '" + nearest + "'?";
}

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_NEARESTNAME_H
