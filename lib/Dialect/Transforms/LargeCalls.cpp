//===- LargeCalls.cpp - Calls that stay calls -------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "LargeCalls.h"
#include "CustomDerivative.h"

#include "costate/Differentiation/Differentiation.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace costate;

/// On the way through one derivative, of a call: the first of the operands in which it is linear.
static constexpr llvm::StringLiteral kFirstTangentAttr = "costate.first_tangent";
/// Of a function whose calls stay: the derivatives that there are, by what they are.
static constexpr llvm::StringLiteral kDerivativesAttr = "costate.derivatives";

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
/// The functions whose calls are to stay, of all that some functions call and whose calls may.
class LargeFunctions {
public:
  LargeFunctions(ArrayRef<func::FuncOp> roots, function_ref<bool(func::FuncOp)> mayStay) {
    for (func::FuncOp root : roots)
      visit(root);
    for (Operation *function : order)
      if (sizes[function] = sizeOf(function);
          sizes[function] >= kLarge && sites.lookup(function) > 1 && mayStay(cast<func::FuncOp>(function)))
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

static bool isStatic(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return !shaped || (isa<RankedTensorType>(type) && shaped.hasStaticShape());
}

/// Whether the derivative of a call of such a function can be a call: it takes and returns values whose
/// tangents have known shapes, and what is returned has one.
static bool hasSimpleType(func::FuncOp function) {
  return llvm::all_of(function.getArgumentTypes(), isStatic) &&
         llvm::all_of(function.getResultTypes(),
                      [](Type type) { return isStatic(type) && isDifferentiable(type); });
}

void costate::markLargeCalls(func::FuncOp function) {
  LargeFunctions large(function, hasSimpleType);
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

void costate::unmarkLargeCalls(func::FuncOp function) {
  llvm::SetVector<func::FuncOp> reached;
  reached.insert(function);
  for (unsigned i = 0; i < reached.size(); ++i) {
    func::FuncOp caller = reached[i];
    caller.getBody().walk([&](Operation *op) {
      auto call = dyn_cast<CustomCallOp>(op);
      if (call && !call.getJvpAttr() && !call.getVjpAttr() && !firstTangentOf(call))
        op = makePlainCall(call);
      if (func::FuncOp callee = calleeOf(op))
        reached.insert(callee);
    });
  }
}

void costate::keepLargeCalls(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>())
    function->removeAttr(kDerivativesAttr);
  // Of a program everything is inlined into its entries, which are batched and fused.
  WalkResult program = module.walk([](Operation *op) {
    return isa<ReduceSetOp, MapSetOp>(op) || op->hasAttr("costate.entry") ? WalkResult::interrupt()
                                                                          : WalkResult::advance();
  });
  if (program.wasInterrupted())
    return;
  auto functions = llvm::filter_to_vector(module.getOps<func::FuncOp>(),
                                          [](func::FuncOp function) { return !function.isExternal(); });
  LargeFunctions large(functions, [](func::FuncOp function) {
    return function.isPrivate() && llvm::all_of(function.getArgumentTypes(), isStatic) &&
           llvm::all_of(function.getResultTypes(), isStatic);
  });
  for (func::FuncOp function : functions)
    if (large.contains(function))
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

/// The derivative of `source` that `kind` says, which is made if `source` has none yet. By its name it could
/// be somebody else's function.
static FailureOr<func::FuncOp> findOrCreate(func::FuncOp source, StringRef kind,
                                            function_ref<FailureOr<func::FuncOp>(StringRef name)> create) {
  NamedAttrList known(source->getAttrOfType<DictionaryAttr>(kDerivativesAttr));
  if (auto name = dyn_cast_or_null<FlatSymbolRefAttr>(known.get(kind)))
    return SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(source, name);
  FailureOr<func::FuncOp> derivative = create(unusedSymbol(source, (source.getName() + "_" + kind).str()));
  if (succeeded(derivative)) {
    known.set(kind, FlatSymbolRefAttr::get(*derivative));
    source->setAttr(kDerivativesAttr, known.getDictionary(source.getContext()));
  }
  return derivative;
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
  std::string kind = "tangent";
  for (auto [i, tangent] : llvm::enumerate(tangents))
    if (tangent) {
      wrt.push_back(i);
      operands.push_back(tangent);
      kind += "_" + std::to_string(i);
    }
  SmallVector<Value> results(call.getNumResults());
  if (wrt.empty())
    return results;
  FailureOr<func::FuncOp> tangent =
      findOrCreate(function, kind, [&](StringRef name) -> FailureOr<func::FuncOp> {
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
  FailureOr<func::FuncOp> transposed = findOrCreate(
      function, "transposed", [&](StringRef name) { return createTranspose(function, wrt, name); });
  if (failed(transposed))
    return failure();
  SmallVector<Value> operands(call.getOperands().take_front(first));
  for (auto [cotangent, type] : llvm::zip_equal(cotangents, call.getResultTypes()))
    operands.push_back(
        cotangent ? cotangent
                  : arith::ConstantOp::create(builder, call.getLoc(), builder.getZeroAttr(type)).getResult());
  return SmallVector<Value>(createCall(builder, call.getLoc(), *transposed, operands, first).getResults());
}
