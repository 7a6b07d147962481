//===- FieldPlots.cpp - Pictures of what networks learned -------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "FieldPlots.h"

#include "Error.h"
#include "Plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <set>

using namespace costate::rt;

namespace {

/// One number for each row.
struct Scalar {
  std::string name;
  std::vector<double> values;
};

std::vector<Scalar> componentsOf(const std::string &name, const Array &array) {
  int64_t rows = array.shape.empty() ? 0 : array.shape[0];
  int64_t width = rows > 0 ? static_cast<int64_t>(array.values.size()) / rows : 0;
  std::vector<Scalar> result;
  for (int64_t c = 0; c < width; ++c) {
    Scalar scalar{width == 1 ? name : cat(name, "[", c, "]"), {}};
    for (int64_t row = 0; row < rows; ++row)
      scalar.values.push_back(array.values[row * width + c]);
    result.push_back(std::move(scalar));
  }
  return result;
}

std::vector<double> absoluteDifference(const std::vector<double> &a, const std::vector<double> &b) {
  std::vector<double> result(a.size());
  for (size_t i = 0; i < a.size(); ++i)
    result[i] = std::fabs(a[i] - b[i]);
  return result;
}

std::vector<double> taken(const std::vector<double> &values, const std::vector<size_t> &rows) {
  std::vector<double> result;
  for (size_t row : rows)
    result.push_back(values[row]);
  return result;
}

std::string overOneInput(const Scalar &input, const Scalar &output, const Scalar *reference) {
  std::vector<size_t> rows(input.values.size());
  std::iota(rows.begin(), rows.end(), 0);
  std::sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
    return std::pair(input.values[a], a) < std::pair(input.values[b], b);
  });
  std::vector<double> x = taken(input.values, rows), y = taken(output.values, rows);
  LinePlot plot{output.name, input.name, "", false, false, {{output.name, x, y}}};
  if (!reference)
    return formatPlot(plot);
  plot.series.push_back({"reference", x, taken(reference->values, rows), true});
  LinePlot error{"Error of " + output.name,
                 input.name,
                 "",
                 true,
                 false,
                 {{"|" + output.name + " - reference|", x,
                   taken(absoluteDifference(output.values, reference->values), rows)}}};
  return formatPlot(plot) + formatPlot(error);
}

std::string overTwoInputs(const Scalar &x, const Scalar &y, const Scalar &output, const Scalar *reference) {
  auto map = [&](const std::string &title, const std::vector<double> &values, double low, double high) {
    return formatHeatMap(
        {title, x.name, y.name, x.values, y.values, values, low, high > low ? high : low + 1});
  };
  auto range = [](const std::vector<double> &values, double &low, double &high) {
    for (double value : values)
      if (std::isfinite(value)) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
  };
  // Output and reference share their colours.
  double low = 1e300, high = -1e300;
  range(output.values, low, high);
  if (reference)
    range(reference->values, low, high);
  std::string html = map(output.name, output.values, low, high);
  if (!reference)
    return html;
  std::vector<double> error = absoluteDifference(output.values, reference->values);
  double errorHigh = 0, zero = 0;
  range(error, zero, errorHigh);
  return html + map("Reference of " + output.name, reference->values, low, high) +
         map("Error of " + output.name, error, 0, errorHigh);
}

/// Rows that agree in all inputs but one, as curves along that one; "" where the rows do not fall into such
/// groups.
std::string alongOneInput(const std::vector<Scalar> &inputs, const Scalar &output, const Scalar *reference) {
  size_t axis = 0, most = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    size_t distinct = std::set<double>(inputs[i].values.begin(), inputs[i].values.end()).size();
    if (distinct > most) {
      most = distinct;
      axis = i;
    }
  }
  std::map<std::vector<double>, std::vector<size_t>> groups;
  for (size_t row = 0; row < output.values.size(); ++row) {
    std::vector<double> key;
    for (size_t i = 0; i < inputs.size(); ++i)
      if (i != axis)
        key.push_back(inputs[i].values[row]);
    groups[key].push_back(row);
  }
  if (groups.size() * 8 > output.values.size())
    return "";
  LinePlot plot{output.name + " for fixed other inputs", inputs[axis].name, "", false, false, {}};
  constexpr size_t shown = 3;
  size_t stride = std::max<size_t>(1, groups.size() / shown), index = 0;
  for (auto &[key, rows] : groups) {
    if (index++ % stride != 0 || plot.series.size() >= shown * (reference ? 2 : 1))
      continue;
    const std::vector<double> &along = inputs[axis].values;
    std::sort(rows.begin(), rows.end(),
              [&](size_t a, size_t b) { return std::pair(along[a], a) < std::pair(along[b], b); });
    std::string name;
    for (size_t i = 0, k = 0; i < inputs.size(); ++i)
      if (i != axis) {
        char text[64];
        std::snprintf(text, sizeof(text), "%s=%.3g", inputs[i].name.c_str(), key[k++]);
        name += (name.empty() ? "" : " ") + std::string(text);
      }
    std::vector<double> x = taken(along, rows);
    plot.series.push_back({name, x, taken(output.values, rows)});
    if (reference)
      plot.series.push_back({"reference", x, taken(reference->values, rows), true});
  }
  return formatPlot(plot);
}

