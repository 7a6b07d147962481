//===- VerifyTangents.cpp - Finds where no tangent can follow an active value -----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "VerifyTangents.h"
#include "ExprBuilder.h"
#include "costate/Differentiation/CustomDerivative.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"
#include "costate/Differentiation/ImplicitFunction.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace costate;

bool costate::mayWrite(Operation &op) {
  if (auto effects = dyn_cast<MemoryEffectOpInterface>(op))
    return effects.hasEffect<MemoryEffects::Write>();
  return op.getNumResults() == 0 && !op.hasTrait<OpTrait::HasRecursiveMemoryEffects>();
}

Operation *costate::findWrite(Operation &op) {
  Operation *found = nullptr;
  op.walk([&](Operation *inner) {
    if (inner->hasTrait<OpTrait::IsTerminator>() || !mayWrite(*inner))
      return WalkResult::advance();
    found = inner;
    return WalkResult::interrupt();
  });
  return found;
}

namespace {
/// Follows active values, and collects the ops at which that ends.
class TangentVerifier {
public:
  /// `active` is complete.
  void visit(Block &block, const ValueSet &active) {
    for (Operation &op : block.without_terminator())
      visit(op, active);
  }
  LogicalResult report();

private:
  void visit(Operation &op, const ValueSet &active);

  llvm::SetVector<Operation *> lost, ruleless;
  llvm::MapVector<Operation *, Operation *> repeated; // with what repeats it
};
} // namespace

static bool hasRule(Operation *op) {
  auto rule = dyn_cast<DifferentiableOpInterface>(op);
  return (rule && rule.getRuleKind() != RuleKind::None) || isa<CustomDerivativeInterface>(op);
}

/// The first result that has no tangent.
static Value findWithoutTangent(Operation *op) {
  for (Value result : op->getResults())
    if (!hasTangent(result.getType()))
      return result;
  return {};
}

void costate::reportNoRule(Operation *op) {
  InFlightDiagnostic error = op->emitOpError() << "has no derivative rule";
  for (Type type : llvm::concat<const Type>(llvm::to_vector(op->getOperandTypes()),
                                            llvm::to_vector(op->getResultTypes()))) {
    auto shaped = dyn_cast<ShapedType>(type);
    if (isa<RankedTensorType>(type) && !shaped.hasStaticShape()) {
      error << " for a " << type << ", whose extents are not known";
      return;
    }
    if (shaped && !isa<TensorType>(type)) {
      error << " for a " << type << "; scalars and tensors have one";
      return;
    }
  }
}

void TangentVerifier::visit(Operation &op, const ValueSet &active) {
  if (!takesActive(op, active, Dependence::Differentiable))
    return;
  if (auto implicit = dyn_cast<ImplicitFunctionInterface>(op)) {
    // The equation is differentiated by its unknown, too.
    Block &equation = implicit.getEquationRegion().front();
    ValueSet inner = active;
    inner.insert_range(equation.getArguments());
    addDependents(equation, inner, Dependence::Differentiable);
    visit(equation, inner);
  } else if (isa<scf::IfOp, scf::ForOp, scf::WhileOp>(op)) {
    // A derivative computes once more, or several times, what a conditional or a loop computes.
    if (Operation *write = definesActive(op, active) ? findWrite(op) : nullptr)
      repeated.insert({write, &op});
    for (Region &region : op.getRegions())
      for (Block &block : region)
        visit(block, active);
  } else if (isDecidedByBody(op)) {
    visit(op.getRegion(0).front(), active);
    if (definesActive(op, active))
      ruleless.insert(&op);
  } else if (op.getNumResults() == 0 || findWithoutTangent(&op) || mayWrite(op)) {
    lost.insert(&op);
  } else if (!hasRule(&op)) {
    ruleless.insert(&op);
  }
}

LogicalResult TangentVerifier::report() {
  if (lost.empty() && repeated.empty())
    return success();
  for (Operation *op : lost) {
    InFlightDiagnostic error = op->emitOpError();
    error << (hasRule(op) ? "cannot be differentiated" : "has no derivative rule")
          << ", but takes a value that is differentiated";
    if (Value result = findWithoutTangent(op))
      error << "; no tangent goes with a result of type " << result.getType();
    else if (op->getNumResults() == 0)
      error << "; it has no result for a tangent to go with";
    else
      error << "; no tangent goes through memory";
  }
  llvm::for_each(ruleless, reportNoRule);
  for (auto [op, by] : repeated)
    if (!lost.contains(op)) {
      InFlightDiagnostic error = op->emitOpError() << "writes memory where a derivative may run it again";
      error.attachNote(by->getLoc()) << "in this '" << by->getName() << "', which is differentiated";
    }
  return failure();
}

LogicalResult costate::verifyTangents(Block &block, ValueSet active) {
  addDependents(block, active, Dependence::Differentiable);
  TangentVerifier verifier;
  verifier.visit(block, active);
  return verifier.report();
}
