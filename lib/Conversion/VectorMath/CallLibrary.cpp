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
  if (auto existing = module.lookupSymbol<func::FuncOp>(name.str()))
    return existing;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(module.getBody());
  auto function = func::FuncOp::create(builder, loc, name.str(), type);
  function.setPrivate();
  return function;
}

Real costate::callLibrary(StringRef name, ArrayRef<Real> arguments) {
  Lanes &l = *arguments.front().lanes;
  auto module = l.b.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
  SmallVector<Type> scalars(arguments.size(), l.element);
  func::FuncOp scalar = declare(module, l.b, l.loc, name, l.b.getFunctionType(scalars, l.element));
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
  func::FuncOp lanes =
      declare(module, l.b, l.loc, "costate_" + name + suffix + (l.isDouble() ? "f64" : "f32"),
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
