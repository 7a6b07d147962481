//===- StepBuilder.h - The entry functions of a problem -----------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONSTRAINTS_STEPBUILDER_H
#define COSTATE_LIB_CONSTRAINTS_STEPBUILDER_H

#include "costate/Constraints/EntryBuilder.h"
#include "costate/Constraints/Strategy.h"

namespace costate {

/// Writes level 2 of a problem: pointwise functions for every set, and the entries `step`, `gradient`,
/// `objective`, `predict.*` and `residual.*`. Each constraint has one strategy, in the order of the problem.
class StepBuilder {
public:
  StepBuilder(mlir::ModuleOp module, const Problem &problem,
              llvm::ArrayRef<std::unique_ptr<Strategy>> strategies)
      : module(module), problem(problem), strategies(strategies), names(module) {}

  mlir::LogicalResult build();

  /// The figures of the metrics vector, in its order.
  llvm::ArrayRef<Figure> getFigures() const { return figures; }
  struct Field {
    std::string entry, network;
    std::vector<std::string> columns, sets;
    /// Name and shape of each.
    std::vector<std::pair<std::string, llvm::SmallVector<int64_t>>> outputs;
  };
  llvm::ArrayRef<Field> getFields() const { return fields; }

private:
  enum class Purpose { step, gradient, objective };

  static llvm::StringRef nameOf(Purpose purpose);
  const std::string &functionName(const PointSet &set, Purpose purpose);
  llvm::SmallVector<unsigned> parametersOf(const PointSet &set) const;
  void buildLagrangian(PointwiseBuilder &point);
  mlir::LogicalResult declareStrategies(PointwiseBuilder &point);
  mlir::FailureOr<PointResults> buildSetFunction(PointwiseBuilder &point, Purpose purpose);
  void measure(PointwiseBuilder &point, PointResults &results);
  mlir::LogicalResult buildEntry(Purpose purpose);
  void totals(EntryBuilder &entry, mlir::Value theta, Purpose purpose, StepState &state);
  void reportMeasures(StepState &state);
  void buildField(const PointFunction &function, llvm::StringRef entryName, llvm::StringRef output,
                  llvm::ArrayRef<std::string> sets, llvm::StringRef network);
  void buildFields();

  mlir::ModuleOp module;
  const Problem &problem;
  llvm::ArrayRef<std::unique_ptr<Strategy>> strategies;
  SymbolNames names;
  std::map<std::pair<std::string, Purpose>, PointResults> setResults;
  std::vector<Figure> figures;
  std::vector<Field> fields;
};

} // namespace costate

#endif // COSTATE_LIB_CONSTRAINTS_STEPBUILDER_H
