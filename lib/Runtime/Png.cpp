//===- Png.cpp - Small pictures of fields -----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Png.h"

#include "Error.h"

#include <algorithm>
#include <cmath>
#include <zlib.h>

using namespace costate::rt;

Colour costate::rt::paletteColour(double unit) {
  static constexpr Colour stops[] = {{68, 1, 84},    {71, 44, 122},  {59, 81, 139},
                                     {44, 113, 142}, {33, 144, 141}, {39, 173, 129},
                                     {92, 200, 99},  {170, 220, 50}, {253, 231, 37}};
  constexpr int last = std::size(stops) - 1;
  double at = (unit >= 0 ? std::min(unit, 1.0) : 0.0) * last;
  int i = std::min(static_cast<int>(at), last - 1);
  auto between = [&](uint8_t a, uint8_t b) {
    return static_cast<uint8_t>(std::lround(a + (at - i) * (b - a)));
  };
  return {between(stops[i].red, stops[i + 1].red), between(stops[i].green, stops[i + 1].green),
          between(stops[i].blue, stops[i + 1].blue)};
}

static void putBigEndian(std::string &to, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    to.push_back(static_cast<char>(value >> shift));
}

static void putChunk(std::string &to, const std::string &type, const std::string &data) {
  putBigEndian(to, static_cast<uint32_t>(data.size()));
  std::string checked = type + data;
  to += checked;
  putBigEndian(to, static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef *>(checked.data()),
                                               static_cast<uInt>(checked.size()))));
}

std::string costate::rt::formatPng(int64_t width, int64_t height, const std::vector<Colour> &pixels) {
  std::string rows;
  for (int64_t y = 0; y < height; ++y) {
    rows.push_back(0); // no filter
    for (int64_t x = 0; x < width; ++x) {
      const Colour &pixel = pixels[y * width + x];
      rows.append(
          {static_cast<char>(pixel.red), static_cast<char>(pixel.green), static_cast<char>(pixel.blue)});
    }
  }
  uLongf size = compressBound(rows.size());
  std::string packed(size, '\0');
  if (compress(reinterpret_cast<Bytef *>(packed.data()), &size, reinterpret_cast<const Bytef *>(rows.data()),
               rows.size()) != Z_OK)
    fail("zlib cannot compress a picture");
  packed.resize(size);

  std::string header;
  putBigEndian(header, static_cast<uint32_t>(width));
  putBigEndian(header, static_cast<uint32_t>(height));
  header.append({8, 2, 0, 0, 0}); // 8 bits, RGB
  std::string png = "\x89PNG\r\n\x1a\n";
  putChunk(png, "IHDR", header);
  putChunk(png, "IDAT", packed);
  putChunk(png, "IEND", "");
  return png;
}

std::string costate::rt::rasterize(const std::vector<double> &x, const std::vector<double> &y,
                                   const std::vector<double> &unit, int64_t width, int64_t height) {
  // Points are sorted into square cells of about two points each; a pixel searches rings of cells outwards.
  auto side = std::max<int64_t>(1, static_cast<int64_t>(std::sqrt(static_cast<double>(x.size()) / 2)));
  std::vector<std::vector<size_t>> cells(side * side);
  auto cellOf = [&](double at) {
    return std::clamp<int64_t>(static_cast<int64_t>(at * static_cast<double>(side)), 0, side - 1);
  };
  for (size_t i = 0; i < x.size(); ++i)
    cells[cellOf(y[i]) * side + cellOf(x[i])].push_back(i);

  std::vector<Colour> pixels(width * height);
  for (int64_t row = 0; row < height; ++row)
    for (int64_t column = 0; column < width; ++column) {
      double px = (column + 0.5) / width, py = (row + 0.5) / height;
      int64_t cx = cellOf(px), cy = cellOf(py);
      double best = 1e300;
      size_t nearest = 0;
      for (int64_t ring = 0; ring < side; ++ring) {
        // Everything in this ring is at least (ring - 1) cells away.
        double away = static_cast<double>(ring - 1) / static_cast<double>(side);
        if (ring > 0 && best < away * away)
          break;
        for (int64_t j = std::max<int64_t>(0, cy - ring); j <= std::min(side - 1, cy + ring); ++j)
          for (int64_t i = std::max<int64_t>(0, cx - ring); i <= std::min(side - 1, cx + ring); ++i) {
            if (std::max(std::abs(i - cx), std::abs(j - cy)) != ring)
              continue;
            for (size_t point : cells[j * side + i]) {
              double dx = x[point] - px, dy = y[point] - py, distance = dx * dx + dy * dy;
              if (distance < best) {
                best = distance;
                nearest = point;
              }
            }
          }
      }
      pixels[row * width + column] = paletteColour(unit[nearest]);
    }
  return formatPng(width, height, pixels);
}

std::string costate::rt::base64(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t word = 0;
    for (size_t j = 0; j < 3; ++j)
      word = word << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0);
    for (size_t j = 0; j < 4; ++j)
      text += i + j > bytes.size() ? '=' : digits[(word >> (18 - 6 * j)) & 63];
  }
  return text;
}
