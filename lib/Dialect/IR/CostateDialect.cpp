//===- CostateDialect.cpp - Registration of the dialect
//---------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/CostateDialect.h"

#include "Assembly.h"
#include "Derivatives.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include "costate/Dialect/IR/CostateAttrInterfaces.cpp.inc"
#include "costate/Dialect/IR/CostateDialect.cpp.inc"
#include "costate/Dialect/IR/CostateEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "costate/Dialect/IR/CostateAttrs.cpp.inc"
#define GET_OP_CLASSES
#include "costate/Dialect/IR/CostateOps.cpp.inc"

void costate::CostateDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "costate/Dialect/IR/CostateAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "costate/Dialect/IR/CostateOps.cpp.inc"
      >();
}
