//===- Oracle.h - What a method asks about a problem ------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_METHODS_ORACLE_H
#define COSTATE_METHODS_ORACLE_H

#include <cstddef>
#include <cstdint>
#include <span>

namespace costate::methods {

/// A function of n variables, asked at points. Whatever it says is a function of the point alone until
/// `Method::restart`.
class Oracle {
public:
  virtual ~Oracle() = default;

  virtual std::size_t size() const = 0;
  virtual double objective(std::span<const double> point) = 0;
  /// The objective, too.
  virtual double gradient(std::span<const double> point, std::span<double> gradient) = 0;

  virtual bool hasHessianProduct() const { return false; }
  /// The Hessian times `vector`. Only asked where there is one.
  virtual void hessianProduct(std::span<const double> point, std::span<const double> vector,
                              std::span<double> product) {}

  virtual bool hasHessian() const { return false; }
  /// All n * n elements of the symmetric matrix. Only asked where there is one.
  virtual void hessian(std::span<const double> point, std::span<double> matrix) {}
};

/// How often an oracle was asked.
struct Evaluations {
  std::int64_t objectives = 0, gradients = 0, products = 0, hessians = 0;

  std::int64_t total() const { return objectives + gradients + products + hessians; }
};

} // namespace costate::methods

#endif // COSTATE_METHODS_ORACLE_H
