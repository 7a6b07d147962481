//===- MemoryToValues.cpp - Code on buffers as code on tensors --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "MemoryToValues.h"

#include "LocalBuffers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"

using namespace mlir;
using namespace costate;

namespace {
class MemoryToValues {
public:
  explicit MemoryToValues(const LocalBuffers &buffers) : buffers(buffers) {}

  void visit(Block &block);
  /// Erases what has been replaced.
  void finish();

private:
  void visit(Operation *op);
  void visitFor(scf::ForOp op);
  void visitIf(scf::IfOp op);
  void visitWhile(scf::WhileOp op);
  void visitLinalg(linalg::LinalgOp op, OpBuilder &builder);

  /// What a buffer or a view of one holds now, as a tensor; and the same after it was written.
  Value read(OpBuilder &builder, Value memref);
  void write(OpBuilder &builder, Value memref, Value tensor);
  Value initial(OpBuilder &builder, Value root);

  SmallVector<Value> contentsOf(ArrayRef<Value> roots) const {
    return llvm::map_to_vector(roots, [&](Value root) { return contents.lookup(root); });
  }
  void setContents(ArrayRef<Value> roots, ValueRange values) {
    for (auto [root, value] : llvm::zip_equal(roots, values))
      contents[root] = value;
  }
  /// Arguments of `block` for what it carries of the buffers.
  void addArguments(Block &block, ArrayRef<Value> roots) {
    for (Value root : roots)
      contents[root] = block.addArgument(contents.lookup(root).getType(), root.getLoc());
  }

  const LocalBuffers &buffers;
  DenseMap<Value, Value> contents; // of a root, at the op that is visited
  SmallVector<Operation *> replaced;
};
} // namespace

static RankedTensorType tensorOf(Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  return RankedTensorType::get(type.getShape(), type.getElementType());
}

Value MemoryToValues::initial(OpBuilder &builder, Value root) {
  Location loc = root.getLoc();
  RankedTensorType type = tensorOf(root);
  if (auto get = root.getDefiningOp<memref::GetGlobalOp>()) {
    auto global = SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(get, get.getNameAttr());
    return arith::ConstantOp::create(builder, loc, cast<TypedAttr>(global.getConstantInitValue()));
  }
  if (auto buffer = root.getDefiningOp<bufferization::ToBufferOp>())
    return buffer.getTensor();
  if (type.getRank() == 0) // nobody may read it
    return arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type.getElementType()));
  return tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
}

Value MemoryToValues::read(OpBuilder &builder, Value memref) {
  Location loc = memref.getLoc();
  if (buffers.rootOf(memref) == memref) {
    Value content = contents.lookup(memref);
    if (isa<TensorType>(content.getType()))
      return content;
    return tensor::FromElementsOp::create(builder, loc, tensorOf(memref), content);
  }
  Operation *view = memref.getDefiningOp();
  Value source = read(builder, view->getOperand(0));
  if (auto slice = dyn_cast<memref::SubViewOp>(view))
    return tensor::ExtractSliceOp::create(builder, loc, tensorOf(memref), source, slice.getMixedOffsets(),
                                          slice.getMixedSizes(), slice.getMixedStrides());
  if (auto collapse = dyn_cast<memref::CollapseShapeOp>(view))
    return tensor::CollapseShapeOp::create(builder, loc, tensorOf(memref), source,
                                           collapse.getReassociationIndices());
  if (auto expand = dyn_cast<memref::ExpandShapeOp>(view))
    return tensor::ExpandShapeOp::create(builder, loc, tensorOf(memref), source,
                                         expand.getReassociationIndices());
  if (source.getType() == tensorOf(memref))
    return source;
  return tensor::CastOp::create(builder, loc, tensorOf(memref), source);
}

