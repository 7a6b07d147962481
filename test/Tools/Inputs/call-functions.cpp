//===- call-functions.cpp - A library of plain functions, called from C++ ---------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "libfunctions.h"

int main() {
  const double x[] = {1, 2, 3};
  double sum, gradient[3];
  power_sum(x, 3, &sum, gradient);
  const int64_t at[] = {2, 0};
  double picked[2];
  pick(x, at, picked);
  return picked[0] == 3 && picked[1] == 1 && sum == 36 && gradient[0] == 3 && gradient[1] == 12 &&
                 gradient[2] == 27
             ? 0
             : 1;
}
