//===- linear.cpp - A whole program by hand, and its variants ---------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "LinearModel.h"

#if defined(VARIANT_F32)
extern "C" const char costate_program[] = LINEAR_DESCRIPTOR("f32", LINEAR_MINIBATCHES);
LINEAR_ENTRIES(float, false)
#elif defined(VARIANT_ARMIJO)
extern "C" const char costate_program[] = LINEAR_DESCRIPTOR("f64", LINEAR_ARMIJO);
LINEAR_ENTRIES(double, false)
#elif defined(VARIANT_WRONG_GRADIENT)
extern "C" const char costate_program[] = LINEAR_DESCRIPTOR("f64", LINEAR_MINIBATCHES);
LINEAR_ENTRIES(double, true)
#else
extern "C" const char costate_program[] = LINEAR_DESCRIPTOR("f64", LINEAR_MINIBATCHES);
LINEAR_ENTRIES(double, false)
#endif
