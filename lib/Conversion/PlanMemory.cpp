//===- PlanMemory.cpp - A fixed place in the workspace for every buffer -----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Exported.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/Support/Format.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEPLANMEMORY
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {

constexpr int64_t kAlignment = 64;
/// Parts of two workers never share a page's worth of prefetched lines.
constexpr int64_t kPartAlignment = 256;

/// A buffer, the range of operations during which it holds something, and the place it is given.
struct Buffer {
  memref::AllocOp alloc;
  int64_t bytes = 0;
  int64_t begin = 0, end = 0;
  int64_t offset = -1;

  bool meets(const Buffer &other) const { return begin < other.end && other.begin < end; }
};

/// Places the largest buffers first, each at the lowest offset that no buffer alive at the same time
/// occupies.
int64_t colourIntervals(MutableArrayRef<Buffer> buffers) {
  SmallVector<Buffer *> order;
  for (Buffer &buffer : buffers)
    order.push_back(&buffer);
  llvm::sort(order, [](Buffer *a, Buffer *b) {
    return std::tuple(-a->bytes, a->begin, a) < std::tuple(-b->bytes, b->begin, b);
  });
  int64_t peak = 0;
  for (auto [i, buffer] : llvm::enumerate(order)) {
    SmallVector<Buffer *> neighbours;
    for (Buffer *placed : ArrayRef(order).take_front(i))
      if (placed->meets(*buffer))
        neighbours.push_back(placed);
    llvm::sort(neighbours, [](Buffer *a, Buffer *b) { return a->offset < b->offset; });
    int64_t offset = 0;
    for (Buffer *neighbour : neighbours) {
      if (offset + buffer->bytes <= neighbour->offset)
        break;
      offset = std::max(offset, neighbour->offset + neighbour->bytes);
    }
    buffer->offset = offset;
    peak = std::max(peak, offset + buffer->bytes);
  }
  return peak;
}

/// Where each operation of a function begins and ends in the order of the text.
class Positions {
public:
  explicit Positions(Operation *root) { number(root); }
  int64_t begin(Operation *op) const { return spans.lookup(op).first; }
  int64_t end(Operation *op) const { return spans.lookup(op).second; }

private:
  void number(Operation *op) {
    int64_t first = next++;
    for (Region &region : op->getRegions())
      for (Operation &nested : region.getOps())
        number(&nested);
    spans[op] = {first, next};
  }
  DenseMap<Operation *, std::pair<int64_t, int64_t>> spans;
  int64_t next = 0;
};

/// The chunk that an operation belongs to: the outermost scf.forall around it, or none.
scf::ForallOp chunkAround(Operation *op) {
  scf::ForallOp outermost;
  for (Operation *parent = op->getParentOp(); parent; parent = parent->getParentOp())
    if (auto forall = dyn_cast<scf::ForallOp>(parent))
      outermost = forall;
  return outermost;
}

/// Finds the live range of a buffer: from the first to the last operation that uses it or a view of it, in
/// the smallest block around all of these, since a nested region may run many times.
LogicalResult computeLiveRange(Buffer &buffer, const BufferViewFlowAnalysis &views,
                               const Positions &positions) {
  Operation *alloc = buffer.alloc;
  SmallVector<Operation *> users;
  for (Value view : views.resolve(buffer.alloc.getResult()))
    for (Operation *user : view.getUsers())
      if (!isa<memref::DeallocOp>(user))
        users.push_back(user);
  Operation *anchor = alloc;
  auto outside = [&](Operation *user) { return !anchor->getBlock()->findAncestorOpInBlock(*user); };
  while (llvm::any_of(users, outside)) {
    anchor = anchor->getParentOp();
    if (isa<LoopLikeOpInterface, FunctionOpInterface>(anchor))
      return alloc->emitOpError(
          "allocates a buffer that outlives the iteration or function it is allocated in");
  }
  buffer.begin = std::numeric_limits<int64_t>::max();
  buffer.end = 0;
  for (Operation *user : users) {
    Operation *ancestor = anchor->getBlock()->findAncestorOpInBlock(*user);
    buffer.begin = std::min(buffer.begin, positions.begin(ancestor));
    buffer.end = std::max(buffer.end, positions.end(ancestor));
  }
  if (users.empty())
    buffer.begin = buffer.end = positions.begin(alloc);
  return success();
}

/// The plan of one entry function: the buffers of the host, and those of each of its chunks.
struct EntryPlan {
  func::FuncOp function;
  SmallVector<Buffer> host;
  llvm::MapVector<Operation *, SmallVector<Buffer>> chunks;
  SmallVector<memref::AllocOp> scalars;
  int64_t hostBytes = 0, workerBytes = 0;
};

struct CostatePlanMemory : costate::impl::CostatePlanMemoryBase<CostatePlanMemory> {
  using CostatePlanMemoryBase::CostatePlanMemoryBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<EntryPlan> plans;
    bool isLibrary = llvm::any_of(module.getOps<func::FuncOp>(),
                                  [](func::FuncOp function) { return function->hasAttr(kExportedAttr); });
    for (auto function : module.getOps<func::FuncOp>()) {
      // The functions of a library, and those that they call, have no workspace: they allocate and free.
      if (function.isExternal() || (isLibrary && !function->hasAttr("costate.entry")))
        continue;
      if (failed(plan(function, plans.emplace_back())))
        return signalPassFailure();
    }
    int64_t hostBytes = 0, workerBytes = 0;
    for (EntryPlan &entry : plans) {
      hostBytes = std::max(hostBytes, entry.hostBytes);
      workerBytes = std::max(workerBytes, entry.workerBytes);
    }
    hostBytes = llvm::alignTo(hostBytes, kPartAlignment);
    workerBytes = llvm::alignTo(workerBytes, kPartAlignment);
    for (EntryPlan &entry : plans)
      rewrite(entry, hostBytes, workerBytes);
    OpBuilder builder(module);
    module->setAttr("costate.host_workspace_bytes", builder.getI64IntegerAttr(hostBytes));
    module->setAttr("costate.workspace_bytes_per_worker", builder.getI64IntegerAttr(workerBytes));
  }

  LogicalResult plan(func::FuncOp function, EntryPlan &entry) {
    entry.function = function;
    Positions positions(function);
    BufferViewFlowAnalysis views(function);
    DataLayout layout = DataLayout::closest(function);
    WalkResult result = function.walk([&](memref::AllocOp alloc) -> WalkResult {
      MemRefType type = alloc.getType();
      if (!type.hasStaticShape())
        return alloc.emitOpError(
            "has dynamic extents: every buffer of a step must be of a size known at compile time");
      if (!type.getLayout().isIdentity())
        return alloc.emitOpError("has a layout other than row-major, for which no place can be planned");
      if (!function->hasAttr("costate.entry"))
        return alloc.emitOpError("stands in a function that is not an entry, where there is no workspace");
      if (type.getNumElements() == 1) {
        entry.scalars.push_back(alloc);
        return WalkResult::advance();
      }
      Buffer buffer{alloc};
      buffer.bytes =
          llvm::alignTo(layout.getTypeSize(type.getElementType()) * type.getNumElements(), kAlignment);
      if (failed(computeLiveRange(buffer, views, positions)))
        return WalkResult::interrupt();
      if (scf::ForallOp chunk = chunkAround(alloc))
        entry.chunks[chunk].push_back(buffer);
      else
        entry.host.push_back(buffer);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return failure();
    entry.hostBytes = colourIntervals(entry.host);
    for (auto &[chunk, buffers] : entry.chunks)
      entry.workerBytes = std::max(entry.workerBytes, colourIntervals(buffers));
    if (print && function->hasAttr("costate.entry"))
      llvm::errs() << "memory plan: " << function.getName() << ": host " << entry.hostBytes << " bytes, "
                   << entry.workerBytes << " bytes per worker\n";
    return success();
  }

  void rewrite(EntryPlan &entry, int64_t hostBytes, int64_t workerBytes) {
    func::FuncOp function = entry.function;
    function.walk([](memref::DeallocOp dealloc) { dealloc.erase(); });
    if (!function->hasAttr("costate.entry"))
      return;
    OpBuilder builder(&getContext());
    auto bytes = MemRefType::get({ShapedType::kDynamic}, builder.getI8Type());
    unsigned position = function.getNumArguments();
    (void)function.insertArgument(
        position, bytes,
        builder.getDictionaryAttr({builder.getNamedAttr("costate.role", builder.getStringAttr("workspace"))}),
        function.getLoc());
    Value workspace = function.getArgument(position);

    for (memref::AllocOp alloc : entry.scalars) {
      scf::ForallOp chunk = chunkAround(alloc);
      builder.setInsertionPointToStart(chunk ? chunk.getBody() : &function.front());
      Value slot = memref::AllocaOp::create(builder, alloc.getLoc(), alloc.getType());
      alloc.replaceAllUsesWith(slot);
      alloc.erase();
    }
    for (Buffer &buffer : entry.host) {
      builder.setInsertionPoint(buffer.alloc);
      Value offset = arith::ConstantIndexOp::create(builder, buffer.alloc.getLoc(), buffer.offset);
      replaceByView(builder, buffer, workspace, offset);
    }
    for (auto &[op, buffers] : entry.chunks) {
      auto chunk = cast<scf::ForallOp>(op);
      Location loc = chunk.getLoc();
      builder.setInsertionPointToStart(chunk.getBody());
      Value worker = func::CallOp::create(builder, loc, workerFunction(), ValueRange()).getResult(0);
      Value size = arith::ConstantIndexOp::create(builder, loc, workerBytes);
      Value first = arith::ConstantIndexOp::create(builder, loc, hostBytes);
      Value part =
          arith::AddIOp::create(builder, loc, arith::MulIOp::create(builder, loc, worker, size), first);
      for (Buffer &buffer : buffers) {
        builder.setInsertionPoint(buffer.alloc);
        Value offset = arith::ConstantIndexOp::create(builder, buffer.alloc.getLoc(), buffer.offset);
        replaceByView(builder, buffer, workspace,
                      arith::AddIOp::create(builder, buffer.alloc.getLoc(), part, offset));
      }
    }
  }

  static void replaceByView(OpBuilder &builder, Buffer &buffer, Value workspace, Value offset) {
    Value view = memref::ViewOp::create(builder, buffer.alloc.getLoc(), buffer.alloc.getType(), workspace,
                                        offset, ValueRange());
    buffer.alloc.replaceAllUsesWith(view);
    buffer.alloc.erase();
  }

  func::FuncOp workerFunction() {
    ModuleOp module = getOperation();
    if (auto existing = module.lookupSymbol<func::FuncOp>("costate_rt_worker"))
      return existing;
    OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
    auto function = func::FuncOp::create(builder, module.getLoc(), "costate_rt_worker",
                                         builder.getFunctionType({}, builder.getIndexType()));
    function.setPrivate();
    return function;
  }
};

} // namespace
