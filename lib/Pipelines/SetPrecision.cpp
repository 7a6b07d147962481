//===- SetPrecision.cpp - One floating-point type throughout a problem ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Pipelines/Passes.h"

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
    // Numbers of a problem, a weight or a bound, are f64 whatever the points are.
    SmallVector<std::tuple<Operation *, StringAttr, FloatAttr>> kept;
    module.walk([&](Operation *op) {
      if (op->getName().getDialectNamespace() == "costate")
        for (NamedAttribute attr : op->getAttrs())
          if (auto number = dyn_cast<FloatAttr>(attr.getValue()))
            kept.emplace_back(op, attr.getName(), number);
    });
    replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
    for (auto [op, name, number] : kept)
      op->setAttr(name, number);
  }
};

} // namespace
