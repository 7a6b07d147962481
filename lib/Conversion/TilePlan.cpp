//===- TilePlan.cpp - Chooses lane dimension and register tile
//--------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// The cost model is a count of issue slots on a core with two vector FMA ports and two load ports, latency
// four: a step of a tile of n accumulators costs max(n * ops / 2, loads / 2, 4) cycles. It finds the tiles
// that measurements find best (4x4, 5x4, 6x4 vectors with 32 registers) and needs no table of widths.
//
//===------------------------------------------------------------------------------------------------------===//
#include "TilePlan.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace costate;

/// The coefficient of a dimension in a linear expression; nothing if the expression is not linear in it.
static std::optional<int64_t> coefficient(AffineExpr expr, unsigned dim) {
  if (!expr.isFunctionOfDim(dim))
    return 0;
  if (isa<AffineDimExpr>(expr))
    return 1;
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return std::nullopt;
  auto left = coefficient(binary.getLHS(), dim), right = coefficient(binary.getRHS(), dim);
  if (!left || !right)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Add)
    return *left + *right;
  if (auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS());
      factor && expr.getKind() == AffineExprKind::Mul)
    return *left * factor.getValue();
  return std::nullopt;
}

static LaneAccess classify(const TileOperand &operand, unsigned dim) {
  if (operand.isScalar || !operand.map.isFunctionOfDim(dim))
    return LaneAccess::Uniform;
  unsigned rank = operand.map.getNumResults();
  for (unsigned i = 0; i + 1 < rank; ++i)
    if (operand.map.getResult(i).isFunctionOfDim(dim))
      return LaneAccess::Gathered;
  if (coefficient(operand.map.getResult(rank - 1), dim) != 1 ||
      !cast<MemRefType>(operand.value.getType()).isLastDimUnitStride())
    return LaneAccess::Gathered;
  return LaneAccess::Contiguous;
}

Operation *costate::findCombiner(linalg::LinalgOp op, unsigned index) {
  Block *body = op.getBlock();
  Value value = body->getArgument(op.getNumDpsInputs() + index);
  Operation *combiner = nullptr;
  while (value.hasOneUse()) {
    Operation *user = *value.getUsers().begin();
    if (user == body->getTerminator())
      return user->getOperand(index) == value ? combiner : nullptr;
    bool minuend = isa<arith::SubFOp, arith::SubIOp>(user) && user->getOperand(0) == value;
    if (!minuend && !isa<arith::AddFOp, arith::MulFOp, arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp,
                         arith::MinNumFOp, arith::AddIOp, arith::MulIOp, arith::AndIOp, arith::OrIOp,
                         arith::XOrIOp, arith::MaxSIOp, arith::MinSIOp, arith::MaxUIOp, arith::MinUIOp>(user))
      return nullptr;
    bool additive = isa<arith::AddFOp, arith::SubFOp, arith::AddIOp, arith::SubIOp>(user);
    if (combiner && combiner->getName() != user->getName() &&
        !(additive && isa<arith::AddFOp, arith::SubFOp, arith::AddIOp, arith::SubIOp>(combiner)))
      return nullptr;
    if (!combiner || minuend == false)
      combiner = user;
    value = user->getResult(0);
  }
  return nullptr;
}

/// A multiplication whose only use is an addition or subtraction costs nothing: both become one FMA.
static bool fusesIntoAdd(Operation *op) {
  return isa<arith::MulFOp>(op) && op->hasOneUse() &&
         isa<arith::AddFOp, arith::SubFOp>(*op->getUsers().begin());
}

static int64_t countOps(Block *body) {
  int64_t count = 0;
  for (Operation &op : body->without_terminator()) {
    if (fusesIntoAdd(&op) || isa<arith::ConstantOp, linalg::IndexOp>(op))
      continue;
    count += op.getDialect()->getNamespace() == "math" ? 20 : isa<arith::DivFOp>(op) ? 10 : 1;
  }
  return std::max<int64_t>(count, 1);
}

/// Taken for an extent that is not known.
static constexpr int64_t assumedExtent = 8;

namespace {
/// Costs of register tiles of one op whose lane dimension is already chosen.
struct TileCost {
  const TilePlan &plan;
  int64_t ops, registers, reductionSteps, outputs;

