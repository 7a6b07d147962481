//===- PackContractions.cpp - Transposes a factor where that spares sums over lanes -----------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// C[i, j] += sum_l A[i, l] B[j, l] has no operand that is contiguous along j: register tiles would keep a
// vector of partial sums for each element of C and add its lanes at the end, two shuffles for each. With B
// transposed, vectors run along j and a lane of A is a broadcast. The transpose takes log2(width) shuffles
// for each vector of B, whatever i is.
//
//===------------------------------------------------------------------------------------------------------===//
#include "BaseBuffer.h"
#include "TilePlan.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/MathExtras.h"

namespace costate {
#define GEN_PASS_DEF_PACKCONTRACTIONS
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {
/// A sum of products over one dimension l, with factors that depend on (i, l) or on (j, l), into C[i, j].
struct OuterProducts {
  linalg::GenericOp op;
  unsigned i, j, l;
  SmallVector<OpOperand *> columns = {}; ///< The inputs that depend on (j, l).
  unsigned products = 0;

  int64_t extent(unsigned dim) const { return linalg::GenericOp(op).getStaticLoopRanges()[dim]; }
};

/// A transposed copy and the op that wrote it.
struct Packed {
  Value source, copy;
  Operation *writer;
};
} // namespace

static bool hasUnitStride(Value buffer) { return cast<MemRefType>(buffer.getType()).isLastDimUnitStride(); }

static std::optional<OuterProducts> matchOuterProducts(linalg::GenericOp op) {
  if (!op.hasPureBufferSemantics() || op.getNumDpsInits() != 1 || op.getNumLoops() != 3 ||
      op.getNumReductionLoops() != 1 || op.hasDynamicShape() || op.hasIndexSemantics())
    return std::nullopt;
  AffineMap out = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  if (out.getNumResults() != 2 || !out.isProjectedPermutation() || !hasUnitStride(op.getDpsInits()[0]) ||
      !isa_and_present<arith::AddFOp>(findCombiner(op, 0)))
    return std::nullopt;
  SmallVector<unsigned> reduced;
  op.getReductionDims(reduced);
  OuterProducts match{op, out.getDimPosition(0), out.getDimPosition(1), reduced[0]};

  for (OpOperand *input : op.getDpsInputOperands()) {
    AffineMap map = op.getMatchingIndexingMap(input);
    if (!isa<MemRefType>(input->get().getType()) || map.getNumResults() != 2 ||
        !map.isProjectedPermutation() || map.getDimPosition(1) != match.l || !hasUnitStride(input->get()))
      return std::nullopt;
    if (map.getDimPosition(0) == match.j)
      match.columns.push_back(input);
  }
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (isa<arith::AddFOp>(inner))
      continue;
    auto product = dyn_cast<arith::MulFOp>(inner);
    auto left = product ? dyn_cast<BlockArgument>(product.getLhs()) : nullptr;
    auto right = product ? dyn_cast<BlockArgument>(product.getRhs()) : nullptr;
    if (!left || !right || !product->hasOneUse())
      return std::nullopt;
    auto isColumn = [&](BlockArgument argument) {
      return llvm::is_contained(match.columns, &op->getOpOperand(argument.getArgNumber()));
    };
    if (isColumn(left) == isColumn(right))
      return std::nullopt;
    ++match.products;
  }
  return match.products ? std::optional<OuterProducts>(match) : std::nullopt;
}

/// Cycles for `outputs` sums over lanes on a core with two vector FMA ports, one of which also shuffles.
static double costOfLaneSums(double outputs, double steps, double width) {
  double fmas = width * steps, shuffles = 2 * width;
  return outputs / width * std::max((fmas + shuffles + width / 2) / 2, shuffles);
}

/// No op between the two, which stand in one block, may write to `buffer`.
static bool isUnchangedBetween(Operation *first, Operation *last, Value buffer) {
  Value base = baseOf(buffer);
  for (Operation *op = first->getNextNode(); op != last; op = op->getNextNode()) {
    auto effects = getEffectsRecursively(op);
    if (!effects)
      return false;
    for (const MemoryEffects::EffectInstance &effect : *effects) {
      if (!isa<MemoryEffects::Write, MemoryEffects::Free>(effect.getEffect()))
        continue;
      Value written = effect.getValue() ? baseOf(effect.getValue()) : Value();
      // Two allocations are two buffers; of anything else nothing is known.
      if (!written || written == base || !written.getDefiningOp<memref::AllocOp>() ||
          !base.getDefiningOp<memref::AllocOp>())
        return false;
    }
  }
  return true;
}

