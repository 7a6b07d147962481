//===- Csv.h - Tables of numbers as text ------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_CSV_H
#define COSTATE_LIB_RUNTIME_CSV_H

#include "Npy.h"

#include <map>
#include <string>
#include <string_view>

namespace costate::rt {

/// A table with a header line. Columns `x` become arrays of shape [n]; columns `p[0]`, `p[1]`, ... become one
/// array `p` of shape [n, 2].
std::map<std::string, Array> parseCsv(std::string_view text, const std::string &what);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_CSV_H
