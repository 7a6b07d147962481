//===- ParameterLayout.cpp - Where each parameter lies in θ -----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/ParameterLayout.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace costate;

SmallVector<DeclaredParameter> costate::declaredParameters(NetworkOp network) {
  SmallVector<DeclaredParameter> result;
  std::string prefix = (network.getSymName() + ".").str();
  unsigned denseCount = 0, convCount = 0, normCount = 0, fourierCount = 0;
  auto nameOf = [&](auto layer, StringRef kind, unsigned number) {
    return prefix + (layer.getName() ? layer.getName()->str() : (kind + Twine(number)).str());
  };
  network.walk([&](Operation *op) {
    Builder builder(op->getContext());
    auto constant = [&](double value) {
      return InitializerAttr::get(op->getContext(), InitializerKind::constant, {Real(value)})
          .getDescriptor(1, 1);
    };
    if (auto dense = dyn_cast<DenseOp>(op)) {
      auto input = dense.getInput().getType(), output = dense.getResult().getType();
      int64_t fanIn = input.getNumElements(), fanOut = output.getNumElements();
      std::string name = nameOf(dense, "layer", denseCount++);
      result.push_back({op, 0, name + ".weight",
                        RankedTensorType::get({fanOut, fanIn}, input.getElementType()),
                        dense.getWeightInit().getDescriptor(fanIn, fanOut)});
      if (!dense.getNoBias())
        result.push_back({op, 1, name + ".bias", cast<RankedTensorType>(output),
                          dense.getBiasInit().getDescriptor(fanIn, fanOut)});
    } else if (auto conv = dyn_cast<ConvOp>(op)) {
      RankedTensorType weight = conv.getWeightType();
      std::string name = nameOf(conv, "conv", convCount++);
      result.push_back({op, 0, name + ".weight", weight, conv.getWeightDescriptor()});
      if (!conv.getNoBias())
        result.push_back({op, 1, name + ".bias",
                          RankedTensorType::get({weight.getDimSize(0)}, weight.getElementType()),
                          conv.getBias() ? conv.getBiasAttr().getDescriptor(1, 1) : constant(0.0)});
    } else if (auto norm = dyn_cast<BatchNormOp>(op)) {
      auto type = cast<RankedTensorType>(norm.getMeanUsed().getType());
      std::string name = nameOf(norm, "norm", normCount++);
      result.push_back({op, 0, name + ".scale", type, constant(1.0)});
      result.push_back({op, 1, name + ".shift", type, constant(0.0)});
    } else if (auto fourier = dyn_cast<FourierOp>(op); fourier && fourier.getTrainable()) {
      auto input = cast<RankedTensorType>(fourier.getInput().getType());
      auto matrix = RankedTensorType::get(
          {static_cast<int64_t>(fourier.getFeatures()), input.getNumElements()}, input.getElementType());
      result.push_back(
          {op, 0, nameOf(fourier, "fourier", fourierCount++), matrix,
           builder.getDictionaryAttr({builder.getNamedAttr("kind", builder.getStringAttr("normal")),
                                      builder.getNamedAttr("mean", builder.getF64FloatAttr(0.0)),
                                      builder.getNamedAttr("std", fourier.getScaleAttr())})});
    } else if (auto parameter = dyn_cast<ParameterOp>(op)) {
      DictionaryAttr zeros =
          builder.getDictionaryAttr({builder.getNamedAttr("kind", builder.getStringAttr("zeros"))});
      result.push_back({op, 0, prefix + parameter.getName().str(),
                        cast<RankedTensorType>(parameter.getResult().getType()),
                        parameter.getInit() ? parameter.getInitAttr().getDescriptor(1, 1) : zeros});
    }
  });
  return result;
}

void ParameterLayout::append(StringAttr name, RankedTensorType type, DictionaryAttr init, ArrayAttr bounds) {
  parameters.push_back({name, type, count, init, bounds});
  count += type.getNumElements();
}

void ParameterLayout::write(ModuleOp module) const {
  Builder builder(module.getContext());
  SmallVector<Attribute> entries;
  for (const Entry &entry : parameters) {
    NamedAttrList fields;
    fields.append("name", entry.name);
    fields.append("shape", builder.getI64ArrayAttr(entry.type.getShape()));
    fields.append("type", TypeAttr::get(entry.type));
    fields.append("offset", builder.getI64IntegerAttr(entry.offset));
    fields.append("init", entry.init);
    if (entry.bounds)
      fields.append("bounds", entry.bounds);
    entries.push_back(fields.getDictionary(module.getContext()));
  }
  module->setAttr("costate.parameters", builder.getArrayAttr(entries));
  module->setAttr("costate.parameter_count", builder.getI64IntegerAttr(count));
}

FailureOr<ParameterLayout> ParameterLayout::read(ModuleOp module) {
  auto entries = module->getAttrOfType<ArrayAttr>("costate.parameters");
  if (!entries)
    return module.emitError() << "has no table of parameters; run costate-lower-networks before";
  ParameterLayout layout;
  for (auto fields : entries.getAsRange<DictionaryAttr>())
    layout.append(fields.getAs<StringAttr>("name"),
                  cast<RankedTensorType>(fields.getAs<TypeAttr>("type").getValue()),
                  fields.getAs<DictionaryAttr>("init"), fields.getAs<ArrayAttr>("bounds"));
  return layout;
}