namespace {
struct PackContractions : costate::impl::PackContractionsBase<PackContractions> {
  using PackContractionsBase::PackContractionsBase;

  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> candidates;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics() && op.getNumReductionLoops() == 1 && op.getNumLoops() == 3)
        candidates.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : candidates) {
      rewriter.setInsertionPoint(op);
      auto generic = dyn_cast<linalg::GenericOp>(op.getOperation());
      if (!generic) {
        auto made = linalg::generalizeNamedOp(rewriter, op);
        if (failed(made))
          continue;
        generic = *made;
      }
      if (auto match = matchOuterProducts(generic))
        pack(rewriter, *match);
    }
  }

  void pack(IRRewriter &rewriter, OuterProducts &match) {
    Type element = getElementTypeOrSelf(match.op->getOperand(0).getType());
    int64_t width = vectorBits / element.getIntOrFloatBitWidth();
    int64_t rows = match.extent(match.i), columns = match.extent(match.j), lanes = match.extent(match.l);
    int64_t main = columns / width * width, rest = columns - main;
    if (main == 0 || lanes % width)
      return;
    DenseMap<Value, Value> copies;
    double steps = double(match.products) * lanes / width, transposes = 0;
    for (OpOperand *column : match.columns)
      if (copies.try_emplace(column->get(), findPacked(match.op, column->get(), main)).second &&
          !copies[column->get()])
        transposes += double(main) * lanes / (width * width) * width * llvm::Log2_64(width);
    double packed =
        double(rows) * main * steps / 2 * 1.03 + transposes + costOfLaneSums(rows * rest, steps, width);
    if (packed >= costOfLaneSums(double(rows) * columns, steps, width))
      return;

    Location loc = match.op.getLoc();
    rewriter.setInsertionPoint(match.op);
    for (OpOperand *column : match.columns) {
      Value &copy = copies[column->get()];
      if (copy)
        continue;
      auto type = MemRefType::get({lanes, main}, element);
      copy = memref::AllocOp::create(rewriter, loc, type, rewriter.getI64IntegerAttr(64));
      Value source = slice(rewriter, loc, column->get(), 0, 0, main);
      auto transpose = linalg::TransposeOp::create(rewriter, loc, source, copy, ArrayRef<int64_t>{1, 0});
      known.push_back({column->get(), copy, transpose});
    }
    // The part of C that full vectors cover, then what is left over.
    emitPart(rewriter, match, 0, main, [&](OpOperand *column) { return copies[column->get()]; });
    if (rest)
      emitPart(rewriter, match, main, rest, nullptr);
    rewriter.eraseOp(match.op);
  }

  /// Rows, or columns, [first, first + count) of a matrix.
  static Value slice(OpBuilder &b, Location loc, Value matrix, unsigned dim, int64_t first, int64_t count) {
    auto type = cast<MemRefType>(matrix.getType());
    if (first == 0 && count == type.getDimSize(dim))
      return matrix;
    SmallVector<OpFoldResult> offsets(2, b.getIndexAttr(0)),
        sizes = getAsIndexOpFoldResult(b.getContext(), type.getShape()), strides(2, b.getIndexAttr(1));
    offsets[dim] = b.getIndexAttr(first);
    sizes[dim] = b.getIndexAttr(count);
    return memref::SubViewOp::create(b, loc, matrix, offsets, sizes, strides);
  }

  /// The op on columns [first, first + count) of C, with transposed factors if `packed` gives them.
  static void emitPart(OpBuilder &b, const OuterProducts &match, int64_t first, int64_t count,
                       function_ref<Value(OpOperand *)> packed) {
    linalg::GenericOp op = match.op;
    Location loc = op.getLoc();
    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    for (auto [n, input] : llvm::enumerate(op.getDpsInputOperands())) {
      bool isColumn = llvm::is_contained(match.columns, input);
      if (isColumn && packed) {
        inputs.push_back(packed(input));
        maps[n] =
            AffineMap::get(3, 0, {b.getAffineDimExpr(match.l), b.getAffineDimExpr(match.j)}, b.getContext());
      } else {
        inputs.push_back(isColumn ? slice(b, loc, input->get(), 0, first, count) : input->get());
      }
    }
    Value out = slice(b, loc, op.getDpsInits()[0], 1, first, count);
    auto part = linalg::GenericOp::create(b, loc, TypeRange(), inputs, out, maps, op.getIteratorTypesArray());
    IRMapping map;
    op.getRegion().cloneInto(&part.getRegion(), map);
  }

  /// A transposed copy of the first rows of `source` that still holds what `source` holds at `op`.
  Value findPacked(Operation *op, Value source, int64_t rows) {
    for (const Packed &packed : known)
      if (packed.source == source && packed.writer->getBlock() == op->getBlock() &&
          cast<MemRefType>(packed.copy.getType()).getDimSize(1) == rows &&
          isUnchangedBetween(packed.writer, op, source))
        return packed.copy;
    return Value();
  }

  SmallVector<Packed> known;
};
} // namespace
