//===- PassBuffers.cpp - Calls that pass buffers ----------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "PassBuffers.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace costate;

/// The buffer behind a tensor of static shape; none of another type.
static MemRefType bufferOf(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape() ? MemRefType::get(tensor.getShape(), tensor.getElementType())
                                           : MemRefType();
}

static bool passesTensors(func::FuncOp function) {
  bool any = false;
  for (TypeRange types : {TypeRange(function.getArgumentTypes()), TypeRange(function.getResultTypes())})
    for (Type type : types) {
      if (isa<TensorType>(type) && !bufferOf(type))
        return false; // which bufferization refuses
      any |= isa<TensorType>(type);
    }
  return any;
}

static void takeBuffers(func::FuncOp function) {
  Location loc = function.getLoc();
  Block &block = function.front();
  auto builder = OpBuilder::atBlockBegin(&block);
  for (BlockArgument argument : block.getArguments())
    if (MemRefType buffer = bufferOf(argument.getType())) {
      Type type = argument.getType();
      argument.setType(buffer);
      auto read = bufferization::ToTensorOp::create(builder, loc, type, argument, /*restrict=*/true);
      argument.replaceAllUsesExcept(read, read);
    }
  Operation *last = block.getTerminator();
  builder.setInsertionPoint(last);
  SmallVector<Value> scalars;
  for (Value result : last->getOperands()) {
    MemRefType buffer = bufferOf(result.getType());
    if (!buffer) {
      scalars.push_back(result);
      continue;
    }
    bufferization::MaterializeInDestinationOp::create(builder, loc, Type(), result,
                                                      block.addArgument(buffer, loc), /*restrict=*/true,
                                                      /*writable=*/true);
  }
  last->setOperands(scalars);
  function.removeArgAttrsAttr();
  function.removeResAttrsAttr();
  function.setType(builder.getFunctionType(block.getArgumentTypes(), TypeRange(ValueRange(scalars))));
}

static void giveBuffers(func::CallOp call) {
  OpBuilder builder(call);
  Location loc = call.getLoc();
  SmallVector<Value> operands, places;
  for (Value operand : call.getOperands()) {
    MemRefType buffer = bufferOf(operand.getType());
    operands.push_back(buffer ? bufferization::ToBufferOp::create(builder, loc, buffer, operand,
                                                                  /*read_only=*/true)
                              : operand);
  }
  SmallVector<Type> scalars;
  for (Type type : call.getResultTypes())
    if (MemRefType buffer = bufferOf(type))
      places.push_back(memref::AllocOp::create(builder, loc, buffer));
    else
      scalars.push_back(type);
  operands.append(places);
  auto passing = func::CallOp::create(builder, loc, call.getCallee(), scalars, operands);
  unsigned place = 0, scalar = 0;
  for (OpResult result : call.getResults())
    result.replaceAllUsesWith(bufferOf(result.getType())
                                  ? bufferization::ToTensorOp::create(builder, loc, result.getType(),
                                                                      places[place++], /*restrict=*/true)
                                  : passing.getResult(scalar++));
  call.erase();
}

void costate::passBuffers(ModuleOp module) {
  llvm::DenseSet<StringAttr> passing;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPrivate() && !function.isExternal() && function.getBody().hasOneBlock() &&
        passesTensors(function)) {
      takeBuffers(function);
      passing.insert(function.getNameAttr());
    }
  SmallVector<func::CallOp> calls;
  module.walk([&](func::CallOp call) {
    if (passing.contains(call.getCalleeAttr().getAttr()))
      calls.push_back(call);
  });
  llvm::for_each(calls, giveBuffers);
}