  TileCost(const TilePlan &plan, int64_t vectorBits)
      : plan(plan), ops(countOps(plan.body())), registers(vectorBits >= 512 ? 32 : 16), reductionSteps(1),
        outputs(plan.operands.size() - plan.numInputs) {
    for (auto [extent, reduced] : llvm::zip(plan.extents, plan.isReduction))
      if (reduced)
        reductionSteps *= ShapedType::isDynamic(extent) ? assumedExtent : extent;
    if (plan.lanesReduced())
      reductionSteps = llvm::divideCeil(reductionSteps, plan.width);
  }

  /// Cycles of one tile with the given extents and vectors side by side, or nothing if it spills.
  std::optional<double> block(ArrayRef<int64_t> tile, int64_t vectors) const {
    int64_t points = vectors, loads = 0;
    SmallVector<int64_t> counts;
    for (int64_t extent : tile)
      points *= extent;
    for (unsigned i = 0; i < plan.numInputs; ++i) {
      const TileOperand &operand = plan.operands[i];
      int64_t count = operand.lane == LaneAccess::Uniform ? 1 : vectors;
      for (unsigned d = 0; d < tile.size(); ++d)
        if (d != plan.lane && !operand.isScalar && operand.map.isFunctionOfDim(d))
          count *= tile[d];
      loads += count * (operand.lane == LaneAccess::Gathered ? 2 * plan.width : 1);
      counts.push_back(count);
    }
    int64_t accumulators = points * outputs;
    if (accumulators > 1 && accumulators + liveLoads(counts) + 1 > registers - 2)
      return std::nullopt;
    // Loads fill slots beside the FMAs, but not for free.
    double step = std::max({points * ops / 2.0, loads / 2.0, 4.0}) + 0.1 * loads;
    double finish = plan.lanesReduced() ? accumulators * 2.0 + 12 : accumulators * 1.5 + 4;
    return step * reductionSteps / (plan.lanesReduced() ? vectors : 1) + finish;
  }

  /// Loaded values alive at once beside the largest operand, which can be loaded one by one. Term by term if
  /// the body is a sum of products.
  int64_t liveLoads(ArrayRef<int64_t> counts) const {
    auto beside = [](ArrayRef<int64_t> group) {
      return group.empty()
                 ? 0
                 : std::accumulate(group.begin(), group.end(), int64_t(0)) - *llvm::max_element(group);
    };
    if (!plan.opByOp)
      return beside(counts);
    int64_t most = 0;
    for (Operation &op : plan.body()->without_terminator()) {
      SmallVector<int64_t> group;
      auto collect = [&](Value value) {
        if (auto argument = dyn_cast<BlockArgument>(value);
            argument && argument.getArgNumber() < counts.size())
          group.push_back(counts[argument.getArgNumber()]);
      };
      for (Value operand : op.getOperands())
        collect(operand);
      most = std::max(most, beside(group));
    }
    return most;
  }

  /// Cycles of the whole op, tails included.
  std::optional<double> total(ArrayRef<int64_t> tile, int64_t vectors) const {
    SmallVector<int64_t> sizes(tile);
    return sum(tile, vectors, 0, sizes, 1);
  }

private:
  std::optional<double> sum(ArrayRef<int64_t> tile, int64_t vectors, unsigned dim,
                            SmallVector<int64_t> &sizes, double count) const {
    if (dim == tile.size()) {
      if (plan.lanesReduced()) {
        auto cost = block(sizes, vectors);
        return cost ? std::optional<double>(*cost * count) : std::nullopt;
      }
      double cost = 0;
      int64_t full = plan.extents[plan.lane] / plan.width, tail = plan.extents[plan.lane] % plan.width;
      auto add = [&](int64_t n, double times) {
        auto one = n > 0 && times > 0 ? block(sizes, n) : std::optional<double>(0.0);
        cost += one ? *one * times * count : 1e30;
      };
      add(vectors, full / vectors);
      add(full % vectors, 1);
      add(tail ? 1 : 0, llvm::popcount(static_cast<uint64_t>(tail)));
      return cost < 1e30 ? std::optional<double>(cost) : std::nullopt;
    }
    if (plan.isReduction[dim] || dim == plan.lane)
      return sum(tile, vectors, dim + 1, sizes, count);
    double cost = 0;
    auto add = [&](int64_t size, int64_t times) {
      if (size == 0 || times == 0)
        return true;
      sizes[dim] = size;
      auto one = sum(tile, vectors, dim + 1, sizes, count * times);
      sizes[dim] = tile[dim];
      if (one)
        cost += *one;
      return one.has_value();
    };
    int64_t rest = plan.extents[dim] % tile[dim];
    if (!add(tile[dim], plan.extents[dim] / tile[dim]))
      return std::nullopt;
    if (plan.powerOfTwoTails) {
      for (int64_t piece = tile[dim]; piece; piece /= 2)
        if ((rest & piece) && !add(piece, 1))
          return std::nullopt;
    } else if (!add(rest, 1)) {
      return std::nullopt;
    }
    return cost;
  }
};
} // namespace

