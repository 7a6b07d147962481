//===- Captures.h - What outlined code takes from around it, as arguments ------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_CAPTURES_H
#define COSTATE_LIB_CONVERSION_CAPTURES_H

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"

namespace costate {

/// Values that a function will get as arguments: a buffer as its pointer and what is dynamic of its shape.
class Captures {
public:
  Captures(const mlir::LLVMTypeConverter &converter, llvm::ArrayRef<mlir::Value> values);

  /// The arguments, in types of the LLVM dialect.
  llvm::ArrayRef<mlir::Type> types() const { return fields; }

  /// What to pass, computed at the insertion point.
  llvm::SmallVector<mlir::Value> decompose(mlir::OpBuilder &builder, mlir::Location loc) const;

  /// Maps each value to what it is in `function`, whose arguments from `first` on are `types()`. A buffer
  /// that no other captured value can touch is told to LLVM as such. If `movable`, buffers are seen without
  /// the offset that their types may state, so that views of several places become the same.
  void compose(mlir::OpBuilder &builder, mlir::func::FuncOp function, unsigned first, bool movable,
               mlir::IRMapping &map) const;

private:
  const mlir::LLVMTypeConverter &converter;
  llvm::SmallVector<mlir::Value> values;
  llvm::SmallVector<mlir::Type> fields;
};

/// Whether all that can touch a buffer does so by a view of this value: it was allocated or planned here, or
/// is a captured one of which that is known.
bool isDistinct(mlir::Value base);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_CAPTURES_H
