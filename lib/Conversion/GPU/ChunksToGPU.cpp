//===- ChunksToGPU.cpp - A kernel for the chunks of each set ----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Conversion/GPU/Passes.h"

#include "BranchBuffers.h"
#include "Phases.h"
#include "ThreadAccess.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/Support/FormatVariadic.h"

#include <map>

namespace costate {
#define GEN_PASS_DEF_COSTATECHUNKSTOGPU
#include "costate/Conversion/GPU/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {

/// Buffers start where no cache line is shared.
constexpr int64_t kAlignment = 128;

/// The commonest extent of the last dimension of what the chunk's ops write, and of several the greatest.
int64_t commonestLanes(scf::ForallOp chunk) {
  std::map<int64_t, int64_t> votes;
  chunk.walk([&](linalg::LinalgOp op) {
    auto type = dyn_cast<MemRefType>(op.getDpsInits()[0].getType());
    if (type && type.getRank() > 0 && !type.isDynamicDim(type.getRank() - 1))
      ++votes[type.getShape().back()];
  });
  auto best = llvm::max_element(
      votes, [](auto &a, auto &b) { return std::tie(a.second, a.first) < std::tie(b.second, b.first); });
  return best == votes.end() ? 32 : best->first;
}

/// Makes one kernel of one chunk loop.
class KernelMaker {
public:
  KernelMaker(scf::ForallOp chunk, gpu::GPUModuleOp kernels, StringRef name, int64_t threads)
      : chunk(chunk), kernels(kernels), name(name), threads(threads), loc(chunk.getLoc()), host(chunk) {}

  LogicalResult run() {
    if (chunk.getRank() != 1 || !isConstantIntValue(chunk.getMixedLowerBound()[0], 0) ||
        !isConstantIntValue(chunk.getMixedStep()[0], 1) || chunk.getNumResults() != 0)
      return chunk.emitOpError("must be a bufferized loop over one dimension from 0 by 1 to become a kernel");
    // Constants that stand in memory are buffers of the host.
    chunk.walk([&](memref::GetGlobalOp op) { op->moveBefore(chunk); });
    if (failed(gatherCaptures()))
      return failure();
    createKernel();
    placeBranchResults(kernel);
    if (failed(placeBuffers()) || failed(formPhases(kernel.getBody().front(), threads)))
      return failure();
    createLaunch();
    return success();
  }

private:
  /// Values from outside are made anew in the kernel if they are constants or views; all others are its
  /// arguments.
  LogicalResult gatherCaptures() {
    SetVector<Value> above;
    getUsedValuesDefinedAbove(chunk.getRegion(), above);
    SmallVector<Value> worklist(above.begin(), above.end());
    SetVector<Operation *> copied;
    SetVector<Value> seen;
    while (!worklist.empty()) {
      Value value = worklist.pop_back_val();
      if (!seen.insert(value))
        continue;
      Operation *definition = value.getDefiningOp();
      if (definition && (matchPattern(definition, m_Constant()) ||
                         (isa<ViewLikeOpInterface>(definition) && !isa<memref::ViewOp>(definition)))) {
        copied.insert(definition);
        llvm::append_range(worklist, definition->getOperands());
      } else {
        captures.push_back(value);
      }
    }
    for (Value capture : captures) {
      auto type = dyn_cast<MemRefType>(capture.getType());
      if (type && !type.getLayout().isIdentity())
        return chunk.emitOpError("uses a buffer of type ")
               << type << ", but a kernel takes only whole, row-major buffers";
      if (!type && !capture.getType().isIntOrIndexOrFloat())
        return chunk.emitOpError("uses a value of type ")
               << capture.getType() << ", which a kernel cannot take";
    }
    // In the order of the text, so that names and arguments do not depend on how uses are ordered.
    remade.append(copied.begin(), copied.end());
    llvm::sort(remade, [](Operation *a, Operation *b) { return isBefore(a, b); });
    llvm::sort(captures, [](Value a, Value b) {
      auto argA = dyn_cast<BlockArgument>(a), argB = dyn_cast<BlockArgument>(b);
      if (argA && argB)
        return argA.getArgNumber() < argB.getArgNumber();
      if (argA || argB)
        return bool(argA);
      if (a.getDefiningOp() == b.getDefiningOp())
        return cast<OpResult>(a).getResultNumber() < cast<OpResult>(b).getResultNumber();
      return isBefore(a.getDefiningOp(), b.getDefiningOp());
    });
    return success();
  }

