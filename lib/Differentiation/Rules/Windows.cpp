//===- Windows.cpp - Products of which a factor is read through windows -----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Rules/Windows.h"

#include "ExprBuilder.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

//===----------------------------------------------------------------------===//
// Linear expressions
//===----------------------------------------------------------------------===//

std::optional<LinearExpr> costate::asLinear(AffineExpr expr, unsigned dims) {
  LinearExpr result;
  result.factors.assign(dims, 0);
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    result.factors[dim.getPosition()] = 1;
    return result;
  }
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    result.constant = constant.getValue();
    return result;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary || (expr.getKind() != AffineExprKind::Add && expr.getKind() != AffineExprKind::Mul))
    return std::nullopt;
  std::optional<LinearExpr> lhs = asLinear(binary.getLHS(), dims), rhs = asLinear(binary.getRHS(), dims);
  if (!lhs || !rhs)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Mul) {
    // Affine multiplication has a constant on its right.
    int64_t factor = rhs->constant;
    lhs->constant *= factor;
    for (int64_t &value : lhs->factors)
      value *= factor;
    return lhs;
  }
  lhs->constant += rhs->constant;
  for (auto [sum, value] : llvm::zip_equal(lhs->factors, rhs->factors))
    sum += value;
  return lhs;
}

static AffineExpr toExpr(const LinearExpr &linear, MLIRContext *context) {
  AffineExpr sum = getAffineConstantExpr(linear.constant, context);
  for (auto [dim, factor] : llvm::enumerate(linear.factors))
    sum = sum + getAffineDimExpr(dim, context) * factor;
  return sum;
}

bool costate::isLinearMap(AffineMap map) {
  llvm::SmallDenseSet<unsigned> dims;
  for (AffineExpr expr : map.getResults()) {
    if (!asLinear(expr, map.getNumDims()))
      return false;
    if (auto dim = dyn_cast<AffineDimExpr>(expr); dim && !dims.insert(dim.getPosition()).second)
      return false;
  }
  return map.getNumSymbols() == 0;
}

/// The least and the greatest value over loops of these extents.
static std::pair<int64_t, int64_t> rangeOf(const LinearExpr &linear, ArrayRef<int64_t> extents) {
  int64_t low = linear.constant, high = linear.constant;
  for (auto [factor, extent] : llvm::zip_equal(linear.factors, extents))
    (factor < 0 ? low : high) += factor * (extent - 1);
  return {low, high};
}

namespace {
/// Places along a dimension with a constant step.
struct Run {
  int64_t first, size, step;
};
} // namespace

/// The values of `expr` over the loop `dim` as runs of positive steps; none if there are more than a few.
static SmallVector<Run> runsOf(AffineExpr expr, unsigned dim, unsigned dims, int64_t extent) {
  constexpr size_t kMost = 8;
  SmallVector<Run> runs;
  for (int64_t i = 0; i < extent; ++i) {
    AffineExpr index = getAffineConstantExpr(i, expr.getContext());
    auto value = dyn_cast<AffineConstantExpr>(
        simplifyAffineExpr(expr.replace(getAffineDimExpr(dim, expr.getContext()), index), dims, 0));
    if (!value)
      return {};
    int64_t place = value.getValue();
    if (!runs.empty()) {
      Run &run = runs.back();
      int64_t step = place - (run.first + (run.size - 1) * run.step);
      if (step > 0 && (run.size == 1 || step == run.step)) {
        run.step = step;
        ++run.size;
        continue;
      }
    }
    if (runs.size() == kMost)
      return {};
    runs.push_back({place, 1, 1});
  }
  return runs;
}

Factor costate::withoutJumps(OpBuilder &builder, Location loc, Factor factor, ArrayRef<int64_t> extents) {
  unsigned dims = factor.map.getNumDims();
  SmallVector<AffineExpr> exprs(factor.map.getResults());
  for (auto [axis, expr] : llvm::enumerate(exprs)) {
    if (asLinear(expr, dims))
      continue;
    auto of = llvm::filter_to_vector(llvm::seq<unsigned>(0, dims),
                                     [&, expr = expr](unsigned dim) { return expr.isFunctionOfDim(dim); });
    if (of.size() != 1)
      continue;
    SmallVector<Run> runs = runsOf(expr, of[0], dims, extents[of[0]]);
    if (runs.empty())
      continue;
    auto type = cast<RankedTensorType>(factor.tensor.getType());
    SmallVector<Value> slices;
    for (Run run : runs) {
      SmallVector<int64_t> offsets(type.getRank(), 0), sizes(type.getShape()), strides(type.getRank(), 1);
      offsets[axis] = run.first;
      sizes[axis] = run.size;
      strides[axis] = run.step;
      slices.push_back(tensor::ExtractSliceOp::create(
          builder, loc, RankedTensorType::get(sizes, type.getElementType()), factor.tensor, ValueRange{},
          ValueRange{}, ValueRange{}, offsets, sizes, strides));
    }
    factor.tensor =
        slices.size() == 1 ? slices[0] : tensor::ConcatOp::create(builder, loc, axis, slices).getResult();
    expr = getAffineDimExpr(of[0], builder.getContext());
  }
  factor.map = AffineMap::get(dims, 0, exprs, builder.getContext());
  return factor;
}

