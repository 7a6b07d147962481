//===- Baseline.cpp - The hand-written step over all points -----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// Compiled for x86-64-v4; nothing here may run before baselineRunsHere() has said yes (see
// ProcessorCheck.cpp).
//
//===------------------------------------------------------------------------------------------------------===//

#include "Baseline.h"
#include "BurgersTile.h"
#include "costate/Runtime/ABI.h"

#include <algorithm>
#include <cstring>

using namespace costate::bench;

namespace {

template <class Real, int Width, int Depth, int Groups> class TiledStep : public Step {
  using Tile = BurgersTile<Real, Width, Depth, Groups>;
  static constexpr int size = Layout<Width, Depth>::size;
  static constexpr int64_t tilesPerChunk = 4;

  struct Aligned {
    explicit Aligned(size_t count)
        : memory(static_cast<Real *>(std::aligned_alloc(64, (count * sizeof(Real) + 63) / 64 * 64)),
                 &std::free) {
      std::memset(memory.get(), 0, count * sizeof(Real));
    }
    Real *data() const { return memory.get(); }
    std::unique_ptr<Real, decltype(&std::free)> memory;
  };

  /// What one thread owns: no two threads write to the same line.
  struct Worker {
    Tile tile;
    Aligned gradient{size + 64};
    double sum = 0;
  };

public:
  explicit TiledStep(const Workload &workload)
      : count(static_cast<int64_t>(workload.times.size())), tiles((count + Tile::points - 1) / Tile::points),
        times(tiles * Tile::points), places(tiles * Tile::points), mask(tiles * Tile::points),
        theta(size + 64), total(size + 64), workers(costate_rt_threads()) {
    for (int64_t i = 0; i < count; ++i) {
      times.data()[i] = static_cast<Real>(workload.times[i]);
      places.data()[i] = static_cast<Real>(workload.places[i]);
      mask.data()[i] = 1;
    }
    setParameters(workload.parameters);
  }

  void setParameters(const std::vector<double> &parameters) override {
    std::copy(parameters.begin(), parameters.end(), theta.data());
  }

  void run() override {
    for (Worker &worker : workers) {
      worker.sum = 0;
      std::memset(worker.gradient.data(), 0, size * sizeof(Real));
    }
    costate_rt_parallel_for(&TiledStep::chunk, this, (tiles + tilesPerChunk - 1) / tilesPerChunk);
    std::memset(total.data(), 0, size * sizeof(Real));
    double sum = 0;
    for (Worker &worker : workers) {
      sum += worker.sum;
      for (int i = 0; i < size; ++i)
        total.data()[i] += worker.gradient.data()[i];
    }
    mean = sum / static_cast<double>(count);
  }

  double loss() const override { return mean; }
  std::vector<double> gradient() const override { return {total.data(), total.data() + size}; }

private:
  static void chunk(void *context, int64_t index, int64_t workerIndex) {
    auto &step = *static_cast<TiledStep *>(context);
    Worker &worker = step.workers[workerIndex];
    int64_t end = std::min(step.tiles, (index + 1) * tilesPerChunk);
    for (int64_t tile = index * tilesPerChunk; tile < end; ++tile) {
      int64_t offset = tile * Tile::points;
      worker.sum +=
          worker.tile.run(step.theta.data(), step.times.data() + offset, step.places.data() + offset,
                          step.mask.data() + offset, static_cast<Real>(viscosity),
                          static_cast<Real>(1.0 / static_cast<double>(step.count)), worker.gradient.data());
    }
  }

  int64_t count, tiles;
  Aligned times, places, mask, theta, total;
  std::vector<Worker> workers;
  double mean = 0;
};

} // namespace

template <class Real> std::unique_ptr<Step> costate::bench::makeBaseline(const Workload &workload) {
  // Tiles of 64 points, and of 32 in f64, keep a tile's jets within L2 at either width.
  if (workload.network.depth == 8 && workload.network.width == 20)
    return std::make_unique<TiledStep<Real, 20, 8, 4>>(workload);
  if (workload.network.depth == 4 && workload.network.width == 64)
    return std::make_unique<TiledStep<Real, 64, 4, 4>>(workload);
  return nullptr;
}

template std::unique_ptr<Step> costate::bench::makeBaseline<float>(const Workload &);
template std::unique_ptr<Step> costate::bench::makeBaseline<double>(const Workload &);