  static bool isBefore(Operation *a, Operation *b) {
    if (a->getBlock() == b->getBlock())
      return a->isBeforeInBlock(b);
    // Both stand around the chunk: the one in the outer block comes first.
    return a->getBlock()->findAncestorOpInBlock(*b) != nullptr;
  }

  /// A buffer of dynamic shape is its first element, and its extents.
  void createKernel() {
    MLIRContext *context = chunk.getContext();
    Type index = IndexType::get(context);
    SmallVector<Type> types = {index, MemRefType::get({}, IntegerType::get(context, 8))};
    for (Value capture : captures) {
      auto type = dyn_cast<MemRefType>(capture.getType());
      if (!type || type.hasStaticShape()) {
        types.push_back(capture.getType());
      } else {
        types.push_back(MemRefType::get({}, type.getElementType()));
        types.append(type.getNumDynamicDims(), index);
      }
    }
    OpBuilder builder = OpBuilder::atBlockEnd(kernels.getBody());
    kernel = gpu::GPUFuncOp::create(builder, loc, name, builder.getFunctionType(types, {}));
    kernel->setAttr(gpu::GPUDialect::getKernelFuncAttrName(), builder.getUnitAttr());
    kernel.setKnownBlockSize(SmallVector<int32_t>{static_cast<int32_t>(threads), 1, 1});

    builder.setInsertionPointToStart(&kernel.getBody().front());
    IRMapping mapping;
    auto argument = kernel.getArguments().begin() + 2;
    for (Value capture : captures) {
      Value value = *argument++;
      auto type = dyn_cast<MemRefType>(capture.getType());
      if (type && !type.hasStaticShape())
        value = composeBuffer(builder, type, value, argument);
      mapping.map(capture, value);
    }
    for (Operation *op : remade)
      builder.clone(*op, mapping);
    block = gpu::BlockIdOp::create(builder, loc, gpu::Dimension::x);
    Value number = arith::AddIOp::create(builder, loc, kernel.getArgument(0), block);
    mapping.map(chunk.getInductionVars()[0], number);
    for (Operation &op : chunk.getBody()->without_terminator())
      builder.clone(op, mapping);
    gpu::ReturnOp::create(builder, loc);
  }

  template <typename Iterator>
  Value composeBuffer(OpBuilder &builder, MemRefType type, Value first, Iterator &extents) {
    SmallVector<OpFoldResult> sizes, strides(type.getRank());
    for (int64_t size : type.getShape())
      sizes.push_back(ShapedType::isDynamic(size) ? OpFoldResult(Value(*extents++))
                                                  : OpFoldResult(builder.getIndexAttr(size)));
    OpFoldResult stride = builder.getIndexAttr(1);
    for (int64_t i = type.getRank() - 1; i >= 0; --i) {
      strides[i] = stride;
      Value product =
          arith::MulIOp::create(builder, loc, getValueOrCreateConstantIndexOp(builder, loc, stride),
                                getValueOrCreateConstantIndexOp(builder, loc, sizes[i]));
      if (std::optional<int64_t> known = getConstantIntValue(stride), size = getConstantIntValue(sizes[i]);
          known && size) {
        product.getDefiningOp()->erase();
        stride = builder.getIndexAttr(*known * *size);
      } else {
        stride = product;
      }
    }
    // The type that the strides imply, then the one that the code was written for.
    SmallVector<int64_t> shape, known;
    for (OpFoldResult size : sizes)
      shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
    for (OpFoldResult step : strides)
      known.push_back(getConstantIntValue(step).value_or(ShapedType::kDynamic));
    auto strided =
        MemRefType::get(shape, type.getElementType(), StridedLayoutAttr::get(builder.getContext(), 0, known));
    Value view = memref::ReinterpretCastOp::create(builder, loc, strided, first, builder.getIndexAttr(0),
                                                   sizes, strides);
    return memref::CastOp::create(builder, loc, type, view);
  }

