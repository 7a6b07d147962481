//===- Samplers.h - Points that a problem draws for itself ------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_SAMPLERS_H
#define COSTATE_LIB_RUNTIME_SAMPLERS_H

#include "Program.h"

namespace costate::rt {

/// How many points the set will have.
int64_t sampleCount(const SetSpec &set);

/// What a grid of `count` points in several dimensions has instead, in words; empty where it has these.
std::string describeGrid(const SetSpec &set);

/// The points of a sampled set, row by row: sampleCount x dimensions. `round` counts how often it was
/// resampled; the result depends on (seed, the set's name, round) alone.
std::vector<double> samplePoints(const SetSpec &set, uint64_t seed, uint64_t round);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_SAMPLERS_H
