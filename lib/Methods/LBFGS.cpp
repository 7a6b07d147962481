//===- LBFGS.cpp - L-BFGS -------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

// J. Nocedal, S. J. Wright: Numerical Optimization, 2nd edition (2006), algorithms 7.4 and 7.5.

#include "QuasiNewton.h"
#include "costate/Methods/Methods.h"

#include <algorithm>
#include <stdexcept>

using namespace costate::methods;

namespace {

/// H is BFGS's of the last pairs, from y's / y'y of the last one.
class LimitedMemory : public QuasiNewton {
public:
  LimitedMemory(const LBFGS &options, Oracle &oracle, const Tolerances &tolerances, const Bounds &bounds)
      : QuasiNewton(oracle, options.search, tolerances, bounds),
        steps(Matrix::Zero(x.size(), options.history)), changes(steps),
        products(Matrix::Zero(2, options.history)) {}

private:
  void direct(const std::vector<Index> &held, Vector &direction) override;
  void update(double ys) override;
  void forget() override;
  void visitMemory(StateVisitor &visitor) override;

  /// The column of a pair, the last one being 0.
  Index column(Index age) const { return (written - 1 - age) % steps.cols(); }

  /// A pair s, y in each column, and its y's and y'y.
  Matrix steps, changes, products;
  std::int64_t written = 0;
};

} // namespace

/// A pair counts with its part among the free variables, and not at all where the curvature in there is not
/// positive.
void LimitedMemory::direct(const std::vector<Index> &held, Vector &direction) {
  auto clear = [&] {
    for (Index i : held)
      direction[i] = 0;
  };
  auto free = [&](double sum, const Matrix &left, const Matrix &right, Index column) {
    for (Index i : held)
      sum -= left(i, column) * right(i, column);
    return sum;
  };
  Index count = std::min<Index>(written, steps.cols());
  Vector ys(count), along(count);
  double scale = 0;
  direction = -g;
  clear();
  for (Index age = 0; age < count; ++age) {
    Index at = column(age);
    ys[age] = free(products(0, at), changes, steps, at);
    if (!(ys[age] > 0))
      continue;
    if (scale == 0)
      scale = ys[age] / free(products(1, at), changes, changes, at);
    along[age] = steps.col(at).dot(direction) / ys[age];
    direction -= along[age] * changes.col(at);
    clear();
  }
  direction *= scale > 0 ? scale : 1;
  for (Index age = count; age-- > 0;) {
    Index at = column(age);
    if (!(ys[age] > 0))
      continue;
    double against = changes.col(at).dot(direction) / ys[age];
    direction += (along[age] - against) * steps.col(at);
    clear();
  }
}

void LimitedMemory::update(double ys) {
  Index at = written++ % steps.cols();
  steps.col(at) = s;
  changes.col(at) = y;
  products.col(at) << ys, y.squaredNorm();
}

void LimitedMemory::forget() {
  QuasiNewton::forget();
  written = 0;
}

void LimitedMemory::visitMemory(StateVisitor &visitor) {
  QuasiNewton::visitMemory(visitor);
  visit(visitor, "written", written);
  visitor.visit("steps", spanOf(steps));
  visitor.visit("changes", spanOf(changes));
  visitor.visit("pair_products", spanOf(products));
}

std::unique_ptr<Method> costate::methods::create(const LBFGS &options, Oracle &oracle,
                                                 const Tolerances &tolerances, const Bounds &bounds) {
  if (options.history < 1)
    throw std::invalid_argument(sentence("L-BFGS keeps ", options.history, " pairs, required: at least 1"));
  return std::make_unique<LimitedMemory>(options, oracle, tolerances, bounds);
}
