//===- NetworkOps.cpp - Networks, layers, parameters and variables --------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Names.h"
#include "costate/Dialect/IR/ParameterLayout.h"
#include "costate/Dialect/IR/TensorSize.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace costate;

//===------------------------------------------------------------------------------------------------------===//
// Networks and residuals
//===------------------------------------------------------------------------------------------------------===//

template <typename OpTy> static ParseResult parseFunction(OpAsmParser &parser, OperationState &result) {
  auto functionType = [](Builder &builder, ArrayRef<Type> arguments, ArrayRef<Type> results,
                         function_interface_impl::VariadicFlag,
                         std::string &) { return builder.getFunctionType(arguments, results); };
  return function_interface_impl::parseFunctionOp(
      parser, result, /*allowVariadic=*/false, OpTy::getFunctionTypeAttrName(result.name), functionType,
      OpTy::getArgAttrsAttrName(result.name), OpTy::getResAttrsAttrName(result.name));
}

template <typename OpTy> static void printFunction(OpAsmPrinter &printer, OpTy op) {
  function_interface_impl::printFunctionOp(printer, op, /*isVariadic=*/false, op.getFunctionTypeAttrName(),
                                           op.getArgAttrsAttrName(), op.getResAttrsAttrName());
}

ParseResult NetworkOp::parse(OpAsmParser &parser, OperationState &result) {
  return parseFunction<NetworkOp>(parser, result);
}
void NetworkOp::print(OpAsmPrinter &printer) { printFunction(printer, *this); }
ParseResult ResidualOp::parse(OpAsmParser &parser, OperationState &result) {
  return parseFunction<ResidualOp>(parser, result);
}
void ResidualOp::print(OpAsmPrinter &printer) { printFunction(printer, *this); }

/// The element type of a statically shaped f32 or f64 tensor of a size that there can be, or null.
static Type sampleElementType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape() || !isAddressable(tensor.getShape()) ||
      llvm::is_contained(tensor.getShape(), 0) ||
      !(tensor.getElementType().isF32() || tensor.getElementType().isF64()))
    return {};
  return tensor.getElementType();
}

