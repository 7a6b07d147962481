//===- Report.cpp - What a run looks like -----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "Error.h"
#include "FieldPlots.h"
#include "File.h"
#include "Metrics.h"
#include "Npz.h"
#include "Plot.h"
#include "Progress.h"
#include "Verbs.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

using namespace costate::rt;

static const char style[] = R"css(
:root { --ink:#1b1f24; --soft:#5b6470; --line:#d9dee5; --paper:#ffffff; --card:#f5f7fa; --good:#0a7d4f; --bad:#b3261e;
  --c0:#0072b2; --c1:#d55e00; --c2:#009e73; --c3:#a64d79; --c4:#8a6d00; --c5:#3a86c8; --c6:#444c56; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  :root { --ink:#e6eaf0; --soft:#9aa5b1; --line:#353c46; --paper:#14181d; --card:#1d2329; --good:#4cc38a; --bad:#ff8a80;
    --c0:#56b4e9; --c1:#ff9d5c; --c2:#3fcf9f; --c3:#e39ac0; --c4:#f0e442; --c5:#9cc9f0; --c6:#c3cad3; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0 auto;
  padding: 2rem 1.25rem 4rem; max-width: 76rem; }
h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.4rem 0 .8rem; }
.sub { color: var(--soft); margin: .2rem 0 1.4rem; }
.state { font-weight: 600; } .state.done { color: var(--good); } .state.bad { color: var(--bad); }
.cards { display: flex; flex-wrap: wrap; gap: .75rem; padding: 0; margin: 0; list-style: none; }
.cards li { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .6rem 1rem; min-width: 9rem; }
.cards b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; } .cards span { color: var(--soft); font-size: .85rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem; }
.plots.fields { grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem .9rem; }
figcaption { font-weight: 600; } svg { width: 100%; height: auto; display: block; }
.legend { margin: .15rem 0 .3rem; font-size: .85rem; color: var(--soft); }
.legend span { white-space: nowrap; margin-right: .8rem; } .legend i { display: inline-block; width: 1.5rem; border-top: 3px solid; margin-right: .35rem; vertical-align: middle; }
.legend .ref i { border-top-style: dashed; }
.axis text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; } .axis path { stroke: var(--line); fill: none; }
.axis rect { stroke: var(--soft); fill: none; }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round; } .line.ref { stroke-dasharray: 6 4; stroke-width: 2.4; opacity: .75; }
.dots { fill: none; stroke-width: 4; stroke-linecap: round; opacity: .55; } .dots.ref { stroke-width: 1.5; opacity: .9; }
.c0{stroke:var(--c0)} .c1{stroke:var(--c1)} .c2{stroke:var(--c2)} .c3{stroke:var(--c3)} .c4{stroke:var(--c4)} .c5{stroke:var(--c5)} .c6{stroke:var(--c6)}
.legend .c0 i{border-color:var(--c0)} .legend .c1 i{border-color:var(--c1)} .legend .c2 i{border-color:var(--c2)} .legend .c3 i{border-color:var(--c3)}
.legend .c4 i{border-color:var(--c4)} .legend .c5 i{border-color:var(--c5)} .legend .c6 i{border-color:var(--c6)}
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } td.n { text-align: right; }
th { color: var(--soft); font-weight: 600; } pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: .7rem .9rem; overflow-x: auto; font-size: .85rem; margin: .4rem 0; } summary { cursor: pointer; }
@media print { body { max-width: none; } figure { break-inside: avoid; } }
)css";

