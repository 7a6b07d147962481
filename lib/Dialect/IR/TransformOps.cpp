//===- TransformOps.cpp - Verifiers of transforms of symbols and of calls
//---------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace costate;

LogicalResult DeriveOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *source = symbols.lookupNearestSymbolFrom(*this, getSourceAttr());
  if (!source)
    return emitOpError() << "derives from " << getSourceAttr() << ", which is not in this module";
  auto function = dyn_cast<FunctionOpInterface>(source);
  if (!function)
    return success();
  for (int64_t index : getWrt())
    if (index < 0 || index >= static_cast<int64_t>(function.getNumArguments())) {
      InFlightDiagnostic error = emitOpError() << "differentiates by argument " << index << ", but "
                                               << getSourceAttr() << " has " << function.getNumArguments();
      error.attachNote(source->getLoc()) << getSourceAttr() << " is defined here";
      return error;
    }
  return success();
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *callee = symbols.lookupNearestSymbolFrom(*this, getCalleeAttr());
  if (!callee)
    return emitOpError() << "calls " << getCalleeAttr() << ", which is not in this module";
  auto function = dyn_cast<FunctionOpInterface>(callee);
  if (!function)
    return success();
  if (function.getArgumentTypes() != getOperandTypes() || function.getResultTypes() != getResultTypes()) {
    InFlightDiagnostic error =
        emitOpError() << "has type " << FunctionType::get(getContext(), getOperandTypes(), getResultTypes())
                      << ", but " << getCalleeAttr() << " has type " << function.getFunctionType();
    error.attachNote(callee->getLoc()) << getCalleeAttr() << " is defined here";
    return error;
  }
  return success();
}
