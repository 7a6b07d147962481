//===- Samplers.cpp - Points that a problem draws for itself ----------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Samplers.h"

#include "Error.h"
#include "Philox.h"

#include <algorithm>
#include <boost/random/sobol.hpp>
#include <cmath>
#include <limits>
#include <numeric>

using namespace costate::rt;

namespace {

/// Points in the unit cube, row by row.
using Points = std::vector<double>;

int64_t power(int64_t base, size_t exponent) {
  int64_t product = 1;
  for (size_t i = 0; i < exponent; ++i)
    product *= base;
  return product;
}

/// Counts along each axis: as given, or the same along every axis, their product as near to `count` as it
/// comes from below.
std::vector<int64_t> gridCounts(const std::vector<int64_t> &perAxis, int64_t count, size_t dimensions) {
  if (perAxis.size() == dimensions && dimensions > 0)
    return perAxis;
  int64_t side = 1;
  while (dimensions > 0 && power(side + 1, dimensions) <= count)
    ++side;
  return std::vector<int64_t>(dimensions, side);
}

/// End points included; an axis with one point has it in the middle.
Points gridPoints(const std::vector<int64_t> &counts) {
  int64_t total = std::accumulate(counts.begin(), counts.end(), int64_t{1}, std::multiplies<>());
  size_t dimensions = counts.size();
  Points points(total * dimensions);
  for (int64_t row = 0; row < total; ++row) {
    int64_t rest = row;
    for (size_t d = dimensions; d-- > 0;) {
      int64_t i = rest % counts[d];
      rest /= counts[d];
      points[row * dimensions + d] =
          counts[d] == 1 ? 0.5 : static_cast<double>(i) / static_cast<double>(counts[d] - 1);
    }
  }
  return points;
}

Points uniformPoints(int64_t count, size_t dimensions, const Philox &random) {
  Points points(count * dimensions);
  for (size_t i = 0; i < points.size(); ++i)
    points[i] = random.uniform(i);
  return points;
}

/// One point in each of `count` slices of every axis.
Points latinHypercubePoints(int64_t count, size_t dimensions, const Philox &random) {
  Points points(count * dimensions);
  std::vector<int64_t> slices(count);
  uint64_t index = points.size();
  for (size_t d = 0; d < dimensions; ++d) {
    std::iota(slices.begin(), slices.end(), 0);
    for (int64_t i = count - 1; i > 0; --i)
      std::swap(slices[i], slices[random.below(index++, i + 1)]);
    for (int64_t row = 0; row < count; ++row) {
      size_t at = row * dimensions + d;
      points[at] = (static_cast<double>(slices[row]) + random.uniform(at)) / static_cast<double>(count);
    }
  }
  return points;
}

/// Sobol's sequence with a random digital shift, which keeps its equidistribution and makes seeds and rounds
/// differ.
Points sobolPoints(int64_t count, size_t dimensions, const Philox &random) {
  boost::random::sobol sequence(dimensions);
  Points points(count * dimensions);
  for (int64_t row = 0; row < count; ++row)
    for (size_t d = 0; d < dimensions; ++d)
      points[row * dimensions + d] = static_cast<double>((sequence() ^ random.bits(d)) >> 11) * 0x1p-53;
  return points;
}

Points unitPoints(const std::string &sampler, const std::vector<int64_t> &perAxis, int64_t count,
                  size_t dimensions, const Philox &random) {
  if (dimensions == 0)
    return {};
  if (sampler == "grid")
    return gridPoints(gridCounts(perAxis, count, dimensions));
  if (sampler == "latin_hypercube")
    return latinHypercubePoints(count, dimensions, random);
  if (sampler == "sobol")
    return sobolPoints(count, dimensions, random);
  return uniformPoints(count, dimensions, random);
}

std::vector<Face> facesOf(const Region &region) {
  if (!region.faces.empty())
    return region.faces;
  std::vector<Face> all;
  for (int64_t d = 0; d < static_cast<int64_t>(region.lower.size()); ++d)
    for (bool upper : {false, true})
      all.push_back({d, upper});
  return all;
}

/// The areas of faces, in proportion to the whole; equal for points, and where all faces have area zero.
std::vector<double> faceShares(const Region &region, const std::vector<Face> &faces) {
  // Their exponents apart, since areas may be beyond f64 where lengths are not.
  std::vector<double> areas;
  std::vector<int> exponents;
  int largest = std::numeric_limits<int>::min();
  for (const Face &face : faces) {
    double area = 1;
    int exponent = 0;
    for (size_t d = 0; d < region.lower.size(); ++d)
      if (static_cast<int64_t>(d) != face.dimension) {
        int shift = 0;
        area = std::frexp(area * (region.upper[d] - region.lower[d]), &shift);
        exponent += shift;
      }
    areas.push_back(area);
    exponents.push_back(exponent);
    if (area > 0)
      largest = std::max(largest, exponent);
  }
  double whole = 0;
  for (size_t i = 0; i < areas.size(); ++i)
    whole += areas[i] = areas[i] > 0 ? std::ldexp(areas[i], exponents[i] - largest) : 0;
  for (double &area : areas)
    area = whole > 0 ? area / whole : 1 / static_cast<double>(faces.size());
  return areas;
}

/// `count` shared out in proportion, by the largest remainders; one for each where there is enough.
std::vector<int64_t> shareOut(int64_t count, const std::vector<double> &shares) {
  std::vector<int64_t> counts;
  std::vector<std::pair<int64_t, size_t>> remainders;
  int64_t rest = count;
  for (size_t i = 0; i < shares.size(); ++i) {
    double ideal = static_cast<double>(count) * shares[i];
    // A whole number that rounding made smaller is one.
    counts.push_back(static_cast<int64_t>(ideal + 1e-9));
    // Largest first; those that only rounding tells apart, in order.
    remainders.emplace_back(std::llround((static_cast<double>(counts[i]) - ideal) * 1e9), i);
    rest -= counts[i];
  }
  std::sort(remainders.begin(), remainders.end());
  for (int64_t i = 0; i < rest; ++i)
    ++counts[remainders[i % remainders.size()].second];
  if (count >= static_cast<int64_t>(counts.size()))
    while (std::count(counts.begin(), counts.end(), 0)) {
      --*std::max_element(counts.begin(), counts.end());
      ++*std::find(counts.begin(), counts.end(), 0);
    }
  return counts;
}

/// How many points each face gets: `count` by area; a grid with counts for each axis has its own counts on
/// each face.
std::vector<int64_t> faceCounts(const SetSpec &set, const std::vector<Face> &faces) {
  std::vector<int64_t> counts;
  int64_t dimensions = set.region.lower.size();
  std::vector<int64_t> shares = shareOut(set.count, faceShares(set.region, faces));
  for (size_t f = 0; f < faces.size(); ++f) {
    int64_t share = shares[f];
    if (set.sampler == "grid") {
      std::vector<int64_t> perAxis = set.perAxis;
      if (!perAxis.empty())
        perAxis.erase(perAxis.begin() + faces[f].dimension);
      auto axes = gridCounts(perAxis, share, dimensions - 1);
      share =
          dimensions == 1 ? 1 : std::accumulate(axes.begin(), axes.end(), int64_t{1}, std::multiplies<>());
    }
    counts.push_back(share);
  }
  return counts;
}

} // namespace

