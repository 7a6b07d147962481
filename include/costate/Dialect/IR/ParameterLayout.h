//===- ParameterLayout.h - Where each parameter lies in θ ---------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIALECT_IR_PARAMETERLAYOUT_H
#define COSTATE_DIALECT_IR_PARAMETERLAYOUT_H

#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"

namespace costate {

/// The parameters of a module in the order in which θ holds them: those of the networks, in the order in
/// which they are declared, then the variables. Kept as the module attributes `costate.parameters` and
/// `costate.parameter_count`.
struct ParameterLayout {
  struct Entry {
    mlir::StringAttr name;
    mlir::RankedTensorType type;
    int64_t offset;
    /// The initialiser, as the program descriptor holds it.
    mlir::DictionaryAttr init;
    /// [low, high], or null.
    mlir::ArrayAttr bounds;
  };
  llvm::SmallVector<Entry> parameters;
  int64_t count = 0;

  void append(mlir::StringAttr name, mlir::RankedTensorType type, mlir::DictionaryAttr init,
              mlir::ArrayAttr bounds);
  void write(mlir::ModuleOp module) const;
  /// An error at the module where it has no layout.
  static mlir::FailureOr<ParameterLayout> read(mlir::ModuleOp module);
};

/// A parameter that a layer of a network declares.
struct DeclaredParameter {
  mlir::Operation *op;
  unsigned place; ///< 1 for a bias or a shift, else 0
  std::string name;
  mlir::RankedTensorType type;
  mlir::DictionaryAttr init;
};
/// The parameters of a network in the order in which θ holds them. Layers without a name are numbered.
llvm::SmallVector<DeclaredParameter> declaredParameters(NetworkOp network);

} // namespace costate

#endif // COSTATE_DIALECT_IR_PARAMETERLAYOUT_H
