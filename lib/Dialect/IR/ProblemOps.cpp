//===- ProblemOps.cpp - Verifiers of problems, terms, constraints and training --------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "MethodAttrs.h"
#include "Names.h"
#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace costate;

//===------------------------------------------------------------------------------------------------------===//
// The problem
//===------------------------------------------------------------------------------------------------------===//

static StringAttr nameOfSet(Operation *op) {
  if (auto data = dyn_cast<DataOp>(op))
    return data.getSetNameAttr();
  if (auto sample = dyn_cast<SampleOp>(op))
    return sample.getSetNameAttr();
  return {};
}

static StringAttr nameOfTerm(Operation *op) {
  if (auto minimize = dyn_cast<MinimizeOp>(op))
    return minimize.getNameAttr();
  if (auto constraint = dyn_cast<SubjectToOp>(op))
    return constraint.getNameAttr();
  return {};
}

Operation *ProblemOp::lookupSet(StringRef name) {
  for (Operation &op : getBody().front())
    if (StringAttr found = nameOfSet(&op); found && found.getValue() == name)
      return &op;
  return nullptr;
}

TrainOp ProblemOp::getTrainOp() {
  auto trains = getBody().front().getOps<TrainOp>();
  return trains.empty() ? TrainOp() : *trains.begin();
}

/// Checks that no term or constraint is named like another figure that a run reports.
static LogicalResult verifyFigures(ProblemOp problem) {
  constexpr StringLiteral reserved[] = {"loss", "step", "epoch", "seconds", "seconds_per_step", "l2re"};
  for (Operation &op : problem.getBody().front()) {
    StringAttr name = nameOfTerm(&op);
    if (!name)
      continue;
    if (failed(verifyName(&op, name, /*phrase=*/true)))
      return failure();
    if (llvm::is_contained(reserved, name.getValue()) || name.getValue().starts_with("l2re."))
      return op.emitOpError() << "is named " << name << ", as a figure that every run reports";
    for (auto constraint : problem.getBody().front().getOps<SubjectToOp>()) {
      StringRef rest = name.getValue();
      if (!rest.consume_front(constraint.getName()) || !(rest.starts_with(".") || rest.starts_with("[")))
        continue;
      InFlightDiagnostic error = op.emitOpError()
                                 << "is named " << name << ", like a figure of the constraint \""
                                 << constraint.getName() << "\"";
      error.attachNote(constraint.getLoc()) << "the constraint";
      return error;
    }
  }
  return success();
}

/// Checks that constraints which share a system of multipliers are by the same strategy.
static LogicalResult verifySystems(ProblemOp problem) {
  for (auto constraint : problem.getBody().front().getOps<SubjectToOp>()) {
    auto strategy = dyn_cast<TanabeAttr>(constraint.getStrategy());
    if (!strategy)
      continue;
    bool reduced = strategy.getMode() == TanabeMode::reduction;
    for (auto before : problem.getBody().front().getOps<SubjectToOp>()) {
      if (before == constraint)
        break;
      auto other = dyn_cast<TanabeAttr>(before.getStrategy());
      if (!other || other == strategy || other.getMode() != strategy.getMode() ||
          !(reduced || before.getSet() == constraint.getSet()))
        continue;
      InFlightDiagnostic error = constraint.emitOpError()
                                 << "shares multipliers with the constraint \"" << before.getName()
                                 << "\", as "
                                 << (reduced ? "all that are reduced do" : "all of every sample of a set do")
                                 << ", but is by another strategy, " << Attribute(strategy) << " and not "
                                 << Attribute(other);
      error.attachNote(before.getLoc()) << "the other constraint";
      return error;
    }
  }
  return success();
}

static Type elementTypeOfSet(Operation *op) {
  ArrayAttr types = isa<DataOp>(op) ? cast<DataOp>(op).getColumnTypes() : cast<SampleOp>(op).getColumnTypes();
  return cast<RankedTensorType>(cast<TypeAttr>(types[0]).getValue()).getElementType();
}

