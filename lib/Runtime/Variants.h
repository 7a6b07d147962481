//===- Variants.h - The variant of a program that this machine can run ------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
#ifndef COSTATE_LIB_RUNTIME_VARIANTS_H
#define COSTATE_LIB_RUNTIME_VARIANTS_H

namespace costate::rt {

/// Names the variant to run.
constexpr char processorVariable[] = "COSTATE_PROCESSOR";

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_VARIANTS_H
