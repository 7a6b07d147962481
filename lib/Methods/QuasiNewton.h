//===- QuasiNewton.h - A method that learns the curvature from gradients --*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_METHODS_QUASINEWTON_H
#define COSTATE_LIB_METHODS_QUASINEWTON_H

#include "Searching.h"

namespace costate::methods {

/// x <- x - t H g with H learnt from s = x' - x and y = g' - g such that H y = s. With bounds, H is that of
/// the free variables; those that are held go to their bounds.
class QuasiNewton : public Searching {
protected:
  using Searching::Searching;

  /// The direction -H g of the free variables, zero for those that are held.
  virtual void direct(const std::vector<Index> &held, Vector &direction) = 0;
  /// H after the last move, for which y's > 0.
  virtual void update(double ys) = 0;

  void forget() override;
  void visitMemory(StateVisitor &visitor) override;
  void addFigures(std::vector<Figure> &figures) const override;

  /// Nothing is known of the curvature: H = 1.
  bool fresh() const { return updates == 0; }
  /// Whether the last move was along -H g, and nothing else.
  bool straight = false;

private:
  void advance() final;

  std::int64_t updates = 0;
  /// y's / s's of the last move.
  double curvature = 0;
};

} // namespace costate::methods

#endif // COSTATE_LIB_METHODS_QUASINEWTON_H
