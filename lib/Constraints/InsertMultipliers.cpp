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

std::unique_ptr<Strategy> costate::createStrategy(StrategyAttrInterface attribute) {
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
  llvm_unreachable("every attribute that is a strategy is listed");
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
      strategies.push_back(createStrategy(constraint.strategy));
      admitted &= succeeded(strategies.back()->check(constraint)) &&
                  succeeded(checkLineSearch(*strategies.back(), constraint, problems[0]));
    }
    if (!admitted)
      return failure();

    StepBuilder steps(module, *problem, strategies);
    if (failed(steps.build()) || failed(verifySymbols(module)))
      return failure();
    module->setAttr("costate.program",
                    StringAttr::get(&getContext(), describeProgram(problems[0], *problem, steps)));
    problems[0].erase();
    // Nothing but entries is called from outside: what a step does not need may go.
    for (auto function : module.getOps<func::FuncOp>())
      if (!function->hasAttr("costate.entry"))
        function.setPrivate();
    verifyResult(module, *problem, steps);
    return success();
  }

  /// A line search compares values of the loss along its gradient, so it would pass over another direction.
  static LogicalResult checkLineSearch(const Strategy &strategy, const Constraint &constraint,
                                       ProblemOp problem) {
    auto descent = dyn_cast<GradientDescentAttr>(problem.getTrainOp().getOptimizer());
    if (!strategy.changesDirection() || !descent || descent.getArmijo() == 0)
      return success();
    return emitError(constraint.loc) << "constraint \"" << constraint.name
                                     << "\" gives a direction that is not the "
                                     << "gradient of the loss, which the line search of " << descent
                                     << " needs; leave `armijo` out, or use #costate.penalty";
  }

  /// What was there before must not be named like a function that a step is made of.
  static LogicalResult verifySymbols(ModuleOp module) {
    DenseSet<StringAttr> names;
    auto symbols = llvm::to_vector(module.getOps<SymbolOpInterface>());
    for (SymbolOpInterface symbol : llvm::reverse(symbols))
      if (!names.insert(symbol.getNameAttr()).second)
        return emitError(symbol.getLoc()) << "@" << symbol.getName()
                                          << " is named like a function of the step that is made; give it "
                                             "another name";
    return success();
  }

  /// Every constraint must be measured in the step, whatever its strategy does. That it is not would be an
  /// error of this library.
  static void verifyResult(ModuleOp module, const Problem &problem, const StepBuilder &steps) {
    for ([[maybe_unused]] const Constraint &constraint : problem.constraints)
      assert(llvm::any_of(steps.getFigures(), [&](const Figure &f) { return f.name == constraint.name; }) &&
             "a constraint was not handled");
    for ([[maybe_unused]] StringRef entry : {"step", "gradient", "objective"})
      assert(module.lookupSymbol<func::FuncOp>(entry) && "an entry was not written");
  }
};
} // namespace
