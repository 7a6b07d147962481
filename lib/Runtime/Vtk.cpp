//===- Vtk.cpp - Fields as ParaView reads them ------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Vtk.h"

#include "Error.h"
#include "File.h"
#include "Numbers.h"

#include <filesystem>
#include <functional>

using namespace costate::rt;

/// One DataArray in text, `components` numbers a point.
static std::string dataArray(const std::string &name, int64_t points, int64_t components,
                             const std::function<double(int64_t, int64_t)> &value) {
  std::string escaped;
  for (char c : name)
    // XML has no control characters at all.
    escaped += c == '&'                               ? "&amp;"
               : c == '<'                             ? "&lt;"
               : c == '>'                             ? "&gt;"
               : c == '"'                             ? "&quot;"
               : static_cast<unsigned char>(c) < 0x20 ? " "
                                                      : std::string(1, c);
  std::string text = cat("<DataArray type=\"Float64\" Name=\"", escaped, "\" NumberOfComponents=\"",
                         components, "\" format=\"ascii\">\n");
  for (int64_t row = 0; row < points; ++row)
    for (int64_t c = 0; c < components; ++c)
      text += numberText(value(row, c)) + (c + 1 == components ? '\n' : ' ');
  return text + "</DataArray>\n";
}

std::string costate::rt::formatVtp(const Field &field) {
  const Dataset &points = *field.points;
  int64_t n = points.count;
  std::vector<std::pair<const Column *, int64_t>> components;
  for (const std::string &input : field.inputs)
    for (int64_t c = 0; c < points.find(input)->components; ++c)
      components.emplace_back(points.find(input), c);

  std::string text =
      "<?xml version=\"1.0\"?>\n<VTKFile type=\"PolyData\" version=\"1.0\" byte_order=\"LittleEndian\" "
      "header_type=\"UInt64\">\n<PolyData>\n";
  text += cat("<Piece NumberOfPoints=\"", n, "\" NumberOfVerts=\"", n,
              "\" NumberOfLines=\"0\" NumberOfStrips=\"0\" NumberOfPolys=\"0\">\n<Points>\n");
  text += dataArray("Points", n, 3, [&](int64_t row, int64_t c) {
    return c < static_cast<int64_t>(components.size())
               ? points.get(*components[c].first, row, components[c].second)
               : 0.0;
  });
  text += "</Points>\n<Verts>\n<DataArray type=\"Int64\" Name=\"connectivity\" format=\"ascii\">\n";
  for (int64_t row = 0; row < n; ++row)
    text += std::to_string(row) + "\n";
  text += "</DataArray>\n<DataArray type=\"Int64\" Name=\"offsets\" format=\"ascii\">\n";
  for (int64_t row = 0; row < n; ++row)
    text += std::to_string(row + 1) + "\n";
  text += "</DataArray>\n</Verts>\n<PointData>\n";
  for (const Field::Output &output : field.outputs) {
    int64_t width = elementsOf(output.shape);
    text += dataArray(output.name, n, width,
                      [&](int64_t row, int64_t c) { return output.values[row * width + c]; });
    if (output.reference)
      text += dataArray("reference." + output.name, n, width,
                        [&](int64_t row, int64_t c) { return points.get(*output.reference, row, c); });
  }
  if (components.size() > 3)
    for (const std::string &input : field.inputs) {
      const Column *column = points.find(input);
      text += dataArray(input, n, column->components,
                        [&](int64_t row, int64_t c) { return points.get(*column, row, c); });
    }
  return text + "</PointData>\n</Piece>\n</PolyData>\n</VTKFile>\n";
}

void costate::rt::writeVtk(const std::string &folder, const std::vector<Field> &fields) {
  std::error_code error;
  std::filesystem::create_directories(folder + "/fields", error);
  if (error)
    fail("cannot make the folder '", folder, "/fields': ", error.message());
  for (const Field &field : fields)
    writeFileAtomically(folder + "/fields/" + fileNameOf(field.placed(field.entry->name)) + ".vtp",
                        formatVtp(field));
}
