//===- MinNormSolve.cpp - Minimum-norm solutions of small semidefinite systems
//----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Solvers/MinNormSolve.h"
#include "costate/Solvers/Expression.h"
#include "costate/Solvers/SymmetricEigen.h"

#include "ScalarMath.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace costate;

// With the eigen-decomposition A = s Vᵀ Λ V and Λ⁺ the reciprocals of the eigenvalues that count, 0 for the
// others [Golub and Van Loan, Matrix Computations, 4th ed., sections 2.4 and 5.5]:
//
//   A⁺ b = s⁻¹ Vᵀ Λ⁺ V b                                                   costate_min_norm_solve
//   (B Bᵀ)⁺ b = B G⁺ G⁺ Bᵀ b,  G = Bᵀ B = s Vᵀ Λ V                         costate_low_rank_min_norm_solve
//   L = √s Vᵀ √Λ  gives  L Lᵀ = A                                          costate_psd_factor
//
// The second: with B = U Σ Wᵀ, G⁺ = W Σ⁻² Wᵀ, so the right side is U Σ Σ⁻⁴ Σ Uᵀ b = U Σ⁻² Uᵀ b.

/// The function called `name`, or a new one, with an empty body to be filled in.
static func::FuncOp getOrCreateFunction(ModuleOp module, StringRef name, FunctionType type) {
  func::FuncOp function = module.lookupSymbol<func::FuncOp>(name);
  if (!function) {
    OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
    function = func::FuncOp::create(builder, module.getLoc(), name, type);
    function.setPrivate();
  }
  return function;
}

static std::string nameOf(StringRef stem, ArrayRef<int64_t> sizes, FloatType type, double tolerance = 0) {
  std::string name = ("costate_" + stem + "_").str();
  for (int64_t size : sizes)
    name += std::to_string(size) + "x";
  name += type.isF32() ? "f32" : "f64";
  if (tolerance != 0)
    name += "_tol" + llvm::utohexstr(llvm::bit_cast<uint64_t>(tolerance));
  return name;
}

namespace {
/// The emitter of one function's body.
class SpectralSolve {
public:
  SpectralSolve(ImplicitLocOpBuilder &builder, FloatType type, int64_t size, double tolerance)
      : builder(builder), m(builder, type), size(size), tolerance(tolerance) {}

  void decompose(Value matrix) {
    eigen = emitSymmetricEigen(builder, matrix);
    lambda.clear();
    for (int64_t i = 0; i < size; ++i)
      lambda.push_back(m.extract(eigen.values, m.index(i)));
    Value zero = m.constant(0);
    largest = zero;
    for (Value value : lambda)
      largest = m.max(largest, value);
    Value threshold = m.mul(largest, m.constant(tolerance));
    // NaN counts, so that it is not taken for a direction that is missing.
    for (Value value : lambda)
      counts.push_back(m.notLessEqual(value, threshold));
  }

  /// Λ⁺ `coefficients`, `times` times.
  Value divide(Value coefficients, int times) {
    SmallVector<Value> results;
    for (int64_t i = 0; i < size; ++i) {
      Value coefficient = m.extract(coefficients, m.index(i)), quotient = coefficient;
      Value divisor = m.select(counts[i], lambda[i], m.constant(1));
      for (int k = 0; k < times; ++k)
        quotient = m.div(m.div(quotient, divisor), eigen.scale);
      // Zero, but of what is not finite NaN.
      results.push_back(m.select(counts[i], quotient, m.mul(coefficient, m.constant(0))));
    }
    return tensor::FromElementsOp::create(builder, RankedTensorType::get({size}, m.type), results);
  }

