//===- OldCuda.cpp - A CUDA driver that lacks functions ---------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

extern "C" int cuInit(unsigned) { return 0; }