/// A number of a problem in f32 must be one of f32.
static LogicalResult verifyRange(Operation &op, Type element) {
  const llvm::fltSemantics &semantics = cast<FloatType>(element).getFloatSemantics();
  double largest = APFloat::getLargest(semantics).convertToDouble();
  for (NamedAttribute attribute : op.getAttrs()) {
    auto number = dyn_cast<FloatAttr>(attribute.getValue());
    if (!number)
      continue;
    double value = number.getValueAsDouble();
    if (!(std::abs(value) <= largest))
      return op.emitOpError() << "has " << attribute.getName() << " " << value
                              << ", but the largest number of " << element << " is " << largest;
    if (value != 0 && element.isF32() && static_cast<float>(value) == 0)
      return op.emitOpError() << "has " << attribute.getName() << " " << value << ", which is zero in "
                              << element;
  }
  if (!element.isF32())
    return success();
  auto emitError = [&] { return op.emitOpError() << "is computed in " << element << ", where "; };
  if (auto constraint = dyn_cast<SubjectToOp>(op))
    return verifyInF32(constraint.getStrategy(), emitError);
  if (auto train = dyn_cast<TrainOp>(op)) {
    Attribute schedule = train.getScheduleAttr();
    return failure(failed(verifyInF32(train.getOptimizer(), emitError)) ||
                   (schedule && failed(verifyInF32(schedule, emitError))));
  }
  return success();
}

/// Settings of a set may be given in the environment, where a name has capitals and underscores only.
static std::string inEnvironment(StringRef name) {
  std::string text = name.upper();
  llvm::replace(text, '-', '_');
  return text;
}

LogicalResult ProblemOp::verifyRegions() {
  if (failed(verifyName(*this, getSymName())))
    return failure();
  llvm::StringMap<Operation *> settings;
  Operation *firstSet = nullptr;
  llvm::StringMap<Location> sets, terms;
  TrainOp train;
  for (Operation &op : getBody().front()) {
    if (!isa<DataOp, SampleOp, MinimizeOp, SubjectToOp, TrainOp>(op)) {
      InFlightDiagnostic error = op.emitOpError()
                                 << "stands in a problem, which holds sets, terms, constraints and "
                                    "costate.train only";
      error.attachNote(getLoc()) << "the problem";
      return error;
    }
    auto unique = [&](llvm::StringMap<Location> &names, StringAttr name, const char *what) -> LogicalResult {
      auto [it, isNew] = names.try_emplace(name.getValue(), op.getLoc());
      if (isNew)
        return success();
      InFlightDiagnostic error = op.emitOpError()
                                 << "is the second " << what << " of this problem named " << name;
      error.attachNote(it->second) << "the first";
      return error;
    };
    if (StringAttr name = nameOfSet(&op)) {
      if (failed(unique(sets, name, "set")))
        return failure();
      if (auto [it, isNew] = settings.try_emplace(inEnvironment(name), &op); !isNew) {
        InFlightDiagnostic error = op.emitOpError()
                                   << "is named " << name << " and another set " << nameOfSet(it->second)
                                   << ", but names of sets must differ in more than capitals, '-' and '_'";
        error.attachNote(it->second->getLoc()) << "the other";
        return error;
      }
      if (!firstSet)
        firstSet = &op;
      if (elementTypeOfSet(&op) != elementTypeOfSet(firstSet)) {
        InFlightDiagnostic error = op.emitOpError() << "has columns of " << elementTypeOfSet(&op)
                                                    << ", but a problem computes in one element type";
        error.attachNote(firstSet->getLoc()) << "the first set has columns of " << elementTypeOfSet(firstSet);
        return error;
      }
    }
    if (StringAttr name = nameOfTerm(&op); name && failed(unique(terms, name, "term or constraint")))
      return failure();
    if (auto another = dyn_cast<TrainOp>(op)) {
      if (train) {
        InFlightDiagnostic error = another.emitOpError()
                                   << "is the second of this problem, which is trained in one way";
        error.attachNote(train.getLoc()) << "the first";
        return error;
      }
      train = another;
    }
  }
  if (firstSet)
    for (Operation &op : getBody().front())
      if (failed(verifyRange(op, elementTypeOfSet(firstSet))))
        return failure();
  return failure(failed(verifyFigures(*this)) || failed(verifySystems(*this)));
}

