//===- SelfScaledBroyden.cpp - Self-scaled Broyden ------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

// M. Al-Baali, H. Khalfan: A combined class of self-scaling and modified quasi-Newton methods. Comput. Optim.
// Appl. 52 (2012) 393-408. J. F. Urbán, P. Stefanou, J. A. Pons: Unveiling the optimization process of
// physics informed neural networks. J. Comput. Phys. 523 (2025) 113656.

#include "BroydenFamily.h"
#include "costate/Methods/Methods.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace costate::methods;

/// With a = h b - 1, c = sqrt(a / (1 + a)):
///   rho- = min(1, h (1 - c)),  theta- = (rho- - 1) / a,  theta+ = 1 / rho-,  theta = max(theta-, min(theta+,
///   (1 - b) / b)), sigma = 1 + a theta,  rho+ = min(1, 1 / b),  phi = (1 - theta) / sigma, tau = rho+
///   min(sigma^(1/(1-n)), 1 / theta) where theta > 0, else min(rho+ sigma^(1/(1-n)), sigma); h / sigma for H
///   = 1.
static BroydenFamily::Coefficients selfScaled(const BroydenFamily::Curvatures &curvatures) {
  auto [h, b, n, first] = curvatures;
  // Cauchy and Schwarz have a >= 0; rounding may not.
  double a = std::max(h * b - 1, std::numeric_limits<double>::epsilon());
  double lowest = std::min(1.0, h * (1 - std::sqrt(a / (1 + a))));
  double theta = std::max((lowest - 1) / a, std::min(1 / lowest, (1 - b) / b));
  double sigma = 1 + a * theta, phi = (1 - theta) / sigma;
  if (first)
    return {h / sigma, phi};
  double highest = std::min(1.0, 1 / b), volume = n > 1 ? std::pow(sigma, 1 / (1 - double(n))) : 1;
  return {theta > 0 ? highest * std::min(volume, 1 / theta) : std::min(highest * volume, sigma), phi};
}

std::unique_ptr<Method> costate::methods::create(const SelfScaledBroyden &options, Oracle &oracle,
                                                 const Tolerances &tolerances, const Bounds &bounds) {
  return std::make_unique<BroydenFamily>(selfScaled, oracle, options.search, tolerances, bounds);
}
