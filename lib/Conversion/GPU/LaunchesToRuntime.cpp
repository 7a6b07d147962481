//===- LaunchesToRuntime.cpp - Kernel launches as calls of the runtime ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Conversion/GPU/Passes.h"

#include "ThreadAccess.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"

namespace costate {
#define GEN_PASS_DEF_COSTATELAUNCHESTORUNTIME
#include "costate/Conversion/GPU/Passes.h.inc"
} // namespace costate

using namespace mlir;

namespace {

/// What the runtime and `costate-embed-gpu` call the table of images.
constexpr llvm::StringLiteral kImages = "costate_gpu_images";

class LaunchLowering {
public:
  explicit LaunchLowering(ModuleOp module)
      : module(module), builder(module), pointer(LLVM::LLVMPointerType::get(module.getContext())),
        word(builder.getI64Type()) {}

  void run() {
    SmallVector<gpu::LaunchFuncOp> launches;
    SmallVector<func::CallOp> queries;
    module.walk([&](Operation *op) {
      if (auto launch = dyn_cast<gpu::LaunchFuncOp>(op))
        launches.push_back(launch);
      else if (auto call = dyn_cast<func::CallOp>(op); call && call.getCallee() == "costate_gpu_ready")
        queries.push_back(call);
    });
    if (launches.empty() && queries.empty())
      return;
    builder.setInsertionPointToStart(module.getBody());
    LLVM::GlobalOp::create(builder, module.getLoc(), LLVM::LLVMArrayType::get(builder.getI8Type(), 0),
                           /*isConstant=*/true, LLVM::Linkage::External, kImages, Attribute());
    auto ready = LLVM::LLVMFuncOp::create(builder, module.getLoc(), "costate_rt_gpu_ready",
                                          LLVM::LLVMFunctionType::get(builder.getI32Type(), {pointer}));
    auto run = LLVM::LLVMFuncOp::create(
        builder, module.getLoc(), "costate_rt_gpu_launch",
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(builder.getContext()),
                                    {pointer, pointer, word, word, word, word, pointer}));
    for (func::CallOp query : queries)
      lower(query, ready);
    for (gpu::LaunchFuncOp launch : launches)
      lower(launch, run);
    if (Operation *declaration = module.lookupSymbol("costate_gpu_ready"))
      declaration->erase();
    module->removeAttr(gpu::GPUDialect::getContainerModuleAttrName());
  }

private:
  Value images(Location loc) { return LLVM::AddressOfOp::create(builder, loc, pointer, kImages); }
  Value constant(Location loc, int64_t value) { return LLVM::ConstantOp::create(builder, loc, word, value); }
  Value asWord(Location loc, Value value) { return arith::IndexCastOp::create(builder, loc, word, value); }

  void lower(func::CallOp query, LLVM::LLVMFuncOp ready) {
    builder.setInsertionPoint(query);
    Location loc = query.getLoc();
    Value answer = LLVM::CallOp::create(builder, loc, ready, images(loc)).getResult();
    Value zero = LLVM::ConstantOp::create(builder, loc, builder.getI32Type(), 0);
    query.getResult(0).replaceAllUsesWith(
        LLVM::ICmpOp::create(builder, loc, LLVM::ICmpPredicate::ne, answer, zero));
    query.erase();
  }

