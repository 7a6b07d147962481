//===- LowerNetworks.cpp - Networks and residuals as functions of one point -------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/Transforms/Passes.h"

#include "Activation.h"
#include "Layers.h"
#include "Padding.h"
#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Dialect/IR/ParameterLayout.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

#include <random>

namespace costate {
#define GEN_PASS_DEF_LOWERNETWORKSPASS
#include "costate/Dialect/Transforms/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {

class NetworkLowering {
public:
  explicit NetworkLowering(ModuleOp module) : module(module), builder(module.getContext()) {}

  LogicalResult run() {
    // Names are unique: those of networks and variables have no point, and a network checks its own.
    for (auto network : module.getOps<NetworkOp>())
      for (const DeclaredParameter &parameter : declaredParameters(network))
        declare(parameter.op, parameter.place, parameter.name, parameter.type, parameter.init);
    for (auto variable : module.getOps<VariableOp>())
      declareVariable(variable);
    SmallVector<FunctionOpInterface> functions;
    for (auto function : module.getOps<FunctionOpInterface>())
      if (isOfSource(function) && !function.isExternal())
        functions.push_back(function);
    if (failed(collectUses(functions)))
      return failure();
    for (FunctionOpInterface function : functions)
      lowerFunction(function);
    for (auto function : module.getOps<func::FuncOp>())
      recordInputs(function);
    for (auto variable : llvm::make_early_inc_range(module.getOps<VariableOp>()))
      variable.erase();
    layout.write(module);
    return success();
  }

private:
  /// Functions of other dialects have bodies of another kind.
  static bool isOfSource(Operation *op) { return isa<func::FuncOp, NetworkOp, ResidualOp>(op); }

  void declare(Operation *owner, unsigned slot, StringRef name, RankedTensorType type, DictionaryAttr init,
               ArrayAttr bounds = {}) {
    slots[{owner, slot}] = layout.parameters.size();
    layout.append(builder.getStringAttr(name), type, init, bounds);
  }

  void declareVariable(VariableOp variable) {
    ArrayAttr bounds;
    if (variable.getLowerAttr())
      bounds = builder.getArrayAttr({variable.getLowerAttr(), variable.getUpperAttr()});
    declare(variable, 0, variable.getSymName(), cast<RankedTensorType>(variable.getType()),
            variable.getInit().getDescriptor(1, 1), bounds);
  }

  /// What a function needs itself, and what it calls.
  void collectOwnUses(FunctionOpInterface function) {
    Use &use = uses[function.getOperation()];
    names[function.getName()] = function.getOperation();
    function.walk([&](Operation *op) {
      for (unsigned slot : {0u, 1u})
        if (auto own = slots.find({op, slot}); own != slots.end())
          use.needed.insert(own->second);
      StringRef callee;
      if (auto call = dyn_cast<CallOp>(op))
        callee = call.getCallee();
      else if (auto call = dyn_cast<func::CallOp>(op))
        callee = call.getCallee();
      else if (auto read = dyn_cast<ReadOp>(op))
        use.needed.insert(slots.at({module.lookupSymbol(read.getVariable()), 0u}));
      if (callee.empty())
        return;
      auto target = dyn_cast_or_null<FunctionOpInterface>(module.lookupSymbol(callee));
      if (target && isOfSource(target) && !target.isExternal())
        use.callees.insert(target);
    });
  }

  /// The parameters that each function needs, its own and those of what it calls, in θ's order. Functions may
  /// call themselves, but not what stands for a formula.
  LogicalResult collectUses(ArrayRef<FunctionOpInterface> functions) {
    for (FunctionOpInterface function : functions)
      collectOwnUses(function);
    for (FunctionOpInterface function : functions) {
      llvm::SetVector<Operation *> called;
      called.insert_range(uses[function.getOperation()].callees);
      for (size_t i = 0; i < called.size(); ++i)
        called.insert_range(uses[called[i]].callees);
      if (called.contains(function.getOperation()) && !isa<func::FuncOp>(function))
        return function.emitOpError()
               << "calls itself, directly or through another function; recursion cannot be "
                  "differentiated";
      llvm::SmallSetVector<unsigned, 16> needed = uses[function.getOperation()].needed;
      for (Operation *callee : called)
        needed.insert_range(uses[callee].needed);
      SmallVector<unsigned> &parameters = uses[function.getOperation()].parameters;
      parameters = needed.takeVector();
      llvm::sort(parameters);
    }
    return success();
  }