  /// `matrix` times `vector`, or the transpose of `matrix` times it.
  Value product(Value matrix, Value vector, bool transposed) {
    auto type = cast<RankedTensorType>(matrix.getType());
    int64_t extent = type.getDimSize(transposed ? 1 : 0);
    if (type.getShape() == ArrayRef<int64_t>{1, 1}) { // A scalar times a scalar.
      Value zero = m.index(0);
      Value value = m.mul(m.extract(matrix, {zero, zero}), m.extract(vector, zero));
      return tensor::FromElementsOp::create(builder, RankedTensorType::get({1}, m.type), value);
    }
    AffineExpr d0 = builder.getAffineDimExpr(0), d1 = builder.getAffineDimExpr(1);
    auto map = [&](ArrayRef<AffineExpr> exprs) { return AffineMap::get(2, 0, exprs, builder.getContext()); };
    AffineMap matrixMap = transposed ? map({d1, d0}) : map({d0, d1});
    return contract({matrix, vector}, {matrixMap, map({d1}), map({d0})}, {extent});
  }

  /// `matrix`ᵀ `matrix`.
  Value gram(Value matrix) {
    auto type = cast<RankedTensorType>(matrix.getType());
    AffineExpr d0 = builder.getAffineDimExpr(0), d1 = builder.getAffineDimExpr(1),
               d2 = builder.getAffineDimExpr(2);
    auto map = [&](AffineExpr a, AffineExpr b) { return AffineMap::get(3, 0, {a, b}, builder.getContext()); };
    return contract({matrix, matrix}, {map(d2, d0), map(d2, d1), map(d0, d1)},
                    {type.getDimSize(1), type.getDimSize(1)});
  }

  Value contract(ValueRange inputs, ArrayRef<AffineMap> maps, ArrayRef<int64_t> shape) {
    Value empty = tensor::EmptyOp::create(builder, shape, m.type);
    Value zero = linalg::FillOp::create(builder, m.constant(0), empty).getResult(0);
    return linalg::ContractOp::create(builder, zero.getType(), inputs, zero,
                                      builder.getAffineMapArrayAttr(maps))
        .getResult(0);
  }

  /// rank, min and max.
  SmallVector<Value> diagnostics() {
    Value one = m.constant(1), zero = m.constant(0);
    Value rank = zero, smallest = largest;
    for (int64_t i = 0; i < size; ++i) {
      rank = m.add(rank, m.select(counts[i], one, zero));
      smallest = m.min(smallest, m.select(counts[i], lambda[i], zero));
    }
    return {rank, m.mul(smallest, eigen.scale), m.mul(largest, eigen.scale)};
  }

  ImplicitLocOpBuilder &builder;
  ScalarMath m;
  int64_t size;
  double tolerance;
  SymmetricEigen eigen;
  SmallVector<Value> lambda, counts;
  Value largest;
};
} // namespace

static double defaultTolerance(double tolerance, int64_t size, FloatType type) {
  return tolerance != 0 ? tolerance : static_cast<double>(size) * (type.isF32() ? 0x1p-23 : 0x1p-52);
}

func::FuncOp costate::getOrCreateMinNormSolve(ModuleOp module, int64_t size, FloatType type,
                                              double tolerance) {
  auto vector = RankedTensorType::get({size}, type), matrix = RankedTensorType::get({size, size}, type);
  func::FuncOp function = getOrCreateFunction(
      module, nameOf("min_norm_solve", size, type, tolerance),
      FunctionType::get(module.getContext(), {matrix, vector}, {vector, type, type, type}));
  if (!function.isDeclaration())
    return function;
  Block *body = function.addEntryBlock();
  auto builder = ImplicitLocOpBuilder::atBlockEnd(function.getLoc(), body);
  SpectralSolve solve(builder, type, size, defaultTolerance(tolerance, size, type));
  solve.decompose(body->getArgument(0));
  Value coefficients = solve.product(solve.eigen.vectors, body->getArgument(1), /*transposed=*/false);
  SmallVector<Value> results{
      solve.product(solve.eigen.vectors, solve.divide(coefficients, 1), /*transposed=*/true)};
  llvm::append_range(results, solve.diagnostics());
  func::ReturnOp::create(builder, results);
  return function;
}

