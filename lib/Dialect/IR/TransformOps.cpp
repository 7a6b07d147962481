//===- TransformOps.cpp - Verifiers of transforms of symbols and of calls
//---------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Derivatives.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace costate;

void DeriveOp::build(OpBuilder &builder, OperationState &state, StringRef name, TransformKind kind,
                     StringRef source, ArrayRef<int64_t> wrt) {
  Properties &properties = state.getOrAddProperties<Properties>();
  properties.sym_name = builder.getStringAttr(name);
  properties.kind = TransformKindAttr::get(builder.getContext(), kind);
  properties.source = FlatSymbolRefAttr::get(builder.getContext(), source);
  properties.wrt = builder.getDenseI64ArrayAttr(wrt);
}

/// The integers of one of the lists of a jet.
static SmallVector<int64_t> integersOf(Attribute list) {
  return llvm::map_to_vector(cast<ArrayAttr>(list),
                             [](Attribute element) { return cast<IntegerAttr>(element).getInt(); });
}

/// Limits of a partial derivative of a jet; its code grows with a power of the first, and as the second.
static constexpr int64_t kHighestJetOrder = 24, kMostJetProducts = 8192;

static std::string inDigits(double count) { return llvm::formatv("{0:F0}", count); }

LogicalResult DeriveOp::verify() {
  for (ArrayRef<int64_t> list : {getWrt(), getAcross()}) {
    SmallVector<int64_t> sorted = llvm::to_vector(list);
    llvm::sort(sorted);
    if (auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
      return emitOpError() << "lists argument " << *twice << " twice";
  }
  if (getKind() != TransformKind::gram && (!getAcross().empty() || getSamples() || getDiagonal()))
    return emitOpError() << "is a " << stringifyTransformKind(getKind())
                         << ", but only a gram is across samples or has a diagonal";
  if (getAcross().empty() != !getSamples())
    return emitOpError() << "requires both the arguments that samples differ in and how many there are";
  if (getSamples() && static_cast<int64_t>(*getSamples()) < 1)
    return emitOpError() << "has " << static_cast<int64_t>(*getSamples())
                         << " samples, but at least one is required";
  for (int64_t index : getAcross())
    if (llvm::is_contained(getWrt(), index))
      return emitOpError() << "differentiates by argument " << index
                           << ", which must then be the same for all samples";
  if (getKind() != TransformKind::jet) {
    if (getVariables() || getIndices() || getWeights())
      return emitOpError() << "is a " << stringifyTransformKind(getKind())
                           << ", but only a jet has variables, indices and weights";
    if (getWrt().empty())
      return emitOpError() << "lists no argument to differentiate by";
    return success();
  }
  if (!getVariables() || !getIndices())
    return emitOpError() << "is a jet, which requires variables and indices";
  if (!getWrt().empty())
    return emitOpError() << "is a jet, which names variables and not arguments to differentiate by";
  llvm::SmallDenseSet<Attribute> variables;
  for (Attribute variable : getVariablesAttr()) {
    if (!variables.insert(variable).second)
      return emitOpError() << "lists the variable " << variable << " twice";
    if (cast<ArrayAttr>(variable).size() != 2)
      return emitOpError() << "has the variable " << variable
                           << ", but an argument and a component are required";
  }
  if (getWeights())
    for (Attribute weights : getWeightsAttr())
      if (cast<ArrayAttr>(weights).size() != getIndicesAttr().size())
        return emitOpError() << "has the weights " << weights << " for " << getIndicesAttr().size()
                             << " multi-indices";
  for (Attribute index : getIndicesAttr()) {
    SmallVector<int64_t> exponents = integersOf(index);
    if (exponents.size() != getVariables()->size())
      return emitOpError() << "has the multi-index " << index << " for " << getVariables()->size()
                           << " variables";
    if (llvm::any_of(exponents, [](int64_t exponent) { return exponent < 0; }))
      return emitOpError() << "has the multi-index " << index << " with a negative exponent";
    // Of a product one coefficient takes a sum over all indices below its own, and each of these is one.
    double order = 0, products = 1;
    for (int64_t exponent : exponents) {
      order += exponent;
      products *= (exponent + 1.0) * (exponent + 2.0) / 2;
    }
    if (order > kHighestJetOrder)
      return emitOpError() << "has the multi-index " << index << " of order " << inDigits(order)
                           << "; required is an order of at most " << kHighestJetOrder;
    if (products > kMostJetProducts)
      return emitOpError()
             << "has the multi-index " << index << ", which takes " << inDigits(products)
             << " products of lower derivatives for each product of values; required are at most "
             << kMostJetProducts;
  }
  return success();
}

LogicalResult DeriveOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *source = symbols.lookupNearestSymbolFrom(*this, getSourceAttr());
  if (!source)
    return emitOpError() << "derives from " << getSourceAttr() << ", which is not in this module";
  auto function = dyn_cast<FunctionOpInterface>(source);
  if (!function)
    return verifyCorners(*this, symbols);
  if (getVariables())
    for (Attribute variable : getVariablesAttr()) {
      SmallVector<int64_t> place = integersOf(variable);
      bool isArgument = place[0] >= 0 && place[0] < static_cast<int64_t>(function.getNumArguments());
      auto type = isArgument ? dyn_cast<ShapedType>(function.getArgumentTypes()[place[0]]) : ShapedType();
      int64_t components = !isArgument ? 0 : !type ? 1 : type.hasStaticShape() ? type.getNumElements() : 0;
      if (place[1] < 0 || place[1] >= components) {
        InFlightDiagnostic error = emitOpError() << "has the variable " << variable << ", but "
                                                 << getSourceAttr() << " has no such component";
        error.attachNote(source->getLoc()) << getSourceAttr() << " is defined here";
        return error;
      }
    }
  for (auto [list, verb] :
       {std::pair(getWrt(), "differentiates by"), std::pair(getAcross(), "has samples of")})
    for (int64_t index : list)
      if (index < 0 || index >= static_cast<int64_t>(function.getNumArguments())) {
        InFlightDiagnostic error = emitOpError() << verb << " argument " << index << ", but "
                                                 << getSourceAttr() << " has " << function.getNumArguments();
        error.attachNote(source->getLoc()) << getSourceAttr() << " is defined here";
        return error;
      }
  return verifyCorners(*this, symbols);
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *callee = symbols.lookupNearestSymbolFrom(*this, getCalleeAttr());
  if (!callee)
    return emitOpError() << "calls " << getCalleeAttr() << ", which is not in this module";
  auto function = dyn_cast<FunctionOpInterface>(callee);
  if (!function)
    return success();
  if (function.getArgumentTypes() != getOperandTypes() || function.getResultTypes() != getResultTypes()) {
    InFlightDiagnostic error =
        emitOpError() << "has type " << FunctionType::get(getContext(), getOperandTypes(), getResultTypes())
                      << ", but " << getCalleeAttr() << " has type " << function.getFunctionType();
    error.attachNote(callee->getLoc()) << getCalleeAttr() << " is defined here";
    return error;
  }
  return success();
}