LogicalResult TrainOp::verify() {
  auto positive = [&](std::optional<uint64_t> value, StringRef what) -> LogicalResult {
    if (value && static_cast<int64_t>(*value) <= 0)
      return emitOpError() << "has " << what << " " << static_cast<int64_t>(*value)
                           << ", but it must be positive";
    if (value && *value > static_cast<uint64_t>(largestSetting))
      return emitOpError() << "has " << what << " " << *value << ", but it must be at most "
                           << largestSetting;
    return success();
  };
  if (failed(positive(getBatch(), "batch")) || failed(positive(getEpochs(), "epochs")) ||
      failed(positive(getSteps(), "steps")))
    return failure();
  if (getEpochs() && getSteps())
    return emitOpError() << "ends after epochs and after steps, but must say one of them";
  if (!getEpochs() && !getSteps())
    return emitOpError() << "does not say when it ends; add epochs or steps";
  auto data = cast<ProblemOp>((*this)->getParentOp()).getBody().front().getOps<DataOp>();
  if (data.empty() && getEpochs())
    return emitOpError() << "counts epochs, but the problem has no data set to pass over; give steps";
  if (data.empty() && getBatch())
    return emitOpError() << "has batches, but the problem has no data set to take them from";
  return success();
}

//===------------------------------------------------------------------------------------------------------===//
// Functions applied over sets
//===------------------------------------------------------------------------------------------------------===//

static std::string listColumns(ArrayAttr names, ArrayAttr types) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(llvm::zip_equal(names, types), stream, [&](auto pair) {
    stream << cast<StringAttr>(std::get<0>(pair)).getValue() << ": "
           << cast<TypeAttr>(std::get<1>(pair)).getValue();
  });
  return text;
}

namespace {
/// A function applied to columns of a set, with what its checks need.
struct Application {
  Operation *op;
  Operation *set = nullptr;
  FunctionOpInterface callee = nullptr;

  Type columnType(StringRef column) const {
    if (auto data = dyn_cast<DataOp>(set))
      return data.getColumnType(column);
    return cast<SampleOp>(set).getColumnType(column);
  }

  InFlightDiagnostic withSetNote(InFlightDiagnostic error) const {
    std::string columns =
        isa<DataOp>(set)
            ? listColumns(cast<DataOp>(set).getColumnNames(), cast<DataOp>(set).getColumnTypes())
            : listColumns(cast<SampleOp>(set).getColumnNames(), cast<SampleOp>(set).getColumnTypes());
    error.attachNote(set->getLoc()) << "@" << nameOfSet(set).getValue() << " has the columns (" << columns
                                    << ")";
    return error;
  }

  /// Finds the set and the function, and checks the columns against its arguments.
  LogicalResult verify(FlatSymbolRefAttr name, ArrayAttr columns, StringRef setReference,
                       SymbolTableCollection &symbols) {
    set = cast<ProblemOp>(op->getParentOp()).lookupSet(setReference);
    if (!set)
      return op->emitOpError() << "is over @" << setReference << ", which is not a set of this problem";
    FailureOr<FunctionOpInterface> function = lookup(name, symbols);
    if (failed(function))
      return failure();
    callee = *function;
    // A lowered function takes its parameters before the columns.
    unsigned parameters = 0;
    while (parameters != callee.getNumArguments() && callee.getArgAttr(parameters, "costate.parameter"))
      ++parameters;
    if (columns.size() != callee.getNumArguments() - parameters) {
      InFlightDiagnostic error = op->emitOpError()
                                 << "applies " << name << " to " << columns.size()
                                 << " columns, but it takes " << callee.getNumArguments() - parameters;
      error.attachNote(callee.getLoc()) << name << " is defined here";
      return error;
    }
    for (auto [i, column] : llvm::enumerate(columns.getAsRange<StringAttr>())) {
      Type found = columnType(column.getValue());
      if (!found)
        return withSetNote(op->emitOpError() << "names column '" << column.getValue() << "', which @"
                                             << setReference << " does not have");
      Type required = callee.getArgumentTypes()[parameters + i];
      if (found != required)
        return withSetNote(op->emitOpError()
                           << "passes column '" << column.getValue() << "' of type " << found
                           << " as argument " << i << " of " << name << ", which is " << required);
    }
    if (callee.getNumResults() != 1)
      return op->emitOpError() << "applies " << name << ", which has " << callee.getNumResults()
                               << " results, but must have one";
    return success();
  }