  /// Every buffer of the chunk gets its own place in the block's slice of the workspace.
  LogicalResult placeBuffers() {
    DataLayout layout = DataLayout::closest(chunk);
    SmallVector<Operation *> allocations;
    kernel.walk([&](Operation *op) {
      if (isa<memref::AllocOp, memref::AllocaOp>(op))
        allocations.push_back(op);
      else if (isa<memref::DeallocOp>(op))
        op->erase();
    });
    SmallVector<int64_t> offsets;
    for (Operation *op : allocations) {
      auto type = cast<MemRefType>(op->getResult(0).getType());
      if (!type.hasStaticShape() || !type.getLayout().isIdentity())
        return op->emitOpError(
            "must have a static shape and be row-major to get a place in a block's workspace");
      offsets.push_back(bytes);
      bytes += llvm::alignTo(type.getNumElements() * layout.getTypeSize(type.getElementType()), kAlignment);
    }
    OpBuilder builder(kernel.getContext());
    builder.setInsertionPointAfterValue(block);
    auto index = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(builder, loc, value); };
    if (!allocations.empty()) {
      auto type = MemRefType::get({ShapedType::kDynamic}, builder.getI8Type());
      Value slice = index(bytes);
      Value start = arith::MulIOp::create(builder, loc, block, slice);
      Value end = arith::AddIOp::create(builder, loc, start, slice);
      Value all = memref::ReinterpretCastOp::create(
          builder, loc,
          MemRefType::get({ShapedType::kDynamic}, builder.getI8Type(),
                          StridedLayoutAttr::get(builder.getContext(), 0, {1})),
          kernel.getArgument(1), builder.getIndexAttr(0), ArrayRef<OpFoldResult>{end},
          ArrayRef<OpFoldResult>{builder.getIndexAttr(1)});
      all = memref::CastOp::create(builder, loc, type, all);
      for (auto [op, offset] : llvm::zip(allocations, offsets)) {
        Value place = arith::AddIOp::create(builder, loc, start, index(offset));
        Value view = memref::ViewOp::create(
            builder, op->getLoc(), cast<MemRefType>(op->getResult(0).getType()), all, place, ValueRange());
        op->getResult(0).replaceAllUsesWith(view);
        op->erase();
      }
    }
    // A copy is a linalg op like any other.
    kernel.walk([&](memref::CopyOp op) {
      OpBuilder at(op);
      linalg::CopyOp::create(at, op.getLoc(), op.getSource(), op.getTarget());
      op.erase();
    });
    // Which arguments come back to the host; known only while accesses are still those of whole ops.
    for (Value capture : captures)
      if (isa<MemRefType>(capture.getType()))
        written[capture] = false;
    chunk.walk([&](Operation *op) {
      auto mark = [&](Value buffer) {
        if (auto found = written.find(rootOf(buffer)); found != written.end())
          found->second = true;
      };
      if (auto dps = dyn_cast<DestinationStyleOpInterface>(op))
        llvm::for_each(dps.getDpsInits(), mark);
      else if (auto store = dyn_cast<memref::StoreOp>(op))
        mark(store.getMemref());
      else if (auto copy = dyn_cast<memref::CopyOp>(op))
        mark(copy.getTarget());
    });
    return success();
  }

