//===- CheckpointChoice.cpp - Which loops record how much, for a limit on all of them ---------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "CheckpointChoice.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace costate;

using Scheme = Checkpointing::Scheme;

/// More than any limit; sums of these do not overflow.
static constexpr int64_t kTooMuch = std::numeric_limits<int64_t>::max() / 1024;

static int64_t times(int64_t a, int64_t b) {
  int64_t product;
  return llvm::MulOverflow(a, b, product) ? kTooMuch : std::min(product, kTooMuch);
}
static int64_t plus(int64_t a, int64_t b) { return std::min(a + b, kTooMuch); }

int64_t costate::binomialRepetitions(int64_t count, int64_t snapshots) {
  // β(c, r) = C(c + r, c), until it reaches the count; β(c + 1, r - 1) beside it.
  double reach = 1, before = 0;
  int64_t r = 0;
  while (reach < count) {
    before = r == 0 ? 1 : before * (snapshots + 1 + r) / r;
    ++r;
    reach = reach * (snapshots + r) / r;
  }
  return r * count - static_cast<int64_t>(before);
}

namespace {
/// What some loops take together.
struct Option {
  int64_t tape = 0;  // bytes that a loop around them records of each iteration
  int64_t bytes = 0; // all that is there at a time
  double work = 0;
  SmallVector<std::pair<unsigned, Checkpointing>> schemes;
  SmallVector<std::pair<unsigned, int64_t>> own;

  bool isAsGood(const Option &other) const {
    return tape <= other.tape && bytes <= other.bytes && work <= other.work;
  }
};

using Options = SmallVector<Option>;

class Chooser {
public:
  Chooser(ArrayRef<RecordingLoop> loops, int64_t limit) : loops(loops), limit(limit) {}
  CheckpointChoice choose();

private:
  /// Of the loops directly in that one, or in the function.
  Options together(std::optional<unsigned> parent);
  Options optionsOf(unsigned number);
  void addOption(Options &options, unsigned number, const Option &inside, Checkpointing scheme);
  Options onlyBest(Options options);

  ArrayRef<RecordingLoop> loops;
  int64_t limit;
};
} // namespace

/// Keeps what nothing else beats; of much, some of every size.
Options Chooser::onlyBest(Options options) {
  constexpr size_t most = 64;
  llvm::sort(options, [](const Option &a, const Option &b) {
    return std::tie(a.bytes, a.work, a.tape) < std::tie(b.bytes, b.work, b.tape);
  });
  Options best;
  for (Option &option : options) {
    // The smallest stays in any case, to say what is needed.
    if (!best.empty() && option.bytes > limit)
      break;
    if (llvm::none_of(best, [&](const Option &other) { return other.isAsGood(option); }))
      best.push_back(std::move(option));
  }
  if (best.size() <= most)
    return best;
  Options some;
  for (size_t i = 0; i < most; ++i)
    some.push_back(best[i * (best.size() - 1) / (most - 1)]);
  return some;
}

void Chooser::addOption(Options &options, unsigned number, const Option &inside, Checkpointing scheme) {
  const RecordingLoop &loop = loops[number];
  int64_t count = loop.likelyCount(), needed = plus(loop.bytes.needed, inside.tape), own = 0;
  Option option = inside;
  option.work = count * inside.work;
  switch (scheme.scheme) {
  case Scheme::All:
    option.tape = own = loop.count ? times(count, needed) : needed == 0 ? 0 : kTooMuch;
    break;
  case Scheme::Every:
    option.tape = times(loop.count ? llvm::divideCeil(count, scheme.amount) : kTooMuch, loop.bytes.carried);
    own = plus(option.tape, scheme.amount > 1 ? times(scheme.amount, needed) : 0);
    option.work += count * loop.work;
    break;
  case Scheme::Snapshots:
    option.tape = own = times(scheme.amount + 1, loop.bytes.snapshot);
    option.work += binomialRepetitions(count, scheme.amount) * loop.work;
    break;
  case Scheme::Bytes:
    option.tape = own = scheme.amount; // too few, which is an error there
    break;
  }
  if (loop.isTransient)
    option.tape = 0;
  option.bytes = plus(inside.bytes, own);
  option.schemes.push_back({number, scheme});
  option.own.push_back({number, own});
  options.push_back(std::move(option));
}

Options Chooser::optionsOf(unsigned number) {
  const RecordingLoop &loop = loops[number];
  Options options;
  for (const Option &inside : together(number)) {
    auto add = [&](Scheme scheme, int64_t amount = 0) {
      addOption(options, number, inside, {scheme, amount});
    };
    RecordedBytes bytes = loop.bytes;
    bytes.needed = plus(bytes.needed, inside.tape);
    if (loop.stated && loop.stated->scheme != Scheme::Bytes) {
      addOption(options, number, inside, *loop.stated);
      continue;
    }
    if (loop.stated) {
      // One that is too small stays as it is, and is an error where the loop is transposed.
      addOption(options, number, inside,
                chooseCheckpointing(loop.stated->amount, bytes, loop.count).value_or(*loop.stated));
      continue;
    }
    add(Scheme::All);
    int64_t count = loop.likelyCount();
    if (loop.count && count > 1) {
      add(Scheme::Every, 1);
      add(Scheme::Every, bestBlock(count, bytes));
    }
    // With one snapshot less than there are iterations each would run once more, as in blocks of one.
    for (int64_t snapshots = 1; snapshots + 1 < count; snapshots += 1 + snapshots / 16)
      add(Scheme::Snapshots, snapshots);
    // As many as there is room for.
    int64_t room = (limit - inside.bytes) / bytes.snapshot - 1;
    if (room >= 1 && room + 1 < count)
      add(Scheme::Snapshots, room);
  }
  return onlyBest(std::move(options));
}

Options Chooser::together(std::optional<unsigned> parent) {
  Options sums(1);
  for (auto [number, loop] : llvm::enumerate(loops)) {
    if (loop.parent != parent || !loop.isReversed)
      continue;
    Options next, options = optionsOf(number);
    for (const Option &sum : sums)
      for (const Option &option : options) {
        Option &both = next.emplace_back(sum);
        both.tape = plus(both.tape, option.tape);
        both.bytes = plus(both.bytes, option.bytes);
        both.work += option.work;
        llvm::append_range(both.schemes, option.schemes);
        llvm::append_range(both.own, option.own);
      }
    sums = onlyBest(std::move(next));
  }
  return sums;
}

CheckpointChoice Chooser::choose() {
  Options options = together(std::nullopt);
  auto isBetter = [&](const Option &a, const Option &b) {
    bool first = a.bytes <= limit, second = b.bytes <= limit;
    return first != second ? first
           : first         ? std::tie(a.work, a.bytes) < std::tie(b.work, b.bytes)
                           : a.bytes < b.bytes;
  };
  const Option &best = *llvm::min_element(options, isBetter);
  CheckpointChoice choice;
  choice.schemes.resize(loops.size());
  choice.bytes.resize(loops.size());
  for (auto [number, scheme] : best.schemes)
    choice.schemes[number] = scheme;
  for (auto [number, bytes] : best.own)
    choice.bytes[number] = bytes;
  choice.total = best.bytes;
  return choice;
}

CheckpointChoice costate::chooseCheckpoints(ArrayRef<RecordingLoop> loops, int64_t limit) {
  return Chooser(loops, limit).choose();
}