void MemoryToValues::write(OpBuilder &builder, Value memref, Value tensor) {
  Location loc = tensor.getLoc();
  if (buffers.rootOf(memref) == memref) {
    Value &content = contents[memref];
    content = isa<TensorType>(content.getType())
                  ? tensor
                  : tensor::ExtractOp::create(builder, loc, tensor, ValueRange{}).getResult();
    return;
  }
  Operation *view = memref.getDefiningOp();
  Value source = view->getOperand(0), whole;
  if (auto slice = dyn_cast<memref::SubViewOp>(view))
    whole =
        tensor::InsertSliceOp::create(builder, loc, tensor, read(builder, source), slice.getMixedOffsets(),
                                      slice.getMixedSizes(), slice.getMixedStrides());
  else if (auto collapse = dyn_cast<memref::CollapseShapeOp>(view))
    whole = tensor::ExpandShapeOp::create(builder, loc, tensorOf(source), tensor,
                                          collapse.getReassociationIndices());
  else if (auto expand = dyn_cast<memref::ExpandShapeOp>(view))
    whole = tensor::CollapseShapeOp::create(builder, loc, tensorOf(source), tensor,
                                            expand.getReassociationIndices());
  else if (tensor.getType() == tensorOf(source))
    whole = tensor;
  else
    whole = tensor::CastOp::create(builder, loc, tensorOf(source), tensor);
  write(builder, source, whole);
}

void MemoryToValues::visitFor(scf::ForOp op) {
  SmallVector<Value> written = buffers.writtenIn(op);
  OpBuilder builder(op);
  SmallVector<Value> inits(op.getInitArgs());
  llvm::append_range(inits, contentsOf(written));
  auto loop = scf::ForOp::create(builder, op.getLoc(), op.getLowerBound(), op.getUpperBound(), op.getStep(),
                                 inits, /*bodyBuilder=*/nullptr, op.getUnsignedCmp());
  loop->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  loop.getRegion().takeBody(op.getRegion());
  addArguments(*loop.getBody(), written);
  visit(*loop.getBody());
  Operation *yield = loop.getBody()->getTerminator();
  yield->insertOperands(yield->getNumOperands(), contentsOf(written));
  setContents(written, loop.getResults().take_back(written.size()));
  op->replaceAllUsesWith(loop.getResults().drop_back(written.size()));
  op.erase();
}

void MemoryToValues::visitIf(scf::IfOp op) {
  SmallVector<Value> written = buffers.writtenIn(op), before = contentsOf(written);
  OpBuilder builder(op);
  SmallVector<Type> types(op.getResultTypes());
  llvm::append_range(types, ValueRange(before).getTypes());
  auto conditional = scf::IfOp::create(builder, op.getLoc(), types, op.getCondition(), /*addThenBlock=*/false,
                                       /*addElseBlock=*/false);
  conditional->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  for (auto [old, region] : llvm::zip_equal(op->getRegions(), conditional->getRegions())) {
    if (old.empty()) {
      region.emplaceBlock();
      OpBuilder inside = OpBuilder::atBlockEnd(&region.front());
      scf::YieldOp::create(inside, op.getLoc());
    } else {
      region.takeBody(old);
    }
    setContents(written, before);
    visit(region.front());
    Operation *yield = region.front().getTerminator();
    yield->insertOperands(yield->getNumOperands(), contentsOf(written));
  }
  setContents(written, conditional.getResults().take_back(written.size()));
  op->replaceAllUsesWith(conditional.getResults().drop_back(written.size()));
  op.erase();
}

void MemoryToValues::visitWhile(scf::WhileOp op) {
  SmallVector<Value> written = buffers.writtenIn(op);
  OpBuilder builder(op);
  SmallVector<Value> inits(op.getInits());
  llvm::append_range(inits, contentsOf(written));
  SmallVector<Type> types(op.getResultTypes());
  llvm::append_range(types, ValueRange(contentsOf(written)).getTypes());
  auto loop = scf::WhileOp::create(builder, op.getLoc(), types, inits);
  loop->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  loop.getBefore().takeBody(op.getBefore());
  loop.getAfter().takeBody(op.getAfter());
  addArguments(*loop.getBeforeBody(), written);
  visit(*loop.getBeforeBody());
  loop.getConditionOp().getArgsMutable().append(contentsOf(written));
  addArguments(*loop.getAfterBody(), written);
  visit(*loop.getAfterBody());
  Operation *yield = loop.getYieldOp();
  yield->insertOperands(yield->getNumOperands(), contentsOf(written));
  setContents(written, loop.getResults().take_back(written.size()));
  op->replaceAllUsesWith(loop.getResults().drop_back(written.size()));
  op.erase();
}

