//===- BurgersProblem.cpp - The Burgers problem in the dialect --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#include "Compiled.h"

#include <cstdio>

using namespace costate::bench;

/// Replaces every `from` in `text`.
static std::string replaced(std::string text, const std::string &from, const std::string &to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string costate::bench::burgersProblem(Network network, const std::string &real) {
  std::string width = std::to_string(network.width);
  std::string text = "costate.network @u(%x: tensor<2xREAL>) -> tensor<1xREAL> {\n";
  std::string below = "%x", belowType = "tensor<2xREAL>";
  for (int layer = 0; layer < network.depth; ++layer) {
    std::string name = "%h" + std::to_string(layer);
    text += "  " + name + " = costate.dense " + below + " -> " + width + " activation(tanh) : " + belowType +
            " -> tensor<" + width + "xREAL>\n";
    below = name;
    belowType = "tensor<" + width + "xREAL>";
  }
  text += "  %u = costate.dense " + below + " -> 1 : " + belowType + " -> tensor<1xREAL>\n";
  text += R"(  costate.yield %u : tensor<1xREAL>
}

costate.residual @burgers(%x: tensor<2xREAL>) -> tensor<1xREAL> {
  %u = costate.call @u(%x) : (tensor<2xREAL>) -> tensor<1xREAL>
  %ut = costate.diff %u by %x[0] : tensor<1xREAL>, tensor<2xREAL>
  %ux = costate.diff %u by %x[1] : tensor<1xREAL>, tensor<2xREAL>
  %uxx = costate.diff %u by %x[1, 1] : tensor<1xREAL>, tensor<2xREAL>
  %nu = arith.constant dense<VISCOSITY> : tensor<1xREAL>
  %advection = arith.mulf %u, %ux : tensor<1xREAL>
  %diffusion = arith.mulf %nu, %uxx : tensor<1xREAL>
  %left = arith.addf %ut, %advection : tensor<1xREAL>
  %r = arith.subf %left, %diffusion : tensor<1xREAL>
  costate.yield %r : tensor<1xREAL>
}

costate.problem @burgers_residual {
  costate.sample @interior (x: tensor<2xREAL>) in box<[0.0, -1.0], [1.0, 1.0]> by uniform count 10000
  costate.minimize "burgers" square(@burgers(x)) over @interior
  costate.train by #costate.adam<lr = 1.0e-3> steps 1000
}
)";
  char number[32];
  std::snprintf(number, sizeof number, "%.17e", viscosity);
  return replaced(replaced(text, "REAL", real), "VISCOSITY", number);
}
