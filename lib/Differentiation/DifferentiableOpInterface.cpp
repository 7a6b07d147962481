//===- DifferentiableOpInterface.cpp - What differentiation asks of an op ---------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "costate/Differentiation/DifferentiableOpInterface.cpp.inc"