std::string againstReference(const std::vector<Scalar> &inputs, const Scalar &output,
                             const Scalar *reference) {
  // A picture needs no more than a few thousand of the rows.
  std::vector<size_t> rows;
  size_t stride = std::max<size_t>(1, output.values.size() / 1000);
  for (size_t row = 0; row < output.values.size(); row += stride)
    rows.push_back(row);
  std::vector<double> y = taken(output.values, rows);
  if (!reference)
    return formatPlot(
        {output.name, inputs[0].name, "", false, true, {{output.name, taken(inputs[0].values, rows), y}}});
  std::vector<double> x = taken(reference->values, rows);
  return formatPlot({output.name + " against its reference",
                     "reference",
                     output.name,
                     false,
                     true,
                     {{output.name, x, y}, {"reference", x, x, true}}});
}

/// The arrays of one field: its inputs, outputs and references as they are called in pred.npz.
class PlacedField {
public:
  PlacedField(const Entry &entry, const std::map<std::string, Array> &arrays, const std::string &place)
      : entry(entry), arrays(arrays), isNetwork(entry.name.rfind("predict.", 0) == 0), place(place) {}

  std::vector<Scalar> inputs() const {
    std::vector<Scalar> result;
    std::set<std::string> seen;
    for (const ColumnSpec &column : entry.columns())
      if (const Array *array = find(column.name + place); array && seen.insert(column.name).second)
        for (Scalar &scalar : componentsOf(column.name, *array))
          result.push_back(std::move(scalar));
    return result;
  }
  std::vector<Scalar> values(const ColumnSpec &output) const {
    std::string name = isNetwork ? output.name + place : output.name;
    const Array *array = find((entry.network.empty() ? entry.name : entry.network) + "." + name);
    if (!array)
      array = find(name);
    return array ? componentsOf(name, *array) : std::vector<Scalar>();
  }
  std::vector<Scalar> references(const ColumnSpec &output) const {
    const Array *array = isNetwork ? find("reference." + output.name + place) : nullptr;
    return array ? componentsOf("reference", *array) : std::vector<Scalar>();
  }

private:
  const Array *find(const std::string &name) const {
    auto found = arrays.find(name);
    return found == arrays.end() ? nullptr : &found->second;
  }

  const Entry &entry;
  const std::map<std::string, Array> &arrays;
  bool isNetwork;
  const std::string &place;
};

std::string plotsOf(const PlacedField &field, const ColumnSpec &output) {
  std::string html;
  std::vector<Scalar> inputs = field.inputs(), values = field.values(output),
                      references = field.references(output);
  for (size_t c = 0; c < values.size() && !inputs.empty(); ++c) {
    const Scalar *expected = c < references.size() ? &references[c] : nullptr;
    // A file that was written otherwise may hold other rows under these names.
    auto fits = [&](const Scalar &scalar) { return scalar.values.size() == values[c].values.size(); };
    if (!std::all_of(inputs.begin(), inputs.end(), fits) || (expected && !fits(*expected)))
      continue;
    if (inputs.size() == 1)
      html += overOneInput(inputs[0], values[c], expected);
    else if (inputs.size() == 2)
      html += overTwoInputs(inputs[0], inputs[1], values[c], expected);
    else if (std::string curves = alongOneInput(inputs, values[c], expected); !curves.empty())
      html += curves;
    else
      html += againstReference(inputs, values[c], expected);
  }
  return html;
}

} // namespace

std::string costate::rt::fieldPlots(const Program &program, const std::map<std::string, Array> &arrays) {
  std::string html;
  for (const Entry &entry : program.entries) {
    bool isNetwork = entry.name.rfind("predict.", 0) == 0;
    if (!isNetwork && entry.name.rfind("residual.", 0) != 0)
      continue;
    // The points that do not have their set's name are those of the first field.
    std::vector<std::string> places;
    for (const SetSpec &set : program.sets)
      if (entry.sets.empty() || std::find(entry.sets.begin(), entry.sets.end(), set.name) != entry.sets.end())
        if (!entry.columns().empty() && arrays.count(entry.columns()[0].name + "@" + set.name))
          places.push_back("@" + set.name);
    if (isNetwork || places.empty())
      places.insert(places.begin(), "");
    for (const ColumnSpec &output : entry.outputs)
      for (const std::string &place : places)
        html += plotsOf(PlacedField(entry, arrays, place), output);
  }
  return html;
}
