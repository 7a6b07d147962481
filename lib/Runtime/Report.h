//===- Report.h - What a run looks like -------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_REPORT_H
#define COSTATE_LIB_RUNTIME_REPORT_H

#include "Program.h"
#include "RunFolder.h"

namespace costate::rt {

/// Writes report.html, self-contained, from what stands in the run folder: manifest, configuration, metrics
/// and predictions.
void writeReport(const Program &program, const RunFolder &folder);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_REPORT_H
