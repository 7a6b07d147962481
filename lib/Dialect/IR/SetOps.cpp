//===- SetOps.cpp - Verifiers of the reductions and maps over sets
//----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace costate;

/// The type of one sample of a column whose last dimension runs over the points.
static Type sampleType(Type column) {
  auto type = cast<RankedTensorType>(column);
  return RankedTensorType::get(type.getShape().drop_back(), type.getElementType());
}

/// Checks that `op` may call `callee` with these argument types and result types.
static LogicalResult verifyCallee(Operation *op, FlatSymbolRefAttr name, ArrayRef<Type> arguments,
                                  TypeRange results, SymbolTableCollection &symbols) {
  auto callee = symbols.lookupNearestSymbolFrom<func::FuncOp>(op, name);
  if (!callee) {
    // A derivative that is only declared as yet has no type to check.
    if (symbols.lookupNearestSymbolFrom<DeriveOp>(op, name))
      return success();
    return op->emitOpError() << "calls " << name << ", which is not a function in this module";
  }
  auto mismatch = [&](const Twine &what, unsigned i, Type found, Type required) {
    InFlightDiagnostic error = op->emitOpError() << what << " " << i << " of " << name << " is " << required
                                                 << ", but the op has " << found;
    error.attachNote(callee.getLoc()) << name << " is defined here";
    return error;
  };
  FunctionType type = callee.getFunctionType();
  if (type.getNumInputs() != arguments.size()) {
    InFlightDiagnostic error = op->emitOpError() << "passes " << arguments.size() << " arguments, but "
                                                 << name << " takes " << type.getNumInputs();
    error.attachNote(callee.getLoc()) << name << " is defined here";
    return error;
  }
  if (type.getNumResults() != results.size()) {
    InFlightDiagnostic error = op->emitOpError() << "has " << results.size() << " results, but " << name
                                                 << " returns " << type.getNumResults();
    error.attachNote(callee.getLoc()) << name << " is defined here";
    return error;
  }
  for (auto [i, found, required] : llvm::enumerate(arguments, type.getInputs()))
    if (found != required)
      return mismatch("argument", i, found, required);
  for (auto [i, found, required] : llvm::enumerate(results, type.getResults()))
    if (found != required)
      return mismatch("result", i, found, required);
  return success();
}

static LogicalResult verifyColumns(Operation *op, OperandRange columns, StringRef what) {
  for (auto [i, column] : llvm::enumerate(columns))
    if (cast<RankedTensorType>(column.getType()).getRank() < 1)
      return op->emitOpError() << what << " " << i << " is " << column.getType()
                               << ", but its last dimension must run over the points";
  return success();
}

Combine ReduceSetOp::getCombineOf(unsigned i) {
  return getCombine() ? cast<CombineAttr>((*getCombine())[i]).getValue() : Combine::sum;
}

LogicalResult ReduceSetOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (getCombine() && getCombine()->size() != getNumResults())
    return emitOpError() << "says how " << getCombine()->size() << " results combine, but has "
                         << getNumResults();
  if (failed(verifyColumns(*this, getColumns(), "column")))
    return failure();
  SmallVector<Type> arguments(getUniforms().getTypes());
  for (Type column : getColumns().getTypes())
    arguments.push_back(sampleType(column));
  arguments.push_back(getWeight().getType());
  return verifyCallee(*this, getCalleeAttr(), arguments, getResultTypes(), symbols);
}

LogicalResult MapSetOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (failed(verifyColumns(*this, getColumns(), "column")) ||
      failed(verifyColumns(*this, getDests(), "destination")))
    return failure();
  if (getDests().getTypes() != getResultTypes())
    return emitOpError() << "must have results of the same types as its destinations";
  SmallVector<Type> arguments(getUniforms().getTypes());
  for (Type column : getColumns().getTypes())
    arguments.push_back(sampleType(column));
  SmallVector<Type> results;
  for (Type dest : getDests().getTypes())
    results.push_back(sampleType(dest));
  return verifyCallee(*this, getCalleeAttr(), arguments, results, symbols);
}
