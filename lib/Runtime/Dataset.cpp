//===- Dataset.cpp - The points of a set, as compiled code reads them -------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Dataset.h"

#include "Csv.h"
#include "Error.h"
#include "File.h"
#include "Npz.h"
#include "Philox.h"
#include "Samplers.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <filesystem>

using namespace costate::rt;

Dataset::Dataset(std::string name, const std::vector<ColumnSpec> &specs, Precision precision,
                 int64_t capacity)
    : name(std::move(name)), capacity(capacity) {
  for (const ColumnSpec &spec : specs) {
    int64_t components = elementsOf(spec.shape);
    columns.push_back({spec.name, spec.shape, components, Buffer(precision, components * capacity)});
  }
}

const Column *Dataset::find(const std::string &columnName) const {
  for (const Column &column : columns)
    if (column.name == columnName)
      return &column;
  return nullptr;
}

template <typename T> static void pad(T *component, int64_t count, int64_t capacity) {
  std::fill(component + count, component + capacity, count > 0 ? component[count - 1] : T(0));
}

void Dataset::assign(size_t index, const double *values) {
  Column &column = columns[index];
  for (int64_t c = 0; c < column.components; ++c) {
    for (int64_t row = 0; row < count; ++row)
      column.data.set(c * capacity + row, values[row * column.components + c]);
    if (column.data.precision() == Precision::F32)
      pad(column.data.as<float>() + c * capacity, count, capacity);
    else
      pad(column.data.as<double>() + c * capacity, count, capacity);
  }
}

template <typename T>
static void gatherColumn(const Column &from, int64_t fromCapacity, Column &to, int64_t toCapacity,
                         const int64_t *rows, int64_t rowCount) {
  for (int64_t c = 0; c < to.components; ++c) {
    const T *source = from.data.as<T>() + c * fromCapacity;
    T *target = to.data.as<T>() + c * toCapacity;
    for (int64_t i = 0; i < rowCount; ++i)
      target[i] = source[rows[i]];
    pad(target, rowCount, toCapacity);
  }
}

void Dataset::gather(const Dataset &from, const int64_t *rows, int64_t rowCount) {
  count = rowCount;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].data.precision() == Precision::F32)
      gatherColumn<float>(from.columns[i], from.capacity, columns[i], capacity, rows, rowCount);
    else
      gatherColumn<double>(from.columns[i], from.capacity, columns[i], capacity, rows, rowCount);
  }
}

std::string costate::rt::digestOf(const Dataset &dataset, size_t columnCount) {
  uint64_t digest = streamOf(cat(dataset.count));
  auto add = [&](uint64_t word) { digest = (digest ^ word) * 0x100000001b3u; };
  for (size_t i = 0; i < columnCount; ++i) {
    const Column &column = dataset.columns[i];
    add(streamOf(column.name));
    for (int64_t row = 0; row < dataset.count; ++row)
      for (int64_t c = 0; c < column.components; ++c) {
        // A product's lower bits do not depend on its factors' upper ones.
        digest ^= digest >> 29;
        add(std::bit_cast<uint64_t>(dataset.get(column, row, c)));
      }
  }
  char text[20];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(digest));
  return text;
}

std::map<std::string, Array> costate::rt::readArrays(const std::string &path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    fail("'", path, "' is a folder, required a file (.npz, .npy, .csv or .tsv)");
  auto extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  bool isTable = extension == ".csv" || extension == ".tsv";
  if (extension != ".npz" && extension != ".npy" && !isTable)
    fail("'", path, "': found a file of type '", extension, "', required .npz, .npy, .csv or .tsv");
  std::string bytes = readFile(path);
  std::string what = cat("'", path, "'");
  if (extension == ".npz")
    return parseNpz(bytes, what);
  if (isTable)
    return parseCsv(bytes, what);
  return {{std::filesystem::path(path).stem().string(), parseNpy(bytes, what)}};
}

/// Whether an array holds one value of shape `sample` for each of `rows` rows. A leading extent is the row;
/// extents of one may be left out.
static bool holdsSamples(const Shape &found, const Shape &sample) {
  auto significant = [](const Shape &shape, size_t from) {
    Shape result;
    for (size_t i = from; i < shape.size(); ++i)
      if (shape[i] != 1)
        result.push_back(shape[i]);
    return result;
  };
  return !found.empty() && significant(found, 1) == significant(sample, 0);
}