  FailureOr<FunctionOpInterface> lookup(FlatSymbolRefAttr name, SymbolTableCollection &symbols) const {
    auto function = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(op, name);
    if (!function) {
      op->emitOpError() << "applies " << name
                        << ", which is not a network, a residual or a function of this module";
      return failure();
    }
    return function;
  }

  Type resultType() const { return FunctionOpInterface(callee).getResultTypes()[0]; }

  /// Checks that a target or bound has the type of the function's result, or is a number.
  LogicalResult verifyTarget(Attribute target, StringRef what) const {
    auto column = dyn_cast_if_present<StringAttr>(target);
    if (!column)
      return success();
    Type found = columnType(column.getValue());
    if (!found)
      return withSetNote(op->emitOpError() << "names column '" << column.getValue() << "', which @"
                                           << nameOfSet(set).getValue() << " does not have");
    if (found != resultType())
      return withSetNote(op->emitOpError() << "has " << what << " '" << column.getValue() << "' of type "
                                           << found << ", but compares it with " << resultType());
    return success();
  }
};
} // namespace

static bool isOneNumber(Type type) {
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return tensor.hasStaticShape() && tensor.getNumElements() == 1;
  return isa<FloatType>(type);
}

LogicalResult MinimizeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Application application{*this};
  if (failed(application.verify(getCalleeAttr(), getColumns(), getSet(), symbols)) ||
      failed(application.verifyTarget(getTargetAttr(), "target")))
    return failure();
  Type value = application.resultType();
  if (getLoss() == LossKind::huber && !(getDelta() && getDelta()->convertToDouble() > 0))
    return emitOpError() << "has a Huber loss, which needs a positive threshold";
  if (getLoss() == LossKind::cross_entropy && !isa_and_present<StringAttr>(getTargetAttr()))
    return emitOpError() << "has a cross entropy without a column of distributions to compare with";
  if (getLoss() == LossKind::identity && !isOneNumber(value))
    return emitOpError() << "minimises " << getCalleeAttr() << ", which is " << value
                         << ", but only one number can be small; use a loss";
  if (getLoss() != LossKind::custom)
    return success();
  FailureOr<FunctionOpInterface> loss = application.lookup(getLossFunctionAttr(), symbols);
  if (failed(loss))
    return failure();
  SmallVector<Type> required{value};
  if (getTargetAttr())
    required.push_back(value);
  if (loss->getArgumentTypes() != ArrayRef<Type>(required) || loss->getNumResults() != 1 ||
      !isOneNumber(loss->getResultTypes()[0])) {
    InFlightDiagnostic error = emitOpError() << "has loss " << getLossFunctionAttr() << " of type "
                                             << loss->getFunctionType() << ", but it must map (" << required
                                             << ") to one number";
    error.attachNote(loss->getLoc()) << getLossFunctionAttr() << " is defined here";
    return error;
  }
  return success();
}

LogicalResult SubjectToOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Application application{*this};
  if (failed(application.verify(getCalleeAttr(), getColumns(), getSet(), symbols)) ||
      failed(application.verifyTarget(getBoundAttr(), "bound")))
    return failure();
  if (getAggregate() && isa<StringAttr>(getBoundAttr()))
    return emitOpError() << "compares a " << stringifyAggregate(*getAggregate())
                         << " over the set with a column, but needs a number";
  if (getRelation() != Relation::equal && !getStrategy().admitsInequalities())
    return emitOpError() << "is an inequality, which strategy " << getStrategy().getStrategyName()
                         << " does not admit";
  return success();
}
