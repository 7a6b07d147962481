//===- Dataset.h - The points of a set, as compiled code reads them -*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_DATASET_H
#define COSTATE_LIB_RUNTIME_DATASET_H

#include "Npy.h"
#include "Program.h"

#include <map>
#include <string>
#include <vector>

namespace costate::rt {

/// One column: components first, points last. Element (c, row) stands at c * capacity + row.
struct Column {
  std::string name;
  Shape shape;
  int64_t components = 1;
  Buffer data;
};

/// The rows of a set. The capacity is a multiple of 64; rows from the count on repeat the last valid one.
class Dataset {
public:
  Dataset() = default;
  Dataset(std::string name, const std::vector<ColumnSpec> &specs, Precision precision, int64_t capacity);

  std::string name;
  std::vector<Column> columns;
  int64_t count = 0;
  int64_t capacity = 0;
  /// Whether its rows come from a file.
  bool isFromFile = false;
  /// The set that this one is a batch of; null where it is a whole set.
  const Dataset *partOf = nullptr;
  const Dataset &whole() const { return partOf ? *partOf : *this; }

  /// Null where there is none.
  const Column *find(const std::string &columnName) const;
  double get(const Column &column, int64_t row, int64_t component) const {
    return column.data.get(component * capacity + row);
  }

  /// Fills column `index` from row-major values and pads it; `count` has to be set.
  void assign(size_t index, const double *values);
  /// Replaces all rows by `rows` of another set with the same columns, and pads. Allocates nothing.
  void gather(const Dataset &from, const int64_t *rows, int64_t rowCount);
};

inline int64_t paddedCapacity(int64_t count) { return std::max<int64_t>(64, (count + 63) / 64 * 64); }

/// What the columns up to `columnCount` hold, in sixteen hexadecimal digits.
std::string digestOf(const Dataset &dataset, size_t columnCount);

/// Arrays by name from .npz, .npy (one array named as the file), .csv or .tsv.
std::map<std::string, Array> readArrays(const std::string &path);

/// A data set from the arrays of a file, checked against the columns that are required. Arrays of other names
/// are kept as further columns if they have as many rows (a reference solution, for instance).
Dataset makeDataset(const std::string &name, const std::vector<ColumnSpec> &required,
                    const std::map<std::string, Array> &arrays, Precision precision,
                    const std::string &source);

/// The points of a sampled set after `round` resamplings.
Dataset sampleDataset(const SetSpec &set, Precision precision, uint64_t seed, uint64_t round);
/// The same into a set that stands already.
void resampleDataset(const SetSpec &set, uint64_t seed, uint64_t round, Dataset &dataset);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_DATASET_H
