//===- sample.cpp - What mutants.test mutates ----------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===---------------------------------------------------------------------------------------------------===//
#include <cstdio>
#include <vector>

int below(const std::vector<int> &values, int bound) {
  int count = 0;
  for (int value : values) {
    if (value < bound && value != 2)
      count += 10;
  }
  return count;
}

int main() { std::printf("%d\n", below({1, 2, 3, 4}, 4)); }
