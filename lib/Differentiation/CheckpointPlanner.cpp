//===- CheckpointPlanner.cpp - A derivative backwards that stays below a memory limit ---------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "CheckpointPlanner.h"

#include "Tape.h"
#include "costate/Differentiation/Differentiation.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace costate;

using Scheme = Checkpointing::Scheme;

/// One TiB. What takes more is refused before it runs.
static constexpr int64_t kMostBytes = int64_t(1) << 40;

CheckpointPlanner::CheckpointPlanner(func::FuncOp function) : function(function) {
  for (Operation *op = function; op && !limit; op = op->getParentOp())
    if (Attribute stated = op->getAttr(kMemoryLimitAttr)) {
      auto bytes = dyn_cast<IntegerAttr>(stated);
      limit = bytes ? bytes.getInt() : 0;
    }
  isActive = limit || function->getContext()->getRemarkEngine();
}

/// Elements that are computed. What moves them costs nothing, and an elementary function as much as ten.
static double workOf(Block &block) {
  double work = 0;
  for (Operation &op : block) {
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      work += workOf(*loop.getBody()) * loop.getStaticTripCount().value_or(APInt(64, 1000)).roundToDouble();
    } else if (auto contraction = dyn_cast<linalg::LinalgOp>(op)) {
      int64_t points = 1;
      for (int64_t range : contraction.getStaticLoopRanges())
        points *= ShapedType::isDynamic(range) ? 1 : range;
      work += points;
    } else if (op.getNumRegions() > 0) {
      for (Region &region : op.getRegions())
        for (Block &nested : region)
          work += workOf(nested);
    } else if (!isa<tensor::TensorDialect>(op.getDialect()) && op.getNumResults() == 1) {
      auto shaped = dyn_cast<ShapedType>(op.getResult(0).getType());
      work += (shaped && shaped.hasStaticShape() ? shaped.getNumElements() : 1) *
              (isa<math::MathDialect>(op.getDialect()) ? 10 : 1);
    }
  }
  return work;
}

void CheckpointPlanner::findLoops(Block &body) {
  DenseMap<Operation *, unsigned> numbers;
  body.walk<WalkOrder::PreOrder>([&](scf::ForOp op) {
    numbers[op] = loops.size();
    RecordingLoop &loop = loops.emplace_back(op.getLoc());
    loop.work = workOf(*op.getBody());
    for (Operation *around = op->getParentOp(); around && !loop.parent; around = around->getParentOp()) {
      if (auto it = numbers.find(around); it != numbers.end())
        loop.parent = it->second;
      loop.isTransient |= isa<scf::IfOp>(around);
    }
  });
}

