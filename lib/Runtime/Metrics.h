//===- Metrics.h - The log of named figures ---------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_METRICS_H
#define COSTATE_LIB_RUNTIME_METRICS_H

#include "TensorBoard.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace costate::rt {

/// A figure as JSON: null where it is NaN, "inf" or "-inf" where it is infinite.
std::string jsonNumber(double value);

/// Writes metrics.jsonl, metrics.csv and TensorBoard events, one row a logged step. Rows are buffered and
/// reach the disk at flush() and at the end.
class MetricsLog {
public:
  /// `names` are the columns behind step, epoch and seconds. Rows of steps above `keepUpTo`, which an
  /// interrupted run may have left, are cut off.
  MetricsLog(const std::string &folder, std::vector<std::string> names, int64_t keepUpTo);
  ~MetricsLog();

  void add(int64_t step, double epoch, double seconds, const std::vector<double> &values);
  void flush();
  /// Flushes, and waits for the disk: a checkpoint must not outlive the rows before it.
  void sync();

private:
  std::string jsonlPath, csvPath, jsonl, csv;
  std::vector<std::string> names;
  TensorBoardLog tensorBoard;
};

/// What readMetrics finds: one vector of values a name, NaN where a value was not finite.
struct MetricsTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;

  const std::vector<double> *find(const std::string &name) const;
};

/// Reads metrics.csv of a run folder; an unfinished last line is left out.
MetricsTable readMetrics(const std::string &folder);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_METRICS_H
