//===- PointwiseBuilder.cpp - Pointwise functions over one set --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Constraints/SetStep.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace costate;

PointwiseBuilder::PointwiseBuilder(ModuleOp module, const Problem &problem, const PointSet &set,
                                   ArrayRef<unsigned> parameters, SymbolNames &names)
    : module(module), problem(problem), set(set), names(names), parameters(parameters),
      sized(problem.hasSumOver(set)), builder(module.getContext()) {
  for (unsigned index : parameters)
    pointTypes.push_back(problem.parameters[index].type);
  // The size is uniform, so it stands before the columns.
  if (sized)
    pointTypes.push_back(problem.element);
  for (auto &[name, type] : set.columns)
    pointTypes.push_back(type);
}

void PointwiseBuilder::begin(StringRef name, Location location, bool weighted) {
  loc = location;
  SmallVector<Type> types(pointTypes);
  if (weighted)
    types.push_back(problem.element);
  builder.setInsertionPointToEnd(module.getBody());
  function = func::FuncOp::create(builder, location, name, builder.getFunctionType(types, {}));
  function.setPrivate();
  builder.setInsertionPointToStart(function.addEntryBlock());
  this->weighted = weighted;
}

func::FuncOp PointwiseBuilder::end(ValueRange results) {
  func::ReturnOp::create(builder, *loc, results);
  function.setFunctionType(builder.getFunctionType(function.getArgumentTypes(), results.getTypes()));
  return function;
}

Expression PointwiseBuilder::number(double value) {
  return expression(arith::ConstantOp::create(builder, *loc, builder.getFloatAttr(problem.element, value)));
}

SmallVector<Value> PointwiseBuilder::pointArguments() {
  return llvm::to_vector_of<Value>(function.getArguments().drop_back(weighted ? 1 : 0));
}

Expression PointwiseBuilder::weight() {
  assert(weighted && "only a weighted function has a weight");
  return expression(function.getArguments().back());
}

Expression PointwiseBuilder::size() {
  assert(sized && "the size of a set is known where something is a sum over it");
  return expression(function.getArgument(parameters.size()));
}

Value PointwiseBuilder::column(StringRef name) {
  return function.getArgument(parameters.size() + (sized ? 1 : 0) + *set.column(name));
}

Value PointwiseBuilder::call(const PointFunction &callee) {
  SmallVector<Value> arguments;
  func::FuncOp target = callee.function;
  for (unsigned i = 0; i != target.getNumArguments(); ++i) {
    auto parameter = target.getArgAttrOfType<DictionaryAttr>(i, "costate.parameter");
    if (!parameter)
      break;
    unsigned index = problem.parameterIndex(parameter.getAs<StringAttr>("name").getValue());
    arguments.push_back(function.getArgument(llvm::find(parameters, index) - parameters.begin()));
  }
  for (const std::string &name : callee.columns)
    arguments.push_back(column(name));
  return func::CallOp::create(builder, *loc, target, arguments).getResult(0);
}

ValueRange PointwiseBuilder::call(StringRef name, ValueRange more, TypeRange results) {
  SmallVector<Value> arguments = pointArguments();
  llvm::append_range(arguments, more);
  return CallOp::create(builder, *loc, results, FlatSymbolRefAttr::get(builder.getContext(), name), arguments)
      .getResults();
}

Value PointwiseBuilder::lagrangianValue() {
  if (!module.lookupSymbol(lagrangianName()))
    return number(0.0).get();
  return call(lagrangianName(), {}, Type(problem.element))[0];
}

void PointwiseBuilder::derive(TransformKind kind, StringRef source, ArrayRef<int64_t> wrt) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(module.getBody());
  DeriveOp::create(builder, *loc, derivativeName(kind, source), kind, source, wrt);
}

SmallVector<int64_t> PointwiseBuilder::parameterPositions() const {
  return llvm::to_vector(llvm::seq<int64_t>(0, parameters.size()));
}
