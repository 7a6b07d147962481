//===- Output.h - What is said on standard output ---------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_OUTPUT_H
#define COSTATE_LIB_RUNTIME_OUTPUT_H

namespace costate::rt {

/// Passes on what was printed; keeps the reason where that fails, which later failures need not know.
void flushOutput();

/// The exit code, now that all is said: results that did not reach standard output are no success. A reader
/// who closed the pipe has had enough.
int finishOutput(int code);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_OUTPUT_H
