//===- OutlineChunks.cpp - Chunks become functions that the worker pool runs ------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "BufferPointers.h"
#include "Captures.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Transforms.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEOUTLINECHUNKS
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

/// What a chunk asks for the number of its worker.
static constexpr StringLiteral kWorker = "costate_rt_worker";

namespace {

class Outliner {
public:
  Outliner(ModuleOp module)
      : module(module), options(module.getContext()), converter(module.getContext(), options),
        pointer(LLVM::LLVMPointerType::get(module.getContext())), builder(module.getContext()) {}

  LogicalResult outline(func::FuncOp entry, scf::ForallOp forall, unsigned number) {
    if (!forall.getOutputs().empty())
      return forall.emitOpError("still has shared outputs: bufferize it first");
    Location loc = forall.getLoc();
    Captures captures(converter, collectCaptures(forall));

    std::string name = (entry.getName() + "_chunks_" + Twine(number)).str();
    func::FuncOp body = createBody(entry, forall, name, captures);
    auto context = LLVM::LLVMStructType::getLiteral(module.getContext(), captures.types());
    LLVM::LLVMFuncOp trampoline = createTrampoline(body, name + "_run", context);

    // The context is on the stack of the caller, which waits for the chunks.
    builder.setInsertionPointToStart(&entry.front());
    Value one = LLVM::ConstantOp::create(builder, loc, builder.getI32Type(), 1);
    Value slot = LLVM::AllocaOp::create(builder, loc, pointer, context, one);
    builder.setInsertionPoint(forall);
    for (auto [field, part] : llvm::enumerate(captures.decompose(builder, loc))) {
      Value place = LLVM::GEPOp::create(builder, loc, pointer, context, slot,
                                        ArrayRef<LLVM::GEPArg>{0, static_cast<int32_t>(field)});
      LLVM::StoreOp::create(builder, loc, part, place);
    }
    Value count = castValue(builder, loc, builder.getI64Type(), forall.getUpperBound(builder)[0]);
    Value address = LLVM::AddressOfOp::create(builder, loc, trampoline);
    LLVM::CallOp::create(builder, loc, parallelFor(), ValueRange{address, slot, count});
    forall.erase();
    return success();
  }

private:
  /// Everything that the chunk uses from outside; constants are cloned into it instead.
  SmallVector<Value> collectCaptures(scf::ForallOp forall) {
    SetVector<Value> used;
    getUsedValuesDefinedAbove(forall.getRegion(), forall.getRegion(), used);
    SmallVector<Value> captures;
    builder.setInsertionPointToStart(forall.getBody());
    for (Value value : used) {
      Operation *op = value.getDefiningOp();
      if (!op || !(op->hasTrait<OpTrait::ConstantLike>() || isa<memref::GetGlobalOp>(op))) {
        captures.push_back(value);
        continue;
      }
      Value clone = builder.clone(*op)->getResult(0);
      value.replaceUsesWithIf(clone,
                              [&](OpOperand &use) { return forall->isProperAncestor(use.getOwner()); });
    }
    return captures;
  }

  func::FuncOp createBody(func::FuncOp entry, scf::ForallOp forall, StringRef name,
                          const Captures &captures) {
    Location loc = forall.getLoc();
    SmallVector<Type> types(2, builder.getIndexType());
    llvm::append_range(types, captures.types());
    builder.setInsertionPoint(entry);
    auto body = func::FuncOp::create(builder, loc, name, builder.getFunctionType(types, {}));
    body.setPrivate();
    Block *block = body.addEntryBlock();
    builder.setInsertionPointToStart(block);
    IRMapping map;
    captures.compose(builder, body, /*first=*/2, /*movable=*/false, map);
    map.map(forall.getInductionVar(0), block->getArgument(0));
    for (Operation &op : forall.getBody()->without_terminator())
      builder.clone(op, map);
    body.walk([&](func::CallOp call) {
      if (call.getCallee() != kWorker)
        return;
      call.getResult(0).replaceAllUsesWith(block->getArgument(1));
      call.erase();
    });
    func::ReturnOp::create(builder, loc);
    return body;
  }

