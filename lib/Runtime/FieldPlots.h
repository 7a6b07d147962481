//===- FieldPlots.h - Pictures of what networks learned ---------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_FIELDPLOTS_H
#define COSTATE_LIB_RUNTIME_FIELDPLOTS_H

#include "Npy.h"
#include "Program.h"

#include <map>
#include <string>

namespace costate::rt {

/// Figures of all outputs in pred.npz, with their references and errors: lines over one input, colours over
/// two; over more, lines along the input with the most values for fixed others, or output against reference.
std::string fieldPlots(const Program &program, const std::map<std::string, Array> &arrays);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_FIELDPLOTS_H
