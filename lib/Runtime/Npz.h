//===- Npz.h - Zip archives of NumPy arrays ---------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_NPZ_H
#define COSTATE_LIB_RUNTIME_NPZ_H

#include "Npy.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace costate::rt {

/// The members of a zip archive (stored or deflated), checked against their checksums.
std::map<std::string, std::string> parseZip(std::string_view bytes, const std::string &what);

/// An archive of stored members.
std::string formatZip(const std::vector<std::pair<std::string, std::string>> &members);

/// The arrays of an .npz file by name; what else is in the archive (a text, a folder) is left out.
std::map<std::string, Array> parseNpz(std::string_view bytes, const std::string &what);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_NPZ_H
