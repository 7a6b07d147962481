//===- InsertMultipliers.cpp - From a problem to a step ---------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Constraints/Passes.h"

#include "ProgramDescriptor.h"
#include "StepBuilder.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace costate {
#define GEN_PASS_DEF_INSERTMULTIPLIERSPASS
#include "costate/Constraints/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

FailureOr<std::unique_ptr<Strategy>> costate::createStrategy(Attribute attribute, Location loc) {
  auto loss = [](PenaltyKind kind, double delta) {
    return Loss{kind == PenaltyKind::huber ? LossKind::huber : LossKind::square, delta};
  };
  if (isa<MonitorAttr>(attribute))
    return createMonitor();
  if (auto penalty = dyn_cast<PenaltyAttr>(attribute))
    return createPenalty(loss(penalty.getKind(), penalty.getDelta()), penalty.getWeight());
  if (auto tanabe = dyn_cast<TanabeAttr>(attribute)) {
    TanabeFlow flow{tanabe.getGain(), tanabe.getDecay() == TanabeDecay::at_least};
    return tanabe.getMode() == TanabeMode::per_sample
               ? createTanabePerSample(flow)
               : createTanabeReduction(loss(tanabe.getReduce(), tanabe.getDelta()), flow);
  }
  return emitError(loc) << "no strategy is known for " << attribute;
}

namespace {
struct InsertMultipliers : costate::impl::InsertMultipliersPassBase<InsertMultipliers> {
  using InsertMultipliersPassBase::InsertMultipliersPassBase;

  void runOnOperation() override {
    if (failed(insert()))
      signalPassFailure();
  }

private:
  FailureOr<StrategyAttrInterface> parseOverride() {
    if (strategy.empty())
      return StrategyAttrInterface();
    Attribute attribute = parseAttribute(strategy, &getContext());
    auto result = dyn_cast_or_null<StrategyAttrInterface>(attribute);
    if (!result)
      return getOperation().emitError()
             << "`" << strategy << "` is not a strategy; one is written like "
             << "#costate.penalty<weight = 1.0> or #costate.tanabe<mode = per_sample>";
    return result;
  }

  LogicalResult insert() {
    ModuleOp module = getOperation();
    auto problems = llvm::to_vector(module.getOps<ProblemOp>());
    if (problems.empty())
      return success();
    if (problems.size() > 1) {
      InFlightDiagnostic error = problems[1].emitOpError()
                                 << "is the second problem of this module; one program "
                                    "solves one problem";
      error.attachNote(problems[0].getLoc()) << "the first is here";
      return error;
    }
    FailureOr<StrategyAttrInterface> override = parseOverride();
    if (failed(override))
      return failure();
    FailureOr<Problem> problem = Problem::read(problems[0], *override);
    if (failed(problem))
      return failure();

    SmallVector<std::unique_ptr<Strategy>> strategies;
    bool admitted = true;
    for (const Constraint &constraint : problem->constraints) {
      FailureOr<std::unique_ptr<Strategy>> made = createStrategy(constraint.strategy, constraint.loc);
      if (failed(made))
        return failure();
      admitted &= succeeded((*made)->check(constraint));
      strategies.push_back(std::move(*made));
    }
    if (!admitted)
      return failure();

    StepBuilder steps(module, *problem, strategies);
    if (failed(steps.build()))
      return failure();
    module->setAttr("costate.program",
                    StringAttr::get(&getContext(), describeProgram(problems[0], *problem, steps)));
    problems[0].erase();
    return verifyResult(module, *problem, steps);
  }

  /// Every constraint must be measured in the step, whatever its strategy says.
  LogicalResult verifyResult(ModuleOp module, const Problem &problem, const StepBuilder &steps) {
    for (const Constraint &constraint : problem.constraints)
      if (llvm::none_of(steps.getFigures(), [&](const Figure &f) { return f.name == constraint.name; }))
        return emitError(constraint.loc) << "constraint \"" << constraint.name << "\" was not handled";
    for (StringRef entry : {"step", "gradient", "objective"})
      if (!module.lookupSymbol<func::FuncOp>(entry))
        return module.emitError() << "the entry @" << entry << " was not written";
    return success();
  }
};
} // namespace
