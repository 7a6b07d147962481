//===- StateVisitor.h - All that a method keeps, by name --------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_METHODS_STATEVISITOR_H
#define COSTATE_METHODS_STATEVISITOR_H

#include <cstdint>
#include <span>
#include <string_view>

namespace costate::methods {

/// Reads or writes what a method keeps. Names, their order and the lengths are those of the method, its
/// options and the number of variables, whatever was done with it; so the same visit saves and restores.
class StateVisitor {
public:
  virtual ~StateVisitor() = default;
  virtual void visit(std::string_view name, std::span<double> values) = 0;
  virtual void visit(std::string_view name, std::span<std::int64_t> values) = 0;
};

} // namespace costate::methods

#endif // COSTATE_METHODS_STATEVISITOR_H
