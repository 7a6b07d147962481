//===- Initializers.h - First values of the parameters ----------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_INITIALIZERS_H
#define COSTATE_LIB_RUNTIME_INITIALIZERS_H

#include "Program.h"

namespace costate::rt {

/// Writes the first values of all parameters into theta. Each parameter draws from a stream of its own name,
/// so adding one does not change the others.
void initializeParameters(const Program &program, uint64_t seed, Buffer &theta);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_INITIALIZERS_H
