//===- registered-ops.cpp - How differentiation takes each registered op ----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// Prints, for every registered op of the dialects named on the command line, how it is taken where an operand
// is differentiated:
//
//   rule        it has a derivative rule
//   equation    it is defined by an equation that is differentiated
//   stated      its derivative is stated
//   structure   its regions are differentiated
//   constant    it takes nothing
//   sizes       it depends on the sizes of what it takes alone
//   terminator  it ends a block: the op around it says what becomes of its operands
//   refused     it is an error, whatever results it has: tried with a float, with an integer and with none,
//   by
//               tangents, by a jet, and where it is transposed
//   LOST        it was taken without an error: a derivative would be zero without a word
//
//===------------------------------------------------------------------------------------------------------===//
#include "Activity.h"
#include "Linearize.h"
#include "VerifyLinear.h"
#include "costate/Differentiation/CustomDerivative.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"
#include "costate/Differentiation/ImplicitFunction.h"
#include "costate/Differentiation/Jet.h"
#include "costate/Pipelines/Pipelines.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Interfaces/ShapedOpInterfaces.h"

using namespace mlir;
using namespace costate;

namespace {
/// f(x) = x + the results of the op, where these are floats. The op is not verified: it has no attributes and
/// no regions, and takes x at every place.
struct Probe {
  Probe(MLIRContext &context, StringRef name, TypeRange results) {
    OpBuilder builder(&context);
    Location loc = builder.getUnknownLoc();
    Type f64 = builder.getF64Type();
    function = func::FuncOp::create(loc, "f", builder.getFunctionType({f64}, {f64}));
    Block *block = function->addEntryBlock();
    builder.setInsertionPointToEnd(block);
    x = block->getArgument(0);
    OperationState state(loc, name);
    state.addOperands(SmallVector<Value>(4, x));
    state.addTypes(results);
    op = builder.create(state);
    y = x;
    for (Value result : op->getResults())
      if (result.getType() == f64)
        y = arith::AddFOp::create(builder, loc, y, result);
    func::ReturnOp::create(builder, loc, y);
  }

  Block &body() { return function->getBody().front(); }

  OwningOpRef<func::FuncOp> function;
  Value x, y;
  Operation *op;
};
} // namespace

/// Whether `differentiate` fails with an error at the op.
static bool isRefused(Probe &probe, function_ref<bool(Probe &)> differentiate) {
  bool named = false;
  std::string name = ("'" + probe.op->getName().getStringRef() + "'").str();
  ScopedDiagnosticHandler handler(probe.op->getContext(), [&](Diagnostic &diagnostic) {
    named |= StringRef(diagnostic.str()).starts_with(name);
    return success();
  });
  return !differentiate(probe) && named;
}

static bool byTangents(Probe &probe) {
  OpBuilder builder(probe.function->getContext());
  Tangents tangents;
  tangents[probe.x] = probe.body().addArgument(probe.x.getType(), probe.x.getLoc());
  return succeeded(linearize(probe.body(), tangents));
}

static bool byJet(Probe &probe) {
  OpBuilder builder(probe.body().getTerminator());
  JetBuilder jets(builder, JetVariable{probe.x});
  return succeeded(jets.derivative(probe.y, JetTerm{{2}, 1.0}));
}

static bool byTransposition(Probe &probe) {
  ValueSet active = {probe.x};
  addDependents(probe.body(), active);
  return succeeded(verifyLinear(probe.body(), active));
}

static StringRef classify(MLIRContext &context, RegisteredOperationName name) {
  if (name.hasInterface<DifferentiableOpInterface>())
    return "rule";
  if (name.hasInterface<ImplicitFunctionInterface>())
    return "equation";
  if (name.hasInterface<CustomDerivativeInterface>())
    return "stated";
  StringRef text = name.getStringRef();
  if (text == scf::IfOp::getOperationName() || text == scf::ForOp::getOperationName() ||
      text == scf::WhileOp::getOperationName())
    return "structure";
  if (name.hasTrait<OpTrait::ConstantLike>())
    return "constant";
  if (name.hasInterface<ShapedDimOpInterface>())
    return "sizes";
  if (name.hasTrait<OpTrait::IsTerminator>())
    return "terminator";
  Builder builder(&context);
  Type f64 = builder.getF64Type(), integer = builder.getI64Type();
  SmallVector<SmallVector<Type>> signatures = {{}};
  if (!name.hasTrait<OpTrait::ZeroResults>())
    signatures.append({{f64}, {integer}});
  for (ArrayRef<Type> results : signatures)
    for (auto differentiate : {byTangents, byJet, byTransposition}) {
      Probe probe(context, text, results);
      if (!isRefused(probe, differentiate))
        return "LOST";
    }
  return "refused";
}

int main(int argc, char **argv) {
  DialectRegistry registry;
  registerDialects(registry);
  MLIRContext context(registry);
  for (const char *required : {"arith", "func"})
    context.getOrLoadDialect(required);
  for (int i = 1; i < argc; ++i) {
    if (!context.getOrLoadDialect(argv[i])) {
      llvm::errs() << "no dialect '" << argv[i] << "'\n";
      return 1;
    }
  }
  for (RegisteredOperationName name : context.getRegisteredOperations())
    if (llvm::is_contained(ArrayRef(argv + 1, argc - 1), name.getDialectNamespace()))
      llvm::outs() << name.getStringRef() << " " << classify(context, name) << "\n";
  return 0;
}
