//===- CheckpointChoice.cpp - Which loops record how much, for a limit on all of them ---------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "CheckpointChoice.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace costate;

using Scheme = Checkpointing::Scheme;

static int64_t plus(int64_t a, int64_t b) { return std::min(a + b, kTooMuch); }

/// β(c, r) = C(c + r, c), or more than `most` if it is more than that. Takes a step for each unit of the
/// smaller of the two, and few of these reach any count.
static double binomialReach(int64_t c, int64_t r, double most) {
  double reach = 1;
  int64_t less = std::min(c, r), more = std::max(c, r);
  for (int64_t i = 1; i <= less && reach <= most; ++i)
    reach = reach * (double(more) + i) / i;
  return reach;
}

double costate::binomialRepetitions(int64_t count, int64_t snapshots) {
  if (count <= 1)
    return 0;
  // The least r with β(c, r) ≥ n, by halving.
  int64_t below = 0, r = 1;
  while (binomialReach(snapshots, r, count) < double(count)) {
    below = r;
    r = r > count / 2 ? count : 2 * r;
  }
  while (r - below > 1)
    if (int64_t middle = below + (r - below) / 2; binomialReach(snapshots, middle, count) < double(count))
      below = middle;
    else
      r = middle;
  // That is r·n - β(c + 1, r - 1).
  return double(r) * count - binomialReach(snapshots + 1, r - 1, double(r) * count);
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
  option.work = double(count) * inside.work;
  switch (scheme.scheme) {
  case Scheme::All:
    option.tape = own = loop.count ? times(count, needed) : needed == 0 ? 0 : kTooMuch;
    break;
  case Scheme::Every:
    option.tape = times(loop.count ? llvm::divideCeil(count, scheme.amount) : kTooMuch, loop.bytes.carried);
    own = plus(option.tape, scheme.amount > 1 ? times(scheme.amount, needed) : 0);
    option.work += double(count) * loop.work;
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
