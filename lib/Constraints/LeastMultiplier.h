//===- LeastMultiplier.h - The least multiplier under which a violation decays ------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// Along θ' = −d, (½‖g‖²)' = −gᵀJ d. Of all d under which ‖g‖ decays like e^(−αt) or faster, that is with
// gᵀJ d ≥ α‖g‖², the nearest to ∇f is its projection on a half-space:
//
//   d = ∇f + μ Jᵀg,   μ = max(0, (α‖g‖² − gᵀJ∇f) / ‖Jᵀg‖²)
//
// So λ = μ g. With one component it is Tanabe's multiplier where that acts against the violation, and zero
// where ∇f lowers the violation faster by itself, which Tanabe's equality would hold back.
//
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONSTRAINTS_LEASTMULTIPLIER_H
#define COSTATE_LIB_CONSTRAINTS_LEASTMULTIPLIER_H

#include "costate/Constraints/Strategy.h"

namespace costate {

/// μ, from ‖g‖², gᵀJ∇f and ‖Jᵀg‖²; zero where Jᵀg is.
inline Expression leastMultiplier(const TanabeFlow &flow, const Expression &square, const Expression &descent,
                                  const Expression &slopeSquare) {
  Expression zero = square.number(0.0);
  Expression lack = (flow.pull(square) - descent).maximum(zero);
  return slopeSquare.selectLessEqual(zero, zero, lack / slopeSquare);
}

/// 1 where a violation has no slope, so that no multiplier lowers it; otherwise 0.
inline Expression withoutSlope(const Expression &square, const Expression &slopeSquare) {
  Expression zero = square.number(0.0), one = square.number(1.0);
  return slopeSquare.selectLessEqual(zero, square.selectLessEqual(zero, zero, one), zero);
}

/// Along one slope everything is as well conditioned as can be, or not at all.
inline Expression conditionOfSlope(const Expression &lacks) {
  return conditionOf(1.0 - lacks, lacks.number(1.0));
}

} // namespace costate

#endif // COSTATE_LIB_CONSTRAINTS_LEASTMULTIPLIER_H
