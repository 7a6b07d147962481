//===- CustomDerivativeOps.cpp - Verifiers of derivatives that the program states -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace costate;

LogicalResult CustomDerivativeOp::verify() {
  if (static_cast<bool>(getJvpAttr()) == static_cast<bool>(getVjpAttr()))
    return emitOpError() << "requires either a jvp or a vjp";
  return success();
}

LogicalResult CustomDerivativeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto find = [&](FlatSymbolRefAttr name) -> func::FuncOp {
    auto function = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, name);
    if (!function)
      emitOpError() << "names " << name << ", which is not a function of this module";
    return function;
  };
  func::FuncOp function = find(getFunctionAttr());
  FlatSymbolRefAttr name = getJvpAttr() ? getJvpAttr() : getVjpAttr();
  func::FuncOp derivative = function ? find(name) : func::FuncOp();
  if (!derivative)
    return failure();
  for (Operation *op : getOperation()->getParentRegion()->getOps<CustomDerivativeOp>())
    if (op != getOperation() && cast<CustomDerivativeOp>(op).getFunctionAttr() == getFunctionAttr() &&
        op->isBeforeInBlock(*this))
      return emitOpError() << "states another derivative of " << getFunctionAttr();
  ArrayRef<Type> x = function.getArgumentTypes(), y = function.getResultTypes();
  for (Type type : llvm::concat<const Type>(x, y))
    if (!isa<FloatType, RankedTensorType>(type) || !isa<FloatType>(getElementTypeOrSelf(type)))
      return emitOpError() << "states the derivative of " << getFunctionAttr()
                           << ", which has a value of type " << type
                           << "; floats and tensors of floats are required";
  SmallVector<Type> inputs(x), results(y);
  llvm::append_range(inputs, getJvpAttr() ? x : y);
  llvm::append_range(results, getJvpAttr() ? y : x);
  auto required = FunctionType::get(getContext(), inputs, results);
  if (derivative.getFunctionType() != required)
    return emitOpError() << "has the derivative " << name << " of type " << derivative.getFunctionType()
                         << ", but " << required << " is required";
  return success();
}
