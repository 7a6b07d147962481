//===- Output.cpp - What is said on standard output -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Output.h"

#include "Error.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

static int reason = 0;

void costate::rt::flushOutput() {
  if (std::fflush(stdout) != 0 && reason == 0)
    reason = errno;
}

int costate::rt::finishOutput(int code) {
  flushOutput();
  if (!std::ferror(stdout) || reason == EPIPE)
    return code;
  // What a full buffer could not pass on, long ago, left no reason.
  std::fprintf(stderr, "error: cannot write to standard output: %s\n",
               reason ? std::strerror(reason) : "some of it is lost");
  return code == Done ? Failed : code;
}
