//===- Problems.h - Problems whose solutions are known ----------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_METHODS_PROBLEMS_H
#define COSTATE_LIB_METHODS_PROBLEMS_H

#include "costate/Methods/Method.h"

#include <cmath>
#include <vector>

namespace costate::methods::test {

using Values = std::vector<double>;

/// Counts for itself how often it is asked.
class Problem : public Oracle {
public:
  explicit Problem(std::size_t n) : n(n) {}

  std::size_t size() const override { return n; }
  double objective(std::span<const double> x) override {
    ++asked.objectives;
    return value(x);
  }
  double gradient(std::span<const double> x, std::span<double> g) override {
    ++asked.gradients;
    slopes(x, g);
    return value(x);
  }
  bool hasHessianProduct() const override { return true; }
  /// By the dense matrix, unless a problem knows better.
  void hessianProduct(std::span<const double> x, std::span<const double> v,
                      std::span<double> product) override {
    ++asked.products;
    multiply(x, v, product);
  }
  bool hasHessian() const override { return true; }
  void hessian(std::span<const double> x, std::span<double> matrix) override {
    ++asked.hessians;
    curvatures(x, matrix);
  }

  Evaluations asked;

protected:
  virtual double value(std::span<const double> x) const = 0;
  virtual void slopes(std::span<const double> x, std::span<double> g) const = 0;
  /// The lower triangle and the upper one.
  virtual void curvatures(std::span<const double> x, std::span<double> matrix) const = 0;
  virtual void multiply(std::span<const double> x, std::span<const double> v,
                        std::span<double> product) const {
    Values matrix(n * n);
    curvatures(x, matrix);
    for (std::size_t i = 0; i < n; ++i) {
      product[i] = 0;
      for (std::size_t j = 0; j < n; ++j)
        product[i] += matrix[i * n + j] * v[j];
    }
  }

  const std::size_t n;
};

/// c + sum_i d_i (x_i - m_i)^2 / 2, minimal at m.
class Diagonal : public Problem {
public:
  Diagonal(Values d, Values m, double c = 0) : Problem(d.size()), d(d), m(m), c(c) {}

protected:
  double value(std::span<const double> x) const override {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
      sum += d[i] * (x[i] - m[i]) * (x[i] - m[i]) / 2;
    return c + sum;
  }
  void slopes(std::span<const double> x, std::span<double> g) const override {
    for (std::size_t i = 0; i < n; ++i)
      g[i] = d[i] * (x[i] - m[i]);
  }
  void curvatures(std::span<const double> x, std::span<double> matrix) const override {
    for (std::size_t i = 0; i < n * n; ++i)
      matrix[i] = i % (n + 1) == 0 ? d[i / (n + 1)] : 0;
  }

  const Values d, m;
  const double c;
};

/// x'Ax / 2 - b'x with A = tridiag(-1, 2, -1) and b = 1: the discrete Poisson equation, whose solution is
/// x_i = (i + 1) (n - i) / 2.
class Poisson : public Problem {
public:
  using Problem::Problem;

protected:
  double value(std::span<const double> x) const override {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
      sum += x[i] * (applied(x, i) / 2 - 1);
    return sum;
  }
  void slopes(std::span<const double> x, std::span<double> g) const override {
    for (std::size_t i = 0; i < n; ++i)
      g[i] = applied(x, i) - 1;
  }
  void curvatures(std::span<const double> x, std::span<double> matrix) const override {
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        matrix[i * n + j] = i == j ? 2 : i + 1 == j || j + 1 == i ? -1 : 0;
  }

private:
  double applied(std::span<const double> x, std::size_t i) const {
    return 2 * x[i] - (i > 0 ? x[i - 1] : 0) - (i + 1 < n ? x[i + 1] : 0);
  }
};

/// The mean over the n - 1 pairs of neighbours of 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2.
class Rosenbrock : public Problem {
public:
  using Problem::Problem;

  Values standardStart() const {
    Values x(n);
    for (std::size_t i = 0; i < n; ++i)
      x[i] = i % 2 == 0 ? -1.2 : 1;
    return x;
  }

protected:
  double value(std::span<const double> x) const override {
    double sum = 0;
    for (std::size_t i = 0; i + 1 < n; ++i)
      sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
    return sum / double(n - 1);
  }
  void slopes(std::span<const double> x, std::span<double> g) const override {
    std::fill(g.begin(), g.end(), 0);
    for (std::size_t i = 0; i + 1 < n; ++i) {
      double beside = x[i + 1] - x[i] * x[i];
      g[i] += (-400 * x[i] * beside - 2 * (1 - x[i])) / double(n - 1);
      g[i + 1] += 200 * beside / double(n - 1);
    }
  }
  void curvatures(std::span<const double> x, std::span<double> matrix) const override {
    std::fill(matrix.begin(), matrix.end(), 0);
    for (std::size_t i = 0; i + 1 < n; ++i) {
      matrix[i * n + i] += (1200 * x[i] * x[i] - 400 * x[i + 1] + 2) / double(n - 1);
      matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = -400 * x[i] / double(n - 1);
      matrix[(i + 1) * n + i + 1] += 200 / double(n - 1);
    }
  }
  void multiply(std::span<const double> x, std::span<const double> v,
                std::span<double> product) const override {
    std::fill(product.begin(), product.end(), 0);
    for (std::size_t i = 0; i + 1 < n; ++i) {
      product[i] +=
          ((1200 * x[i] * x[i] - 400 * x[i + 1] + 2) * v[i] - 400 * x[i] * v[i + 1]) / double(n - 1);
      product[i + 1] += (200 * v[i + 1] - 400 * x[i] * v[i]) / double(n - 1);
    }
  }
};

} // namespace costate::methods::test

#endif // COSTATE_LIB_METHODS_PROBLEMS_H