/// Checks what networks and residuals have in common: types, purity, and what they yield.
static LogicalResult verifySampleFunction(FunctionOpInterface function) {
  if (failed(verifyName(function, function.getName())))
    return failure();
  Type element;
  auto check = [&](Type type, const char *what, unsigned i) -> LogicalResult {
    Type found = sampleElementType(type);
    if (!found)
      return function.emitOpError()
             << what << " " << i << " is " << type
             << ", but must be a statically shaped tensor of f32 or f64, with an element";
    if (element && element != found)
      return function.emitOpError() << what << " " << i << " has elements of type " << found
                                    << ", but others have " << element
                                    << "; a function computes in one element type";
    element = found;
    return success();
  };
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
    if (failed(check(type, "argument", i)))
      return failure();
  for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
    if (failed(check(type, "result", i)))
      return failure();
  if (function.getNumResults() == 0)
    return function.emitOpError() << "has no result, but must yield at least one value";

  Block &body = function.getFunctionBody().front();
  auto yield = dyn_cast_if_present<YieldOp>(body.empty() ? nullptr : &body.back());
  if (!yield)
    return function.emitOpError() << "must end with costate.yield";
  if (yield.getOperandTypes() != function.getResultTypes())
    return yield.emitOpError() << "yields (" << yield.getOperandTypes()
                               << "), but the function's results are (" << function.getResultTypes() << ")";

  bool isNetwork = isa<NetworkOp>(function);
  WalkResult result = function.getFunctionBody().walk([&](Operation *op) -> WalkResult {
    if (isa<BatchNormOp, ConvOp, DenseOp, FourierOp, ParameterOp>(op)) {
      if (isNetwork)
        return WalkResult::advance();
      return op->emitOpError() << "declares parameters, which only a costate.network may do";
    }
    if (isNetwork && isa<DiffOp, GradOp, JacobianOp, HessianOp, DivOp, LaplacianOp, OperatorOp>(op))
      return op->emitOpError() << "is a derivative, which a costate.network may not take; take it in a "
                                  "costate.residual that calls the network";
    // What is nested is seen on its own: a layer has an effect only so that no two become one. What
    // iterations put together is the result of their loop.
    auto effects = dyn_cast<MemoryEffectOpInterface>(op);
    bool isFree = op->hasTrait<OpTrait::HasRecursiveMemoryEffects>()
                      ? !effects || effects.hasNoEffect()
                      : isMemoryEffectFree(op) || isa<tensor::ParallelInsertSliceOp>(op);
    if (!isFree) {
      InFlightDiagnostic error = op->emitOpError()
                                 << "may have side effects, but a function of a sample is pure";
      error.attachNote(function.getLoc()) << "in this function";
      return error;
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// The name that a layer or a parameter was given; null where it has none.
static StringAttr givenName(Operation *op) {
  return TypeSwitch<Operation *, StringAttr>(op)
      .Case<BatchNormOp, ConvOp, DenseOp, FourierOp, ParameterOp>(
          [](auto named) { return named.getNameAttr(); })
      .Default([](Operation *) { return StringAttr(); });
}

LogicalResult NetworkOp::verifyRegions() {
  if (failed(verifySampleFunction(*this)))
    return failure();
  DenseMap<StringAttr, Location> names;
  WalkResult walked = walk([&](Operation *op) -> WalkResult {
    StringAttr name = givenName(op);
    if (!name)
      return WalkResult::advance();
    if (failed(verifyName(op, name, /*phrase=*/true)))
      return WalkResult::interrupt();
    auto [it, isNew] = names.try_emplace(name, op->getLoc());
    if (isNew)
      return WalkResult::advance();
    InFlightDiagnostic error = op->emitOpError() << "is named " << name << ", as another is in this network";
    error.attachNote(it->second) << "the other";
    return error;
  });
  if (walked.wasInterrupted())
    return failure();
  llvm::StringMap<Operation *> owners;
  for (const DeclaredParameter &parameter : declaredParameters(*this)) {
    auto [it, isNew] = owners.try_emplace(parameter.name, parameter.op);
    if (isNew)
      continue;
    // The name that was given is what can be changed.
    Operation *named = parameter.op, *other = it->second;
    if (!givenName(named))
      std::swap(named, other);
    InFlightDiagnostic error = named->emitOpError()
                               << "is named " << givenName(named) << ", which makes the parameter \""
                               << parameter.name << "\" that another layer has";
    error.attachNote(other->getLoc())
        << (givenName(other) ? "the other" : "the other, which has no name and is numbered");
    return error;
  }
  return success();
}

LogicalResult ResidualOp::verifyRegions() { return verifySampleFunction(*this); }

//===------------------------------------------------------------------------------------------------------===//
// Layers
//===------------------------------------------------------------------------------------------------------===//

static bool isNumberOf(Type element, double value) {
  const llvm::fltSemantics &semantics = cast<FloatType>(element).getFloatSemantics();
  return std::abs(value) <= APFloat::getLargest(semantics).convertToDouble();
}

/// Checks that input and result are vectors of one element type and that the result has `width` elements.
static LogicalResult verifyLayer(Operation *op, Type inputType, Type resultType, int64_t width,
                                 StringRef what) {
  auto input = cast<RankedTensorType>(inputType), result = cast<RankedTensorType>(resultType);
  if (input.getRank() != 1)
    return op->emitOpError() << "has input " << input << ", but takes a vector, tensor<nxT>";
  RankedTensorType required = RankedTensorType::get({width}, input.getElementType());
  if (width <= 0)
    return op->emitOpError() << "makes " << width << " " << what << ", but must make at least one";
  if (result != required)
    return op->emitOpError() << "has result " << result << ", but of " << what << " it makes " << required;
  return success();
}

static LogicalResult verifyValues(Operation *op, InitializerAttr init, int64_t elements, StringRef what) {
  if (!init)
    return success();
  auto variable = dyn_cast<VariableOp>(op);
  Type element = getElementTypeOrSelf(variable ? variable.getType() : op->getResult(0).getType());
  for (double value : init.getArguments())
    if (!isNumberOf(element, value))
      return op->emitOpError() << "initialises " << what << " with " << value << ", which " << element
                               << " does not reach";
  if (init.getKind() != InitializerKind::values)
    return success();
  if (static_cast<int64_t>(init.getArguments().size()) != elements)
    return op->emitOpError() << "initialises " << what << " with " << init.getArguments().size()
                             << " values, but it has " << elements << " elements";
  return success();
}

LogicalResult DenseOp::verify() {
  if (failed(verifyLayer(*this, getInput().getType(), getType(), getUnits(), "units")))
    return failure();
  if (getNoBias() && getBias())
    return emitOpError() << "says how the bias begins, but has none";
  int64_t fanIn = cast<RankedTensorType>(getInput().getType()).getDimSize(0);
  if (!isAddressable({fanIn, static_cast<int64_t>(getUnits())}))
    return emitOpError() << "has " << getUnits() << " units of " << fanIn
                         << " inputs, a weight of more elements than can be addressed";
  if (failed(verifyValues(*this, getInitAttr(), fanIn * static_cast<int64_t>(getUnits()), "the weight")))
    return failure();
  return verifyValues(*this, getBiasAttr(), getUnits(), "the bias");
}

InitializerAttr DenseOp::getWeightInit() {
  return getInitAttr() ? getInitAttr()
                       : InitializerAttr::get(getContext(), InitializerKind::glorot_uniform, {});
}

InitializerAttr DenseOp::getBiasInit() {
  return getBiasAttr() ? getBiasAttr() : InitializerAttr::get(getContext(), InitializerKind::zeros, {});
}

/// What is the default need not be said.
LogicalResult DenseOp::canonicalize(DenseOp op, PatternRewriter &rewriter) {
  bool initIsDefault = op.getInitAttr() && op.getInitAttr().getKind() == InitializerKind::glorot_uniform;
  bool biasIsDefault = op.getBiasAttr() && op.getBiasAttr().getKind() == InitializerKind::zeros;
  if (!initIsDefault && !biasIsDefault)
    return failure();
  rewriter.modifyOpInPlace(op, [&] {
    if (initIsDefault)
      op.removeInitAttr();
    if (biasIsDefault)
      op.removeBiasAttr();
  });
  return success();
}

LogicalResult FourierOp::verify() {
  double scale = getScale().convertToDouble();
  if (!(scale > 0) || std::isinf(scale))
    return emitOpError() << "has scale " << getScaleAttr() << ", but needs a positive number";
  return verifyLayer(*this, getInput().getType(), getType(), 2 * static_cast<int64_t>(getFeatures()),
                     "cosines and sines");
}

LogicalResult ParameterOp::verify() {
  if (!sampleElementType(getType()))
    return emitOpError() << "is a " << getType()
                         << ", but a parameter has at least one element, and no more than can be addressed";
  return verifyValues(*this, getInitAttr(), cast<RankedTensorType>(getType()).getNumElements(),
                      "the parameter");
}

//===------------------------------------------------------------------------------------------------------===//
// Variables
//===------------------------------------------------------------------------------------------------------===//

LogicalResult VariableOp::verify() {
  if (failed(verifyName(*this, getSymName())))
    return failure();
  if (!sampleElementType(getType()))
    return emitOpError() << "has type " << getType()
                         << ", but must be a statically shaped tensor of f32 or f64, with an element";
  if (failed(verifyValues(*this, getInitAttr(), cast<RankedTensorType>(getType()).getNumElements(),
                          "the variable")))
    return failure();
  if (bool(getLowerAttr()) != bool(getUpperAttr()))
    return emitOpError() << "has one bound, but needs both; inf is a bound";
  if (!getLowerAttr())
    return success();
  double lower = getLowerAttr().getValueAsDouble(), upper = getUpperAttr().getValueAsDouble();
  if (!(lower < upper))
    return emitOpError() << "has bounds [" << lower << ", " << upper
                         << "], but the lower must be below the upper";
  InitializerAttr init = getInitAttr();
  if (init.getKind() == InitializerKind::constant || init.getKind() == InitializerKind::values)
    for (double value : init.getArguments())
      if (value < lower || value > upper)
        return emitOpError() << "begins at " << value << ", outside its bounds [" << lower << ", " << upper
                             << "]";
  return success();
}

LogicalResult ReadOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *symbol = symbols.lookupNearestSymbolFrom(*this, getVariableAttr());
  auto variable = dyn_cast_if_present<VariableOp>(symbol);
  if (!variable) {
    InFlightDiagnostic error = emitOpError()
                               << "reads " << getVariableAttr() << ", which is not a variable of this module";
    if (symbol)
      error.attachNote(symbol->getLoc()) << getVariableAttr() << " is defined here";
    return error;
  }
  if (variable.getType() != getType()) {
    InFlightDiagnostic error = emitOpError() << "reads " << getVariableAttr() << " as " << getType()
                                             << ", but it is " << variable.getType();
    error.attachNote(variable.getLoc()) << getVariableAttr() << " is declared here";
    return error;
  }
  return success();
}

//===------------------------------------------------------------------------------------------------------===//
// Initialisers
//===------------------------------------------------------------------------------------------------------===//

LogicalResult InitializerAttr::verify(function_ref<InFlightDiagnostic()> emitError, InitializerKind kind,
                                      ArrayRef<Real> arguments) {
  size_t required = 0;
  switch (kind) {
  case InitializerKind::values:
    return success();
  case InitializerKind::constant:
    required = 1;
    break;
  case InitializerKind::normal:
  case InitializerKind::uniform:
    required = 2;
    break;
  default:
    break;
  }
  if (arguments.size() != required)
    return emitError() << "initialiser " << stringifyInitializerKind(kind) << " takes " << required
                       << " numbers, but has " << arguments.size();
  if (kind == InitializerKind::normal && !(arguments[1] >= 0))
    return emitError() << "initialiser normal has standard deviation " << arguments[1]
                       << ", but it cannot be negative";
  if (kind == InitializerKind::uniform && !(arguments[0] <= arguments[1]))
    return emitError() << "initialiser uniform runs from " << double(arguments[0]) << " to " << arguments[1]
                       << ", but low cannot be above high";
  return success();
}

DictionaryAttr InitializerAttr::getDescriptor(int64_t fanIn, int64_t fanOut) {
  Builder builder(getContext());
  NamedAttrList fields;
  fields.set("kind", builder.getStringAttr(stringifyInitializerKind(getKind())));
  auto number = [&](StringRef name, double value) { fields.set(name, builder.getF64FloatAttr(value)); };
  switch (getKind()) {
  case InitializerKind::zeros:
    break;
  case InitializerKind::constant:
    number("value", getArguments()[0]);
    break;
  case InitializerKind::normal:
    number("mean", getArguments()[0]);
    number("std", getArguments()[1]);
    break;
  case InitializerKind::uniform:
    number("low", getArguments()[0]);
    number("high", getArguments()[1]);
    break;
  case InitializerKind::values:
    fields.set("values", builder.getDenseF64ArrayAttr(llvm::to_vector_of<double>(getArguments())));
    break;
  default:
    fields.set("fan_in", builder.getI64IntegerAttr(fanIn));
    fields.set("fan_out", builder.getI64IntegerAttr(fanOut));
  }
  return fields.getDictionary(getContext());
}
