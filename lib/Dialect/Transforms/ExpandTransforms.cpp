//===- ExpandTransforms.cpp - Replaces declared derivatives by functions ----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "CustomDerivative.h"
#include "LargeCalls.h"
#include "costate/Dialect/IR/BatchingInterface.h"
#include "costate/Dialect/IR/TensorSize.h"
#include "costate/Dialect/Transforms/Passes.h"
#include "costate/Differentiation/Differentiation.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace costate;

namespace costate {
#define GEN_PASS_DEF_EXPANDTRANSFORMS
#include "costate/Dialect/Transforms/Passes.h.inc"
} // namespace costate

/// How many derivatives may be taken of one another. Code doubles with each.
static constexpr unsigned maxDepth = 16;

namespace {
struct ExpandTransforms : costate::impl::ExpandTransformsBase<ExpandTransforms> {
  using ExpandTransformsBase::ExpandTransformsBase;
  void runOnOperation() override;

private:
  /// Makes `symbol` a function, after everything that it depends on.
  LogicalResult resolve(StringAttr symbol);
  LogicalResult resolveFunction(func::FuncOp function);
  LogicalResult expand(DeriveOp derive);

  llvm::SetVector<StringAttr> open;    // the symbols being resolved, outermost first
  DenseMap<StringAttr, unsigned> done; // with how many derivatives are taken of one another in it
  unsigned depth = 0;                  // The same, of what is being resolved.
};
} // namespace

static FailureOr<func::FuncOp> create(DeriveOp derive, func::FuncOp source, StringRef name,
                                      SeedCount &count) {
  ArrayRef<int64_t> wrt = derive.getWrt();
  auto *batching = derive->getDialect()->getRegisteredInterface<BatchingInterface>();
  auto batch = [&](func::FuncOp function, const BitVector &varying, int64_t lanes) {
    return batching->batchFunction(function, varying, lanes);
  };
  switch (derive.getKind()) {
  case TransformKind::jvp:
    return createJvp(source, wrt, name);
  case TransformKind::vjp:
    return createVjp(source, wrt, name);
  case TransformKind::gradient:
    return createGradient(source, wrt, name);
  case TransformKind::jacobian:
    return createJacobian(source, wrt, name, batch, &count);
  case TransformKind::hessian:
    return createHessian(source, wrt, name, batch, &count);
  case TransformKind::hvp:
    return createHvp(source, wrt, name);
  case TransformKind::transpose:
    return createTranspose(source, wrt, name);
  case TransformKind::gram:
    return batching->createGram(derive, source);
  case TransformKind::jet: {
    auto integer = [](Attribute element) { return cast<IntegerAttr>(element).getInt(); };
    SmallVector<ArgumentComponent> variables;
    for (auto variable : derive.getVariablesAttr().getAsRange<ArrayAttr>())
      variables.push_back({integer(variable[0]), integer(variable[1])});
    SmallVector<SmallVector<unsigned>> indices;
    for (auto index : derive.getIndicesAttr().getAsRange<ArrayAttr>())
      indices.push_back(
          llvm::map_to_vector<6>(index, [&](Attribute element) -> unsigned { return integer(element); }));
    SmallVector<SmallVector<double>> weights;
    if (derive.getWeightsAttr())
      for (auto row : derive.getWeightsAttr().getAsRange<ArrayAttr>())
        weights.push_back(llvm::map_to_vector<6>(
            row, [](Attribute element) { return cast<FloatAttr>(element).getValueAsDouble(); }));
    return createJet(source, variables, indices, weights, name);
  }
  }
  llvm_unreachable("every kind is handled");
}

/// Components of tensors of known shape.
static int64_t countComponents(TypeRange types) {
  int64_t count = 0;
  for (Type type : types) {
    auto shaped = dyn_cast<ShapedType>(type);
    if (isa<FloatType>(getElementTypeOrSelf(type)) && (!shaped || shaped.hasStaticShape()))
      count += shaped ? shaped.getNumElements() : 1;
  }
  return count;
}

/// A matrix of derivatives is a tensor.
static LogicalResult checkMatrix(DeriveOp derive, func::FuncOp source) {
  int64_t samples = derive.getSamples().value_or(1), rows = countComponents(source.getResultTypes());
  SmallVector<Type> wrt;
  for (int64_t index : derive.getWrt())
    if (index < source.getNumArguments())
      wrt.push_back(source.getArgumentTypes()[index]);
  int64_t columns = countComponents(wrt);
  switch (derive.getKind()) {
  case TransformKind::jacobian:
    break;
  case TransformKind::hessian:
    rows = columns;
    break;
  case TransformKind::gram:
    columns = rows;
    break;
  default:
    return success();
  }
  if (!isAddressable({rows, samples, columns, derive.getKind() == TransformKind::gram ? samples : 1}))
    return derive.emitOpError() << "makes a matrix of " << rows << " rows and " << columns
                                << " columns for each sample, but " << kNotAddressable;
  return success();
}

