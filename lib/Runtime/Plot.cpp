//===- Plot.cpp - Plots as SVG ----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Colours are classes: the page's style sheet gives them for light and dark.
//
//===----------------------------------------------------------------------===//

#include "Plot.h"

#include "Axis.h"
#include "Error.h"
#include "Png.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace costate::rt;

static constexpr double width = 560, height = 320, left = 64, right = 14, top = 14, bottom = 44;

std::string costate::rt::escapeHtml(const std::string &text) {
  std::string result;
  for (char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else
      result += c;
  }
  return result;
}

static std::string coordinate(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f", value);
  return text;
}

static std::string textAt(double x, double y, const char *anchor, const std::string &text,
                          const char *more = "") {
  return cat("<text x=\"", coordinate(x), "\" y=\"", coordinate(y), "\" text-anchor=\"", anchor, "\"", more,
             ">", escapeHtml(text), "</text>");
}

/// Grid lines, labels and frame of a plot between x0..x1 and y0..y1 (in pixels, y downwards).
static std::string axes(const Axis &xAxis, const Axis &yAxis, double x0, double x1, double y0, double y1,
                        const std::string &xLabel, const std::string &yLabel, bool grid) {
  std::string svg = "<g class=\"axis\">";
  for (const Axis::Tick &tick : xAxis.ticks()) {
    double x = x0 + xAxis.place(tick.value) * (x1 - x0);
    if (grid)
      svg += cat("<path d=\"M", coordinate(x), " ", coordinate(y0), "V", coordinate(y1), "\"/>");
    svg += textAt(x, y1 + 16, "middle", tick.label);
  }
  for (const Axis::Tick &tick : yAxis.ticks()) {
    double y = y1 - yAxis.place(tick.value) * (y1 - y0);
    if (grid)
      svg += cat("<path d=\"M", coordinate(x0), " ", coordinate(y), "H", coordinate(x1), "\"/>");
    svg += textAt(x0 - 6, y + 4, "end", tick.label);
  }
  svg += cat("<rect x=\"", x0, "\" y=\"", y0, "\" width=\"", x1 - x0, "\" height=\"", y1 - y0, "\"/>");
  svg += textAt((x0 + x1) / 2, y1 + 36, "middle", xLabel);
  if (!yLabel.empty())
    svg += textAt(0, 0, "middle", yLabel,
                  cat(" transform=\"translate(14 ", coordinate((y0 + y1) / 2), ") rotate(-90)\"").c_str());
  return svg + "</g>";
}

static std::string figure(const std::string &title, const std::string &label, const std::string &content,
                          const std::string &legend) {
  return cat("<figure><figcaption>", escapeHtml(title), "</figcaption>", legend, "<svg viewBox=\"0 0 ", width,
             " ", height, "\" role=\"img\" aria-label=\"", escapeHtml(label), "\">", content,
             "</svg></figure>\n");
}

/// At most about a thousand points: of each bucket the lowest and the highest, so that no spike is lost.
static std::vector<size_t> thinned(const std::vector<size_t> &kept, const std::vector<double> &y) {
  constexpr size_t limit = 1000;
  if (kept.size() <= limit)
    return kept;
  std::vector<size_t> result;
  size_t buckets = limit / 2;
  for (size_t b = 0; b < buckets; ++b) {
    size_t begin = kept.size() * b / buckets, end = kept.size() * (b + 1) / buckets, low = begin,
           high = begin;
    for (size_t i = begin; i < end; ++i) {
      low = y[kept[i]] < y[kept[low]] ? i : low;
      high = y[kept[i]] > y[kept[high]] ? i : high;
    }
    result.push_back(kept[std::min(low, high)]);
    if (low != high)
      result.push_back(kept[std::max(low, high)]);
  }
  if (result.back() != kept.back())
    result.push_back(kept.back());
  return result;
}