namespace {

/// A plot of all logged metrics of some kinds, or "" where there are none.
std::string metricPlot(const Program &program, const MetricsTable &table, const std::string &title,
                       const std::vector<std::string> &kinds, bool logScale) {
  LinePlot plot{title, "step", "", logScale, false, {}};
  const std::vector<double> *steps = table.find("step");
  for (const MetricSpec &metric : program.metrics) {
    const std::vector<double> *values = table.find(metric.name);
    if (steps && values && std::find(kinds.begin(), kinds.end(), metric.kind) != kinds.end())
      plot.series.push_back({metric.name, *steps, *values});
  }
  return plot.series.empty() ? "" : formatPlot(plot);
}

std::string convergence(const Program &program, const MetricsTable &table) {
  std::string html = metricPlot(program, table, "Losses", {"objective", "total"}, true) +
                     metricPlot(program, table, "Violations", {"violation"}, true) +
                     metricPlot(program, table, "Multipliers", {"multiplier"}, false) +
                     metricPlot(program, table, "Conditioning", {"conditioning"}, true) +
                     metricPlot(program, table, "Counts", {"count"}, false);
  for (const Hyper &hyper : program.hypers)
    if (const std::vector<double> *values = table.find(hyper.name))
      html += formatPlot({hyper.name, "step", "", true, false, {{hyper.name, *table.find("step"), *values}}});
  if (const std::vector<double> *seconds = table.find("seconds"))
    html +=
        formatPlot({"Time", "step", "seconds", false, false, {{"seconds", *table.find("step"), *seconds}}});
  return html;
}

std::string card(const std::string &value, const std::string &label) {
  return cat("<li><b>", escapeHtml(value), "</b><span>", escapeHtml(label), "</span></li>");
}

std::string summaryCards(const Program &program, const Manifest &manifest) {
  std::string html = "<ul class=\"cards\">";
  auto figure = [&](const std::string &name, const std::string &label) {
    auto found = manifest.results.find(name);
    if (found != manifest.results.end())
      html += card(figureText(found->second), label);
  };
  figure("l2re", "relative L2 error");
  for (const MetricSpec &metric : program.metrics)
    if (metric.kind == "total" || metric.kind == "violation")
      figure(metric.name, metric.name);
  html += card(std::to_string(manifest.steps), "steps");
  html += card(durationText(manifest.seconds), "training time");
  if (auto found = manifest.results.find("seconds_per_step"); found != manifest.results.end())
    html += card(durationText(found->second), "time per step");
  return html + "</ul>\n";
}

std::string figuresTable(const Program &program, const MetricsTable &table, const Manifest &manifest) {
  std::string html =
      "<div class=\"scroll\"><table><thead><tr><th>figure</th><th>kind</th><th>first logged</th><th>last "
      "logged</th><th>on whole sets</th><th>source</th></tr></thead><tbody>";
  auto number = [](const double *value) { return value ? figureText(*value) : std::string("–"); };
  for (const MetricSpec &metric : program.metrics) {
    const std::vector<double> *values = table.find(metric.name);
    bool logged = values && !values->empty();
    auto result = manifest.results.find(metric.name);
    html += cat("<tr><td>", escapeHtml(metric.name), "</td><td>", escapeHtml(metric.kind), "</td><td>",
                number(logged ? &values->front() : nullptr), "</td><td>",
                number(logged ? &values->back() : nullptr), "</td><td>",
                number(result != manifest.results.end() ? &result->second : nullptr), "</td><td>",
                escapeHtml(metric.loc), "</td></tr>");
  }
  for (const auto &[name, value] : manifest.results)
    if (name.rfind("l2re", 0) == 0)
      html += cat("<tr><td>", escapeHtml(name), "</td><td>relative error</td><td>–</td><td>–</td><td>",
                  figureText(value), "</td><td></td></tr>");
  return html + "</tbody></table></div>\n";
}

std::string facts(const Program &program, const RunFolder &folder, const Manifest &manifest) {
  std::string html = "<div class=\"scroll\"><table><tbody>";
  auto row = [&](const char *name, const std::string &value) {
    if (!value.empty())
      html += cat("<tr><th scope=\"row\">", name, "</th><td>", escapeHtml(value), "</td></tr>");
  };
  row("problem", program.name + (program.source.empty() ? "" : " from " + program.source));
  row("problem's hash", program.irHash);
  row("compiler", program.compiler);
  row("precision", nameOf(program.precision));
  row("parameters", std::to_string(program.parameterCount));
  row("seed", std::to_string(manifest.seed));
  row("threads", std::to_string(manifest.threads));
  row("device", manifest.device);
  row("started", manifest.started);
  row("stopped because", manifest.stopReason);
  for (const std::string &data : manifest.data)
    row("data", data);
  row("reference", manifest.reference);
  if (std::vector<std::string> checkpoints = folder.checkpoints(); !checkpoints.empty())
    row("last checkpoint", checkpoints.front());
  return html + "</tbody></table></div>\n";
}

} // namespace

void costate::rt::writeReport(const Program &program, const RunFolder &folder) {
  Manifest manifest = folder.readManifest(program);
  MetricsTable table = readMetrics(folder.path());
  std::string fields;
  if (std::filesystem::exists(folder.file("pred.npz")))
    fields =
        fieldPlots(program, parseNpz(readFile(folder.file("pred.npz")), "'" + folder.file("pred.npz") + "'"));

  bool good = manifest.status == "done";
  std::string html =
      cat("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
          "content=\"width=device-width, initial-scale=1\"><title>",
          escapeHtml(program.name), " – training report</title><style>", style, "</style></head>\n<body>",
          "<header><h1>", escapeHtml(program.name), "</h1><p class=\"sub\"><span class=\"state ",
          good ? "done" : "bad", "\">", escapeHtml(manifest.status), "</span> – ",
          escapeHtml(manifest.stopReason), " · ", escapeHtml(folder.path()), "</p></header>\n<main>");
  html += summaryCards(program, manifest);
  html += "<section><h2>Convergence</h2><div class=\"plots\">" + convergence(program, table) +
          "</div></section>\n";
  if (!fields.empty())
    html += "<section><h2>Fields</h2><div class=\"plots fields\">" + fields + "</div></section>\n";
  html += "<section><h2>Figures</h2>" + figuresTable(program, table, manifest) + "</section>\n";
  html += "<section><h2>To run it again</h2><pre>" + escapeHtml(manifest.command) + "</pre>" +
          facts(program, folder, manifest);
  if (std::filesystem::exists(folder.file("config.toml")))
    html += "<details><summary>resolved configuration</summary><pre>" +
            escapeHtml(readFile(folder.file("config.toml"))) + "</pre></details>";
  html += "</section></main></body></html>\n";
  writeFileAtomically(folder.file("report.html"), html);
}

int costate::rt::reportVerb(const Program &program, const Options &options) {
  RunFolder folder = RunFolder::open(options.run);
  writeReport(program, folder);
  std::printf("report: %s\n", folder.file("report.html").c_str());
  return Done;
}
