//===- Real.td - Numbers as parameters of attributes -------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_REAL
#define COSTATE_REAL

include "mlir/IR/AttrTypeBase.td"

class Costate_RealBase<string desc> : AttrParameter<"::costate::Real", desc> {
  let parser = "::costate::parseReal($_parser)";
  let printer = "::costate::printReal($_printer, $_self)";
}
/// A number that must be given.
class Costate_Real<string desc> : Costate_RealBase<desc>;
/// A number with a default.
class Costate_RealOr<string default, string desc> : Costate_RealBase<desc> {
  let defaultValue = "::costate::Real(" # default # ")";
}
/// A list of numbers.
class Costate_Reals<string desc> : ArrayRefParameter<"::costate::Real", desc> {
  let parser = "::costate::parseReals($_parser)";
  let printer = "::costate::printReals($_printer, $_self)";
}
/// A list of whole numbers, `[1, 2]`.
class Costate_Integers<string desc> : ArrayRefParameter<"int64_t", desc> {
  let parser = "::costate::parseIntegers($_parser)";
  let printer = "::costate::printIntegers($_printer, $_self)";
}

#endif // COSTATE_REAL
