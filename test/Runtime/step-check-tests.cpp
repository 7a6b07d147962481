//===- step-check-tests.cpp - What a checked step leaves behind -------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "StepCheck.h"

#include <gtest/gtest.h>

using namespace costate::rt;

/// theta, a state, metrics: changes all.
static void changeAll(void **args, void *) {
  for (int i = 0; i < 3; ++i)
    *static_cast<double *>(args[i]) += 1;
}

TEST(StepCheck, LeavesAllAsItWas) {
  const costate_entry entries[] = {{"step", changeAll}, {nullptr, nullptr}};
  Program program = parseProgram(R"json({
   "schema": 1, "name": "p", "precision": "f64", "parameter_count": 1,
   "parameters": [{"name": "w", "shape": [1], "offset": 0, "init": {"kind": "zeros"}}],
   "states": [{"name": "sgd.velocity", "shape": [1]}], "metrics": [{"name": "seen", "kind": "count"}],
   "hypers": [{"name": "eta", "default": 0.5, "role": "rate"}, {"name": "shrink", "default": 0.25, "role": "decay"}],
   "entries": [{"name": "step", "args": [{"role": "theta"}, {"role": "state", "name": "sgd.velocity"},
                                         {"role": "metrics"}]}]})json",
                                 entries);
  Session session(program, 1);
  session.setStep(6);
  session.theta.set(0, 3);
  session.states[0].set(0, 7);
  session.metrics.set(0, 5);
  EXPECT_EQ(checkStep(session, program.entries[0], {}), "it moves 'w' element 0 by 1, required -0");
  EXPECT_EQ(session.theta.get(0), 3);
  EXPECT_EQ(session.states[0].get(0), 7);
  EXPECT_EQ(session.metrics.get(0), 5);
  EXPECT_EQ(session.hypers.get(0), 0.5);
  EXPECT_EQ(session.hypers.get(1), 0.25);
  EXPECT_EQ(session.hypers.get(2), 7);
}
