//===- Vtk.h - Fields as ParaView reads them --------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_VTK_H
#define COSTATE_LIB_RUNTIME_VTK_H

#include "Evaluation.h"

namespace costate::rt {

/// Points with their outputs and references as VTK XML PolyData. The first three input components are
/// coordinates, the others become fields.
std::string formatVtp(const Field &field);

/// Writes fields/ENTRY.vtp for each field.
void writeVtk(const std::string &folder, const std::vector<Field> &fields);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_VTK_H
