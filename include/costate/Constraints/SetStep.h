//===- SetStep.h - What a step computes at every point of one set -------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_CONSTRAINTS_SETSTEP_H
#define COSTATE_CONSTRAINTS_SETSTEP_H

#include "costate/Constraints/Problem.h"
#include "costate/Constraints/SymbolNames.h"

namespace costate {

/// Builds pointwise functions over one set: (parameters used, [size,] columns [, weight]) → results. The size
/// is an argument where something is a sum over the set.
class PointwiseBuilder {
public:
  PointwiseBuilder(mlir::ModuleOp module, const Problem &problem, const PointSet &set,
                   llvm::ArrayRef<unsigned> parameters, SymbolNames &names);

  /// Starts the private function `name`; `weighted` adds the argument weight.
  void begin(llvm::StringRef name, mlir::Location loc, bool weighted);
  /// Ends it with these results.
  mlir::func::FuncOp end(mlir::ValueRange results);

  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::Location getLoc() const { return *loc; }
  Expression expression(mlir::Value value) { return {builder, *loc, value}; }
  Expression number(double value);

  /// The arguments that every pointwise function over this set takes first: parameters, the size where
  /// there is one, and columns.
  llvm::SmallVector<mlir::Value> pointArguments();
  mlir::TypeRange pointArgumentTypes() const { return pointTypes; }
  Expression weight();
  /// The number of points of the whole set, of which a step may see a batch.
  Expression size();
  mlir::Value column(llvm::StringRef name);

  /// The value of `function` at this point.
  mlir::Value call(const PointFunction &function);
  /// Calls a function that takes the point arguments and then `more`.
  mlir::ValueRange call(llvm::StringRef name, mlir::ValueRange more, mlir::TypeRange results);
  /// The Lagrangian of this point as far as it is a sum over points: objectives and penalties; zero where
  /// there is none.
  mlir::Value lagrangianValue();
  const std::string &lagrangianName() { return names.of({set.name, "lagrangian"}); }
  /// The name of a function over this set that belongs to a constraint.
  const std::string &nameFor(const Constraint &constraint, llvm::StringRef what) {
    return names.of({set.name, constraint.name, what.str()});
  }
  const std::string &nameFor(const Constraint &constraint, llvm::StringRef what, int64_t number) {
    return names.of({set.name, constraint.name, what.str(), std::to_string(number)});
  }
  /// Declares a derivative of `source`.
  void derive(TransformKind kind, llvm::StringRef source, llvm::ArrayRef<int64_t> wrt);
  /// Its name.
  const std::string &derivativeName(TransformKind kind, llvm::StringRef source) {
    return names.of({source.str(), stringifyTransformKind(kind).str()});
  }
  /// Positions of the parameters among the arguments.
  llvm::SmallVector<int64_t> parameterPositions() const;
  llvm::ArrayRef<unsigned> getParameters() const { return parameters; }
  mlir::TypeRange parameterTypes() const { return mlir::TypeRange(pointTypes).take_front(parameters.size()); }

  mlir::ModuleOp getModule() const { return module; }
  const Problem &getProblem() const { return problem; }
  const PointSet &getSet() const { return set; }

private:
  mlir::ModuleOp module;
  const Problem &problem;
  const PointSet &set;
  SymbolNames &names;
  llvm::SmallVector<unsigned> parameters;
  llvm::SmallVector<mlir::Type> pointTypes;
  bool sized;
  mlir::OpBuilder builder;
  std::optional<mlir::Location> loc;
  mlir::func::FuncOp function;
  bool weighted = false;
};

/// Σ ρ(value) over the elements, as a scalar.
Expression lossOf(const Loss &loss, const Expression &value);
/// ρ'(value) for a scalar.
Expression lossDerivative(const Loss &loss, const Expression &value);
/// loss(value − target) of an objective at this point, as a scalar, not weighted. Its mean over the set is
/// the objective: that of a sum has the factor `size`.
Expression objectiveAt(const Objective &objective, PointwiseBuilder &point);
/// value − bound of a constraint at this point, as a tensor of rank one; of a `>=`, its negative, so that a
/// violated inequality is positive. Its mean over the set is that of an aggregate: a sum has the factor
/// `size` in its value.
Expression constraintAt(const Constraint &constraint, PointwiseBuilder &point);
/// What of `value` violates the relation: all of it, or its positive part.
Expression violation(Relation relation, const Expression &value);
/// The weighted sum of the objectives over this set at this point, as a scalar, an objective that is a mean
/// over the set; null where there is none.
mlir::Value objectivesAt(PointwiseBuilder &point);

} // namespace costate

#endif // COSTATE_CONSTRAINTS_SETSTEP_H
