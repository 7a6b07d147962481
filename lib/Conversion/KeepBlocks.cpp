//===- KeepBlocks.cpp - Large blocks of the heap, kept between calls of a library -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// The C library gives large blocks back to the system when they are freed, and each page of the next one is
// cleared again at its first touch. A library keeps some of its own instead. Whoever takes a block swaps the
// place it was in with null, so that one thread has it, and a call within a call as well; who finds none
// allocates.
//
//===------------------------------------------------------------------------------------------------------===//
#include "Exported.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Parser/Parser.h"

namespace costate {
#define GEN_PASS_DEF_KEEPBLOCKS
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

/// Before each block, 64 bytes of which the first 8 say how large it is. Blocks of 64 KiB and more are kept,
/// eight of them, and given to who needs half of one at least.
static constexpr StringLiteral kAllocator = R"mlir(
llvm.func @malloc(i64) -> !llvm.ptr
llvm.func @free(!llvm.ptr)
llvm.mlir.global internal @costate_kept() : !llvm.array<8 x ptr> {
  %nothing = llvm.mlir.zero : !llvm.array<8 x ptr>
  llvm.return %nothing : !llvm.array<8 x ptr>
}
llvm.mlir.global internal @costate_turn(0 : i64) : i64

llvm.func internal @costate_allocate(%size: i64) -> (!llvm.ptr {llvm.noalias}) attributes {no_inline} {
  %c0 = llvm.mlir.constant(0 : i64) : i64
  %c1 = llvm.mlir.constant(1 : i64) : i64
  %places = llvm.mlir.constant(8 : i64) : i64
  %header = llvm.mlir.constant(64 : i64) : i64
  %large = llvm.mlir.constant(65536 : i64) : i64
  %null = llvm.mlir.zero : !llvm.ptr
  %kept = llvm.mlir.addressof @costate_kept : !llvm.ptr
  %small = llvm.icmp "ult" %size, %large : i64
  llvm.cond_br %small, ^new, ^search(%c0 : i64)
^search(%i: i64):
  %more = llvm.icmp "ult" %i, %places : i64
  llvm.cond_br %more, ^take, ^new
^take:
  %place = llvm.getelementptr %kept[%i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
  %found = llvm.atomicrmw xchg %place, %null acq_rel : !llvm.ptr, !llvm.ptr
  %next = llvm.add %i, %c1 : i64
  %empty = llvm.icmp "eq" %found, %null : !llvm.ptr
  llvm.cond_br %empty, ^search(%next : i64), ^look
^look:
  %holds = llvm.load %found : !llvm.ptr -> i64
  %half = llvm.lshr %holds, %c1 : i64
  %enough = llvm.icmp "uge" %holds, %size : i64
  %tight = llvm.icmp "uge" %size, %half : i64
  %fits = llvm.and %enough, %tight : i1
  llvm.cond_br %fits, ^give(%found : !llvm.ptr), ^back
^back:
  %other = llvm.atomicrmw xchg %place, %found acq_rel : !llvm.ptr, !llvm.ptr
  llvm.call @free(%other) : (!llvm.ptr) -> ()
  llvm.br ^search(%next : i64)
^new:
  %total = llvm.add %size, %header : i64
  %fresh = llvm.call @malloc(%total) : (i64) -> !llvm.ptr
  llvm.store %size, %fresh : i64, !llvm.ptr
  llvm.br ^give(%fresh : !llvm.ptr)
^give(%block: !llvm.ptr):
  %data = llvm.getelementptr %block[64] : (!llvm.ptr) -> !llvm.ptr, i8
  llvm.return %data : !llvm.ptr
}

llvm.func internal @costate_release(%data: !llvm.ptr) attributes {no_inline} {
  %c0 = llvm.mlir.constant(0 : i64) : i64
  %c1 = llvm.mlir.constant(1 : i64) : i64
  %places = llvm.mlir.constant(8 : i64) : i64
  %large = llvm.mlir.constant(65536 : i64) : i64
  %null = llvm.mlir.zero : !llvm.ptr
  %kept = llvm.mlir.addressof @costate_kept : !llvm.ptr
  %block = llvm.getelementptr %data[-64] : (!llvm.ptr) -> !llvm.ptr, i8
  %size = llvm.load %block : !llvm.ptr -> i64
  %small = llvm.icmp "ult" %size, %large : i64
  llvm.cond_br %small, ^free(%block : !llvm.ptr), ^search(%c0 : i64)
^search(%i: i64):
  %more = llvm.icmp "ult" %i, %places : i64
  llvm.cond_br %more, ^try, ^replace
^try:
  %place = llvm.getelementptr %kept[%i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
  %pair = llvm.cmpxchg %place, %null, %block acq_rel monotonic : !llvm.ptr, !llvm.ptr
  %done = llvm.extractvalue %pair[1] : !llvm.struct<(ptr, i1)>
  %next = llvm.add %i, %c1 : i64
  llvm.cond_br %done, ^end, ^search(%next : i64)
^replace:
  %turn = llvm.mlir.addressof @costate_turn : !llvm.ptr
  %count = llvm.atomicrmw add %turn, %c1 monotonic : !llvm.ptr, i64
  %number = llvm.urem %count, %places : i64
  %chosen = llvm.getelementptr %kept[%number] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
  %old = llvm.atomicrmw xchg %chosen, %block acq_rel : !llvm.ptr, !llvm.ptr
  llvm.br ^free(%old : !llvm.ptr)
^free(%given: !llvm.ptr):
  llvm.call @free(%given) : (!llvm.ptr) -> ()
  llvm.br ^end
^end:
  llvm.return
}

llvm.func internal @costate_release_all() {
  %c0 = llvm.mlir.constant(0 : i64) : i64
  %c1 = llvm.mlir.constant(1 : i64) : i64
  %places = llvm.mlir.constant(8 : i64) : i64
  %null = llvm.mlir.zero : !llvm.ptr
  %kept = llvm.mlir.addressof @costate_kept : !llvm.ptr
  llvm.br ^search(%c0 : i64)
^search(%i: i64):
  %place = llvm.getelementptr %kept[%i] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
  %block = llvm.atomicrmw xchg %place, %null acq_rel : !llvm.ptr, !llvm.ptr
  llvm.call @free(%block) : (!llvm.ptr) -> ()
  %next = llvm.add %i, %c1 : i64
  %more = llvm.icmp "ult" %next, %places : i64
  llvm.cond_br %more, ^search(%next : i64), ^end
^end:
  llvm.return
}
llvm.mlir.global_dtors dtors = [@costate_release_all], priorities = [65535 : i32], data = [#llvm.zero]
)mlir";

namespace {
struct KeepBlocks : costate::impl::KeepBlocksBase<KeepBlocks> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto allocate = module.lookupSymbol<LLVM::LLVMFuncOp>("malloc");
    auto release = module.lookupSymbol<LLVM::LLVMFuncOp>("free");
    bool exports = llvm::any_of(module.getOps<LLVM::LLVMFuncOp>(),
                                [](LLVM::LLVMFuncOp function) { return function->hasAttr(kExportedAttr); });
    if (!exports || !allocate || !release)
      return;
    module.walk([&](LLVM::CallOp call) {
      if (call.getCallee() == StringRef("malloc"))
        call.setCallee("costate_allocate");
      else if (call.getCallee() == StringRef("free"))
        call.setCallee("costate_release");
    });
    allocate.erase();
    release.erase();
    auto source = parseSourceString<ModuleOp>(kAllocator, &getContext());
    module.getBody()->getOperations().splice(module.getBody()->end(), source->getBody()->getOperations());
  }
};
} // namespace