  void createLaunch() {
    ModuleOp module = chunk->getParentOfType<ModuleOp>();
    auto ready = module.lookupSymbol<func::FuncOp>("costate_gpu_ready");
    if (!ready) {
      OpBuilder top = OpBuilder::atBlockBegin(module.getBody());
      ready = func::FuncOp::create(top, module.getLoc(), "costate_gpu_ready",
                                   top.getFunctionType({}, top.getI1Type()));
      ready.setPrivate();
    }
    auto index = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(host, loc, value); };
    Value there = func::CallOp::create(host, loc, ready, ValueRange()).getResult(0);
    auto branch = scf::IfOp::create(host, loc, there, /*withElseRegion=*/true);
    chunk->moveBefore(branch.elseBlock()->getTerminator());
    host.setInsertionPoint(branch.thenBlock()->getTerminator());

    // The runtime fills in the first two: the first chunk of a launch, and the workspace.
    SmallVector<Value> operands = {index(0),
                                   ub::PoisonOp::create(host, loc, kernel.getArgument(1).getType())};
    SmallVector<bool> writes(2, false);
    for (Value capture : captures) {
      auto type = dyn_cast<MemRefType>(capture.getType());
      writes.push_back(type && written.lookup(capture));
      if (!type || type.hasStaticShape()) {
        operands.push_back(capture);
        continue;
      }
      operands.push_back(
          memref::ReinterpretCastOp::create(host, loc, MemRefType::get({}, type.getElementType()), capture,
                                            /*offset=*/0, ArrayRef<int64_t>{}, ArrayRef<int64_t>{}));
      for (int64_t i = 0; i < type.getRank(); ++i)
        if (type.isDynamicDim(i)) {
          operands.push_back(memref::DimOp::create(host, loc, capture, i));
          writes.push_back(false);
        }
    }
    Value one = index(1);
    Value chunks = getValueOrCreateConstantIndexOp(host, loc, chunk.getMixedUpperBound()[0]);
    auto launch = gpu::LaunchFuncOp::create(host, loc, kernel, gpu::KernelDim3{chunks, one, one},
                                            gpu::KernelDim3{index(threads), one, one}, Value(), operands);
    launch->setAttr("costate.workspace_bytes", host.getI64IntegerAttr(bytes));
    launch->setAttr("costate.writes", host.getDenseBoolArrayAttr(writes));
  }

  scf::ForallOp chunk;
  gpu::GPUModuleOp kernels;
  StringRef name;
  int64_t threads;
  Location loc;
  OpBuilder host;
  SmallVector<Value> captures;
  SmallVector<Operation *> remade;
  gpu::GPUFuncOp kernel;
  Value block;
  int64_t bytes = 0;
  DenseMap<Value, bool> written;
};

struct CostateChunksToGPU : costate::impl::CostateChunksToGPUBase<CostateChunksToGPU> {
  using CostateChunksToGPUBase::CostateChunksToGPUBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<scf::ForallOp> chunks;
    module.walk([&](scf::ForallOp op) {
      if (!op->getParentOfType<scf::ForallOp>() && op->getParentOfType<func::FuncOp>())
        chunks.push_back(op);
    });
    if (chunks.empty())
      return;
    OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
    module->setAttr(gpu::GPUDialect::getContainerModuleAttrName(), builder.getUnitAttr());
    auto kernels = gpu::GPUModuleOp::create(builder, module.getLoc(), "costate_kernels");
    llvm::StringMap<unsigned> numbers;
    for (scf::ForallOp chunk : chunks) {
      StringRef entry = chunk->getParentOfType<func::FuncOp>().getName();
      std::string name = llvm::formatv("{0}_chunks_{1}", entry, numbers[entry]++);
      llvm::replace(name, '.', '_');
      int64_t threads = lanes ? lanes : commonestLanes(chunk);
      if (threads > 1024) {
        chunk.emitOpError("would need a block of ") << threads << " threads, but a block has at most 1024";
        return signalPassFailure();
      }
      if (failed(KernelMaker(chunk, kernels, name, threads).run()))
        return signalPassFailure();
    }
  }
};

} // namespace