  void lowerFunction(FunctionOpInterface function) {
    const SmallVector<unsigned> &parameters = uses[function.getOperation()].parameters;
    bool ordinary = isa<func::FuncOp>(function);
    if (ordinary && parameters.empty())
      return rewriteBody(function.getFunctionBody().front(), parameters);
    SmallVector<Type> inputs;
    for (unsigned index : parameters)
      inputs.push_back(layout.parameters[index].type);
    llvm::append_range(inputs, function.getArgumentTypes());
    builder.setInsertionPoint(function);
    auto lowered = func::FuncOp::create(builder, function.getLoc(), function.getName(),
                                        builder.getFunctionType(inputs, function.getResultTypes()));
    lowered.setPrivate();
    if (isa<NetworkOp>(function))
      lowered->setAttr("costate.network", builder.getUnitAttr());
    lowered.getBody().takeBody(function.getFunctionBody());
    Block &block = lowered.getBody().front();
    for (auto [i, index] : llvm::enumerate(parameters)) {
      const ParameterLayout::Entry &entry = layout.parameters[index];
      block.insertArgument(i, entry.type, function.getLoc());
      lowered.setArgAttr(i, "costate.parameter",
                         builder.getDictionaryAttr({builder.getNamedAttr("name", entry.name),
                                                    builder.getNamedAttr("init", entry.init)}));
    }
    rewriteBody(block, parameters);
    function.erase();
  }

  /// The value in `block` of parameter `index`.
  static Value argumentOf(Block &block, ArrayRef<unsigned> parameters, unsigned index) {
    return block.getArgument(llvm::find(parameters, index) - parameters.begin());
  }

  void rewriteBody(Block &block, ArrayRef<unsigned> parameters) {
    SmallVector<Operation *> work;
    block.walk([&](Operation *op) { work.push_back(op); });
    for (Operation *op : work) {
      builder.setInsertionPoint(op);
      Location loc = op->getLoc();
      auto slot = [&](unsigned which) -> Value {
        auto it = slots.find({op, which});
        return it == slots.end() ? Value() : argumentOf(block, parameters, it->second);
      };
      SmallVector<Value> replacement(1);
      Value &value = replacement[0];
      if (auto dense = dyn_cast<DenseOp>(op))
        value = lowerDense(dense, slot(0), slot(1));
      else if (auto conv = dyn_cast<ConvOp>(op))
        value = createActivation(builder, loc, conv.getActivation(),
                                 lowerConvolution(builder, conv, slot(0), slot(1)));
      else if (auto pool = dyn_cast<PoolOp>(op))
        value = lowerPooling(builder, pool);
      else if (auto upsample = dyn_cast<UpsampleOp>(op))
        value = lowerUpsampling(builder, upsample);
      else if (auto norm = dyn_cast<BatchNormOp>(op))
        replacement = lowerBatchNorm(builder, norm, slot(0), slot(1));
      else if (auto fourier = dyn_cast<FourierOp>(op))
        value = lowerFourier(fourier, slot(0));
      else if (isa<ParameterOp>(op))
        value = slot(0);
      else if (auto read = dyn_cast<ReadOp>(op))
        value = argumentOf(block, parameters, slots.at({module.lookupSymbol(read.getVariable()), 0u}));
      else if (auto yield = dyn_cast<YieldOp>(op)) {
        if (op->getBlock() != &block)
          continue; // of an equation
        func::ReturnOp::create(builder, loc, yield.getValues());
        op->erase();
        continue;
      } else if (isa<CallOp, func::CallOp>(op)) {
        lowerCall(op, block, parameters);
        continue;
      } else
        continue;
      op->replaceAllUsesWith(replacement);
      op->erase();
    }
  }

  void lowerCall(Operation *op, Block &block, ArrayRef<unsigned> parameters) {
    StringRef callee = isa<CallOp>(op) ? cast<CallOp>(op).getCallee() : cast<func::CallOp>(op).getCallee();
    auto target = names.find(callee);
    SmallVector<Value> arguments;
    if (target != names.end())
      for (unsigned index : uses[target->second].parameters)
        arguments.push_back(argumentOf(block, parameters, index));
    if (isa<func::CallOp>(op) && arguments.empty())
      return;
    if (target == names.end())
      return;
    llvm::append_range(arguments, op->getOperands());
    auto call = func::CallOp::create(builder, op->getLoc(), callee, op->getResultTypes(), arguments);
    op->replaceAllUsesWith(call.getResults());
    op->erase();
  }

  static unsigned countParameters(func::FuncOp function) {
    unsigned count = 0;
    while (count < function.getNumArguments() && function.getArgAttr(count, "costate.parameter"))
      ++count;
    return count;
  }

