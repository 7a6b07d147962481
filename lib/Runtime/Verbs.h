//===- Verbs.h - What a generated program can do ----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_VERBS_H
#define COSTATE_LIB_RUNTIME_VERBS_H

#include "Config.h"
#include "Options.h"
#include "Program.h"

namespace costate::rt {

// Each returns the exit code, and throws Error for what it refuses. The program has the resolved
// configuration applied.
int trainVerb(const Program &program, const Config &config, const Options &options);
int evalVerb(const Program &program, const Options &options);
int predictVerb(const Program &program, const Options &options);
int checkGradVerb(const Program &program, const Options &options);
int benchVerb(const Program &program, const Options &options);
int infoVerb(const Program &program, const Config &config, const Options &options);
int reportVerb(const Program &program, const Options &options);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_VERBS_H
