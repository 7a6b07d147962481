//===- ParameterLayout.cpp - Where each parameter lies in θ -----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/ParameterLayout.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace costate;

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
