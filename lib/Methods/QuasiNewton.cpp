//===- QuasiNewton.cpp - A method that learns the curvature from gradients -===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "QuasiNewton.h"

#include <algorithm>
#include <limits>

using namespace costate::methods;

void QuasiNewton::forget() {
  Searching::forget();
  updates = 0;
  curvature = 0;
}

void QuasiNewton::advance() {
  Vector direction(x.size());
  while (true) {
    std::vector<Index> held = box.held(x, g);
    if (fresh()) {
      direction = -g;
      for (Index i : held)
        direction[i] = 0;
    } else {
      direct(held, direction);
    }
    double first = fresh() ? std::min(1.0, 1 / direction.norm()) : 1;
    straight = true;
    for (Index i : held) {
      direction[i] = box.distance(i, x, g);
      straight &= direction[i] == 0;
    }
    bool descends = direction.allFinite() && g.dot(direction) < 0;
    if (descends && move(direction, first))
      break;
    if (fresh() || (descends && nothingToFind()))
      return haltAfterSearch();
    forget();
  }
  straight &= !bent;
  double ys = y.dot(s), ss = s.squaredNorm();
  curvature = ys / ss;
  // Without positive curvature along s there is no positive definite H.
  if (ys > std::numeric_limits<double>::epsilon() * std::sqrt(ss) * y.norm()) {
    update(ys);
    ++updates;
  }
}

void QuasiNewton::visitMemory(StateVisitor &visitor) {
  Searching::visitMemory(visitor);
  visit(visitor, "updates", updates);
  visit(visitor, "curvature", curvature);
}

void QuasiNewton::addFigures(std::vector<Figure> &figures) const {
  Searching::addFigures(figures);
  figures.push_back({"curvature", curvature});
}