Factor costate::withoutOffsets(OpBuilder &builder, Location loc, Factor factor, ArrayRef<int64_t> extents) {
  auto type = cast<RankedTensorType>(factor.tensor.getType());
  SmallVector<int64_t> offsets(type.getRank(), 0), sizes(type.getShape()), strides(type.getRank(), 1), shape;
  SmallVector<AffineExpr> exprs;
  for (auto [i, read] : llvm::enumerate(factor.map.getResults())) {
    AffineExpr expr = read;
    LinearExpr linear = *asLinear(expr, factor.map.getNumDims());
    int64_t terms = llvm::count_if(linear.factors, [](int64_t f) { return f != 0; });
    auto first = llvm::find_if(linear.factors, [](int64_t f) { return f != 0; });
    if (terms == 0) {
      offsets[i] = linear.constant;
      sizes[i] = 1;
      continue;
    }
    unsigned dim = first - linear.factors.begin();
    if (terms == 1 && *first > 0 && !isa<AffineDimExpr>(expr)) {
      offsets[i] = linear.constant;
      strides[i] = *first;
      sizes[i] = extents[dim];
      expr = getAffineDimExpr(dim, builder.getContext());
    }
    exprs.push_back(expr);
    shape.push_back(sizes[i]);
  }
  bool whole = llvm::equal(shape, type.getShape()) && llvm::all_of(strides, [](int64_t s) { return s == 1; });
  if (whole)
    return factor;
  auto sliced = RankedTensorType::get(shape, type.getElementType());
  Value slice = tensor::ExtractSliceOp::create(builder, loc, sliced, factor.tensor, ValueRange{},
                                               ValueRange{}, ValueRange{}, offsets, sizes, strides);
  return {slice, AffineMap::get(factor.map.getNumDims(), 0, exprs, builder.getContext())};
}

/// Whether a linear expression takes every value from the least to the greatest.
static bool hasNoGaps(const LinearExpr &linear, ArrayRef<int64_t> extents) {
  SmallVector<std::pair<int64_t, int64_t>> steps;
  for (auto [factor, extent] : llvm::zip_equal(linear.factors, extents))
    if (factor != 0)
      steps.push_back({std::abs(factor), extent});
  llvm::sort(steps);
  int64_t reach = 0; // from the least value without a gap, by the steps so far
  for (auto [step, extent] : steps) {
    if (extent > 1 && step > reach + 1)
      return false;
    reach += step * (extent - 1);
  }
  return true;
}

