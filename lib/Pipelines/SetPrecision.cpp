//===- SetPrecision.cpp - One floating-point type throughout a problem ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Pipelines/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/BuiltinOps.h"

namespace costate {
#define GEN_PASS_DEF_COSTATESETPRECISION
#include "costate/Pipelines/Passes.h.inc"
} // namespace costate

using namespace mlir;

namespace {

APFloat convertTo(FloatType type, APFloat value) {
  bool inexact;
  value.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven, &inexact);
  return value;
}

/// Refuses what has no meaning in the other type.
LogicalResult verify(Operation *op, FloatType to, function_ref<bool(Type)> changes) {
  if (isa<arith::BitcastOp, tensor::BitcastOp>(op)) {
    Type in = getElementTypeOrSelf(op->getOperand(0)), out = getElementTypeOrSelf(op->getResult(0));
    if ((changes(in) || changes(out)) && in != out)
      return op->emitOpError() << "takes the bits of " << (changes(in) ? in : out)
                               << ", but the program is computed in " << to
                               << ": write it for this precision, or without bits";
  }
  auto isLost = [&](const APFloat &value) { return value.isFinite() && !convertTo(to, value).isFinite(); };
  for (NamedAttribute attr : op->getAttrs()) {
    auto number = dyn_cast<FloatAttr>(attr.getValue());
    auto numbers = dyn_cast<DenseFPElementsAttr>(attr.getValue());
    if ((number && changes(number.getType()) && isLost(number.getValue())) ||
        (numbers && changes(numbers.getElementType()) && llvm::any_of(numbers.getValues<APFloat>(), isLost)))
      return op->emitOpError() << "has a number that is infinite in " << to
                               << ", the precision of the program";
  }
  return success();
}

/// Casts between what are one type now.
void dropCasts(ModuleOp module) {
  module.walk([](Operation *op) {
    if (!isa<arith::ExtFOp, arith::TruncFOp>(op) || op->getOperand(0).getType() != op->getResult(0).getType())
      return;
    op->getResult(0).replaceAllUsesWith(op->getOperand(0));
    op->erase();
  });
}

struct CostateSetPrecision : costate::impl::CostateSetPrecisionBase<CostateSetPrecision> {
  using CostateSetPrecisionBase::CostateSetPrecisionBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FloatType to = precision == "f32"   ? FloatType(Float32Type::get(&getContext()))
                   : precision == "f64" ? FloatType(Float64Type::get(&getContext()))
                                        : FloatType();
    if (!to) {
      module.emitError() << "precision must be f32 or f64, but '" << precision.getValue() << "' was given";
      return signalPassFailure();
    }
    auto changes = [&](Type type) { return (type.isF32() || type.isF64()) && type != to; };

    // Numbers of a problem, a weight or a bound, are f64 whatever the points are.
    auto isOfAProblem = [](Operation *op) { return op->getName().getDialectNamespace() == "costate"; };
    bool valid = true;
    module.walk([&](Operation *op) { valid &= isOfAProblem(op) || succeeded(verify(op, to, changes)); });
    if (!valid)
      return signalPassFailure();

    AttrTypeReplacer replacer;
    replacer.addReplacement([&](FloatType type) -> std::optional<Type> {
      return changes(type) ? std::optional<Type>(to) : std::nullopt;
    });
    replacer.addReplacement([&](FloatAttr attr) -> std::optional<Attribute> {
      if (!changes(attr.getType()))
        return std::nullopt;
      return FloatAttr::get(to, convertTo(to, attr.getValue()));
    });
    replacer.addReplacement([&](DenseFPElementsAttr attr) -> std::optional<Attribute> {
      if (!changes(attr.getElementType()))
        return std::nullopt;
      return attr.mapValues(to, [&](const APFloat &value) { return convertTo(to, value).bitcastToAPInt(); });
    });
    replacer.addReplacement([&](DenseElementsAttr attr) -> std::optional<Attribute> {
      auto element = dyn_cast<ComplexType>(attr.getElementType());
      if (!element || !changes(element.getElementType()))
        return std::nullopt;
      SmallVector<std::complex<APFloat>> pairs;
      for (std::complex<APFloat> pair : attr.getValues<std::complex<APFloat>>())
        pairs.emplace_back(convertTo(to, pair.real()), convertTo(to, pair.imag()));
      return DenseElementsAttr::get(attr.getType().clone(ComplexType::get(to)), pairs);
    });
    SmallVector<std::tuple<Operation *, StringAttr, FloatAttr>> kept;
    module.walk([&](Operation *op) {
      if (isOfAProblem(op))
        for (NamedAttribute attr : op->getAttrs())
          if (auto number = dyn_cast<FloatAttr>(attr.getValue()))
            kept.emplace_back(op, attr.getName(), number);
    });
    replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
    for (auto [op, name, number] : kept)
      op->setAttr(name, number);
    dropCasts(module);
  }
};

} // namespace
