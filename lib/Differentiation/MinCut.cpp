//===- MinCut.cpp - Where a function of many parameters is narrowest --------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Differentiation/MinCut.h"
#include "costate/Differentiation/Passes.h"

#include "FlowNetwork.h"
#include "Prepare.h"
#include "VerifyTangents.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace costate {
#define GEN_PASS_DEF_SPLITATMINCUTPASS
#include "costate/Differentiation/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

static constexpr int64_t infinity = FlowNetwork::infinity;

/// The number of elements of a value that can be cut, else infinity.
static int64_t capacityOf(Value value) {
  Type type = value.getType();
  if (auto shaped = dyn_cast<RankedTensorType>(type))
    return shaped.hasStaticShape() && isa<FloatType>(shaped.getElementType()) ? shaped.getNumElements()
                                                                              : infinity;
  return isa<FloatType>(type) ? 1 : infinity;
}

/// What `op` reads, in its regions too.
static llvm::SetVector<Value> readBy(Operation *op) {
  llvm::SetVector<Value> values(op->operand_begin(), op->operand_end());
  getUsedValuesDefinedAbove(op->getRegions(), values);
  return values;
}

static LogicalResult checkFunction(func::FuncOp function, ArrayRef<unsigned> params) {
  if (!function.getBody().hasOneBlock())
    return function.emitError() << "cannot be split: found " << function.getBody().getBlocks().size()
                                << " blocks, required one";
  for (Operation &op : function.getBody().front())
    if (Operation *write = findWrite(op))
      return write->emitOpError() << "writes memory, and a function that does so cannot be split";
  for (unsigned param : params)
    if (param >= function.getNumArguments())
      return function.emitError() << "cannot be split: found parameter " << param << ", required less than "
                                  << function.getNumArguments();
  return success();
}

FailureOr<MinCut> costate::findMinCut(func::FuncOp function, ArrayRef<unsigned> params) {
  if (failed(checkFunction(function, params)))
    return failure();
  Block &block = function.getBody().front();
  FlowNetwork network;
  unsigned source = network.addNode(), sink = network.addNode();

  // Each value that depends on a parameter is two nodes, and the edge between them is what a cut pays for it.
  llvm::MapVector<Value, unsigned> entry; // The exit is entry + 1.
  auto addValue = [&](Value value, int64_t capacity) {
    unsigned node = network.addNode();
    network.addNode();
    network.addEdge(node, node + 1, capacity);
    entry.insert({value, node});
  };
  Operation *terminator = block.getTerminator();
  for (BlockArgument argument : block.getArguments())
    if (llvm::is_contained(params, argument.getArgNumber())) {
      bool returned = llvm::is_contained(terminator->getOperands(), Value(argument));
      addValue(argument, returned ? capacityOf(argument) : infinity);
      network.addEdge(source, entry[argument], infinity);
    }
  for (Operation &op : block) {
    SmallVector<unsigned> sources;
    for (Value value : readBy(&op))
      if (auto *it = entry.find(value); it != entry.end())
        sources.push_back(it->second + 1);
    if (sources.empty())
      continue;
    if (&op == terminator) {
      for (unsigned node : sources)
        network.addEdge(node, sink, infinity);
      continue;
    }
    for (Value result : op.getResults()) {
      addValue(result, capacityOf(result));
      for (unsigned node : sources)
        network.addEdge(node, entry[result], infinity);
    }
  }

  MinCut cut;
  cut.width = network.maximize(source, sink);
  if (cut.width >= infinity)
    return function.emitError()
           << "has no cut between its parameters and its results: on some path every value is a "
              "parameter, an integer or of dynamic shape";
  llvm::BitVector reaching = network.reaching(sink);
  for (auto [value, node] : entry)
    if (!reaching.test(node) && reaching.test(node + 1))
      cut.values.push_back(value);
  return cut;
}

