//===- GradBench.h - The evals of GradBench beside its other tools -------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#ifndef COSTATE_BENCH_GRADBENCH_H
#define COSTATE_BENCH_GRADBENCH_H

namespace costate::bench {

/// `costate-bench gradbench ...`: becomes the script that measures (gradbench.py). Returns an exit code where
/// it cannot.
int runGradBench(int argc, char **argv);

} // namespace costate::bench

#endif // COSTATE_BENCH_GRADBENCH_H