LogicalResult ExpandTransforms::expand(DeriveOp derive) {
  Operation *source = SymbolTable::lookupNearestSymbolFrom(derive, derive.getSourceAttr());
  auto function = dyn_cast_or_null<func::FuncOp>(source);
  if (!function)
    return derive.emitOpError() << "derives from " << derive.getSourceAttr() << ", which is not a function";
  if (failed(checkMatrix(derive, function)))
    return failure();
  // The declaration gives its name away, and stays until the function is there.
  StringAttr name = derive.getSymNameAttr();
  // The derivative of a function whose derivative is stated is that of a call of it.
  func::FuncOp wrapper = wrapCustom(function);
  if (wrapper && failed(resolveFunction(wrapper))) {
    wrapper.erase();
    return failure();
  }
  if (derive.getKind() == TransformKind::transpose)
    unmarkLargeCalls(wrapper ? wrapper : function);
  else
    markLargeCalls(wrapper ? wrapper : function);
  SeedCount count{};
  FailureOr<func::FuncOp> derived = create(derive, wrapper ? wrapper : function, name, count);
  if (wrapper)
    wrapper.erase();
  if (failed(derived))
    return failure();
  if (count.rows > 0)
    remark::analysis(derive.getLoc(), remark::RemarkOpts::name("derive").category("seeds"))
        << ("takes " + Twine(count.seeds) + (count.forwards ? " tangents" : " cotangents") + " for " +
            Twine(count.rows) + " rows and " + Twine(count.columns) + " columns")
               .str();
  derived->getOperation()->moveBefore(derive);
  derive.erase();
  return resolveFunction(*derived);
}

LogicalResult ExpandTransforms::resolveFunction(func::FuncOp function) {
  SmallVector<CallOp> calls;
  function.walk([&](CallOp call) { calls.push_back(call); });
  for (CallOp call : calls) {
    if (failed(resolve(call.getCalleeAttr().getAttr())))
      return failure();
    auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr());
    if (!callee)
      return call.emitOpError() << "calls " << call.getCalleeAttr() << ", which is not a function";
    if (callee.getArgumentTypes() != call.getOperandTypes() ||
        callee.getResultTypes() != call.getResultTypes()) {
      InFlightDiagnostic error =
          call.emitOpError() << "has type "
                             << FunctionType::get(&getContext(), call.getOperandTypes(),
                                                  call.getResultTypes())
                             << ", but " << call.getCalleeAttr() << " has type " << callee.getFunctionType();
      error.attachNote(callee.getLoc()) << call.getCalleeAttr() << " is defined here";
      return error;
    }
    OpBuilder builder(call);
    auto replacement = func::CallOp::create(builder, call.getLoc(), callee, call.getOperands());
    call.replaceAllUsesWith(replacement.getResults());
    call.erase();
  }
  // What is called has to be complete before it is inlined into a derivative, and so what is stated for it.
  WalkResult custom = function.walk([&](CustomCallOp call) {
    FlatSymbolRefAttr derivative = call.getJvpAttr() ? call.getJvpAttr() : call.getVjpAttr();
    bool isFailed = failed(resolve(call.getCalleeAttr().getAttr())) ||
                    (derivative && failed(resolve(derivative.getAttr())));
    return isFailed ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (custom.wasInterrupted())
    return failure();
  WalkResult result = function.walk([&](func::CallOp call) {
    return failed(resolve(call.getCalleeAttr().getAttr())) ? WalkResult::interrupt() : WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult ExpandTransforms::resolve(StringAttr symbol) {
  if (auto known = done.find(symbol); known != done.end()) {
    depth = std::max(depth, known->second);
    return success();
  }
  Operation *op = SymbolTable::lookupSymbolIn(getOperation(), symbol);
  if (open.contains(symbol)) {
    // Functions may call themselves; a derivative that is needed for itself cannot be made.
    auto cycle = llvm::make_range(llvm::find(open, symbol), open.end());
    for (StringAttr member : cycle)
      if (auto derive = dyn_cast<DeriveOp>(SymbolTable::lookupSymbolIn(getOperation(), member)))
        return derive.emitOpError() << "depends on itself";
    return success();
  }
  open.insert(symbol);
  unsigned depthBefore = std::exchange(depth, 0);
  LogicalResult result = success();
  if (auto derive = dyn_cast_or_null<DeriveOp>(op)) {
    result = resolve(derive.getSourceAttr().getAttr());
    if (succeeded(result) && ++depth > maxDepth)
      result = derive.emitOpError() << "is the last of " << depth << " derivatives, each of the one before; "
                                    << maxDepth << " is the most";
    if (succeeded(result))
      result = expand(derive);
  } else if (auto function = dyn_cast_or_null<func::FuncOp>(op)) {
    result = resolveFunction(function);
  }
  open.pop_back();
  done[symbol] = depth;
  depth = std::max(depth, depthBefore);
  return result;
}

void ExpandTransforms::runOnOperation() {
  if (memoryLimit > 0)
    getOperation()->setAttr(kMemoryLimitAttr, Builder(&getContext()).getI64IntegerAttr(memoryLimit));
  markCustomCalls(getOperation());
  SmallVector<StringAttr> symbols;
  for (Operation &op : *getOperation().getBody())
    if (isa<DeriveOp, func::FuncOp>(op))
      symbols.push_back(SymbolTable::getSymbolName(&op));
  for (StringAttr symbol : symbols)
    if (failed(resolve(symbol)))
      return signalPassFailure();
  if (failed(checkPushforwards(getOperation())))
    return signalPassFailure();
  resolveCustomCalls(getOperation());
  keepLargeCalls(getOperation());
}
