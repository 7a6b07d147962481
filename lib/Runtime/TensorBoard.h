//===- TensorBoard.h - Scalars as TensorBoard reads them --------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_TENSORBOARD_H
#define COSTATE_LIB_RUNTIME_TENSORBOARD_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace costate::rt {

/// CRC-32C (Castagnoli).
uint32_t crc32c(std::string_view bytes);

/// An event file: records of length, masked checksum, Event protocol buffer, masked checksum.
class TensorBoardLog {
public:
  /// Events of steps above `keepUpTo` are cut off the files that are there.
  TensorBoardLog(const std::string &folder, int64_t keepUpTo);
  void add(int64_t step, const std::vector<std::string> &names, const std::vector<double> &values);
  void flush();
  const std::string &file() const { return path; }

private:
  void addRecord(const std::string &event);
  std::string path, pending;
};

/// The records of an event file up to the first that is damaged or not whole, without those of steps above
/// `last`.
std::string keepEvents(std::string_view file, int64_t last);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_TENSORBOARD_H
