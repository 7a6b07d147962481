//===- LargeCalls.cpp - Calls that stay calls -------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "LargeCalls.h"

#include "costate/Differentiation/Differentiation.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace costate;

/// On the way through one derivative, of a call: the first of the operands in which it is linear.
static constexpr llvm::StringLiteral kFirstTangentAttr = "costate.first_tangent";

static bool isDifferentiable(Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); }

//===----------------------------------------------------------------------===//
// Which calls stay
//===----------------------------------------------------------------------===//

/// Ops of a function that is large.
static constexpr int64_t kLarge = 256;

static func::FuncOp calleeOf(Operation *op) {
  SymbolRefAttr callee;
  if (auto call = dyn_cast<func::CallOp>(op))
    callee = call.getCalleeAttr();
  auto function = callee ? SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, callee) : func::FuncOp();
  return function && !function.isExternal() && function.getBody().hasOneBlock() ? function : func::FuncOp();
}

namespace {
/// The functions whose calls are to stay, of all that some functions call.
class LargeFunctions {
public:
  explicit LargeFunctions(ArrayRef<func::FuncOp> roots) {
    for (func::FuncOp root : roots)
      visit(root);
    for (Operation *function : order)
      if (sizes[function] = sizeOf(function); sizes[function] >= kLarge && sites.lookup(function) > 1)
        kept.insert(function);
  }
  bool contains(func::FuncOp function) const { return kept.contains(function); }
  /// What is called comes first.
  ArrayRef<Operation *> visited() const { return order; }

private:
  void visit(func::FuncOp function) {
    if (!seen.insert(function).second)
      return;
    function.getBody().walk([&](Operation *op) {
      if (func::FuncOp callee = calleeOf(op)) {
        ++sites[callee];
        visit(callee);
      }
    });
    order.push_back(function);
  }

  /// The ops of a function with what is inlined into it, and its calls of what is not. One that calls itself
  /// is no source of a derivative.
  int64_t sizeOf(Operation *function) const {
    int64_t size = 0;
    function->walk([&](Operation *op) {
      func::FuncOp callee = calleeOf(op);
      size += callee && !kept.contains(callee) ? sizes.lookup(callee) : 1;
    });
    return size;
  }

  llvm::DenseMap<Operation *, int64_t> sizes, sites;
  llvm::DenseSet<Operation *> seen, kept;
  SmallVector<Operation *> order;
};
} // namespace

void costate::markLargeCalls(func::FuncOp function) {
  LargeFunctions large(function);
  for (Operation *caller : large.visited())
    caller->walk([&](func::CallOp call) {
      func::FuncOp callee = calleeOf(call);
      if (!callee || !large.contains(callee))
        return;
      OpBuilder builder(call);
      auto marked = CustomCallOp::create(builder, call.getLoc(), call.getResultTypes(), call.getCalleeAttr(),
                                         call.getOperands(), /*jvp=*/nullptr, /*vjp=*/nullptr);
      call.replaceAllUsesWith(marked);
      call.erase();
    });
}

void costate::keepLargeCalls(ModuleOp module) {
  // Of a program everything is inlined into its entries, which are batched and fused.
  WalkResult program = module.walk([](Operation *op) {
    return isa<ReduceSetOp, MapSetOp>(op) || op->hasAttr("costate.entry") ? WalkResult::interrupt()
                                                                          : WalkResult::advance();
  });
  if (program.wasInterrupted())
    return;
  auto functions = llvm::filter_to_vector(module.getOps<func::FuncOp>(),
                                          [](func::FuncOp function) { return !function.isExternal(); });
  auto isStatic = [](Type type) {
    auto shaped = dyn_cast<ShapedType>(type);
    return !shaped || (isa<RankedTensorType>(type) && shaped.hasStaticShape());
  };
  LargeFunctions large(functions);
  for (func::FuncOp function : functions)
    if (function.isPrivate() && large.contains(function) &&
        llvm::all_of(function.getArgumentTypes(), isStatic) &&
        llvm::all_of(function.getResultTypes(), isStatic))
      function.setNoInline(true);
}