SmallVector<LaneSegment> TilePlan::laneSegments() const {
  SmallVector<LaneSegment> segments;
  int64_t start = 0, extent = extents[lane];
  auto add = [&](int64_t count, int64_t side, int64_t lanes) {
    if (count == 0 || side == 0)
      return;
    segments.push_back({start, count, side, lanes});
    start += count * side * lanes;
  };
  add(extent / (width * vectors), vectors, width);
  add(1, (extent - start) / width, width);
  for (int64_t lanes = width / 2; lanes; lanes /= 2)
    add((extent - start) / lanes, 1, lanes);
  return segments;
}

/// Picks the dimension that vectors run along: no gathers, then full vectors, then parallel before reduced.
static LogicalResult chooseLane(TilePlan &plan, int64_t vectorBits) {
  int64_t bits = 8;
  for (const TileOperand &operand : plan.operands) {
    Type type = getElementTypeOrSelf(operand.value.getType());
    int64_t elementBits = type.isIndex() ? 64 : type.isIntOrFloat() ? type.getIntOrFloatBitWidth() : 0;
    if (elementBits == 0 || (elementBits % 8 && !operand.isScalar))
      return failure();
    bits = std::max(bits, elementBits);
  }
  int64_t width = vectorBits / bits, bestScore = std::numeric_limits<int64_t>::max();
  bool combinable = llvm::all_of(plan.combiners, [](Operation *op) { return op; });
  for (unsigned dim = 0; dim < plan.extents.size(); ++dim) {
    int64_t score = plan.isReduction[dim] ? 10 : 0, extent = plan.extents[dim];
    if ((plan.isReduction[dim] && !combinable) || ShapedType::isDynamic(extent))
      continue;
    bool possible = true;
    for (const TileOperand &operand : plan.operands) {
      LaneAccess access = classify(operand, dim);
      if (operand.isOutput)
        possible &= access == (plan.isReduction[dim] ? LaneAccess::Uniform : LaneAccess::Contiguous);
      else if (access == LaneAccess::Gathered)
        score += 1000;
    }
    score += extent < width ? 100 * (width / std::max<int64_t>(extent, 1)) : 0;
    if (possible && score <= bestScore) {
      bestScore = score;
      plan.lane = dim;
      plan.width = width;
    }
  }
  if (bestScore == std::numeric_limits<int64_t>::max())
    return failure();
  for (TileOperand &operand : plan.operands)
    operand.lane = classify(operand, plan.lane);
  plan.width = std::min<int64_t>(plan.width, llvm::bit_floor(static_cast<uint64_t>(plan.extents[plan.lane])));
  return success();
}

