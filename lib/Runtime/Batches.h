//===- Batches.h - Which rows a step sees -----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_BATCHES_H
#define COSTATE_LIB_RUNTIME_BATCHES_H

#include "Dataset.h"

namespace costate::rt {

/// Batches of one set, shuffled anew in each epoch. What step s sees is a function of (seed, the set's name,
/// s): there is nothing to save. The last batch of an epoch holds what is left. Where one batch holds the
/// whole set, its order is kept.
class Batches {
public:
  /// `columns` are the first columns of the set, the ones that steps read.
  Batches(const Dataset &all, const std::vector<ColumnSpec> &columns, int64_t batchSize, uint64_t seed);

  int64_t stepsPerEpoch() const { return (all.count + batchSize - 1) / batchSize; }
  /// Fills the batch for a 0-based step.
  void load(int64_t step);
  Dataset &batch() { return current; }

private:
  const Dataset &all;
  int64_t batchSize;
  uint64_t seed;
  int64_t epoch = -1;
  std::vector<int64_t> order;
  Dataset current;
};

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_BATCHES_H
