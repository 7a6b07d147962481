//===- ExpandVectorMath.cpp - Replaces math ops by arithmetic with stated error bounds ------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "VectorMath/Lanes.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/TypeSwitch.h"

namespace costate {
#define GEN_PASS_DEF_EXPANDVECTORMATH
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

/// The formula for an op, or nothing where the processor has an instruction (or the op is not on f32 or f64).
static std::optional<Real> expand(Operation *op, Lanes &l) {
  auto x = [&] { return l.real(op->getOperand(0)); };
  auto y = [&] { return l.real(op->getOperand(1)); };
  return TypeSwitch<Operation *, std::optional<Real>>(op)
      .Case([&](math::ExpOp) { return expandExp(x()); })
      .Case([&](math::Exp2Op) { return expandExp2(x()); })
      .Case([&](math::ExpM1Op) { return expandExpM1(x()); })
      .Case([&](math::TanhOp) { return expandTanh(x()); })
      .Case([&](math::SinhOp) { return expandSinh(x()); })
      .Case([&](math::CoshOp) { return expandCosh(x()); })
      .Case([&](math::LogOp) { return expandLog(x()); })
      .Case([&](math::Log1pOp) { return expandLog1p(x()); })
      .Case([&](math::Log2Op) { return expandLog2(x()); })
      .Case([&](math::Log10Op) { return expandLog10(x()); })
      .Case([&](math::AsinhOp) { return expandAsinh(x()); })
      .Case([&](math::AcoshOp) { return expandAcosh(x()); })
      .Case([&](math::AtanhOp) { return expandAtanh(x()); })
      .Case([&](math::PowFOp) { return expandPow(x(), y()); })
      .Case([&](math::FPowIOp power) { return expandPowI(x(), power.getRhs()); })
      .Case([&](math::CbrtOp) { return expandCbrt(x()); })
      .Case([&](math::RsqrtOp) { return expandRsqrt(x()); })
      .Case([&](math::SinOp) { return expandSin(x()); })
      .Case([&](math::CosOp) { return expandCos(x()); })
      .Case([&](math::TanOp) { return expandTan(x()); })
      .Case([&](math::AtanOp) { return expandAtan(x()); })
      .Case([&](math::Atan2Op) { return expandAtan2(x(), y()); })
      .Case([&](math::AsinOp) { return expandAsin(x()); })
      .Case([&](math::AcosOp) { return expandAcos(x()); })
      .Case([&](math::ErfOp) { return expandErf(x()); })
      .Case([&](math::ErfcOp) { return callLibrary(l.isDouble() ? "erfc" : "erfcf", x()); })
      .Case([&](math::ClampFOp clamp) {
        Real low = l.real(clamp.getMin()), high = l.real(clamp.getMax());
        return l.select(l.less(x(), low), low, l.select(l.greater(x(), high), high, x()));
      })
      .Default([](Operation *) { return std::nullopt; });
}

/// What kind of number each lane is, where LLVM's dialect has no op for the question.
static Value classify(Operation *op, Lanes &l) {
  Real magnitude = l.abs(l.real(op->getOperand(0)));
  Real infinity = l.constant(std::numeric_limits<double>::infinity());
  if (isa<math::IsInfOp>(op))
    return l.equal(magnitude, infinity);
  Real least = l.constant(std::numeric_limits<float>::min(), std::numeric_limits<double>::min());
  return arith::AndIOp::create(l.b, l.loc, l.compare(arith::CmpFPredicate::OGE, magnitude, least),
                               l.less(magnitude, infinity));
}

/// x^2, x^3, 1/x and sqrt(x): constant exponents that need neither logarithm nor exponential.
static std::optional<Real> expandConstantPower(math::PowFOp op, Lanes &l) {
  FloatAttr exponent;
  Attribute attribute;
  if (!matchPattern(op.getRhs(), m_Constant(&attribute)))
    return std::nullopt;
  if (auto splat = dyn_cast<SplatElementsAttr>(attribute))
    exponent = splat.getSplatValue<FloatAttr>();
  else
    exponent = dyn_cast<FloatAttr>(attribute);
  if (!exponent)
    return std::nullopt;
  double value = exponent.getValueAsDouble();
  Real x = l.real(op.getLhs());
  if (value == 1)
    return x;
  if (value == 2)
    return x * x;
  if (value == 3)
    return x * x * x;
  if (value == -1)
    return 1.0 / x;
  return std::nullopt;
}

/// Whether the formula for an op on scalars is long, whatever its operands are.
static bool isLong(Operation *op) {
  if (!isa<math::ExpOp, math::Exp2Op, math::ExpM1Op, math::TanhOp, math::SinhOp, math::CoshOp, math::LogOp,
           math::Log1pOp, math::Log2Op, math::Log10Op, math::AsinhOp, math::AcoshOp, math::AtanhOp,
           math::PowFOp, math::CbrtOp, math::SinOp, math::CosOp, math::TanOp, math::AtanOp, math::Atan2Op,
           math::AsinOp, math::AcosOp, math::ErfOp>(op))
    return false;
  return llvm::all_of(op->getOperands(), [](Value operand) {
    return (operand.getType().isF32() || operand.getType().isF64()) && !matchPattern(operand, m_Constant());
  });
}

/// Puts scalar ops that a function has very many of into a function of their own each, for all to call: the
/// formula is then compiled once.
static void shareScalars(ModuleOp module) {
  constexpr size_t many = 64;
  SymbolTable symbols(module);
  llvm::MapVector<std::tuple<StringRef, Type, Attribute>, func::FuncOp> shared;
  for (auto function : llvm::to_vector(module.getOps<func::FuncOp>())) {
    llvm::MapVector<std::tuple<StringRef, Type, Attribute>, SmallVector<Operation *>> equal;
    function.walk([&](Operation *op) {
      if (isLong(op))
        equal[{op->getName().getStringRef(), op->getResultTypes()[0], op->getPropertiesAsAttribute()}]
            .push_back(op);
    });
    for (auto &[key, ops] : equal) {
      if (ops.size() < many)
        continue;
      func::FuncOp &callee = shared[key];
      if (!callee) {
        Operation *first = ops.front();
        auto builder = OpBuilder::atBlockEnd(module.getBody());
        auto type = builder.getFunctionType(first->getOperandTypes(), first->getResultTypes());
        std::string name = ("costate_" + first->getName().stripDialect()).str();
        callee = func::FuncOp::create(builder, first->getLoc(), name, type);
        callee.setPrivate();
        callee.setNoInline(true);
        symbols.insert(callee);
        Block *body = callee.addEntryBlock();
        builder.setInsertionPointToStart(body);
        Operation *op = builder.clone(*first);
        op->setOperands(body->getArguments());
        func::ReturnOp::create(builder, first->getLoc(), op->getResults());
      }
      for (Operation *op : ops) {
        OpBuilder builder(op);
        auto call = func::CallOp::create(builder, op->getLoc(), callee, op->getOperands());
        op->getResult(0).replaceAllUsesWith(call.getResult(0));
        op->erase();
      }
    }
  }
}

namespace {
struct ExpandVectorMath : costate::impl::ExpandVectorMathBase<ExpandVectorMath> {
  void runOnOperation() override {
    shareScalars(getOperation());
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (!isa<math::MathDialect>(op->getDialect()) || op->getNumOperands() == 0)
        return;
      Type type = op->getOperand(0).getType();
      Type element = getElementTypeOrSelf(type);
      auto vector = dyn_cast<VectorType>(type);
      if ((element.isF32() || element.isF64() || isa<math::IPowIOp>(op)) &&
          (type == element || (vector && vector.getRank() > 0 && !vector.isScalable())))
        ops.push_back(op);
    });
    bool failed = false;
    for (Operation *op : ops) {
      OpBuilder builder(op);
      if (auto power = dyn_cast<math::IPowIOp>(op)) {
        op->getResult(0).replaceAllUsesWith(
            expandIPowI(builder, op->getLoc(), power.getLhs(), power.getRhs()));
        op->erase();
        continue;
      }
      Lanes lanes(builder, op, failed);
      if (isa<math::IsInfOp, math::IsNormalOp>(op)) {
        op->getResult(0).replaceAllUsesWith(classify(op, lanes));
        op->erase();
        continue;
      }
      if (auto both = dyn_cast<math::SincosOp>(op)) {
        op->getResult(0).replaceAllUsesWith(expandSin(lanes.real(op->getOperand(0))).value);
        op->getResult(1).replaceAllUsesWith(expandCos(lanes.real(op->getOperand(0))).value);
        op->erase();
        continue;
      }
      std::optional<Real> result;
      if (auto power = dyn_cast<math::PowFOp>(op))
        result = expandConstantPower(power, lanes);
      if (!result)
        result = expand(op, lanes);
      if (!result)
        continue;
      op->getResult(0).replaceAllUsesWith(result->value);
      op->erase();
    }
    if (failed)
      signalPassFailure();
  }
};
} // namespace
