//===- Strategy.h - How a constraint is enforced ------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_CONSTRAINTS_STRATEGY_H
#define COSTATE_CONSTRAINTS_STRATEGY_H

#include "costate/Constraints/SetStep.h"

namespace costate {

/// A figure that a step reports.
struct Figure {
  std::string name;
  /// objective, violation, multiplier, conditioning, count, total: what the report makes of it.
  std::string kind;
  std::string set;
  mlir::Location loc;
  double weight = 1.0;
};

/// Collects what a set's step function returns, and where each result goes.
class PointResults {
public:
  /// A contribution to the direction: one cotangent for each parameter.
  void addDirection(mlir::ValueRange cotangents) { add("direction", cotangents); }
  /// One cotangent for each parameter that belongs to the vector `name`, of θ's length.
  void add(llvm::StringRef name, mlir::ValueRange cotangents);
  /// A scalar or a small tensor, summed over the points (or their maximum) and read by name.
  void addScalar(llvm::StringRef name, mlir::Value value, Combine combine = Combine::sum);

  struct Entry {
    std::string name;
    Combine combine;
    std::optional<unsigned> parameter; ///< position among the set's parameters
  };
  std::vector<Entry> entries;
  llvm::SmallVector<mlir::Value> values;
};

/// The totals over the sets in an entry function, and the direction that strategies change.
class StepState {
public:
  StepState(mlir::OpBuilder &builder, mlir::Location loc, const Problem &problem)
      : builder(builder), loc(loc), problem(problem) {}

  Expression scalar(llvm::StringRef name) const;
  bool hasScalar(llvm::StringRef name) const { return scalars.count(name.str()) != 0; }
  bool hasVector(llvm::StringRef name) const { return vectors.count(name.str()) != 0; }
  Expression vector(llvm::StringRef name) const;
  /// Adds a term that is no sum over points to the reported total.
  void addToLoss(const Expression &term);
  Expression direction() const { return vector("direction"); }
  void setDirection(const Expression &value) { vectors["direction"] = value.get(); }
  void report(const Figure &figure, const Expression &value) { figures.push_back({figure, value.get()}); }

  mlir::OpBuilder &builder;
  mlir::Location loc;
  const Problem &problem;
  std::map<std::string, mlir::Value> scalars, vectors;
  std::vector<std::pair<Figure, mlir::Value>> figures;
};

/// A strategy enforces one constraint. It says what it admits, adds what it needs at every point of the
/// constraint's set and, from the totals, to the direction. What it adds does not depend on the order of the
/// statements. It makes no loop, and it does not judge its own success: the violation is measured by the
/// pass, in the same way for every strategy.
class Strategy {
public:
  virtual ~Strategy() = default;
  /// An error at the constraint where this strategy cannot take it.
  virtual mlir::LogicalResult check(const Constraint &constraint) const = 0;
  /// Whether the strategy adds the gradient of the set's Lagrangian to the direction itself.
  virtual bool replacesGradient() const { return false; }
  /// Whether it needs the gradient of a constraint that is aggregated over its set.
  virtual bool needsAggregateGradient() const { return true; }
  /// Whether what the optimizer is given is another direction than the gradient of the loss.
  virtual bool changesDirection() const { return false; }
  /// A scalar that joins the Lagrangian of the point; null: none.
  virtual mlir::Value lagrangian(const Constraint &constraint, PointwiseBuilder &point) const { return {}; }
  /// Functions that the step function of the set calls; made before it.
  virtual mlir::LogicalResult declare(const Constraint &constraint, PointwiseBuilder &point) const {
    return mlir::success();
  }
  /// What the step function of the set computes for this constraint.
  virtual mlir::LogicalResult atPoint(const Constraint &constraint, PointwiseBuilder &point,
                                      PointResults &results) const {
    return mlir::success();
  }
  /// Adds what of the Lagrangian is no sum over points, wherever the loss is evaluated.
  virtual void addTerms(const Constraint &constraint, StepState &state) const {}
  /// What follows from the totals, in a step, when all terms of all constraints have been added.
  virtual void fromTotals(const Constraint &constraint, StepState &state) const {}
};

/// The name of component `j` of a constraint's total over its set: the scalar, and the vector that is its
/// gradient.
std::string aggregateName(const Constraint &constraint, int64_t j);
/// The number of scalar components of a constraint's value.
int64_t componentCount(const Constraint &constraint);
/// σ_max/σ_min of a Jacobian, from the least and the greatest eigenvalue of its Gram matrix; infinite where
/// the least does not count.
Expression conditionOf(const Expression &least, const Expression &greatest);
/// Reports ‖λ‖, how many directions the constraint's Jacobian lacks, and its conditioning.
void reportMultipliers(const Constraint &constraint, const Expression &norm, const Expression &deficiency,
                       const Expression &condition, StepState &state);

/// The strategy that `attribute` names.
std::unique_ptr<Strategy> createStrategy(StrategyAttrInterface attribute);

std::unique_ptr<Strategy> createMonitor();
std::unique_ptr<Strategy> createPenalty(Loss loss, double weight);

/// Along Tanabe's flow ‖g‖ decays like e^(−gain·t), or at least so fast.
struct TanabeFlow {
  double gain = 1.0;
  bool atLeast = false;
  /// gain·g.
  Expression pull(const Expression &g) const { return gain == 1.0 ? g : gain * g; }
};
std::unique_ptr<Strategy> createTanabeReduction(Loss loss, TanabeFlow flow);
std::unique_ptr<Strategy> createTanabePerSample(TanabeFlow flow);

} // namespace costate

#endif // COSTATE_CONSTRAINTS_STRATEGY_H