  /// void run(void *context, int64_t chunk, int64_t worker): loads the captures and calls the body.
  LLVM::LLVMFuncOp createTrampoline(func::FuncOp body, StringRef name, LLVM::LLVMStructType context) {
    Location loc = body.getLoc();
    builder.setInsertionPointAfter(body);
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(builder.getContext()),
                                            {pointer, builder.getI64Type(), builder.getI64Type()});
    auto run = LLVM::LLVMFuncOp::create(builder, loc, name, type, LLVM::Linkage::Internal);
    Block *block = run.addEntryBlock(builder);
    builder.setInsertionPointToStart(block);
    SmallVector<Value> arguments = {castValue(builder, loc, builder.getIndexType(), block->getArgument(1)),
                                    castValue(builder, loc, builder.getIndexType(), block->getArgument(2))};
    for (auto [field, type] : llvm::enumerate(context.getBody())) {
      Value place = LLVM::GEPOp::create(builder, loc, pointer, context, block->getArgument(0),
                                        ArrayRef<LLVM::GEPArg>{0, static_cast<int32_t>(field)});
      arguments.push_back(LLVM::LoadOp::create(builder, loc, type, place));
    }
    func::CallOp::create(builder, loc, body, arguments);
    LLVM::ReturnOp::create(builder, loc, ValueRange());
    return run;
  }

  LLVM::LLVMFuncOp parallelFor() {
    if (auto existing = module.lookupSymbol<LLVM::LLVMFuncOp>("costate_rt_parallel_for"))
      return existing;
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(builder.getContext()),
                                            {pointer, pointer, builder.getI64Type()});
    return LLVM::LLVMFuncOp::create(builder, module.getLoc(), "costate_rt_parallel_for", type);
  }

  ModuleOp module;
  LowerToLLVMOptions options;
  LLVMTypeConverter converter;
  Type pointer;
  OpBuilder builder;
};

/// Whether the worker pool may run the iterations: a library has no pool, and a worker waits for none.
bool isOfThePool(func::FuncOp function, scf::ForallOp forall) {
  return function->hasAttr("costate.entry") && forall.getRank() == 1 && forall.isNormalized() &&
         !forall->getParentOfType<scf::ForallOp>();
}

struct CostateOutlineChunks : costate::impl::CostateOutlineChunksBase<CostateOutlineChunks> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto type = FunctionType::get(&getContext(), {}, IndexType::get(&getContext()));
    Operation *named = module.lookupSymbol(kWorker);
    auto worker = dyn_cast_or_null<func::FuncOp>(named);
    if (named && !(worker && worker.isExternal() && worker.getFunctionType() == type)) {
      named->emitOpError() << "is named @" << kWorker << ", which is a declaration of type " << type;
      return signalPassFailure();
    }
    Outliner outliner(module);
    IRRewriter rewriter(module.getContext());
    for (auto entry : llvm::to_vector(module.getOps<func::FuncOp>())) {
      SmallVector<scf::ForallOp> chunks, others;
      entry.walk(
          [&](scf::ForallOp forall) { (isOfThePool(entry, forall) ? chunks : others).push_back(forall); });
      for (scf::ForallOp forall : others) {
        rewriter.setInsertionPoint(forall);
        if (failed(scf::forallToForLoop(rewriter, forall)))
          return signalPassFailure();
      }
      for (auto [number, forall] : llvm::enumerate(chunks))
        if (failed(outliner.outline(entry, forall, number)))
          return signalPassFailure();
    }
    if (!worker)
      return;
    if (auto uses = SymbolTable::getSymbolUses(worker, module); uses && !uses->empty()) {
      uses->begin()->getUser()->emitOpError() << "asks for the worker of a chunk outside of chunks";
      return signalPassFailure();
    }
    worker.erase();
  }
};

} // namespace
