//===- DerivativeOps.cpp - Verifiers of derivatives -----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#include "DerivativePaths.h"
#include "Derivatives.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace costate;

//===------------------------------------------------------------------------------------------------------===//
// Verifiers
//===------------------------------------------------------------------------------------------------------===//

/// Checks that `input` may be differentiated by: an argument of the enclosing function, a vector or a scalar.
static LogicalResult verifyInput(Operation *op, Value input, Value value) {
  auto type = cast<RankedTensorType>(input.getType());
  if (type.getRank() > 1)
    return op->emitOpError() << "differentiates by a " << type << ", but can only by a vector, tensor<nxT>";
  Type element = cast<RankedTensorType>(value.getType()).getElementType();
  if (type.getElementType() != element)
    return op->emitOpError() << "differentiates a value of " << element << " by an input of "
                             << type.getElementType();
  auto argument = dyn_cast<BlockArgument>(input);
  if (!argument || !isa_and_present<FunctionOpInterface>(argument.getOwner()->getParentOp())) {
    InFlightDiagnostic error =
        op->emitOpError() << "differentiates by a value that is not an argument of the enclosing function";
    error.attachNote(input.getLoc()) << "the value is defined here";
    return error;
  }
  return success();
}

static LogicalResult verifyOrder(Operation *op, int64_t order) {
  if (order < 1)
    return op->emitOpError() << "names no component to differentiate by, but needs 1 to " << maxOrder;
  if (order > maxOrder)
    return op->emitOpError() << "is a derivative of order " << order << ", but the highest is " << maxOrder;
  return success();
}

LogicalResult DiffOp::verify() {
  if (getInputs().size() != getIndices().size())
    return emitOpError() << "has " << getInputs().size() << " inputs, but indices for "
                         << getIndices().size();
  int64_t order = 0;
  for (auto [input, attr] : llvm::zip_equal(getInputs(), getIndices())) {
    if (failed(verifyInput(*this, input, getValue())))
      return failure();
    for (int64_t index : cast<DenseI64ArrayAttr>(attr).asArrayRef()) {
      if (index < 0 || index >= numComponents(input))
        return emitOpError() << "differentiates by component " << index << ", but the input has type "
                             << input.getType();
      ++order;
    }
  }
  return verifyOrder(*this, order);
}

/// Checks that the value is a vector of `size` components (of any number where negative).
static LogicalResult verifyField(Operation *op, Value value, int64_t size, StringRef what) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getRank() == 1 && (size < 0 || type.getDimSize(0) == size))
    return success();
  std::string required;
  llvm::raw_string_ostream(required) << "tensor<" << (size < 0 ? "n" : std::to_string(size)) << "x"
                                     << type.getElementType() << ">";
  return op->emitOpError() << "is of a " << type << ", but needs " << what << ", " << required;
}

static LogicalResult verifyResult(Operation *op, ArrayRef<int64_t> shape, Value value) {
  auto required = RankedTensorType::get(shape, cast<RankedTensorType>(value.getType()).getElementType());
  if (op->getResult(0).getType() != required)
    return op->emitOpError() << "has result " << op->getResult(0).getType() << ", but it is " << required;
  return success();
}

static LogicalResult verifyVectorInputs(Operation *op, ValueRange inputs, Value value) {
  if (inputs.empty())
    return op->emitOpError() << "has no input to differentiate by, but needs at least one";
  llvm::SmallDenseSet<Value> seen;
  for (auto [i, input] : llvm::enumerate(inputs)) {
    if (failed(verifyInput(op, input, value)))
      return failure();
    if (cast<RankedTensorType>(input.getType()).getRank() != 1)
      return op->emitOpError() << "differentiates by a " << input.getType()
                               << ", but needs a vector, tensor<nxT>";
    if (!seen.insert(input).second)
      return op->emitOpError() << "has input " << i << " twice";
  }
  constexpr int64_t most = int64_t(1) << 16;
  if (int64_t count = numComponents(inputs); count > most)
    return op->emitOpError() << "differentiates by " << count << " components, but takes at most " << most;
  return success();
}

LogicalResult GradOp::verify() {
  return failure(failed(verifyVectorInputs(*this, getInputs(), getValue())) ||
                 failed(verifyField(*this, getValue(), 1, "a scalar field")) ||
                 failed(verifyResult(*this, {numComponents(getInputs())}, getValue())));
}

