//===- CustomDerivative.cpp - Calls of functions whose derivative is stated -------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "CustomDerivative.h"
#include "LargeCalls.h"

#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Dialect/Transforms/Registration.h"
#include "costate/Differentiation/CustomDerivative.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace costate;

//===----------------------------------------------------------------------===//
// What differentiation asks
//===----------------------------------------------------------------------===//

/// `values`, with zeros where one is null, of `types`.
static FailureOr<SmallVector<Value>> withZeros(OpBuilder &builder, Operation *op, ArrayRef<Value> values,
                                               TypeRange types) {
  SmallVector<Value> filled(values);
  for (auto [value, type] : llvm::zip_equal(filled, types)) {
    if (value)
      continue;
    if (auto shaped = dyn_cast<ShapedType>(type); shaped && !shaped.hasStaticShape())
      return op->emitOpError() << "has a derivative by or of a " << type
                               << " that is zero, but whose extents are not known";
    value = arith::ConstantOp::create(builder, op->getLoc(), builder.getZeroAttr(type));
  }
  return filled;
}

/// The last `count` results of the function called `name`.
static FailureOr<SmallVector<Value>> inlineLast(Operation *op, OpBuilder &builder, FlatSymbolRefAttr name,
                                                ValueRange arguments, size_t count) {
  auto function = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, name);
  if (!function)
    return op->emitOpError() << "names " << name << ", which is not a function of this module";
  FailureOr<SmallVector<Value>> results = inlineDifferentiable(builder, function, arguments);
  if (failed(results))
    return failure();
  return SmallVector<Value>(ArrayRef<Value>(*results).take_back(count));
}

namespace {
struct CustomCallModel : CustomDerivativeInterface::ExternalModel<CustomCallModel, CustomCallOp> {
  FailureOr<SmallVector<Value>> linearize(Operation *op, OpBuilder &builder, ArrayRef<Value> tangents) const {
    auto call = cast<CustomCallOp>(op);
    if (!call.getJvpAttr() && !call.getVjpAttr())
      return linearizeLargeCall(call, builder, tangents);
    FailureOr<SmallVector<Value>> filled = withZeros(builder, op, tangents, op->getOperandTypes());
    if (failed(filled))
      return failure();
    if (call.getVjpAttr()) {
      auto push = PushforwardOp::create(builder, op->getLoc(), op->getResultTypes(), call.getVjpAttr(),
                                        op->getOperands(), *filled);
      return SmallVector<Value>(push.getResults());
    }
    SmallVector<Value> arguments(op->getOperands());
    llvm::append_range(arguments, *filled);
    return inlineLast(op, builder, call.getJvpAttr(), arguments, op->getNumResults());
  }
  std::optional<unsigned> getFirstTangent(Operation *op) const {
    return firstTangentOf(cast<CustomCallOp>(op));
  }
  FailureOr<SmallVector<Value>> transpose(Operation *op, OpBuilder &builder,
                                          ArrayRef<Value> cotangents) const {
    return transposeLargeCall(cast<CustomCallOp>(op), builder, cotangents);
  }
};

LogicalResult refuseForward(PushforwardOp push) {
  return push.emitOpError() << "is a derivative forwards of what has a vjp only, " << push.getVjpAttr();
}

struct PushforwardModel : CustomDerivativeInterface::ExternalModel<PushforwardModel, PushforwardOp> {
  std::optional<unsigned> getFirstTangent(Operation *op) const {
    return cast<PushforwardOp>(op).getPrimals().size();
  }
  FailureOr<SmallVector<Value>> linearize(Operation *op, OpBuilder &, ArrayRef<Value>) const {
    return refuseForward(cast<PushforwardOp>(op));
  }
  FailureOr<SmallVector<Value>> transpose(Operation *op, OpBuilder &builder,
                                          ArrayRef<Value> cotangents) const {
    auto push = cast<PushforwardOp>(op);
    SmallVector<Value> arguments(push.getPrimals());
    FailureOr<SmallVector<Value>> filled = withZeros(builder, op, cotangents, op->getResultTypes());
    if (failed(filled))
      return failure();
    llvm::append_range(arguments, *filled);
    return inlineLast(op, builder, push.getVjpAttr(), arguments, push.getTangents().size());
  }
};
} // namespace

void costate::registerCustomDerivatives(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, CostateDialect *) {
    CustomCallOp::attachInterface<CustomCallModel>(*context);
    PushforwardOp::attachInterface<PushforwardModel>(*context);
  });
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

void costate::markCustomCalls(ModuleOp module) {
  DenseMap<StringAttr, CustomDerivativeOp> stated;
  for (auto statement : module.getOps<CustomDerivativeOp>())
    stated[statement.getFunctionAttr().getAttr()] = statement;
  if (stated.empty())
    return;
  module.walk([&](Operation *op) {
    FlatSymbolRefAttr callee;
    if (auto call = dyn_cast<func::CallOp>(op))
      callee = call.getCalleeAttr();
    else if (auto call = dyn_cast<CallOp>(op))
      callee = call.getCalleeAttr();
    auto statement = callee ? stated.find(callee.getAttr()) : stated.end();
    if (statement == stated.end())
      return;
    OpBuilder builder(op);
    auto call = CustomCallOp::create(builder, op->getLoc(), op->getResultTypes(), callee, op->getOperands(),
                                     statement->second.getJvpAttr(), statement->second.getVjpAttr());
    op->replaceAllUsesWith(call);
    op->erase();
  });
}

std::string costate::unusedSymbol(Operation *op, StringRef name) {
  std::string symbol = name.str();
  for (unsigned number = 1;
       SymbolTable::lookupNearestSymbolFrom(op, StringAttr::get(op->getContext(), symbol)); ++number)
    symbol = (name + "_" + Twine(number)).str();
  return symbol;
}

func::FuncOp costate::wrapCustom(func::FuncOp function) {
  auto module = function->getParentOfType<ModuleOp>();
  for (auto statement : module.getOps<CustomDerivativeOp>()) {
    if (statement.getFunction() != function.getName())
      continue;
    OpBuilder builder(function->getContext());
    builder.setInsertionPointAfter(function);
    auto wrapper = func::FuncOp::create(builder, function.getLoc(), unusedSymbol(function, "costate_wrapped"),
                                        function.getFunctionType());
    wrapper.setPrivate();
    Block *body = wrapper.addEntryBlock();
    builder.setInsertionPointToEnd(body);
    auto call = CustomCallOp::create(builder, function.getLoc(), function.getResultTypes(),
                                     statement.getFunctionAttr(), body->getArguments(),
                                     statement.getJvpAttr(), statement.getVjpAttr());
    func::ReturnOp::create(builder, function.getLoc(), call.getResults());
    return wrapper;
  }
  return {};
}

LogicalResult costate::checkPushforwards(ModuleOp module) {
  bool failed = false;
  module.walk([&](PushforwardOp push) { failed |= mlir::failed(refuseForward(push)); });
  return failure(failed);
}

func::CallOp costate::makePlainCall(CustomCallOp call) {
  OpBuilder builder(call);
  auto plain = func::CallOp::create(builder, call.getLoc(), call.getCalleeAttr(), call.getResultTypes(),
                                    call.getOperands());
  call.replaceAllUsesWith(plain);
  call.erase();
  return plain;
}

void costate::resolveCustomCalls(ModuleOp module) {
  module.walk([](CustomCallOp call) { makePlainCall(call); });
  for (auto statement : llvm::make_early_inc_range(module.getOps<CustomDerivativeOp>()))
    statement.erase();
}