func::FuncOp costate::getOrCreateLowRankMinNormSolve(ModuleOp module, int64_t size, int64_t columns,
                                                     FloatType type, double tolerance) {
  auto vector = RankedTensorType::get({size}, type), matrix = RankedTensorType::get({size, columns}, type);
  func::FuncOp function = getOrCreateFunction(
      module, nameOf("low_rank_min_norm_solve", {size, columns}, type, tolerance),
      FunctionType::get(module.getContext(), {matrix, vector}, {vector, type, type, type}));
  if (!function.isDeclaration())
    return function;
  Block *body = function.addEntryBlock();
  auto builder = ImplicitLocOpBuilder::atBlockEnd(function.getLoc(), body);
  SpectralSolve solve(builder, type, columns, defaultTolerance(tolerance, std::max(size, columns), type));
  // Of B / s with s the largest magnitude in B, whose squares neither overflow nor vanish.
  Expression given(builder, builder.getLoc(), body->getArgument(0));
  Expression largest = given.absolute().largest();
  Expression scale = largest.selectLessEqual(largest.number(0.0), largest.number(1.0), largest);
  Value factor = (given / scale).get();
  solve.decompose(solve.gram(factor));
  Value projected = solve.product(factor, body->getArgument(1), /*transposed=*/true);
  Value coefficients = solve.product(solve.eigen.vectors, projected, /*transposed=*/false);
  Value reduced = solve.product(solve.eigen.vectors, solve.divide(coefficients, 2), /*transposed=*/true);
  Expression solution(builder, builder.getLoc(), solve.product(factor, reduced, /*transposed=*/false));
  SmallVector<Value> results = solve.diagnostics();
  for (Value &eigenvalue : MutableArrayRef<Value>(results).drop_front())
    eigenvalue = solve.m.mul(solve.m.mul(eigenvalue, scale.get()), scale.get());
  results.insert(results.begin(), (solution / scale / scale).get());
  func::ReturnOp::create(builder, results);
  return function;
}

func::FuncOp costate::getOrCreatePSDFactor(ModuleOp module, int64_t size, FloatType type) {
  auto matrix = RankedTensorType::get({size, size}, type);
  func::FuncOp function = getOrCreateFunction(module, nameOf("psd_factor", size, type),
                                              FunctionType::get(module.getContext(), matrix, matrix));
  if (!function.isDeclaration())
    return function;
  Block *body = function.addEntryBlock();
  auto builder = ImplicitLocOpBuilder::atBlockEnd(function.getLoc(), body);
  ScalarMath m(builder, type);
  SymmetricEigen eigen = emitSymmetricEigen(builder, body->getArgument(0));
  // L_ij = √(s λ_j) V_ji, with an eigenvalue that rounding made negative taken as zero.
  auto diagonal = RankedTensorType::get({size}, type);
  Value zero =
      arith::ConstantOp::create(builder, DenseElementsAttr::get(diagonal, builder.getFloatAttr(type, 0)));
  Value roots = m.mul(m.sqrt(m.max(eigen.values, zero)), m.splat(m.sqrt(eigen.scale), size));
  AffineExpr i = builder.getAffineDimExpr(0), j = builder.getAffineDimExpr(1);
  auto map = [&](ArrayRef<AffineExpr> exprs) { return AffineMap::get(2, 0, exprs, builder.getContext()); };
  Value empty = tensor::EmptyOp::create(builder, matrix.getShape(), type);
  SmallVector<utils::IteratorType> parallel(2, utils::IteratorType::parallel);
  Value result = linalg::GenericOp::create(builder, matrix, ValueRange{eigen.vectors, roots}, empty,
                                           ArrayRef<AffineMap>{map({j, i}), map({j}), map({i, j})}, parallel,
                                           [](OpBuilder &b, Location loc, ValueRange args) {
                                             Value product = arith::MulFOp::create(b, loc, args[0], args[1]);
                                             linalg::YieldOp::create(b, loc, product);
                                           })
                     .getResult(0);
  func::ReturnOp::create(builder, result);
  return function;
}
