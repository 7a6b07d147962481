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

FailureOr<Checkpointing> costate::chooseCheckpointing(Operation *loop, int64_t cap, RecordedBytes bytes,
                                                      std::optional<int64_t> count) {
  using Scheme = Checkpointing::Scheme;
  if (bytes.needed == 0 || (count && *count <= cap / bytes.needed))
    return Checkpointing();
  if (count) {
    // Blocks of any size run each iteration once more; take the one that needs the least memory.
    auto memoryOf = [&](int64_t size) {
      return (*count + size - 1) / size * bytes.carried + (size > 1 ? size * bytes.needed : 0);
    };
    int64_t best = 1;
    for (int64_t size = 2; size <= *count; ++size)
      if (memoryOf(size) < memoryOf(best))
        best = size;
    if (memoryOf(best) <= cap)
      return Checkpointing{Scheme::Every, best};
  }
  // One place more than there are snapshots; see Binomial.cpp.
  int64_t snapshots = cap / std::max<int64_t>(bytes.carried, 1) - 1;
  if (snapshots < 1)
    return loop->emitOpError() << "may record " << cap << " bytes, but one snapshot of what it carries takes "
                               << bytes.carried << " and at least two times that is required";
  return Checkpointing{Scheme::Snapshots, snapshots};
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
