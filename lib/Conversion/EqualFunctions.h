//===- EqualFunctions.h - Functions that differ in their names only ------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_EQUALFUNCTIONS_H
#define COSTATE_LIB_CONVERSION_EQUALFUNCTIONS_H

#include "mlir/IR/OperationSupport.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace costate {

/// Whether two functions, of whatever dialect, differ in their names only. Locations do not count.
inline bool areEqual(mlir::FunctionOpInterface a, mlir::FunctionOpInterface b) {
  mlir::NamedAttrList first(a->getAttrDictionary()), second(b->getAttrDictionary());
  for (mlir::NamedAttrList *list : {&first, &second})
    list->erase(mlir::SymbolTable::getSymbolAttrName());
  return a->getName() == b->getName() && first == second &&
         mlir::OperationEquivalence::isRegionEquivalentTo(&a.getFunctionBody(), &b.getFunctionBody(),
                                                          mlir::OperationEquivalence::IgnoreLocations);
}

/// A number that is the same for functions that are equal.
inline llvm::hash_code hashFunction(mlir::FunctionOpInterface function) {
  llvm::hash_code hash = mlir::hash_value(function.getFunctionType());
  function.getFunctionBody().walk([&](mlir::Operation *op) {
    hash = llvm::hash_combine(
        hash, mlir::OperationEquivalence::computeHash(op, mlir::OperationEquivalence::ignoreHashValue,
                                                      mlir::OperationEquivalence::ignoreHashValue,
                                                      mlir::OperationEquivalence::IgnoreLocations));
  });
  return hash;
}

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_EQUALFUNCTIONS_H
