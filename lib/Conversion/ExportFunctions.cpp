//===- ExportFunctions.cpp - Plain public functions as C functions ----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Exported.h"
#include "PassBuffers.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/YAMLParser.h"

namespace costate {
#define GEN_PASS_DEF_EXPORTFUNCTIONS
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {

/// What has a type of C.
bool isScalar(Type type) {
  if (isa<FloatType>(type))
    return type.isF32() || type.isF64();
  return type.isIndex() || type.isSignlessInteger(1) || type.isSignlessInteger(8) ||
         type.isSignlessInteger(16) || type.isSignlessInteger(32) || type.isSignlessInteger(64);
}

/// The buffer behind a tensor of the interface, or a place for a scalar; none where C has no such thing.
MemRefType bufferOf(Type type) {
  if (auto tensor = dyn_cast<RankedTensorType>(type);
      tensor && tensor.hasStaticShape() && isScalar(tensor.getElementType()))
    return MemRefType::get(tensor.getShape(), tensor.getElementType());
  return isScalar(type) ? MemRefType::get({}, type) : MemRefType();
}

LogicalResult verify(func::FuncOp function) {
  if (!isFreeInC(function.getName()))
    return function.emitOpError() << "cannot be a function of a library named \""
                                  << llvm::yaml::escape(function.getName())
                                  << "\", but needs a name that is free in C: letters, digits and '_' after "
                                     "a letter, nothing of the "
                                     "C library, not 'main', and not 'costate_' in front";
  // The signature becomes one of C. All calls were inlined, but for recursive ones.
  if (auto uses = SymbolTable::getSymbolUses(function, function->getParentOp()); uses && !uses->empty())
    return uses->begin()->getUser()->emitOpError()
           << "calls @" << function.getName()
           << ", which the library exports: calls are inlined before, and recursion is not supported";
  auto check = [&](TypeRange types, StringRef what) -> LogicalResult {
    for (auto [i, type] : llvm::enumerate(types))
      if (!bufferOf(type))
        return function.emitOpError()
               << "has " << what << " " << i << " of type " << type
               << ", but a C function takes and gives scalars and tensors of static shape";
    return success();
  };
  if (!function.getBody().hasOneBlock())
    return function.emitOpError(
        "has more than one block: a function of a library has structured control flow");
  if (failed(check(function.getArgumentTypes(), "argument")))
    return failure();
  return check(function.getResultTypes(), "result");
}

void exportFunction(func::FuncOp function) {
  Location loc = function.getLoc();
  Block &block = function.front();
  auto builder = OpBuilder::atBlockBegin(&block);
  // Tensors come in as buffers that are only read.
  for (BlockArgument argument : block.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type)
      continue;
    argument.setType(bufferOf(type));
    auto read = bufferization::ToTensorOp::create(builder, loc, type, argument, /*restrict=*/true);
    argument.replaceAllUsesExcept(read, read);
  }
  // Results leave through buffers of the caller, which follow the arguments.
  auto last = cast<func::ReturnOp>(block.getTerminator());
  builder.setInsertionPoint(last);
  for (Value result : last.getOperands()) {
    Value place = block.addArgument(bufferOf(result.getType()), loc);
    if (isScalar(result.getType()))
      memref::StoreOp::create(builder, loc, result, place);
    else
      bufferization::MaterializeInDestinationOp::create(builder, loc, Type(), result, place,
                                                        /*restrict=*/true,
                                                        /*writable=*/true);
  }
  last->setOperands({});
  function.removeArgAttrsAttr();
  function.removeResAttrsAttr();
  function.setType(builder.getFunctionType(block.getArgumentTypes(), {}));
  function->setAttr(kExportedAttr, builder.getUnitAttr());
}

struct ExportFunctions : costate::impl::ExportFunctionsBase<ExportFunctions> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    // What later calls the C library by name must not find a function of the program.
    SymbolTable symbols(module);
    for (auto function : module.getOps<func::FuncOp>())
      if (function.isPrivate() && !function.isExternal() && isOfTheCLibrary(function.getName()))
        (void)symbols.renameToUnique(function, {});
    SmallVector<func::FuncOp> exported;
    for (auto function : module.getOps<func::FuncOp>()) {
      // A module with entries is a program, whose interface is that of the runtime.
      if (function->hasAttr("costate.entry"))
        return;
      if (function.isPublic() && !function.isExternal())
        exported.push_back(function);
    }
    for (func::FuncOp function : exported) {
      if (failed(verify(function)))
        return signalPassFailure();
      exportFunction(function);
    }
    passBuffers(module);
  }
};

} // namespace