void MemoryToValues::visitLinalg(linalg::LinalgOp op, OpBuilder &builder) {
  SmallVector<Value> operands, written = writtenBy(op);
  for (Value operand : op->getOperands())
    operands.push_back(buffers.rootOf(operand) ? read(builder, operand) : operand);
  SmallVector<Type> types =
      llvm::map_to_vector(written, [](Value memref) -> Type { return tensorOf(memref); });
  // The bodies move: what was loaded in them is extracted already, views in them go with all others.
  Operation *onTensors = cloneWithoutRegions(builder, op, types, operands);
  for (auto [from, to] : llvm::zip_equal(op->getRegions(), onTensors->getRegions()))
    to.takeBody(from);
  for (auto [memref, result] : llvm::zip_equal(written, onTensors->getResults()))
    write(builder, memref, result);
  replaced.push_back(op);
}

void MemoryToValues::visit(Operation *op) {
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return visitFor(loop);
  if (auto conditional = dyn_cast<scf::IfOp>(op))
    return visitIf(conditional);
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return visitWhile(loop);
  OpBuilder builder(op);
  Location loc = op->getLoc();
  if (op->getNumResults() == 1 && buffers.rootOf(op->getResult(0)) == op->getResult(0)) {
    contents[op->getResult(0)] = initial(builder, op->getResult(0));
    replaced.push_back(op);
    return;
  }
  for (Region &region : op->getRegions())
    for (Block &block : region)
      visit(block);
  bool takesBuffer = llvm::any_of(op->getOperands(), [&](Value operand) { return buffers.rootOf(operand); });
  if (!takesBuffer)
    return;
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return visitLinalg(linalgOp, builder);
  replaced.push_back(op);
  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    Value content = contents.lookup(load.getMemRef());
    if (!content || isa<TensorType>(content.getType()))
      content = tensor::ExtractOp::create(builder, loc, read(builder, load.getMemRef()), load.getIndices());
    op->getResult(0).replaceAllUsesWith(content);
  } else if (auto store = dyn_cast<memref::StoreOp>(op)) {
    Value content = contents.lookup(store.getMemRef());
    if (content && !isa<TensorType>(content.getType()))
      contents[store.getMemRef()] = store.getValue();
    else
      write(builder, store.getMemRef(),
            tensor::InsertOp::create(builder, loc, store.getValue(), read(builder, store.getMemRef()),
                                     store.getIndices()));
  } else if (auto copy = dyn_cast<memref::CopyOp>(op)) {
    Value source = read(builder, copy.getSource());
    RankedTensorType type = tensorOf(copy.getTarget());
    if (source.getType() != type)
      source = tensor::CastOp::create(builder, loc, type, source);
    write(builder, copy.getTarget(), source);
  } else if (auto put = dyn_cast<bufferization::MaterializeInDestinationOp>(op)) {
    write(builder, put.getDest(), put.getSource());
  } else if (auto get = dyn_cast<bufferization::ToTensorOp>(op)) {
    op->getResult(0).replaceAllUsesWith(read(builder, get.getBuffer()));
  } else if (auto dim = dyn_cast<memref::DimOp>(op)) {
    op->getResult(0).replaceAllUsesWith(
        tensor::DimOp::create(builder, loc, read(builder, dim.getSource()), dim.getIndex()));
  }
}

void MemoryToValues::visit(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(block))
    visit(&op);
}

void MemoryToValues::finish() {
  for (Operation *op : llvm::reverse(replaced))
    op->erase();
}

void costate::convertMemoryToValues(func::FuncOp function) {
  LocalBuffers buffers(function);
  if (buffers.empty())
    return;
  MemoryToValues conversion(buffers);
  conversion.visit(function.getBody().front());
  conversion.finish();
}