std::optional<Factor> costate::onlyWhatIsRead(OpBuilder &builder, Location loc, Factor factor,
                                              ArrayRef<int64_t> extents) {
  auto type = cast<RankedTensorType>(factor.tensor.getType());
  unsigned dims = factor.map.getNumDims();
  SmallVector<int64_t> offsets, sizes, strides(type.getRank(), 1);
  SmallVector<AffineExpr> exprs;
  llvm::SmallBitVector seen(dims);
  for (AffineExpr expr : factor.map.getResults()) {
    LinearExpr linear = *asLinear(expr, dims);
    for (auto [dim, value] : llvm::enumerate(linear.factors)) {
      if (value != 0 && seen.test(dim))
        return std::nullopt; // a diagonal
      if (value != 0)
        seen.set(dim);
    }
    if (!hasNoGaps(linear, extents))
      return std::nullopt;
    auto [least, greatest] = rangeOf(linear, extents);
    offsets.push_back(least);
    sizes.push_back(greatest - least + 1);
    linear.constant -= least;
    exprs.push_back(toExpr(linear, builder.getContext()));
  }
  if (llvm::equal(sizes, type.getShape()))
    return factor;
  auto sliced = RankedTensorType::get(sizes, type.getElementType());
  Value slice = tensor::ExtractSliceOp::create(builder, loc, sliced, factor.tensor, ValueRange{},
                                               ValueRange{}, ValueRange{}, offsets, sizes, strides);
  return Factor{slice, AffineMap::get(dims, 0, exprs, builder.getContext())};
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// The dimension for which the window is solved: in no other index of `own`; an index of `a` or `b` by
/// itself, and elsewhere in these only where nothing has to be dilated. Of several the one with the largest
/// extent, which leaves the shortest window.
static std::optional<unsigned> pivotOf(AffineMap own, unsigned result, AffineMap a, AffineMap b,
                                       ArrayRef<int64_t> extents) {
  LinearExpr window = *asLinear(own.getResult(result), own.getNumDims());
  std::optional<unsigned> best;
  for (auto [dim, factor] : llvm::enumerate(window.factors)) {
    if (factor == 0 || (best && extents[dim] <= extents[*best]))
      continue;
    AffineExpr expr = getAffineDimExpr(dim, own.getContext());
    auto isOther = [&, dim = dim](AffineExpr other) { return other.isFunctionOfDim(dim); };
    if (llvm::count_if(own.getResults(), isOther) != 1)
      continue;
    bool alone = a.getResultPosition(expr) || b.getResultPosition(expr), mixed = false;
    for (AffineMap map : {a, b})
      mixed |=
          llvm::any_of(map.getResults(), [&](AffineExpr other) { return other != expr && isOther(other); });
    if (alone && (!mixed || std::abs(factor) == 1))
      best = dim;
  }
  return best;
}

bool costate::canUnwindow(AffineMap own, AffineMap a, AffineMap b, ArrayRef<int64_t> extents) {
  for (auto [i, expr] : llvm::enumerate(own.getResults()))
    if (!isa<AffineDimExpr>(expr) && !pivotOf(own, i, a, b, extents))
      return false;
  return true;
}

/// Zeros between and around the elements, so that index j along dimension i is at low[i] + strides[i]·j.
static Value dilate(OpBuilder &builder, Location loc, Value tensor, ArrayRef<int64_t> low,
                    ArrayRef<int64_t> strides, ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (llvm::equal(shape, type.getShape()))
    return tensor;
  Value zeros = zeroTensor(builder, loc, RankedTensorType::get(shape, type.getElementType()));
  return tensor::InsertSliceOp::create(builder, loc, tensor, zeros, ValueRange{}, ValueRange{}, ValueRange{},
                                       low, type.getShape(), strides);
}

AffineMap costate::unwindow(OpBuilder &builder, Location loc, AffineMap own, ArrayRef<int64_t> shape,
                            Factor &a, Factor &b, ArrayRef<int64_t> extents) {
  MLIRContext *context = builder.getContext();
  SmallVector<int64_t> ranges(extents);
  SmallVector<AffineExpr> ownExprs(own.getResults());
  Factor *factors[] = {&a, &b};
  SmallVector<int64_t> strides[2];
  for (unsigned f : {0, 1})
    strides[f].assign(factors[f]->map.getNumResults(), 1);
  for (auto [i, expr] : llvm::enumerate(own.getResults())) {
    if (isa<AffineDimExpr>(expr))
      continue;
    unsigned pivot = *pivotOf(own, i, a.map, b.map, extents), dims = ranges.size();
    ranges.push_back(shape[i]);
    // m·p = ±(i - c - Σ nⱼ·dⱼ), m > 0
    LinearExpr solved = *asLinear(expr, dims + 1);
    int64_t factor = solved.factors[pivot], sign = factor > 0 ? -1 : 1;
    solved.factors[pivot] = 0;
    solved.factors[dims] = -1;
    solved.constant *= sign;
    for (int64_t &value : solved.factors)
      value *= sign;
    AffineExpr place = toExpr(solved, context);
    ownExprs[i] = getAffineDimExpr(dims, context);
    AffineExpr pivotExpr = getAffineDimExpr(pivot, context);
    for (unsigned f : {0, 1}) {
      SmallVector<AffineExpr> exprs;
      for (auto [r, old] : llvm::enumerate(factors[f]->map.getResults())) {
        if (old == pivotExpr)
          strides[f][r] = std::abs(factor);
        exprs.push_back(old.replace(pivotExpr, place));
      }
      factors[f]->map = AffineMap::get(dims + 1, 0, exprs, context);
    }
  }
  unsigned dims = ranges.size();
  for (unsigned f : {0, 1}) {
    auto type = cast<RankedTensorType>(factors[f]->tensor.getType());
    SmallVector<int64_t> low, padded;
    SmallVector<AffineExpr> exprs;
    for (auto [r, expr] : llvm::enumerate(factors[f]->map.getResults())) {
      LinearExpr linear = *asLinear(expr, dims);
      auto [least, greatest] = rangeOf(linear, ranges);
      int64_t size = (type.getDimSize(r) - 1) * strides[f][r] + 1;
      low.push_back(std::max<int64_t>(0, -least));
      padded.push_back(low.back() + std::max(size, greatest + 1));
      linear.constant += low.back();
      exprs.push_back(toExpr(linear, context));
    }
    *factors[f] = {dilate(builder, loc, factors[f]->tensor, low, strides[f], padded),
                   AffineMap::get(dims, 0, exprs, context)};
  }
  return AffineMap::get(dims, 0, ownExprs, context);
}
