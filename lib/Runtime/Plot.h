//===- Plot.h - Plots as SVG ------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_PLOT_H
#define COSTATE_LIB_RUNTIME_PLOT_H

#include <string>
#include <vector>

namespace costate::rt {

struct Series {
  std::string name;
  std::vector<double> x, y;
  /// References are dashed and drawn in the colour of the series before.
  bool reference = false;
};

struct LinePlot {
  std::string title, xLabel, yLabel;
  bool logY = false;
  bool points = false;
  std::vector<Series> series;
};

/// A figure with its legend. Values that are not finite (or not positive, in log scale) are left out.
std::string formatPlot(const LinePlot &plot);

/// Values over the plane.
struct HeatMap {
  std::string title, xLabel, yLabel;
  std::vector<double> x, y, value;
  double low = 0, high = 1;
};

std::string formatHeatMap(const HeatMap &map);

/// Text as it may stand in HTML.
std::string escapeHtml(const std::string &text);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_PLOT_H