LogicalResult JacobianOp::verify() {
  return failure(
      failed(verifyVectorInputs(*this, getInputs(), getValue())) ||
      failed(verifyField(*this, getValue(), -1, "a vector field")) ||
      failed(verifyResult(*this, {numComponents(getValue()), numComponents(getInputs())}, getValue())));
}

LogicalResult HessianOp::verify() {
  int64_t d = numComponents(getInputs());
  return failure(failed(verifyVectorInputs(*this, getInputs(), getValue())) ||
                 failed(verifyField(*this, getValue(), 1, "a scalar field")) ||
                 failed(verifyResult(*this, {d, d}, getValue())));
}

LogicalResult DivOp::verify() {
  StringRef what = getInputs().size() == 1 ? "as many components as its input has"
                                           : "as many components as its inputs have together";
  return failure(failed(verifyVectorInputs(*this, getInputs(), getValue())) ||
                 failed(verifyField(*this, getValue(), numComponents(getInputs()), what)) ||
                 failed(verifyResult(*this, {1}, getValue())));
}

LogicalResult LaplacianOp::verify() {
  if (failed(verifyVectorInputs(*this, getInputs(), getValue())))
    return failure();
  if (!getComponents())
    return success();
  if (getComponents()->empty())
    return emitOpError() << "names no component, but needs at least one";
  llvm::SmallDenseSet<int64_t> seen;
  ArrayRef<int64_t> components = *getComponents();
  int64_t count = numComponents(getInputs());
  for (int64_t component : components) {
    if (component < 0 || component >= count)
      return emitOpError() << "sums over component " << component << ", but its inputs have " << count;
    if (!seen.insert(component).second)
      return emitOpError() << "sums over component " << component << " twice";
  }
  return success();
}

LogicalResult OperatorOp::verify() {
  for (Value input : getInputs())
    if (failed(verifyInput(*this, input, getValue())))
      return failure();
  if (getTerms().empty())
    return emitOpError() << "has no term, but needs at least one";
  int64_t variables = numComponents(getInputs());
  for (auto term : getTerms().getAsRange<TermAttr>()) {
    if (static_cast<int64_t>(term.getIndices().size()) > maxOrder)
      return emitOpError() << "has a term of order " << term.getIndices().size() << ", but the highest is "
                           << maxOrder;
    if (!llvm::is_sorted(term.getIndices()))
      return emitOpError() << "has a term with indices " << term.getIndices() << ", but they must be sorted";
    for (int64_t index : term.getIndices())
      if (index < 0 || index >= variables)
        return emitOpError() << "differentiates by variable " << index << ", but its inputs have "
                             << variables;
  }
  return success();
}

//===------------------------------------------------------------------------------------------------------===//
// Corners
//===------------------------------------------------------------------------------------------------------===//

static LogicalResult refuseCorner(Operation *op, const DerivativePaths &paths) {
  InFlightDiagnostic error = op->emitOpError()
                             << "is a derivative of order " << paths.cornerOrder
                             << " through relu, whose second derivative is zero or undefined";
  error.attachNote(paths.corner->getLoc()) << "this layer; tanh, swish, softplus and gelu are smooth";
  return error;
}

LogicalResult costate::verifyTotalOrder(Operation *op, SymbolTableCollection &symbols) {
  DerivativePaths paths = findPaths(op, symbols);
  if (paths.order > maxOrder)
    return op->emitOpError() << "makes a derivative of order " << paths.order << ", but the highest is "
                             << maxOrder;
  return paths.corner ? refuseCorner(op, paths) : success();
}

LogicalResult costate::verifyCorners(DeriveOp derive, SymbolTableCollection &symbols) {
  DerivativePaths paths = findPaths(derive, symbols);
  return paths.corner ? refuseCorner(derive, paths) : success();
}

LogicalResult DirectionOp::verify() {
  auto type = cast<ShapedType>(getResult().getType());
  if (getComponents().empty())
    return emitOpError() << "needs a component";
  for (int64_t component : getComponents())
    if (component < 0 || component >= type.getNumElements())
      return emitOpError() << "has a component " << component << ", but " << type << " has "
                           << type.getNumElements();
  return success();
}

LogicalResult SumDirectionsOp::verify() {
  if (!getDirection().getDefiningOp<DirectionOp>())
    return emitOpError() << "needs a 'costate.direction' to sum over";
  return success();
}
