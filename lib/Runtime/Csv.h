//===- Csv.h - Tables of numbers as text ------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_CSV_H
#define COSTATE_LIB_RUNTIME_CSV_H

#include "Npy.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace costate::rt {

/// The cells of one line, without blanks around them and without quotes; a doubled quote inside of quotes is
/// one. A blank as separator stands for any number of them.
std::vector<std::string> splitCsvLine(std::string_view line, char separator);

/// A table with a header line, in UTF-8 with or without its mark; between the cells stand commas, semicolons,
/// tabs or blanks, whichever the header has. Empty lines and such that begin with # are left out. Columns `x`
/// become arrays of shape [n]; columns `p[0]`, `p[1]`, ... become one array `p` of shape [n, 2].
std::map<std::string, Array> parseCsv(std::string_view text, const std::string &what);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_CSV_H
