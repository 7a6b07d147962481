//===- VerifySource.cpp - What a program may be made of ---------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Dialect/IR/TensorSize.h"
#include "costate/Pipelines/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEVERIFYSOURCE
#include "costate/Pipelines/Passes.h.inc"
} // namespace costate

using namespace mlir;

/// Those whose ops can be lowered.
static constexpr StringLiteral kDialects[] = {
    "affine", "arith", "bufferization", "cf",  "costate", "func", "index",
    "linalg", "math",  "memref",        "scf", "tensor",  "ub"};

static bool isNumber(Type type) {
  return type.isF32() || type.isF64() || type.isIndex() || type.isSignlessInteger(1) ||
         type.isSignlessInteger(8) || type.isSignlessInteger(16) || type.isSignlessInteger(32) ||
         type.isSignlessInteger(64);
}

/// What is wrong with the type of a value; nothing where it can be computed with.
static StringRef findFault(Type type) {
  constexpr StringRef numbers = "a program computes with f32, f64, index and i1, i8, i16, i32, i64, and "
                                "with tensors and memrefs of them";
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped)
    return isNumber(type) ? StringRef() : numbers;
  if (!isa<RankedTensorType, MemRefType>(type) || !isNumber(shaped.getElementType()))
    return numbers;
  if (auto tensor = dyn_cast<RankedTensorType>(type); tensor && tensor.getEncoding())
    return "a tensor has no encoding here";
  if (auto buffer = dyn_cast<MemRefType>(type); buffer && buffer.getMemorySpace())
    return "a memref has no memory space here";
  if (llvm::is_contained(shaped.getShape(), 0))
    return "a tensor has at least one element";
  if (!costate::isAddressable(shaped.getShape()))
    return costate::kNotAddressable;
  return {};
}

/// Whether a loop ends that counts with so many bits, and is known not to be empty where it is not.
static bool fitsCounter(const APInt &lower, const APInt &upper, const APInt &step, bool isSigned) {
  unsigned width = lower.getBitWidth();
  auto extend = [&](const APInt &value) { return isSigned ? value.sext(2 * width) : value.zext(2 * width); };
  APInt range = extend(upper) - extend(lower), stride = step.zext(2 * width);
  if (!range.isStrictlyPositive() || stride.isZero())
    return true;
  APInt last = extend(lower) + llvm::APIntOps::RoundingUDiv(range, stride, APInt::Rounding::UP) * stride;
  return isSigned ? range.isSignedIntN(width) && last.isSignedIntN(width) : last.isIntN(width);
}

namespace {

struct CostateVerifySource : costate::impl::CostateVerifySourceBase<CostateVerifySource> {
  void runOnOperation() override {
    markAllAnalysesPreserved();
    for (Operation &op : getOperation().getBody()->getOperations()) {
      auto function = dyn_cast<FunctionOpInterface>(op);
      if (function && isa<func::FuncOp, costate::NetworkOp, costate::ResidualOp>(op)) {
        // What an entry is made of is the compiler's.
        if (!op.hasAttr("costate.entry") && !function.isExternal())
          check(function);
      } else if (!isa<costate::CustomDerivativeOp, memref::GlobalOp>(op) &&
                 !(isa_and_nonnull<costate::CostateDialect>(op.getDialect()) && isa<SymbolOpInterface>(op))) {
        reject(op) << "is no part of a program, which has functions (func.func), networks, residuals, "
                      "variables and a problem";
      }
    }
    if (llvm::any_of(getOperation().getOps<costate::ProblemOp>(), [](auto) { return true; }))
      checkSymbols();
    if (failed)
      signalPassFailure();
  }

private:
  InFlightDiagnostic reject(Operation &op) {
    failed = true;
    return op.emitOpError();
  }

  void check(FunctionOpInterface function) {
    for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
      if (StringRef fault = findFault(type); !fault.empty())
        reject(*function) << "has argument " << i << " of type " << type << ", but " << fault;
    function.getFunctionBody().walk([&](Operation *op) {
      StringRef dialect = op->getName().getDialectNamespace();
      if (!llvm::is_contained(kDialects, dialect)) {
        reject(*op) << "is of the dialect '" << dialect << "', but a function is made of "
                    << llvm::join(llvm::ArrayRef(kDialects), ", ");
        return;
      }
      if (auto alloc = dyn_cast<bufferization::AllocTensorOp>(op); alloc && alloc.getMemorySpace()) {
        reject(*op) << "has a memory space, but a program has none";
        return;
      }
      for (auto [i, type] : llvm::enumerate(op->getResultTypes()))
        if (StringRef fault = findFault(type); !fault.empty()) {
          reject(*op) << "has result " << i << " of type " << type << ", but " << fault;
          return;
        }
      checkCounter(op);
      for (Region &region : op->getRegions())
        for (Block &block : region)
          for (BlockArgument argument : block.getArguments())
            if (StringRef fault = findFault(argument.getType()); !fault.empty()) {
              reject(*op) << "has in its body a value of type " << argument.getType() << ", but " << fault;
              return;
            }
    });
  }

  void checkCounter(Operation *op) {
    APInt lower, upper, step;
    bool isSigned = true;
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      if (!matchPattern(loop.getLowerBound(), m_ConstantInt(&lower)) ||
          !matchPattern(loop.getUpperBound(), m_ConstantInt(&upper)) ||
          !matchPattern(loop.getStep(), m_ConstantInt(&step)))
        return;
      isSigned = !loop.getUnsignedCmp();
    } else if (auto loop = dyn_cast<affine::AffineForOp>(op); loop && loop.hasConstantBounds()) {
      lower = APInt(64, loop.getConstantLowerBound(), true);
      upper = APInt(64, loop.getConstantUpperBound(), true);
      step = loop.getStep().trunc(64);
    } else {
      return;
    }
    if (fitsCounter(lower, upper, step, isSigned))
      return;
    auto text = [&](const APInt &value) { return llvm::toString(value, 10, isSigned); };
    reject(*op) << "counts from " << text(lower) << " to " << text(upper) << " by steps of " << text(step)
                << ", but how far it counts and where it ends must fit " << lower.getBitWidth() << " bits";
  }

  /// A step is made of functions of the compiler's, which are found by name.
  void checkSymbols() {
    for (auto symbol : getOperation().getOps<SymbolOpInterface>())
      if (symbol.getName().starts_with("costate_"))
        reject(*symbol) << "is named @" << symbol.getName()
                        << ", but names that begin with 'costate_' are the compiler's";
  }

  bool failed = false;
};

} // namespace