/// Tries every register tile over at most two parallel dimensions and keeps the cheapest.
static void chooseTile(TilePlan &plan, int64_t vectorBits) {
  unsigned rank = plan.extents.size();
  plan.tile.assign(rank, 1);
  plan.powerOfTwoTails = plan.lanesReduced();
  int64_t full = std::max<int64_t>(plan.extents[plan.lane] / plan.width, 1), ops = countOps(plan.body());
  if (!plan.hasReduction()) {
    // Independent points: enough side by side to hide latency, few enough not to spill.
    plan.vectors = std::min<int64_t>(full, ops <= 6 ? 4 : ops <= 24 ? 2 : 1);
    return;
  }
  TileCost cost(plan, vectorBits);
  SmallVector<unsigned> dims;
  for (unsigned d = 0; d < rank; ++d)
    if (!plan.isReduction[d] && d != plan.lane && plan.extents[d] > 1)
      dims.push_back(d);
  double best = 1e30;
  auto attempt = [&](ArrayRef<int64_t> tile) {
    int64_t most = plan.lanesReduced() ? 1 : std::min<int64_t>(full, 8);
    for (int64_t vectors = 1; vectors <= most; ++vectors) {
      auto total = cost.total(tile, vectors);
      if (total && *total < best) {
        best = *total;
        plan.tile.assign(tile.begin(), tile.end());
        plan.vectors = vectors;
      }
    }
  };
  SmallVector<int64_t> tile(rank, 1);
  attempt(tile);
  auto sizes = [&](unsigned dim) {
    SmallVector<int64_t> result;
    for (int64_t size = 1; size <= std::min<int64_t>(plan.extents[dim], 24); ++size)
      if (!plan.powerOfTwoTails || (llvm::isPowerOf2_64(size) && size <= plan.width))
        result.push_back(size);
    return result;
  };
  for (unsigned i = 0; i < dims.size(); ++i)
    for (unsigned j = i; j < dims.size(); ++j)
      for (int64_t a : sizes(dims[i]))
        for (int64_t b : i == j ? SmallVector<int64_t>{1} : sizes(dims[j])) {
          if (plan.powerOfTwoTails && a * b > 16)
            continue;
          tile.assign(rank, 1);
          tile[dims[i]] = a;
          if (i != j)
            tile[dims[j]] = b;
          attempt(tile);
        }

  // Too few accumulators wait for each other; more chains of the same sum hide the latency.
  int64_t accumulators = plan.vectors * (plan.operands.size() - plan.numInputs);
  for (int64_t size : plan.tile)
    accumulators *= size;
  if (plan.lanesReduced())
    plan.vectors = std::clamp<int64_t>(8 / accumulators, 1, std::min<int64_t>(full, 8));
  else if (!llvm::any_of(plan.extents, ShapedType::isDynamic) &&
           llvm::all_of(plan.combiners, [](Operation *op) { return isa_and_present<arith::AddFOp>(op); }))
    plan.chains = std::clamp<int64_t>(8 / accumulators, 1, 4);
}

FailureOr<TilePlan> costate::planTile(linalg::GenericOp op, int64_t vectorBits) {
  TilePlan plan;
  plan.op = op;
  plan.extents = op.getStaticLoopRanges();
  for (utils::IteratorType type : op.getIteratorTypesArray())
    plan.isReduction.push_back(type == utils::IteratorType::reduction);
  // Only how many terms a sum has may be open.
  for (auto [extent, reduced] : llvm::zip(plan.extents, plan.isReduction))
    if (!extent || (ShapedType::isDynamic(extent) && !reduced))
      return failure();
  if (plan.extents.empty())
    return failure();
  for (Operation &inner : op.getBody()->without_terminator())
    if (!isa<arith::ConstantOp, linalg::IndexOp>(inner) && !OpTrait::hasElementwiseMappableTraits(&inner))
      return failure();
  // Values from outside the region would need a name here; they are uniform, so cloning keeps them as they
  // are.
  plan.numInputs = op.getNumDpsInputs();
  for (OpOperand &operand : op->getOpOperands()) {
    TileOperand entry;
    entry.value = operand.get();
    entry.map = op.getMatchingIndexingMap(&operand);
    entry.isScalar = !isa<MemRefType>(entry.value.getType());
    entry.isOutput = operand.getOperandNumber() >= plan.numInputs;
    entry.isRead = op.payloadUsesValueFromOperand(&operand);
    if (isa<TensorType>(entry.value.getType()) || (entry.isOutput && entry.isScalar))
      return failure();
    plan.operands.push_back(entry);
  }
  for (unsigned i = 0; i < op.getNumDpsInits(); ++i) {
    const TileOperand &output = plan.operands[plan.numInputs + i];
    for (unsigned d = 0; d < plan.extents.size(); ++d)
      if (plan.isReduction[d] == output.map.isFunctionOfDim(d) && plan.extents[d] != 1)
        return failure();
    plan.combiners.push_back(findCombiner(op, i));
  }
  plan.opByOp = plan.hasReduction() && llvm::all_of(op.getBody()->without_terminator(), [](Operation &inner) {
                  return fusesIntoAdd(&inner) || isa<arith::AddFOp, arith::SubFOp>(inner);
                });
  if (failed(chooseLane(plan, vectorBits)))
    return failure();
  chooseTile(plan, vectorBits);
  return plan;
}
