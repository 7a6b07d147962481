//===- CostateOps.td - Every op of the dialect -------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_OPS
#define COSTATE_OPS

include "costate/Dialect/IR/ConstraintOps.td"
include "costate/Dialect/IR/CustomDerivativeOps.td"
include "costate/Dialect/IR/DerivativeOps.td"
include "costate/Dialect/IR/ImplicitOps.td"
include "costate/Dialect/IR/LayerOps.td"
include "costate/Dialect/IR/NetworkOps.td"
include "costate/Dialect/IR/ObjectiveOps.td"
include "costate/Dialect/IR/PointSetOps.td"
include "costate/Dialect/IR/ProblemOps.td"
include "costate/Dialect/IR/ResidualOps.td"
include "costate/Dialect/IR/SetOps.td"
include "costate/Dialect/IR/TransformOps.td"

#endif // COSTATE_OPS
