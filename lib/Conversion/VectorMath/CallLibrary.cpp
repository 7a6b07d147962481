//===- CallLibrary.cpp - Functions that call the C library for each lane --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Lanes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace costate;

static func::FuncOp declare(ModuleOp module, OpBuilder &builder, Location loc, const Twine &name,
                            FunctionType type) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(module.getBody());
  auto function = func::FuncOp::create(builder, loc, name.str(), type);
  function.setPrivate();
  return function;
}

/// The function of the C library, or null with an error where the module gives its name to something else.
static func::FuncOp declareScalar(ModuleOp module, Lanes &l, StringRef name, FunctionType type) {
  Operation *existing = module.lookupSymbol(name);
  if (!existing)
    return declare(module, l.b, l.loc, name, type);
  auto function = dyn_cast<func::FuncOp>(existing);
  if (function && function.isExternal() && function.getFunctionType() == type)
    return function;
  InFlightDiagnostic error = l.op->emitOpError()
                             << "calls '" << name << "' of the C library, of type " << type
                             << ", but the module gives this name to something else";
  error.attachNote(existing->getLoc()) << "here";
  l.failed = true;
  return {};
}

/// A function of this pass for the lanes of a vector.
static func::FuncOp declareLanes(ModuleOp module, Lanes &l, const Twine &name, FunctionType type) {
  std::string unique = name.str();
  for (unsigned number = 1;; ++number) {
    Operation *existing = module.lookupSymbol(unique);
    if (!existing)
      return declare(module, l.b, l.loc, unique, type);
    auto function = dyn_cast<func::FuncOp>(existing);
    if (function && function.isPrivate() && function.getFunctionType() == type)
      return function;
    unique = name.str() + "_" + std::to_string(number);
  }
}

Real costate::callLibrary(StringRef name, ArrayRef<Real> arguments) {
  Lanes &l = *arguments.front().lanes;
  auto module = l.b.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
  SmallVector<Type> scalars(arguments.size(), l.element);
  func::FuncOp scalar = declareScalar(module, l, name, l.b.getFunctionType(scalars, l.element));
  if (!scalar)
    return arguments.front();
  SmallVector<Value> values;
  for (Real argument : arguments)
    values.push_back(argument.value);
  auto vector = dyn_cast<VectorType>(l.type);
  if (!vector)
    return l.real(func::CallOp::create(l.b, l.loc, scalar, values).getResult(0));

  std::string suffix = "_";
  for (int64_t extent : vector.getShape())
    suffix += std::to_string(extent) + "x";
  SmallVector<Type> vectors(arguments.size(), vector);
  func::FuncOp lanes = declareLanes(module, l, "costate_" + name + suffix + (l.isDouble() ? "f64" : "f32"),
                                    l.b.getFunctionType(vectors, vector));
  if (lanes.isExternal()) {
    OpBuilder::InsertionGuard guard(l.b);
    Block *body = lanes.addEntryBlock();
    l.b.setInsertionPointToStart(body);
    int64_t count = vector.getNumElements();
    SmallVector<SmallVector<Value>> elements;
    for (BlockArgument argument : body->getArguments()) {
      auto all = vector::ToElementsOp::create(l.b, l.loc, argument);
      elements.emplace_back(all.getResults());
    }
    SmallVector<Value> results;
    for (int64_t i = 0; i < count; ++i) {
      SmallVector<Value> operands;
      for (auto &argument : elements)
        operands.push_back(argument[i]);
      results.push_back(func::CallOp::create(l.b, l.loc, scalar, operands).getResult(0));
    }
    Value packed = vector::FromElementsOp::create(l.b, l.loc, vector, results);
    func::ReturnOp::create(l.b, l.loc, packed);
  }
  return l.real(func::CallOp::create(l.b, l.loc, lanes, values).getResult(0));
}
