//===- Problem.h - A constrained learning problem, checked --------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_CONSTRAINTS_PROBLEM_H
#define COSTATE_CONSTRAINTS_PROBLEM_H

#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Solvers/Optimizer.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace costate {

/// A loss ρ of one value, zero only at zero. A tensor's loss is the sum over its elements.
struct Loss {
  LossKind kind = LossKind::square;
  double delta = 1.0;               ///< where a Huber loss turns linear
  mlir::func::FuncOp function = {}; ///< a custom loss
};

/// A set of points and its columns.
struct PointSet {
  std::string name;
  mlir::Location loc;
  std::vector<std::pair<std::string, mlir::RankedTensorType>> columns; ///< name and type of one sample
  std::optional<unsigned> column(llvm::StringRef name) const;
};

/// A function of one point: a lowered network or residual, and the columns that it is given.
struct PointFunction {
  mlir::func::FuncOp function;
  std::vector<std::string> columns;
};

/// weight · mean (or sum) over the set of loss(value − target).
struct Objective {
  std::string name;
  mlir::Location loc;
  std::string set;
  PointFunction value;
  std::optional<std::string> targetColumn = std::nullopt;
  double target = 0.0;
  Loss loss = {};
  double weight = 1.0;
  Aggregate aggregate = Aggregate::mean;
};

/// value (at every point, or aggregated over the set) related to a bound, enforced by a strategy.
struct Constraint {
  std::string name;
  mlir::Location loc;
  std::string set;
  PointFunction value;
  Relation relation = Relation::equal;
  double bound = 0.0;
  std::optional<std::string> boundColumn = std::nullopt;
  std::optional<Aggregate> aggregate = std::nullopt; ///< at every point where there is none
  StrategyAttrInterface strategy = {};
};

/// One network or variable's slice of θ.
struct Parameter {
  std::string name;
  mlir::RankedTensorType type;
  int64_t offset;
  std::optional<std::pair<double, double>> bounds = std::nullopt;
};

/// What a problem asks for, as strategies see it: no assembly, no targets, no loops.
struct Problem {
  std::string name;
  mlir::Location loc;
  std::vector<Parameter> parameters = {};
  int64_t parameterCount = 0;
  std::vector<PointSet> sets = {};
  std::vector<Objective> objectives = {};
  std::vector<Constraint> constraints = {};
  std::unique_ptr<Optimizer> optimizer = nullptr;
  mlir::FloatType element = {};
  /// Sets of which a step sees a batch; the rows that it sees, zero where a step sees all.
  std::vector<std::string> batchedSets = {};
  int64_t batch = 0;

  /// Reads the problem of a module whose networks and residuals are functions already. Errors have been
  /// emitted. A strategy that is not null replaces every constraint's own.
  static mlir::FailureOr<Problem> read(ProblemOp op, StrategyAttrInterface strategy);

  const PointSet &set(llvm::StringRef name) const;
  /// Whether something is a sum over this set: n times its mean, where n is the size of the whole set.
  bool hasSumOver(const PointSet &set) const;
  unsigned parameterIndex(llvm::StringRef name) const;
};

} // namespace costate

#endif // COSTATE_CONSTRAINTS_PROBLEM_H
