//===- EinsumEmitter.h - Sums of products written as tensor code --------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_BATCHING_EINSUMEMITTER_H
#define COSTATE_LIB_BATCHING_EINSUMEMITTER_H

#include "Einsum.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/DenseMap.h"

namespace costate::einsum {

/// Writes decided sums (see `plan`) with `linalg.contract` for contractions, `linalg.generic` for outer
/// products, and elementwise `arith`. `replaced` says what earlier rewrites made of a value.
class Emitter {
public:
  Emitter(mlir::ImplicitLocOpBuilder &builder, mlir::FloatType type,
          const llvm::DenseMap<mlir::Value, mlir::Value> &replaced)
      : builder(builder), type(type), replaced(replaced) {}

  mlir::Value emit(const Sum &sum);

private:
  /// A value and the index of each of its dimensions.
  struct Operand {
    mlir::Value value;
    llvm::SmallVector<unsigned, 4> indices;
  };

  /// One term; with `init`, a term that accumulates is added to it.
  mlir::Value emitTerm(const Term &term, const Sum &sum, mlir::Value init = {});
  Operand emitFactor(const Factor &factor);
  Operand emitProduct(const Term &term, unsigned rank, uint32_t mask, const Order &order,
                      llvm::ArrayRef<Operand> factors, mlir::Value init);
  Operand multiply(Operand a, Operand b, llvm::ArrayRef<unsigned> result, const Term &term, mlir::Value init);
  mlir::Value arrange(Operand operand, const Term &term, const Sum &sum, mlir::Value init);
  mlir::Value scale(mlir::Value value, double coefficient);
  mlir::Value asScalar(mlir::Value value);
  mlir::Value constant(mlir::Type type, double value);
  mlir::Value structured(mlir::ValueRange inputs, llvm::ArrayRef<llvm::SmallVector<unsigned, 4>> indices,
                         llvm::ArrayRef<unsigned> result, const Term &term, mlir::Value init = {});

  mlir::ImplicitLocOpBuilder &builder;
  mlir::FloatType type;
  const llvm::DenseMap<mlir::Value, mlir::Value> &replaced;
  llvm::DenseMap<const Sum *, mlir::Value> emitted;
};

} // namespace costate::einsum

#endif // COSTATE_LIB_BATCHING_EINSUMEMITTER_H
