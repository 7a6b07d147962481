//===- EntryBuilder.cpp - Functions that the runtime calls ------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Constraints/EntryBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

EntryBuilder::EntryBuilder(ModuleOp module, const Problem &problem, StringRef name)
    : module(module), problem(problem), builder(module.getContext()) {
  builder.setInsertionPointToEnd(module.getBody());
  function = func::FuncOp::create(builder, problem.loc, name, builder.getFunctionType({}, {}));
  function->setAttr("costate.entry", builder.getUnitAttr());
  builder.setInsertionPointToStart(function.addEntryBlock());
}

Value EntryBuilder::argument(Type type, StringRef role) {
  roles.push_back(role.str());
  return function.getBody().addArgument(type, problem.loc);
}

Value EntryBuilder::buffer(StringRef role, ArrayRef<int64_t> shape) {
  Value &memref = buffers[role.str()];
  if (!memref)
    memref = argument(MemRefType::get(shape, problem.element), role);
  return bufferization::ToTensorOp::create(builder, problem.loc,
                                           RankedTensorType::get(shape, problem.element), memref,
                                           /*restrict=*/true, /*writable=*/true);
}

Value EntryBuilder::scalar(StringRef role) { return argument(problem.element, role); }

void EntryBuilder::store(Value tensor, StringRef role) {
  Value &memref = buffers[role.str()];
  auto type = cast<RankedTensorType>(tensor.getType());
  bool fresh = !memref;
  if (fresh)
    memref = argument(MemRefType::get(type.getShape(), type.getElementType()), role);
  auto op = bufferization::MaterializeInDestinationOp::create(builder, problem.loc, Type(), tensor, memref);
  op.setWritable(true);
  op.setRestrict(fresh);
}

Value EntryBuilder::parameter(Value theta, const Parameter &parameter) {
  int64_t size = parameter.type.getNumElements();
  OpFoldResult offset = builder.getIndexAttr(parameter.offset), extent = builder.getIndexAttr(size),
               one = builder.getIndexAttr(1);
  auto flat = RankedTensorType::get({size}, problem.element);
  Value slice = tensor::ExtractSliceOp::create(builder, problem.loc, flat, theta, offset, extent, one);
  if (parameter.type.getRank() == 1)
    return slice;
  SmallVector<ReassociationIndices> groups;
  if (parameter.type.getRank() > 1)
    groups.push_back(llvm::to_vector<2>(llvm::seq<int64_t>(0, parameter.type.getRank())));
  if (parameter.type.getRank() == 0)
    return tensor::CollapseShapeOp::create(builder, problem.loc, parameter.type, slice, groups);
  return tensor::ExpandShapeOp::create(builder, problem.loc, parameter.type, slice, groups);
}

const EntryBuilder::Points &EntryBuilder::points(const PointSet &set) {
  std::vector<std::string> all;
  for (auto &[name, type] : set.columns)
    all.push_back(name);
  return points(set, all);
}

const EntryBuilder::Points &EntryBuilder::points(const PointSet &set, ArrayRef<std::string> columns) {
  auto [it, fresh] = sets.try_emplace(set.name);
  Points &result = it->second;
  if (!fresh)
    return result;
  for (const std::string &name : columns) {
    SmallVector<int64_t> shape(set.columns[*set.column(name)].second.getShape());
    shape.push_back(ShapedType::kDynamic);
    result.columns.push_back(buffer("column:" + set.name + ":" + name, shape));
  }
  result.count = argument(builder.getIndexType(), "count:" + set.name);
  result.size = toFloat(result.count);
  return result;
}

Value EntryBuilder::total(const PointSet &set) {
  return toFloat(argument(builder.getIndexType(), "total:" + set.name));
}

Value EntryBuilder::toFloat(Value index) {
  Value integer = arith::IndexCastOp::create(builder, problem.loc, builder.getI64Type(), index);
  return arith::SIToFPOp::create(builder, problem.loc, problem.element, integer);
}

void EntryBuilder::finish() {
  func::ReturnOp::create(builder, problem.loc);
  function.setFunctionType(builder.getFunctionType(function.getBody().getArgumentTypes(), {}));
  for (auto [i, role] : llvm::enumerate(roles))
    function.setArgAttr(i, "costate.role", builder.getStringAttr(role));
}
