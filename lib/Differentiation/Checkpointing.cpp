//===- Checkpointing.cpp - How much a loop records for its backward pass ----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Checkpointing.h"

#include "LoopCounter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace costate;

FailureOr<Checkpointing> costate::checkpointingOf(Operation *loop) {
  Attribute attribute = loop->getDiscardableAttr("checkpoint");
  if (!attribute)
    return Checkpointing();
  if (auto name = dyn_cast<StringAttr>(attribute); name && name.getValue() == "all")
    return Checkpointing();
  if (auto dictionary = dyn_cast<DictionaryAttr>(attribute); dictionary && dictionary.size() == 1) {
    NamedAttribute entry = *dictionary.begin();
    auto amount = dyn_cast<IntegerAttr>(entry.getValue());
    std::optional<Checkpointing::Scheme> scheme =
        llvm::StringSwitch<std::optional<Checkpointing::Scheme>>(entry.getName())
            .Case("every", Checkpointing::Scheme::Every)
            .Case("snapshots", Checkpointing::Scheme::Snapshots)
            .Case("bytes", Checkpointing::Scheme::Bytes)
            .Default(std::nullopt);
    if (scheme && amount && amount.getInt() >= 1)
      return Checkpointing{*scheme, amount.getInt()};
  }
  return loop->emitOpError()
         << "has checkpoint = " << attribute
         << "; required is \"all\", {every = n}, {snapshots = n} or {bytes = n} with n of "
            "at least 1";
}

void costate::setCheckpointing(Operation *loop, Checkpointing checkpointing) {
  Builder builder(loop->getContext());
  constexpr StringLiteral names[] = {"all", "every", "snapshots", "bytes"};
  StringRef name = names[static_cast<int>(checkpointing.scheme)];
  Attribute attribute = builder.getStringAttr(name);
  if (checkpointing.scheme != Checkpointing::Scheme::All)
    attribute = builder.getDictionaryAttr(
        builder.getNamedAttr(name, builder.getI64IntegerAttr(checkpointing.amount)));
  loop->setDiscardableAttr("checkpoint", attribute);
}

int64_t costate::times(int64_t a, int64_t b) {
  int64_t product;
  return llvm::MulOverflow(a, b, product) ? kTooMuch : std::min(product, kTooMuch);
}

int64_t costate::bestBlock(int64_t count, RecordedBytes bytes) {
  auto bytesOf = [&](int64_t size) {
    return double(llvm::divideCeil(count, size)) * bytes.carried + double(size) * bytes.needed;
  };
  double middle = std::sqrt(double(count) * bytes.carried / std::max<int64_t>(bytes.needed, 1));
  constexpr int64_t fewTries = 1 << 12; // where the best is as good as that, for any practical purpose
  int64_t near = middle < double(count) ? int64_t(middle) : count, best = std::min<int64_t>(2, count);
  int64_t first = std::max({int64_t(2), near / 2, near - fewTries}),
          last = std::min({count, near < count / 2 ? 2 * near + 2 : count,
                           near < count - fewTries ? near + fewTries : count});
  for (int64_t size = first; size <= last; ++size)
    if (bytesOf(size) < bytesOf(best))
      best = size;
  // As few iterations as make so many blocks.
  return llvm::divideCeil(count, llvm::divideCeil(count, best));
}

std::optional<Checkpointing> costate::chooseCheckpointing(int64_t cap, RecordedBytes bytes,
                                                          std::optional<int64_t> count) {
  using Scheme = Checkpointing::Scheme;
  if (bytes.needed == 0 || (count && *count <= cap / bytes.needed))
    return Checkpointing();
  if (count) {
    // Blocks of any size run each iteration once more; take the one that needs the least memory.
    auto memoryOf = [&](int64_t size) {
      return times(llvm::divideCeil(*count, size), bytes.carried) +
             (size > 1 ? times(size, bytes.needed) : 0);
    };
    int64_t best = bestBlock(*count, bytes);
    if (memoryOf(1) <= memoryOf(best))
      best = 1;
    if (memoryOf(best) <= cap)
      return Checkpointing{Scheme::Every, best};
  }
  // One place more than there are snapshots; see Binomial.cpp.
  int64_t snapshots = cap / bytes.snapshot - 1;
  return snapshots < 1 ? std::nullopt : std::optional(Checkpointing{Scheme::Snapshots, snapshots});
}

scf::ForOp costate::createBlocked(scf::ForOp loop, OpFoldResult count, int64_t size) {
  OpBuilder builder(loop);
  Location loc = loop.getLoc();
  Value zero = constantIndex(builder, loc, 0), one = constantIndex(builder, loc, 1);
  Value length = constantIndex(builder, loc, size);
  Value total = getValueOrCreateConstantIndexOp(builder, loc, count);
  std::optional<int64_t> constant = getConstantIntValue(count);
  Value blocks =
      constant
          ? constantIndex(builder, loc, llvm::divideCeil(*constant, size))
          : arith::DivUIOp::create(
                builder, loc,
                arith::AddIOp::create(builder, loc, total, constantIndex(builder, loc, size - 1)), length)
                .getResult();
  auto innerBody = [&](OpBuilder &b, Value first, Value j, ValueRange carried) {
    IRMapping mapping;
    mapping.map(loop.getInductionVar(), inductionAt(b, loop, arith::AddIOp::create(b, loc, first, j)));
    mapping.map(ValueRange(loop.getRegionIterArgs()), carried);
    for (Operation &op : *loop.getBody())
      b.clone(op, mapping);
  };
  return scf::ForOp::create(
      builder, loc, zero, blocks, one, loop.getInitArgs(),
      [&](OpBuilder &b, Location, Value block, ValueRange carried) {
        Value first = arith::MulIOp::create(b, loc, block, length);
        Value iterations = length;
        if (!constant || *constant % size != 0)
          iterations = arith::MinSIOp::create(b, loc, length, arith::SubIOp::create(b, loc, total, first));
        auto inner = scf::ForOp::create(
            b, loc, zero, iterations, one, carried,
            [&](OpBuilder &b, Location, Value j, ValueRange state) { innerBody(b, first, j, state); });
        scf::YieldOp::create(b, loc, inner.getResults());
      });
}
