//===- Threads.cpp - A persistent pool of workers ---------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// A loop is published by bumping a generation number. Workers spin on it for a
// short while and then sleep on it (futex), so a hot loop costs no system call
// and an idle program costs no processor time. Chunks are handed out by one
// counter; which worker runs a chunk has no influence on what it computes.
//
//===----------------------------------------------------------------------===//

#include "costate/Runtime/ABI.h"

#include <atomic>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <linux/futex.h>
#include <memory>
#include <mutex>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

/// Spins before sleeping: about 20 microseconds, longer than the gap between two loops of one step.
constexpr int spinLimit = 400;

inline void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

void futexWait(std::atomic<uint32_t> &word, uint32_t seen) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), FUTEX_WAIT_PRIVATE, seen, nullptr, nullptr, 0);
}

void futexWakeAll(std::atomic<uint32_t> &word) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

/// The worker that the current thread is while it runs a chunk, or -1.
thread_local int64_t currentWorker = -1;

class Pool {
public:
  explicit Pool(int64_t threads) {
    for (int64_t worker = 1; worker < threads; ++worker)
      workers.emplace_back([this, worker] { serve(worker); });
  }

  ~Pool() {
    stopping.store(true, std::memory_order_relaxed);
    generation.fetch_add(1);
    futexWakeAll(generation);
    for (std::thread &thread : workers)
      thread.join();
  }

  int64_t threads() const { return static_cast<int64_t>(workers.size()) + 1; }

  void run(costate_chunk_body newBody, void *newContext, int64_t newChunks) {
    body = newBody;
    context = newContext;
    chunks = newChunks;
    next.store(0, std::memory_order_relaxed);
    pending.store(static_cast<uint32_t>(workers.size()), std::memory_order_relaxed);
    // Sequentially consistent together with the worker's announcement of sleep: one of the two sees the
    // other.
    generation.fetch_add(1);
    if (sleepers.load() != 0)
      futexWakeAll(generation);
    work(0);
    // Every worker has to leave the loop before its description may change.
    for (int spins = 0; pending.load(std::memory_order_acquire) != 0;) {
      if (++spins < spinLimit * 8)
        relax();
      else
        std::this_thread::yield();
    }
  }

private:
  void serve(int64_t worker) {
    uint32_t seen = 0;
    for (;;) {
      uint32_t now = generation.load(std::memory_order_acquire);
      for (int spins = 0; now == seen && spins < spinLimit; ++spins) {
        relax();
        now = generation.load(std::memory_order_acquire);
      }
      while (now == seen) {
        sleepers.fetch_add(1);
        futexWait(generation, seen);
        sleepers.fetch_sub(1);
        now = generation.load(std::memory_order_acquire);
      }
      // Generations are never skipped: the caller waits for every worker before it publishes the next.
      seen = now;
      if (stopping.load(std::memory_order_relaxed))
        return;
      work(worker);
      pending.fetch_sub(1, std::memory_order_release);
    }
  }

  void work(int64_t worker) {
    currentWorker = worker;
    for (;;) {
      int64_t chunk = next.fetch_add(1, std::memory_order_relaxed);
      if (chunk >= chunks)
        break;
      body(context, chunk, worker);
    }
    currentWorker = -1;
  }

  std::vector<std::thread> workers;
  costate_chunk_body body = nullptr;
  void *context = nullptr;
  int64_t chunks = 0;
  alignas(64) std::atomic<uint32_t> generation{0};
  std::atomic<uint32_t> sleepers{0};
  std::atomic<bool> stopping{false};
  alignas(64) std::atomic<int64_t> next{0};
  alignas(64) std::atomic<uint32_t> pending{0};
};

std::unique_ptr<Pool> pool;
/// Two threads of a host program may call at once; the loops then run one after the other.
std::mutex poolMutex;

} // namespace

extern "C" void costate_rt_parallel_for(costate_chunk_body body, void *context, int64_t chunks) {
  bool nested = currentWorker >= 0;
  if (nested || chunks <= 1 || !pool || pool->threads() == 1) {
    int64_t worker = nested ? currentWorker : 0;
    for (int64_t chunk = 0; chunk < chunks; ++chunk)
      body(context, chunk, worker);
    return;
  }
  std::lock_guard<std::mutex> lock(poolMutex);
  pool->run(body, context, chunks);
}

extern "C" void costate_rt_set_threads(int64_t threads) {
  std::lock_guard<std::mutex> lock(poolMutex);
  if (threads == costate_rt_threads())
    return;
  pool.reset();
  if (threads > 1)
    pool = std::make_unique<Pool>(threads);
}

extern "C" int64_t costate_rt_threads(void) { return pool ? pool->threads() : 1; }
