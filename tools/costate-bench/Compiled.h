//===- Compiled.h - A step that Costate compiles, loads and runs --------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#ifndef COSTATE_BENCH_COMPILED_H
#define COSTATE_BENCH_COMPILED_H

#include "Workload.h"

#include <memory>

namespace costate::bench {

/// The Burgers problem of a network as a user would write it. `real` is f32 or f64.
std::string burgersProblem(Network network, const std::string &real);

/// Compiles a problem with costatec, links it as a shared object that calls this program's runtime, and wraps
/// its entry `gradient`. Throws std::runtime_error that says which of these did not work.
std::unique_ptr<Step> compileStep(const Workload &workload, const std::string &real,
                                  const std::string &costatec);

} // namespace costate::bench

#endif // COSTATE_BENCH_COMPILED_H
