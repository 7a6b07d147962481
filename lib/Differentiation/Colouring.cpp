//===- Colouring.cpp - Rows of a sparse matrix that share no column ---------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Colouring.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace costate;
using llvm::BitVector;
using llvm::SmallVector;

Grouping costate::groupRows(const SparsityPattern &pattern) {
  SparsityPattern columns = transposed(pattern, pattern.empty() ? 0 : pattern.front().size());
  // Rows that share a column, itself included.
  std::vector<BitVector> meets(pattern.size(), BitVector(pattern.size()));
  SmallVector<unsigned> order, degrees(pattern.size());
  for (auto [row, entries] : llvm::enumerate(pattern)) {
    for (unsigned column : entries.set_bits())
      meets[row] |= columns[column];
    degrees[row] = meets[row].count();
    if (degrees[row] > 0)
      order.push_back(row);
  }
  llvm::sort(order, [&](unsigned a, unsigned b) {
    return std::make_pair(degrees[b], a) < std::make_pair(degrees[a], b);
  });
  std::vector<BitVector> groups;
  Grouping grouping{0, std::vector<int32_t>(pattern.size(), -1)};
  for (unsigned row : order) {
    auto group =
        llvm::find_if(groups, [&](const BitVector &members) { return !members.anyCommon(meets[row]); });
    if (group == groups.end())
      group = groups.insert(group, BitVector(pattern.size()));
    group->set(row);
    grouping.groupOf[row] = std::distance(groups.begin(), group);
  }
  grouping.count = groups.size();
  return grouping;
}