  /// By network: the arguments of the function, without parameters, that are the network's inputs in a call
  /// that takes nothing else, here or in what is called.
  using Inputs = llvm::MapVector<StringAttr, SmallVector<int64_t>>;
  const Inputs &inputsOf(func::FuncOp function) {
    auto [known, isNew] = inputs.try_emplace(function);
    if (!isNew) // or one that calls itself
      return *known->second;
    Inputs &result = *(known->second = std::make_unique<Inputs>());
    if (function.isExternal())
      return result;
    Block *body = &function.getBody().front();
    int64_t parameters = countParameters(function);
    function.walk([&](func::CallOp call) {
      auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
      if (!callee)
        return;
      auto add = [&](StringAttr network, auto positions) {
        SmallVector<int64_t> arguments;
        for (int64_t position : positions) {
          auto argument = dyn_cast<BlockArgument>(call.getOperand(countParameters(callee) + position));
          if (!argument || argument.getOwner() != body || argument.getArgNumber() < parameters)
            return;
          arguments.push_back(argument.getArgNumber() - parameters);
        }
        result.insert({network, arguments});
      };
      if (callee->hasAttr("costate.network"))
        add(callee.getNameAttr(), llvm::seq<int64_t>(0, callee.getNumArguments() - countParameters(callee)));
      for (auto &[network, positions] : inputsOf(callee))
        add(network, ArrayRef<int64_t>(positions));
    });
    return result;
  }

  /// Derivatives take the place of calls: what a residual gives a network is said beside it.
  void recordInputs(func::FuncOp function) {
    const Inputs &found = inputsOf(function);
    if (found.empty() || function->hasAttr("costate.network"))
      return;
    SmallVector<NamedAttribute> entries;
    for (auto &[network, arguments] : found)
      entries.emplace_back(network, builder.getDenseI64ArrayAttr(arguments));
    function->setAttr("costate.network_inputs", builder.getDictionaryAttr(entries));
  }

  /// W x + b as a contraction that begins with b.
  Value linearMap(Location loc, Value weight, Value input, Value initial) {
    MLIRContext *context = builder.getContext();
    AffineExpr o = getAffineDimExpr(0, context), i = getAffineDimExpr(1, context);
    auto map = [&](ArrayRef<AffineExpr> results) { return AffineMap::get(2, 0, results, context); };
    return linalg::ContractOp::create(builder, loc, TypeRange(initial.getType()), ValueRange{weight, input},
                                      initial,
                                      builder.getAffineMapArrayAttr({map({o, i}), map({i}), map({o})}))
        .getResult(0);
  }

  Value lowerDense(DenseOp dense, Value weight, Value bias) {
    Location loc = dense.getLoc();
    if (!bias)
      bias = zeroFilled(builder, loc, cast<RankedTensorType>(dense.getResult().getType()));
    Value z = linearMap(loc, weight, dense.getInput(), bias);
    return createActivation(builder, loc, dense.getActivation(), z);
  }

  Value lowerFourier(FourierOp fourier, Value frequencies) {
    Location loc = fourier.getLoc();
    auto input = cast<RankedTensorType>(fourier.getInput().getType());
    int64_t features = fourier.getFeatures(), extent = input.getNumElements();
    Type element = input.getElementType();
    auto matrix = RankedTensorType::get({features, extent}, element);
    constexpr double twoPi = 6.28318530717958647692;
    if (!frequencies) {
      // Drawn here, once: the same features for every run of the program. By Box and Muller, since the normal
      // distribution of the C++ library may be another one elsewhere.
      std::mt19937_64 generator(fourier.getSeed());
      auto uniform = [&] { return static_cast<double>(generator() >> 11) * 0x1p-53; };
      double scale = fourier.getScale().convertToDouble();
      SmallVector<Attribute> values;
      for (int64_t i = 0; i != features * extent; ++i) {
        double radius = std::sqrt(-2 * std::log1p(-uniform())), turn = uniform();
        values.push_back(builder.getFloatAttr(element, twoPi * scale * radius * std::cos(twoPi * turn)));
      }
      frequencies = arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(matrix, values));
    } else {
      Value factor = arith::ConstantOp::create(
          builder, loc, DenseElementsAttr::get(matrix, builder.getFloatAttr(element, twoPi)));
      frequencies = arith::MulFOp::create(builder, loc, factor, frequencies);
    }
    Value phase = linearMap(loc, frequencies, fourier.getInput(),
                            zeroFilled(builder, loc, RankedTensorType::get({features}, element)));
    Value cosines = math::CosOp::create(builder, loc, phase),
          sines = math::SinOp::create(builder, loc, phase);
    return tensor::ConcatOp::create(builder, loc, /*dim=*/0, ValueRange{cosines, sines});
  }

  struct Use {
    llvm::SmallSetVector<unsigned, 16> needed; // by the function itself
    llvm::SetVector<Operation *> callees;
    SmallVector<unsigned> parameters; // by what it calls, too
  };
  ModuleOp module;
  OpBuilder builder;
  ParameterLayout layout;
  /// Which parameter an op declares, and in which of its places.
  DenseMap<std::pair<Operation *, unsigned>, unsigned> slots;
  std::map<Operation *, Use> uses;
  llvm::DenseMap<Operation *, std::unique_ptr<Inputs>> inputs;
  llvm::StringMap<Operation *> names;
};

struct LowerNetworks : costate::impl::LowerNetworksPassBase<LowerNetworks> {
  void runOnOperation() override {
    if (failed(NetworkLowering(getOperation()).run()))
      signalPassFailure();
  }
};

} // namespace