std::string costate::rt::formatPlot(const LinePlot &plot) {
  Axis xAxis(false), yAxis(plot.logY);
  std::vector<std::vector<size_t>> kept;
  for (const Series &series : plot.series) {
    kept.emplace_back();
    for (size_t i = 0; i < series.x.size(); ++i) {
      if (!std::isfinite(series.x[i]) || !yAxis.accepts(series.y[i]))
        continue;
      kept.back().push_back(i);
      xAxis.include(series.x[i]);
      yAxis.include(series.y[i]);
    }
  }
  xAxis.settle(false);
  yAxis.settle(true);
  double x0 = left, x1 = width - right, y0 = top, y1 = height - bottom;
  std::string svg = axes(xAxis, yAxis, x0, x1, y0, y1, plot.xLabel, plot.yLabel, true);
  std::string legend = "<p class=\"legend\">", names;
  int colour = -1;
  for (size_t s = 0; s < plot.series.size(); ++s) {
    const Series &series = plot.series[s];
    colour += series.reference && colour >= 0 ? 0 : 1;
    std::string classes = cat("c", colour % 7, series.reference ? " ref" : "");
    std::string path;
    bool pen = false;
    size_t before = 0;
    for (size_t i : thinned(kept[s], series.y)) {
      double x = x0 + xAxis.place(series.x[i]) * (x1 - x0), y = y1 - yAxis.place(series.y[i]) * (y1 - y0);
      if (plot.points)
        path += cat("M", coordinate(x), " ", coordinate(y), "h0");
      else
        // A line that goes back is a new one.
        path += cat(pen && series.x[i] >= series.x[before] ? "L" : "M", coordinate(x), " ", coordinate(y));
      pen = true;
      before = i;
    }
    if (!path.empty())
      svg += cat("<path class=\"", plot.points ? "dots " : "line ", classes, "\" d=\"", path, "\"/>");
    legend += cat("<span class=\"", classes, "\"><i></i>", escapeHtml(series.name),
                  path.empty() ? " (no value)" : "", "</span> ");
    names += (s ? ", " : "") + series.name;
  }
  return figure(plot.title, cat(plot.title, ": ", names, " over ", plot.xLabel), svg, legend + "</p>");
}

std::string costate::rt::formatHeatMap(const HeatMap &map) {
  Axis xAxis(false), yAxis(false);
  for (size_t i = 0; i < map.x.size(); ++i) {
    xAxis.include(map.x[i]);
    yAxis.include(map.y[i]);
  }
  xAxis.settle(false);
  yAxis.settle(false);
  double x0 = left, x1 = width - right - 70, y0 = top, y1 = height - bottom;
  std::string svg;
  constexpr size_t fewPoints = 600;
  if (map.x.size() <= fewPoints) {
    for (size_t i = 0; i < map.x.size(); ++i) {
      Colour colour = paletteColour((map.value[i] - map.low) / (map.high - map.low));
      char hex[8];
      std::snprintf(hex, sizeof(hex), "#%02x%02x%02x", colour.red, colour.green, colour.blue);
      svg += cat("<circle cx=\"", coordinate(x0 + xAxis.place(map.x[i]) * (x1 - x0)), "\" cy=\"",
                 coordinate(y1 - yAxis.place(map.y[i]) * (y1 - y0)), "\" r=\"4\" fill=\"", hex, "\"/>");
    }
  } else {
    std::vector<double> px, py, unit;
    for (size_t i = 0; i < map.x.size(); ++i) {
      px.push_back(xAxis.place(map.x[i]));
      py.push_back(1 - yAxis.place(map.y[i]));
      unit.push_back((map.value[i] - map.low) / (map.high - map.low));
    }
    svg += cat("<image x=\"", x0, "\" y=\"", y0, "\" width=\"", x1 - x0, "\" height=\"", y1 - y0,
               "\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,",
               base64(rasterize(px, py, unit, 240, 132)), "\"/>");
  }
  svg += axes(xAxis, yAxis, x0, x1, y0, y1, map.xLabel, map.yLabel, false);
  // The colour bar.
  Axis bar(false);
  bar.include(map.low);
  bar.include(map.high);
  bar.settle(false);
  double b0 = x1 + 16, b1 = b0 + 14;
  constexpr int bands = 64;
  for (int i = 0; i < bands; ++i) {
    Colour colour = paletteColour((i + 0.5) / bands);
    char hex[8];
    std::snprintf(hex, sizeof(hex), "#%02x%02x%02x", colour.red, colour.green, colour.blue);
    svg += cat("<rect x=\"", b0, "\" y=\"", coordinate(y1 - (i + 1) * (y1 - y0) / bands), "\" width=\"",
               b1 - b0, "\" height=\"", coordinate((y1 - y0) / bands + 0.6), "\" fill=\"", hex, "\"/>");
  }
  svg += "<g class=\"axis\">";
  for (const Axis::Tick &tick : bar.ticks())
    svg += textAt(b1 + 5, y1 - bar.place(tick.value) * (y1 - y0) + 4, "start", tick.label);
  svg += "</g>";
  char range[96];
  std::snprintf(range, sizeof(range), ", from %.3g to %.3g", map.low, map.high);
  return figure(map.title, cat(map.title, " over ", map.xLabel, " and ", map.yLabel, range), svg, "");
}