/// A private function that computes `results` from `inputs`, all that they need cloned from `function`.
static func::FuncOp extractFunction(func::FuncOp function, StringRef name, ArrayRef<Value> inputs,
                                    ArrayRef<Value> results) {
  Block &block = function.getBody().front();
  llvm::SetVector<Value> given(inputs.begin(), inputs.end());
  llvm::DenseSet<Operation *> needed;
  SmallVector<Value> stack(results);
  while (!stack.empty()) {
    Value value = stack.pop_back_val();
    Operation *op = value.getDefiningOp();
    if (!op || given.contains(value) || !needed.insert(op).second)
      continue;
    llvm::append_range(stack, readBy(op));
  }

  SmallVector<Type> inputTypes, resultTypes;
  for (Value value : inputs)
    inputTypes.push_back(value.getType());
  for (Value value : results)
    resultTypes.push_back(value.getType());
  OpBuilder builder(function);
  builder.setInsertionPointAfter(function);
  auto extracted = func::FuncOp::create(builder, function.getLoc(), name,
                                        builder.getFunctionType(inputTypes, resultTypes));
  extracted.setPrivate();
  builder.setInsertionPointToStart(extracted.addEntryBlock());
  IRMapping mapping;
  // A value given twice, as a cut and as an argument, is taken from its first place.
  for (auto [value, argument] : llvm::reverse(llvm::zip_equal(inputs, extracted.getArguments())))
    mapping.map(value, argument);
  for (Operation &op : block) {
    if (!needed.contains(&op))
      continue;
    Operation *clone = builder.clone(op, mapping);
    // Of an op with several results some may be given.
    for (auto [result, cloned] : llvm::zip_equal(op.getResults(), clone->getResults()))
      if (!given.contains(result))
        mapping.map(result, cloned);
    for (auto [value, argument] : llvm::reverse(llvm::zip_equal(inputs, extracted.getArguments())))
      mapping.map(value, argument);
  }
  SmallVector<Value> mapped;
  for (Value value : results)
    mapped.push_back(mapping.lookup(value));
  func::ReturnOp::create(builder, function.getLoc(), mapped);
  return extracted;
}

static FailureOr<SplitFunctions> splitInlined(func::FuncOp function, ArrayRef<unsigned> params,
                                              StringRef headName, StringRef tailName) {
  FailureOr<MinCut> cut = findMinCut(function, params);
  if (failed(cut))
    return failure();
  Block &block = function.getBody().front();
  SmallVector<Value> arguments(block.getArguments().begin(), block.getArguments().end());
  SmallVector<Value> tailInputs(cut->values);
  llvm::append_range(tailInputs, arguments);
  SmallVector<Value> results(block.getTerminator()->getOperands());
  func::FuncOp tail = extractFunction(function, tailName, tailInputs, results);
  func::FuncOp head = extractFunction(function, headName, arguments, cut->values);
  return SplitFunctions{head, tail, cut->width};
}

FailureOr<SplitFunctions> costate::splitAtMinCut(func::FuncOp function, ArrayRef<unsigned> params,
                                                 StringRef headName, StringRef tailName) {
  // A call hides what passes through it, and two calls of one network hide that they compute the same.
  bool calls = function.walk([](func::CallOp) { return WalkResult::interrupt(); }).wasInterrupted();
  if (!calls)
    return splitInlined(function, params, headName, tailName);
  FailureOr<func::FuncOp> inlined = prepare(function, {}, (headName + "_inlined").str());
  if (failed(inlined))
    return failure();
  FailureOr<SplitFunctions> split = failure();
  func::CallOp opaque;
  inlined->walk([&](func::CallOp call) { opaque = call; });
  if (opaque)
    opaque.emitOpError() << "cannot be split: found a call of @" << opaque.getCallee()
                         << ", required a function with a body of one block that does not call itself";
  else
    split = splitInlined(*inlined, params, headName, tailName);
  inlined->erase();
  return split;
}

namespace {
struct SplitAtMinCut : costate::impl::SplitAtMinCutPassBase<SplitAtMinCut> {
  using SplitAtMinCutPassBase::SplitAtMinCutPassBase;

  void runOnOperation() override {
    if (this->function.empty() || params.empty()) {
      getOperation().emitError() << "cannot be split: costate-split-at-min-cut requires the option "
                                 << (this->function.empty()
                                         ? "function=NAME, the function to split"
                                         : "params=N,..., its arguments that are parameters");
      return signalPassFailure();
    }
    auto function = getOperation().lookupSymbol<func::FuncOp>(this->function);
    if (!function || function.isDeclaration()) {
      getOperation().emitError() << "has no function '" << this->function << "' to split";
      return signalPassFailure();
    }
    std::string name = function.getSymName().str();
    FailureOr<SplitFunctions> split =
        splitAtMinCut(function, llvm::to_vector(params), name + "_head", name + "_tail");
    if (failed(split))
      return signalPassFailure();
    if (printWidth)
      function.emitRemark() << "split at a cut of " << split->width << " element(s)";
  }
};
} // namespace
