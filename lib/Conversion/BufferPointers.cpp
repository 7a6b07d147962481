//===- BufferPointers.cpp - Buffers as pointers and what is dynamic of their shape ------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "BufferPointers.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

Value costate::castValue(OpBuilder &builder, Location loc, Type type, Value value) {
  if (value.getType() == type)
    return value;
  return UnrealizedConversionCastOp::create(builder, loc, type, value).getResult(0);
}

unsigned costate::countDynamicParts(MemRefType type) {
  auto [strides, offset] = type.getStridesAndOffset();
  return type.getNumDynamicDims() + llvm::count(strides, ShapedType::kDynamic);
}

SmallVector<Value> costate::decomposeBuffer(OpBuilder &builder, Location loc,
                                            const LLVMTypeConverter &converter, Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  auto [strides, offset] = type.getStridesAndOffset();
  MemRefDescriptor descriptor(castValue(builder, loc, converter.convertType(type), buffer));
  SmallVector<Value> parts;
  parts.push_back(descriptor.bufferPtr(builder, loc, converter, type));
  for (auto [i, size] : llvm::enumerate(type.getShape()))
    if (ShapedType::isDynamic(size))
      parts.push_back(descriptor.size(builder, loc, i));
  for (auto [i, stride] : llvm::enumerate(strides))
    if (ShapedType::isDynamic(stride))
      parts.push_back(descriptor.stride(builder, loc, i));
  return parts;
}

Value costate::composeBuffer(OpBuilder &builder, Location loc, const LLVMTypeConverter &converter,
                             MemRefType type, ValueRange parts) {
  auto [strides, offset] = type.getStridesAndOffset();
  auto descriptor = MemRefDescriptor::poison(builder, loc, converter.convertType(type));
  Value pointer = parts.front();
  // The pointer holds the offset already; a type that states one gets it taken off again.
  if (offset != 0 && !ShapedType::isDynamic(offset))
    pointer =
        LLVM::GEPOp::create(builder, loc, pointer.getType(), converter.convertType(type.getElementType()),
                            pointer, ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(-offset)});
  descriptor.setAllocatedPtr(builder, loc, pointer);
  descriptor.setAlignedPtr(builder, loc, pointer);
  descriptor.setConstantOffset(builder, loc, ShapedType::isDynamic(offset) ? 0 : offset);
  auto next = parts.begin() + 1;
  for (auto [i, size] : llvm::enumerate(type.getShape())) {
    if (ShapedType::isDynamic(size))
      descriptor.setSize(builder, loc, i, *next++);
    else
      descriptor.setConstantSize(builder, loc, i, size);
  }
  for (auto [i, stride] : llvm::enumerate(strides)) {
    if (ShapedType::isDynamic(stride))
      descriptor.setStride(builder, loc, i, *next++);
    else
      descriptor.setConstantStride(builder, loc, i, stride);
  }
  return castValue(builder, loc, type, descriptor);
}