static std::string requiredShape(const Shape &sample) {
  std::string text = "[rows";
  for (int64_t extent : sample)
    text += ", " + std::to_string(extent);
  return text + "]";
}

static std::string listOf(const std::map<std::string, Array> &arrays) {
  std::string text;
  for (const auto &[name, array] : arrays)
    text += (text.empty() ? "" : ", ") + name + " " + textOf(array.shape);
  return text.empty() ? "nothing" : text;
}

/// The name that differs in capitals alone, as a hint, or "".
static std::string inOtherLetters(const std::string &name, const std::map<std::string, Array> &arrays) {
  auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  for (const auto &[other, array] : arrays)
    if (std::equal(name.begin(), name.end(), other.begin(), other.end(), same))
      return cat("; did you mean '", other, "'? Capitals matter");
  return "";
}

Dataset costate::rt::makeDataset(const std::string &name, const std::vector<ColumnSpec> &required,
                                 const std::map<std::string, Array> &arrays, Precision precision,
                                 const std::string &source) {
  int64_t rows = -1;
  std::string rowsFrom;
  std::vector<ColumnSpec> specs = required;
  for (const ColumnSpec &column : required) {
    auto found = arrays.find(column.name);
    if (found == arrays.end())
      fail(source, ": set '", name, "' requires column '", column.name, "' of shape ",
           requiredShape(column.shape), ", found ", listOf(arrays), inOtherLetters(column.name, arrays));
    const Array &array = found->second;
    if (!array.problem.empty())
      fail(array.problem);
    if (!holdsSamples(array.shape, column.shape))
      fail(source, ": column '", column.name, "' of set '", name, "': found shape ", textOf(array.shape),
           " (", array.dtype, "), required ", requiredShape(column.shape), " (", nameOf(precision), ")");
    if (rows >= 0 && array.shape[0] != rows)
      fail(source, ": column '", column.name, "' of set '", name, "' has ", array.shape[0], " rows, column '",
           rowsFrom, "' has ", rows);
    rows = array.shape[0];
    rowsFrom = column.name;
    bool isNarrow = precision == Precision::F32;
    for (size_t i = 0; i < array.values.size(); ++i)
      if (!std::isfinite(isNarrow ? static_cast<float>(array.values[i]) : array.values[i]))
        fail(source, ": column '", column.name, "' of set '", name, "': row ",
             i / (array.values.size() / rows), " (from 0) holds ", array.values[i],
             ", required finite numbers (", nameOf(precision), ")");
  }
  if (rows < 1)
    fail(source, ": set '", name, "' has no rows");
  for (const auto &[extraName, array] : arrays) {
    bool known =
        std::any_of(specs.begin(), specs.end(), [&](const auto &spec) { return spec.name == extraName; });
    if (!known && array.problem.empty() && !array.shape.empty() && array.shape[0] == rows &&
        elementsOf(array.shape) > 0) {
      Shape sample(array.shape.begin() + 1, array.shape.end());
      specs.push_back({extraName, sample.empty() ? Shape{1} : sample});
    }
  }
  Dataset dataset(name, specs, precision, paddedCapacity(rows));
  dataset.count = rows;
  dataset.isFromFile = true;
  for (size_t i = 0; i < specs.size(); ++i)
    dataset.assign(i, arrays.at(specs[i].name).values.data());
  return dataset;
}

Dataset costate::rt::sampleDataset(const SetSpec &set, Precision precision, uint64_t seed, uint64_t round) {
  int64_t count = sampleCount(set);
  Dataset dataset(set.name, set.columns, precision, paddedCapacity(count));
  dataset.count = count;
  resampleDataset(set, seed, round, dataset);
  return dataset;
}

void costate::rt::resampleDataset(const SetSpec &set, uint64_t seed, uint64_t round, Dataset &dataset) {
  std::vector<double> points = samplePoints(set, seed, round);
  size_t dimensions = set.region.lower.size(), first = 0;
  std::vector<double> values;
  for (size_t i = 0; i < dataset.columns.size(); ++i) {
    size_t components = dataset.columns[i].components;
    values.clear();
    for (int64_t row = 0; row < dataset.count; ++row)
      for (size_t c = 0; c < components; ++c)
        values.push_back(points[row * dimensions + first + c]);
    dataset.assign(i, values.data());
    first += components;
  }
}
