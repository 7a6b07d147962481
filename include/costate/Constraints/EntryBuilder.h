//===- EntryBuilder.h - Functions that the runtime calls ----------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_CONSTRAINTS_ENTRYBUILDER_H
#define COSTATE_CONSTRAINTS_ENTRYBUILDER_H

#include "costate/Constraints/Problem.h"

namespace costate {

/// Builds an entry function: its arguments carry their roles (docs/Lowering.md), buffers are read and written
/// as tensors.
class EntryBuilder {
public:
  EntryBuilder(mlir::ModuleOp module, const Problem &problem, llvm::StringRef name);

  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::Location getLoc() const { return problem.loc; }

  /// A buffer of `shape`, as a tensor.
  mlir::Value buffer(llvm::StringRef role, llvm::ArrayRef<int64_t> shape);
  /// A scalar of the element type.
  mlir::Value scalar(llvm::StringRef role);
  /// Stores `tensor` in the buffer of this role, which becomes an argument if it is none yet.
  void store(mlir::Value tensor, llvm::StringRef role);

  /// The slice of θ that holds one parameter, in its own shape.
  mlir::Value parameter(mlir::Value theta, const Parameter &parameter);
  /// Columns and number of points of a set.
  struct Points {
    llvm::SmallVector<mlir::Value> columns;
    mlir::Value count; ///< index
    mlir::Value size;  ///< the same as a float
  };
  const Points &points(const PointSet &set);
  const Points &points(const PointSet &set, llvm::ArrayRef<std::string> columns);
  /// The number of points of the whole set, of which `points` may be a batch, as a float.
  mlir::Value total(const PointSet &set);

  void finish();

private:
  mlir::Value argument(mlir::Type type, llvm::StringRef role);
  mlir::Value toFloat(mlir::Value index);

  mlir::ModuleOp module;
  const Problem &problem;
  mlir::OpBuilder builder;
  mlir::func::FuncOp function;
  llvm::SmallVector<std::string> roles;
  std::map<std::string, mlir::Value> buffers;
  std::map<std::string, Points> sets;
};

} // namespace costate

#endif // COSTATE_CONSTRAINTS_ENTRYBUILDER_H
