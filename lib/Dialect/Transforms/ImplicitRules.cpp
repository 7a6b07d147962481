//===- ImplicitRules.cpp - What differentiation asks of linear systems and equations ----------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Dialect/Transforms/Registration.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"
#include "costate/Differentiation/ImplicitFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

static Value zeros(OpBuilder &builder, Location loc, RankedTensorType type) {
  Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
  Value zero = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type.getElementType()));
  return linalg::FillOp::create(builder, loc, zero, empty).getResult(0);
}

/// A x or Aᵀ x of a dense matrix.
static Value denseProduct(OpBuilder &builder, Location loc, Value matrix, Value x, bool transposed) {
  AffineExpr i = builder.getAffineDimExpr(0), j = builder.getAffineDimExpr(1);
  auto map = [&](ArrayRef<AffineExpr> exprs) { return AffineMap::get(2, 0, exprs, builder.getContext()); };
  AffineMap ofMatrix = transposed ? map({j, i}) : map({i, j});
  Value init = zeros(builder, loc, cast<RankedTensorType>(x.getType()));
  return linalg::ContractOp::create(builder, loc, TypeRange(init.getType()), ValueRange{matrix, x}, init,
                                    builder.getAffineMapArrayAttr({ofMatrix, map({j}), map({i})}))
      ->getResult(0);
}

/// A x or Aᵀ x of a banded matrix, diagonal by diagonal: y_i = Σ_d D_di x_{i+d-l}, or y_{i+d-l} = Σ_d D_di
/// x_i.
static Value bandedProduct(OpBuilder &builder, Location loc, Value matrix, Value x, ArrayRef<int64_t> bands,
                           bool transposed) {
  auto vector = cast<RankedTensorType>(x.getType());
  int64_t n = vector.getDimSize(0), below = bands[0], diagonals = below + bands[1] + 1;
  auto list = [&](std::initializer_list<int64_t> values) {
    return getAsIndexOpFoldResult(builder.getContext(), ArrayRef<int64_t>(values));
  };
  // With zeros before and behind, every diagonal has n elements.
  auto padded = RankedTensorType::get({n + diagonals - 1}, vector.getElementType());
  auto insert = [&](Value part, int64_t at) -> Value {
    return tensor::InsertSliceOp::create(builder, loc, part, zeros(builder, loc, padded), list({at}),
                                         list({n}), list({1}));
  };
  auto extract = [&](Value whole, int64_t at) -> Value {
    return tensor::ExtractSliceOp::create(builder, loc, vector, whole, list({at}), list({n}), list({1}));
  };
  Value sum, extended = transposed ? Value() : insert(x, below);
  for (int64_t d = 0; d < diagonals; ++d) {
    Value diagonal = tensor::ExtractSliceOp::create(builder, loc, vector, matrix, list({d, 0}), list({1, n}),
                                                    list({1, 1}));
    Value term = arith::MulFOp::create(builder, loc, diagonal, transposed ? x : extract(extended, d));
    if (transposed)
      term = insert(term, d);
    sum = sum ? arith::AddFOp::create(builder, loc, sum, term).getResult() : term;
  }
  return transposed ? extract(sum, below) : sum;
}

namespace {
/// A y = b; see docs/Differentiation.md.
struct LinearSolveModel : DifferentiableOpInterface::ExternalModel<LinearSolveModel, LinearSolveOp> {
  RuleKind getRuleKind(Operation *) const { return RuleKind::Solve; }
  bool isDifferentiable(Operation *, unsigned) const { return true; }
  Value push(Operation *op, OpBuilder &builder, ArrayRef<Value> tangents) const {
    return solve(op, builder, tangents[1], /*transposes=*/false);
  }
  Value multiply(Operation *op, OpBuilder &builder, Value matrix, Value x) const {
    auto system = cast<LinearSolveOp>(op);
    if (system.getBands())
      return bandedProduct(builder, op->getLoc(), matrix, x, *system.getBands(), system.getTransposed());
    return denseProduct(builder, op->getLoc(), matrix, x, system.getTransposed());
  }
  Value transpose(Operation *op, OpBuilder &builder, unsigned, Value cotangent) const {
    return solve(op, builder, cotangent, /*transposes=*/true);
  }

private:
  static Value solve(Operation *op, OpBuilder &builder, Value rhs, bool transposes) {
    auto system = cast<LinearSolveOp>(op);
    return LinearSolveOp::create(builder, op->getLoc(), rhs.getType(), system.getMatrix(), rhs,
                                 system.getTransposed() != transposes, system.getBandsAttr());
  }
};

template <typename Op> constexpr EquationKind kindOf = EquationKind::Root;
template <> constexpr EquationKind kindOf<FixedPointOp> = EquationKind::FixedPoint;
template <> constexpr EquationKind kindOf<KrylovSolveOp> = EquationKind::Linear;

template <typename Op>
struct EquationModel : ImplicitFunctionInterface::ExternalModel<EquationModel<Op>, Op> {
  EquationKind getEquationKind(Operation *) const { return kindOf<Op>; }
  Region &getEquationRegion(Operation *op) const { return cast<Op>(op).getEquation(); }
  bool isMatrixFree(Operation *op) const {
    if constexpr (std::is_same_v<Op, KrylovSolveOp>)
      return true;
    else
      return cast<Op>(op).getMatrixFree();
  }
  Value solveMatrix(Operation *op, OpBuilder &builder, Value matrix, Value rhs) const {
    return LinearSolveOp::create(builder, op->getLoc(), rhs.getType(), matrix, rhs, /*transposed=*/false,
                                 DenseI64ArrayAttr());
  }
  /// As the op itself stops, where it is a linear system too.
  Operation *createOperatorSolve(Operation *op, OpBuilder &builder, Value rhs) const {
    auto method = KrylovMethod::bicgstab;
    FloatAttr tolerance;
    IntegerAttr maxIterations;
    if constexpr (std::is_same_v<Op, KrylovSolveOp>) {
      method = cast<Op>(op).getMethod();
      tolerance = cast<Op>(op).getToleranceAttr();
      maxIterations = cast<Op>(op).getMaxIterationsAttr();
    }
    auto solve =
        KrylovSolveOp::create(builder, op->getLoc(), rhs.getType(), rhs, method, tolerance, maxIterations);
    solve.getEquation().emplaceBlock().addArgument(rhs.getType(), op->getLoc());
    return solve;
  }
  void createYield(Operation *op, OpBuilder &builder, Value value) const {
    YieldOp::create(builder, op->getLoc(), value);
  }
};
} // namespace

void costate::registerImplicitRules(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, CostateDialect *) {
    // The rules build ops of these.
    context
        ->loadDialect<arith::ArithDialect, linalg::LinalgDialect, scf::SCFDialect, tensor::TensorDialect>();
    LinearSolveOp::attachInterface<LinearSolveModel>(*context);
    RootOp::attachInterface<EquationModel<RootOp>>(*context);
    FixedPointOp::attachInterface<EquationModel<FixedPointOp>>(*context);
    KrylovSolveOp::attachInterface<EquationModel<KrylovSolveOp>>(*context);
  });
}
