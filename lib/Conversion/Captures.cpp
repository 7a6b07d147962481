//===- Captures.cpp - What outlined code takes from around it, as arguments -------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Captures.h"

#include "BaseBuffer.h"
#include "BufferPointers.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace costate;

Captures::Captures(const LLVMTypeConverter &converter, ArrayRef<Value> values)
    : converter(converter), values(values) {
  for (Value value : values) {
    auto type = dyn_cast<MemRefType>(value.getType());
    if (!type) {
      fields.push_back(converter.convertType(value.getType()));
      continue;
    }
    fields.push_back(LLVM::LLVMPointerType::get(type.getContext()));
    fields.append(countDynamicParts(type), IntegerType::get(type.getContext(), 64));
  }
}

SmallVector<Value> Captures::decompose(OpBuilder &builder, Location loc) const {
  SmallVector<Value> parts;
  for (Value value : values) {
    if (isa<MemRefType>(value.getType()))
      llvm::append_range(parts, decomposeBuffer(builder, loc, converter, value));
    else
      parts.push_back(castValue(builder, loc, converter.convertType(value.getType()), value));
  }
  return parts;
}

/// The argument of which `composeBuffer` made a buffer.
static BlockArgument argumentOf(Value buffer) {
  auto cast = buffer.getDefiningOp<UnrealizedConversionCastOp>();
  if (!cast || cast.getNumOperands() != 1)
    return {};
  for (auto insert = cast.getOperand(0).getDefiningOp<LLVM::InsertValueOp>(); insert;
       insert = insert.getContainer().getDefiningOp<LLVM::InsertValueOp>())
    if (isa<LLVM::LLVMPointerType>(insert.getValue().getType()))
      return dyn_cast<BlockArgument>(insert.getValue());
  return {};
}

bool costate::isDistinct(Value base) {
  if (isa_and_present<memref::AllocOp, memref::AllocaOp, memref::ViewOp>(base.getDefiningOp()))
    return true;
  BlockArgument argument = argumentOf(base);
  auto function = argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()) : nullptr;
  return function &&
         function.getArgAttr(argument.getArgNumber(), LLVM::LLVMDialect::getNoAliasAttrName()) != nullptr;
}

/// The captures that no other capture can touch.
static SmallVector<bool> findDistinct(ArrayRef<Value> values) {
  DenseMap<Value, unsigned> views;
  auto isKnown = [](Value base) {
    auto argument = dyn_cast<BlockArgument>(base);
    return argument ? isa<FunctionOpInterface>(argument.getOwner()->getParentOp()) : isDistinct(base);
  };
  bool allKnown = true;
  for (Value value : values)
    if (isa<MemRefType>(value.getType())) {
      Value base = baseOf(value);
      ++views[base];
      allKnown &= isKnown(base);
    }
  return llvm::map_to_vector(values, [&](Value value) {
    return allKnown && isa<MemRefType>(value.getType()) && views[baseOf(value)] == 1;
  });
}

/// `type` with offset 0, and without a layout if its strides are those of its shape.
static MemRefType withoutOffset(MemRefType type) {
  auto [strides, offset] = type.getStridesAndOffset();
  auto plain = MemRefType::get(type.getShape(), type.getElementType());
  auto [plainStrides, zero] = plain.getStridesAndOffset();
  if (strides == plainStrides && type.hasStaticShape())
    return plain;
  return MemRefType::get(type.getShape(), type.getElementType(),
                         StridedLayoutAttr::get(type.getContext(), 0, strides));
}

void Captures::compose(OpBuilder &builder, func::FuncOp function, unsigned first, bool movable,
                       IRMapping &map) const {
  Location loc = function.getLoc();
  for (auto [value, distinct] : llvm::zip(values, findDistinct(values))) {
    auto type = dyn_cast<MemRefType>(value.getType());
    if (!type) {
      map.map(value, castValue(builder, loc, value.getType(), function.getArgument(first++)));
      continue;
    }
    if (distinct)
      function.setArgAttr(first, LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr());
    unsigned parts = 1 + countDynamicParts(type);
    map.map(value, composeBuffer(builder, loc, converter, movable ? withoutOffset(type) : type,
                                 function.getArguments().slice(first, parts)));
    first += parts;
  }
}