int64_t costate::rt::sampleCount(const SetSpec &set) {
  size_t dimensions = set.region.lower.size();
  if (set.region.kind == "faces") {
    std::vector<int64_t> counts = faceCounts(set, facesOf(set.region));
    return std::accumulate(counts.begin(), counts.end(), int64_t{0});
  }
  if (set.sampler != "grid")
    return set.count;
  auto counts = gridCounts(set.perAxis, set.count, dimensions);
  return std::accumulate(counts.begin(), counts.end(), int64_t{1}, std::multiplies<>());
}

std::string costate::rt::describeGrid(const SetSpec &set) {
  int64_t count = sampleCount(set);
  if (set.sampler != "grid" || !set.perAxis.empty() || count == set.count)
    return "";
  std::string sides;
  if (set.region.kind == "box")
    for (int64_t side : gridCounts({}, set.count, set.region.lower.size()))
      sides += cat(sides.empty() ? ", " : " x ", side);
  else
    sides = " on its faces";
  return cat("the grid of set '", set.name, "'", set.loc.empty() ? "" : " (" + set.loc + ")", " has ", count,
             " points", sides, ", where count is ", set.count,
             "; grids have the same number of points along every axis");
}

std::vector<double> costate::rt::samplePoints(const SetSpec &set, uint64_t seed, uint64_t round) {
  const Region &region = set.region;
  size_t dimensions = region.lower.size();
  auto place = [&](double unit, size_t d) {
    return region.lower[d] + (region.upper[d] - region.lower[d]) * unit;
  };

  if (region.kind == "box") {
    Philox random(seed, streamOf("set:" + set.name), round);
    Points points = unitPoints(set.sampler, set.perAxis, set.count, dimensions, random);
    for (size_t i = 0; i < points.size(); ++i)
      points[i] = place(points[i], i % dimensions);
    return points;
  }

  Points result;
  std::vector<Face> faces = facesOf(region);
  std::vector<int64_t> counts = faceCounts(set, faces);
  for (size_t f = 0; f < faces.size(); ++f) {
    size_t fixed = faces[f].dimension;
    std::vector<int64_t> perAxis = set.perAxis;
    if (!perAxis.empty())
      perAxis.erase(perAxis.begin() + fixed);
    Philox random(seed, streamOf(cat("set:", set.name, ":face:", f)), round);
    Points points = unitPoints(set.sampler, perAxis, counts[f], dimensions - 1, random);
    for (int64_t row = 0; row < counts[f]; ++row)
      for (size_t d = 0, free = 0; d < dimensions; ++d)
        result.push_back(d == fixed ? (faces[f].upper ? region.upper[d] : region.lower[d])
                                    : place(points[row * (dimensions - 1) + free++], d));
  }
  return result;
}
