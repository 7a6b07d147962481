//===- Real.h - A real number as a parameter of an attribute -----------------------------------*- C++
//-*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIALECT_IR_REAL_H
#define COSTATE_DIALECT_IR_REAL_H

#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/bit.h"

namespace costate {

/// A number that can be a parameter of a uniqued attribute: compared and hashed by its bits.
class Real {
public:
  Real() = default;
  explicit Real(double value) : value(value) {}
  operator double() const { return value; }
  friend bool operator==(Real a, Real b) {
    return llvm::bit_cast<uint64_t>(a.value) == llvm::bit_cast<uint64_t>(b.value);
  }
  friend bool operator!=(Real a, Real b) { return !(a == b); }
  friend llvm::hash_code hash_value(Real r) { return llvm::hash_value(llvm::bit_cast<uint64_t>(r.value)); }

private:
  double value = 0;
};

/// Parses a finite number with or without a point (`1e-3`, `-2`).
mlir::FailureOr<Real> parseReal(mlir::AsmParser &parser);
/// Parses `[1.0, 2.0]`.
mlir::FailureOr<llvm::SmallVector<Real>> parseReals(mlir::AsmParser &parser);
/// Prints with as many digits as it takes to read the same bits back.
void printReal(mlir::AsmPrinter &printer, double value);
void printReals(mlir::AsmPrinter &printer, llvm::ArrayRef<Real> values);

} // namespace costate

#endif // COSTATE_DIALECT_IR_REAL_H