  void lower(gpu::LaunchFuncOp launch, LLVM::LLVMFuncOp run) {
    Location loc = launch.getLoc();
    ValueRange operands = launch.getKernelOperands();
    auto writes = launch->getAttrOfType<DenseBoolArrayAttr>("costate.writes").asArrayRef();
    // The first two are the runtime's.
    operands = operands.drop_front(2);
    writes = writes.drop_front(2);
    auto row = LLVM::LLVMStructType::getLiteral(builder.getContext(), {pointer, word, word});
    auto rows = LLVM::LLVMArrayType::get(row, operands.size());

    // Stack slots belong to the function, not to a loop that launches.
    builder.setInsertionPointToStart(&launch->getParentOfType<func::FuncOp>().front());
    Value table = LLVM::AllocaOp::create(builder, loc, pointer, rows, constant(loc, 1));
    SmallVector<Value> slots;
    for (Value operand : operands)
      slots.push_back(isa<MemRefType>(operand.getType())
                          ? Value()
                          : LLVM::AllocaOp::create(builder, loc, pointer, storageOf(operand.getType()),
                                                   constant(loc, 1)));

    builder.setInsertionPoint(launch);
    for (auto [i, operand, slot, writesIt] : llvm::enumerate(operands, slots, writes)) {
      Value address = slot, bytes = constant(loc, 0);
      if (!slot) {
        Value whole = costate::rootOf(operand);
        address = LLVM::IntToPtrOp::create(
            builder, loc, pointer,
            asWord(loc, memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, whole)));
        bytes = sizeOf(loc, whole);
      } else {
        store(loc, operand, slot);
      }
      Value fields[] = {address, bytes, constant(loc, writesIt)};
      for (auto [field, value] : llvm::enumerate(fields)) {
        Value place = LLVM::GEPOp::create(
            builder, loc, pointer, rows, table,
            ArrayRef<LLVM::GEPArg>{0, static_cast<int32_t>(i), static_cast<int32_t>(field)});
        LLVM::StoreOp::create(builder, loc, value, place);
      }
    }
    int64_t workspace = launch->getAttrOfType<IntegerAttr>("costate.workspace_bytes").getInt();
    LLVM::CallOp::create(builder, loc, run,
                         ValueRange{images(loc), name(launch.getKernelName()),
                                    asWord(loc, launch.getGridSizeX()), asWord(loc, launch.getBlockSizeX()),
                                    constant(loc, workspace), constant(loc, operands.size()), table});
    launch.erase();
  }

  Type storageOf(Type type) {
    if (type.isIndex())
      return word;
    return type.isInteger(1) ? builder.getI8Type() : type;
  }

  void store(Location loc, Value value, Value slot) {
    if (value.getType().isIndex())
      value = asWord(loc, value);
    else if (value.getType().isInteger(1))
      value = arith::ExtUIOp::create(builder, loc, builder.getI8Type(), value);
    LLVM::StoreOp::create(builder, loc, value, slot);
  }

  Value sizeOf(Location loc, Value buffer) {
    auto type = cast<MemRefType>(buffer.getType());
    int64_t known = DataLayout::closest(module).getTypeSize(type.getElementType());
    for (int64_t size : type.getShape())
      known *= ShapedType::isDynamic(size) ? 1 : size;
    Value bytes = constant(loc, known);
    for (int64_t i = 0; i < type.getRank(); ++i)
      if (type.isDynamicDim(i))
        bytes = LLVM::MulOp::create(builder, loc, bytes,
                                    asWord(loc, memref::DimOp::create(builder, loc, buffer, i)));
    return bytes;
  }

  Value name(StringAttr kernel) {
    std::string symbol = ("costate_kernel_" + kernel.getValue()).str();
    if (!module.lookupSymbol(symbol)) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(module.getBody());
      std::string text = kernel.getValue().str() + '\0';
      LLVM::GlobalOp::create(
          builder, module.getLoc(), LLVM::LLVMArrayType::get(builder.getI8Type(), text.size()),
          /*isConstant=*/true, LLVM::Linkage::Internal, symbol, builder.getStringAttr(text));
    }
    return LLVM::AddressOfOp::create(builder, module.getLoc(), pointer, symbol);
  }

  ModuleOp module;
  OpBuilder builder;
  Type pointer, word;
};

struct CostateLaunchesToRuntime : costate::impl::CostateLaunchesToRuntimeBase<CostateLaunchesToRuntime> {
  void runOnOperation() override { LaunchLowering(getOperation()).run(); }
};

} // namespace
