//===- OutlineKernels.cpp - Loop nests that occur several times become functions --------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// The hidden layers of a network do the same on other buffers. A register tile unrolls to hundreds of
// instructions, which are compiled and kept in the instruction cache once; a call costs nanoseconds, a nest
// on a tile of points takes microseconds.
//
//===------------------------------------------------------------------------------------------------------===//
#include "Captures.h"
#include "EqualFunctions.h"
#include "SumsFromZero.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Transforms/RegionUtils.h"

namespace costate {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {

/// A nest, with the fill that it starts from, if any.
struct Nest {
  linalg::FillOp start;
  linalg::LinalgOp op;

  /// How often a nest must occur to be worth calls: small ones only so often that compiling them takes long.
  size_t minTimes() const {
    constexpr int64_t minPoints = 64;
    int64_t points = 1;
    for (int64_t extent : linalg::LinalgOp(op).getStaticLoopRanges())
      points *= ShapedType::isDynamic(extent) ? minPoints : extent;
    return points >= minPoints ? 2 : 128;
  }

  /// A number that is the same for nests that are equal.
  size_t hash() const {
    llvm::hash_code hash(0);
    for (Operation *root : ops()) {
      root->walk([&](Operation *op) {
        hash = llvm::hash_combine(hash,
                                  OperationEquivalence::computeHash(op, OperationEquivalence::ignoreHashValue,
                                                                    OperationEquivalence::ignoreHashValue,
                                                                    OperationEquivalence::IgnoreLocations));
      });
      // Where in a buffer a view begins, a function does not ask.
      for (Type type : root->getOperandTypes())
        if (auto shaped = dyn_cast<ShapedType>(type))
          hash = llvm::hash_combine(hash, shaped.getShape(), shaped.getElementType());
        else
          hash = llvm::hash_combine(hash, type);
    }
    return hash;
  }

  SmallVector<Operation *> ops() const {
    return start ? SmallVector<Operation *>{start, op} : SmallVector<Operation *>{op};
  }
};

/// A function that does what its nests do.
struct Kernel {
  func::FuncOp function;
  SmallVector<Nest> nests;
};

class KernelOutliner {
public:
  explicit KernelOutliner(func::FuncOp entry)
      : entry(entry), options(entry.getContext()), converter(entry.getContext(), options),
        builder(entry.getContext()) {}

  void run() {
    SmallVector<Nest> nests = findNests();
    // What few others resemble needs no function to find that out.
    DenseMap<size_t, size_t> alike;
    SmallVector<size_t> hashes;
    for (const Nest &nest : nests)
      ++alike[hashes.emplace_back(nest.hash())];
    SmallVector<Kernel> kernels;
    DenseMap<size_t, SmallVector<size_t>> similar; // Kernels by the hash of their nests.
    for (auto [nest, hash] : llvm::zip_equal(nests, hashes)) {
      if (alike[hash] < nest.minTimes())
        continue;
      func::FuncOp function = createFunction(nest, kernels.size());
      auto *equal =
          llvm::find_if(similar[hash], [&](size_t i) { return areEqual(kernels[i].function, function); });
      if (equal == similar[hash].end()) {
        similar[hash].push_back(kernels.size());
        kernels.push_back({function, {nest}});
        continue;
      }
      function.erase();
      kernels[*equal].nests.push_back(nest);
    }
    for (Kernel &kernel : kernels) {
      if (kernel.nests.size() < kernel.nests.front().minTimes()) {
        kernel.function.erase();
        continue;
      }
      for (const Nest &nest : kernel.nests)
        replaceByCall(nest, kernel.function);
    }
  }

private:
  /// All nests, each with its start directly before it.
  SmallVector<Nest> findNests() {
    DenseMap<Operation *, linalg::FillOp> starts;
    SmallVector<linalg::LinalgOp> ops;
    entry.walk([&](linalg::LinalgOp op) {
      if (!op.hasPureBufferSemantics())
        return;
      ops.push_back(op);
      if (auto fill = dyn_cast<linalg::FillOp>(op.getOperation()))
        if (linalg::LinalgOp sums = findSumsOnto(fill))
          starts[sums] = fill;
    });
    for (auto [op, start] : starts)
      start->moveBefore(op);
    DenseSet<Operation *> isStart;
    for (linalg::FillOp start : llvm::make_second_range(starts))
      isStart.insert(start);
    SmallVector<Nest> nests;
    for (linalg::LinalgOp op : ops)
      if (!isStart.contains(op))
        nests.push_back({starts.lookup(op), op});
    return nests;
  }

  /// What the nest uses from outside, but constants.
  static SetVector<Value> collectUsed(const Nest &nest, bool constants) {
    SetVector<Value> used;
    auto insert = [&](Value value) {
      Operation *op = value.getDefiningOp();
      if ((op && op->hasTrait<OpTrait::ConstantLike>()) == constants)
        used.insert(value);
    };
    for (Operation *op : nest.ops()) {
      llvm::for_each(op->getOperands(), insert);
      SetVector<Value> inside;
      getUsedValuesDefinedAbove(op->getRegions(), inside);
      llvm::for_each(inside, insert);
    }
    return used;
  }

  func::FuncOp createFunction(const Nest &nest, size_t number) {
    Captures captures(converter, collectUsed(nest, /*constants=*/false).getArrayRef());
    builder.setInsertionPoint(entry);
    auto function =
        func::FuncOp::create(builder, nest.op->getLoc(), (entry.getName() + "_kernel_" + Twine(number)).str(),
                             builder.getFunctionType(captures.types(), {}));
    function.setPrivate();
    builder.setInsertionPointToStart(function.addEntryBlock());
    IRMapping map;
    captures.compose(builder, function, /*first=*/0, /*movable=*/true, map);
    for (Value constant : collectUsed(nest, /*constants=*/true))
      builder.clone(*constant.getDefiningOp(), map);
    for (Operation *op : nest.ops())
      builder.clone(*op, map);
    func::ReturnOp::create(builder, function.getLoc());
    return function;
  }

  void replaceByCall(const Nest &nest, func::FuncOp kernel) {
    Captures captures(converter, collectUsed(nest, /*constants=*/false).getArrayRef());
    builder.setInsertionPoint(nest.op);
    Location loc = nest.op->getLoc();
    func::CallOp::create(builder, loc, kernel, captures.decompose(builder, loc));
    for (Operation *op : nest.ops())
      op->erase();
  }

  func::FuncOp entry;
  LowerToLLVMOptions options;
  LLVMTypeConverter converter;
  OpBuilder builder;
};

struct OutlineKernels : costate::impl::OutlineKernelsBase<OutlineKernels> {
  void runOnOperation() override {
    for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (!function.isExternal())
        KernelOutliner(function).run();
  }
};

} // namespace
