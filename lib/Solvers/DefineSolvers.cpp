//===- DefineSolvers.cpp - Bodies for the dense solvers that a module declares
//----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Solvers/MinNormSolve.h"
#include "costate/Solvers/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace costate {
#define GEN_PASS_DEF_DEFINESOLVERSPASS
#include "costate/Solvers/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

/// Reads `count` sizes and an element type from "3x2xf64".
static bool parseShape(StringRef text, unsigned count, MLIRContext *context, SmallVectorImpl<int64_t> &sizes,
                       FloatType &type) {
  for (unsigned i = 0; i < count; ++i) {
    int64_t size;
    if (text.consumeInteger(10, size) || size <= 0 || !text.consume_front("x"))
      return false;
    sizes.push_back(size);
  }
  if (text != "f32" && text != "f64")
    return false;
  type = text == "f32" ? FloatType(Float32Type::get(context)) : FloatType(Float64Type::get(context));
  return true;
}

static LogicalResult define(ModuleOp module, func::FuncOp declaration) {
  StringRef name = declaration.getSymName();
  struct Solver {
    StringRef stem;
    unsigned sizes;
    func::FuncOp (*create)(ModuleOp, ArrayRef<int64_t>, FloatType);
  };
  static const Solver solvers[] = {
      {"costate_min_norm_solve_", 1,
       [](ModuleOp m, ArrayRef<int64_t> s, FloatType t) { return getOrCreateMinNormSolve(m, s[0], t); }},
      {"costate_low_rank_min_norm_solve_", 2,
       [](ModuleOp m, ArrayRef<int64_t> s, FloatType t) {
         return getOrCreateLowRankMinNormSolve(m, s[0], s[1], t);
       }},
      {"costate_psd_factor_", 1,
       [](ModuleOp m, ArrayRef<int64_t> s, FloatType t) { return getOrCreatePSDFactor(m, s[0], t); }},
  };
  for (const Solver &solver : solvers) {
    StringRef shape = name;
    if (!shape.consume_front(solver.stem))
      continue;
    SmallVector<int64_t> sizes;
    FloatType type;
    if (!parseShape(shape, solver.sizes, module.getContext(), sizes, type))
      return declaration.emitError() << "names a solver but no shape: found '" << shape << "', required "
                                     << solver.sizes
                                     << " extent(s), each followed by 'x', and 'f32' or 'f64'";
    // The types are compared on a definition of its own, so that a wrong declaration is reported and not
    // filled in.
    OwningOpRef<ModuleOp> scratch = ModuleOp::create(module.getLoc());
    FunctionType required = solver.create(*scratch, sizes, type).getFunctionType();
    if (declaration.getFunctionType() != required)
      return declaration.emitError() << "declares a solver with type " << declaration.getFunctionType()
                                     << ", required " << required;
    solver.create(module, sizes, type);
  }
  return success();
}

namespace {
struct DefineSolvers : costate::impl::DefineSolversPassBase<DefineSolvers> {
  void runOnOperation() override {
    bool failed = false;
    for (func::FuncOp function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (function.isDeclaration())
        failed |= define(getOperation(), function).failed();
    if (failed)
      signalPassFailure();
  }
};
} // namespace
