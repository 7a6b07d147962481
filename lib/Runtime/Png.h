//===- Png.h - Small pictures of fields -------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_PNG_H
#define COSTATE_LIB_RUNTIME_PNG_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace costate::rt {

struct Colour {
  uint8_t red, green, blue;
};

/// From dark blue over green to yellow, of evenly growing lightness; `unit` is clamped to [0, 1].
Colour paletteColour(double unit);

/// An RGB picture as PNG.
std::string formatPng(int64_t width, int64_t height, const std::vector<Colour> &pixels);

/// Points of the unit square, y downwards, each pixel in the colour of its nearest point, as PNG.
std::string rasterize(const std::vector<double> &x, const std::vector<double> &y,
                      const std::vector<double> &unit, int64_t width, int64_t height);

std::string base64(std::string_view bytes);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_PNG_H