//===----------------------------------------------------------------------===//
// Derivatives
//===----------------------------------------------------------------------===//

static func::FuncOp functionOf(CustomCallOp call) {
  return SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr());
}

/// `function` without its first results.
static void dropResults(func::FuncOp function, unsigned count) {
  Operation *terminator = function.getBody().front().getTerminator();
  terminator->setOperands(SmallVector<Value>(terminator->getOperands().drop_front(count)));
  function.setFunctionType(
      FunctionType::get(function.getContext(), function.getArgumentTypes(), terminator->getOperandTypes()));
  simplifyFunction(function);
}

/// The function called `name`, which is made if it is not there.
static FailureOr<func::FuncOp> findOrCreate(func::FuncOp source, StringRef name,
                                            function_ref<FailureOr<func::FuncOp>()> create) {
  Operation *known =
      SymbolTable::lookupNearestSymbolFrom(source, FlatSymbolRefAttr::get(source.getContext(), name));
  if (auto function = dyn_cast_or_null<func::FuncOp>(known))
    return function;
  return create();
}

static CustomCallOp createCall(OpBuilder &builder, Location loc, func::FuncOp function, ValueRange operands,
                               unsigned firstTangent) {
  auto call = CustomCallOp::create(builder, loc, function.getResultTypes(),
                                   FlatSymbolRefAttr::get(function.getNameAttr()), operands, /*jvp=*/nullptr,
                                   /*vjp=*/nullptr);
  call->setAttr(kFirstTangentAttr, builder.getI64IntegerAttr(firstTangent));
  return call;
}

FailureOr<SmallVector<Value>> costate::linearizeLargeCall(CustomCallOp call, OpBuilder &builder,
                                                          ArrayRef<Value> tangents) {
  func::FuncOp function = functionOf(call);
  SmallVector<int64_t> wrt;
  SmallVector<Value> operands(call.getOperands());
  std::string name = function.getName().str() + "_tangent";
  for (auto [i, tangent] : llvm::enumerate(tangents))
    if (tangent) {
      wrt.push_back(i);
      operands.push_back(tangent);
      name += "_" + std::to_string(i);
    }
  SmallVector<Value> results(call.getNumResults());
  if (wrt.empty())
    return results;
  FailureOr<func::FuncOp> tangent = findOrCreate(function, name, [&]() -> FailureOr<func::FuncOp> {
    FailureOr<func::FuncOp> jvp = createJvp(function, wrt, name);
    if (succeeded(jvp))
      dropResults(*jvp, function.getNumResults());
    return jvp;
  });
  if (failed(tangent))
    return failure();
  CustomCallOp push = createCall(builder, call.getLoc(), *tangent, operands, call.getNumOperands());
  unsigned next = 0;
  for (auto [result, type] : llvm::zip_equal(results, call.getResultTypes()))
    if (isDifferentiable(type))
      result = push.getResult(next++);
  return results;
}

std::optional<unsigned> costate::firstTangentOf(CustomCallOp call) {
  if (auto first = call->getAttrOfType<IntegerAttr>(kFirstTangentAttr))
    return first.getInt();
  return std::nullopt;
}

FailureOr<SmallVector<Value>> costate::transposeLargeCall(CustomCallOp call, OpBuilder &builder,
                                                          ArrayRef<Value> cotangents) {
  func::FuncOp function = functionOf(call);
  unsigned first = *firstTangentOf(call);
  auto wrt = llvm::to_vector(llvm::seq<int64_t>(first, call.getNumOperands()));
  std::string name = function.getName().str() + "_transposed";
  FailureOr<func::FuncOp> transposed =
      findOrCreate(function, name, [&] { return createTranspose(function, wrt, name); });
  if (failed(transposed))
    return failure();
  SmallVector<Value> operands(call.getOperands().take_front(first));
  for (auto [cotangent, type] : llvm::zip_equal(cotangents, call.getResultTypes()))
    operands.push_back(
        cotangent ? cotangent
                  : arith::ConstantOp::create(builder, call.getLoc(), builder.getZeroAttr(type)).getResult());
  return SmallVector<Value>(createCall(builder, call.getLoc(), *transposed, operands, first).getResults());
}
