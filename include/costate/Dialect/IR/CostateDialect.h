//===- CostateDialect.h - The costate dialect --------------------------------------------------*- C++
//-*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIALECT_IR_COSTATEDIALECT_H
#define COSTATE_DIALECT_IR_COSTATEDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "costate/Dialect/IR/Real.h"

#include "costate/Dialect/IR/CostateAttrInterfaces.h.inc"
#include "costate/Dialect/IR/CostateDialect.h.inc"
#include "costate/Dialect/IR/CostateEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "costate/Dialect/IR/CostateAttrs.h.inc"
#define GET_OP_CLASSES
#include "costate/Dialect/IR/CostateOps.h.inc"

#endif // COSTATE_DIALECT_IR_COSTATEDIALECT_H
