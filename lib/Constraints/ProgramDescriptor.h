//===- ProgramDescriptor.h - What the runtime must know of a program ----------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONSTRAINTS_PROGRAMDESCRIPTOR_H
#define COSTATE_LIB_CONSTRAINTS_PROGRAMDESCRIPTOR_H

#include "StepBuilder.h"

namespace costate {

/// The program descriptor of docs/Runtime.md as JSON text, but for what only later stages know: the arguments
/// of the entries, the workspace, the target.
std::string describeProgram(ProblemOp op, const Problem &problem, const StepBuilder &steps);

} // namespace costate

#endif // COSTATE_LIB_CONSTRAINTS_PROGRAMDESCRIPTOR_H
