//===- Batches.cpp - Which rows a step sees ---------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Batches.h"

#include "Philox.h"

#include <numeric>

using namespace costate::rt;

Batches::Batches(const Dataset &all, const std::vector<ColumnSpec> &columns, int64_t batchSize, uint64_t seed)
    : all(all), batchSize(batchSize < 1 ? all.count : std::min(batchSize, all.count)), seed(seed),
      order(all.count),
      current(all.name, columns, all.columns.empty() ? Precision::F64 : all.columns[0].data.precision(),
              paddedCapacity(this->batchSize)) {
  current.partOf = &all;
}

void Batches::load(int64_t step) {
  int64_t wanted = step / stepsPerEpoch();
  if (wanted != epoch) {
    epoch = wanted;
    std::iota(order.begin(), order.end(), 0);
    Philox random(seed, streamOf("shuffle:" + all.name), epoch);
    for (int64_t i = stepsPerEpoch() > 1 ? all.count - 1 : 0; i > 0; --i)
      std::swap(order[i], order[random.below(i, i + 1)]);
  }
  int64_t first = step % stepsPerEpoch() * batchSize;
  current.gather(all, order.data() + first, std::min(batchSize, all.count - first));
}