LogicalResult CheckpointPlanner::annotate(Block &body) {
  if (!isActive)
    return success();
  if (limit && *limit < 1)
    return function.emitOpError() << "has a " << kMemoryLimitAttr
                                  << " that is not a number of bytes of at least 1";
  if (!choice)
    findLoops(body);
  unsigned number = 0;
  WalkResult result = body.walk<WalkOrder::PreOrder>([&](scf::ForOp op) -> WalkResult {
    RecordingLoop &loop = loops[number];
    if (!choice && op->hasAttr("checkpoint")) {
      FailureOr<Checkpointing> stated = checkpointingOf(op);
      if (failed(stated))
        return WalkResult::interrupt();
      loop.stated = *stated;
    } else if (!choice && !limit) {
      loop.stated = Checkpointing();
    }
    op->removeAttr("checkpoint");
    if (!choice)
      op->setAttr(kLoopNumberAttr, Builder(op).getI64IntegerAttr(number));
    else if (choice->schemes[number].scheme != Scheme::All)
      setCheckpointing(op, choice->schemes[number]);
    ++number;
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// The bytes of the tapes of `derivative`, or -1 if they depend on what a loop finds.
static int64_t bytesOfTapes(func::FuncOp derivative) {
  // What is recorded and not needed is found when it is simplified. Tapes are marked there, and nowhere else:
  // a mark would keep equal ones apart.
  func::FuncOp copy = derivative.clone();
  derivative->getBlock()->getOperations().insertAfter(derivative->getIterator(), copy);
  simplifyFunction(copy);
  int64_t bytes = 0;
  copy.walk([&](tensor::EmptyOp tape) {
    if (!tape->hasAttr(kTapeAttr) || bytes < 0)
      return;
    // Equal tensors without contents are one value, but each loop that fills one needs a buffer.
    int64_t buffers = std::distance(tape->use_begin(), tape->use_end());
    bytes = isRecordable(tape.getType()) ? bytes + buffers * llvm::divideCeil(bitsOf(tape.getType()), 8) : -1;
  });
  copy.erase();
  return bytes;
}

void CheckpointPlanner::measure(func::FuncOp derivative) {
  if (limit)
    recordedBytes = bytesOfTapes(derivative);
  largestTape = 0;
  derivative.walk([&](Operation *op) {
    if (op->hasAttr(kTapeAttr))
      if (Type type = op->getResult(0).getType(); isRecordable(type) && bitsOf(type) > largestTape) {
        largestTape = bitsOf(type);
        ofLargestTape = op->getLoc();
      }
    if (auto recorded = op->getAttrOfType<DenseI64ArrayAttr>(kRecordedAttr)) {
      RecordingLoop &loop = loops[cast<IntegerAttr>(op->getAttr(kLoopNumberAttr)).getInt()];
      loop.isReversed = true;
      loop.bytes = {recorded[0], recorded[1], recorded[2]};
      loop.count = recorded[3] < 0 ? std::nullopt : std::optional(recorded[3]);
    }
    for (StringRef name : {kLoopNumberAttr, kRecordedAttr, kTapeAttr})
      op->removeAttr(name);
  });
}

LogicalResult CheckpointPlanner::reportExcess(int64_t required) {
  CheckpointChoice least = chooseCheckpoints(loops, 0);
  size_t largest = llvm::max_element(least.bytes) - least.bytes.begin();
  return emitError(loops[largest].loc)
         << "records at least " << least.bytes[largest] << " bytes in a derivative of @" << function.getName()
         << " backwards, which records at least " << required << " in all; the memory limit is " << *limit;
}

FailureOr<bool> CheckpointPlanner::isDone() {
  FailureOr<bool> isDone = isPlanned();
  if (succeeded(isDone) && *isDone && largestTape / 8 > kMostBytes)
    return emitError(*ofLargestTape) << "records more than " << kMostBytes << " bytes in a derivative of @"
                                     << function.getName()
                                     << " backwards, which no memory holds; its attribute 'checkpoint' or a "
                                        "memory limit lets it record less";
  return isDone;
}

FailureOr<bool> CheckpointPlanner::isPlanned() {
  if (!isActive || llvm::none_of(loops, [](const RecordingLoop &loop) { return loop.isReversed; }))
    return true;
  bool fits = !limit || (recordedBytes >= 0 && recordedBytes <= *limit);
  if (choice && fits) {
    remark();
    return true;
  }
  constexpr unsigned mostRounds = 4;
  int64_t unlimited = std::numeric_limits<int64_t>::max() / 1024;
  // What is chosen is an estimate, since what one loop does not record another may have to.
  budget = !choice ? limit.value_or(unlimited) : budget - (recordedBytes - *limit);
  choice = chooseCheckpoints(loops, budget);
  if (limit && (choice->total > budget || ++rounds > mostRounds))
    return reportExcess(choice->total);
  auto recordsAll = [](const Checkpointing &scheme) { return scheme.scheme == Scheme::All; };
  if (fits && llvm::all_of(choice->schemes, recordsAll)) {
    remark();
    return true;
  }
  return false;
}

void CheckpointPlanner::remark() {
  for (auto [loop, scheme, bytes] : llvm::zip_equal(loops, choice->schemes, choice->bytes)) {
    if (!loop.isReversed || (bytes == 0 && loop.count))
      continue;
    std::string text = "records ";
    llvm::raw_string_ostream stream(text);
    auto ofCount = [&] {
      stream << " of ";
      if (loop.count)
        stream << *loop.count << " ";
      stream << "iterations";
    };
    double again = loop.likelyCount();
    switch (scheme.scheme) {
    case Scheme::All:
      stream << "all";
      ofCount();
      again = 0;
      break;
    case Scheme::Every:
      stream << "what is carried, every " << scheme.amount;
      ofCount();
      break;
    case Scheme::Snapshots:
      stream << scheme.amount << " snapshots";
      ofCount();
      again = binomialRepetitions(again, scheme.amount);
      break;
    case Scheme::Bytes:
      return; // an error there
    }
    if (loop.count || scheme.scheme == Scheme::Snapshots)
      stream << ": " << bytes << " bytes";
    if (again > 0 && loop.count)
      stream << llvm::format("; %.0f iterations run again", again);
    remark::analysis(
        loop.loc, remark::RemarkOpts::name("checkpoint").category("checkpoints").function(function.getName()))
        << text;
  }
}
