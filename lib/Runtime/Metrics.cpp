//===- Metrics.cpp - The log of named figures -------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Metrics.h"

#include "Csv.h"
#include "Error.h"
#include "File.h"
#include "Numbers.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

using namespace costate::rt;

/// The lines whose step is at most `last`; whatever cannot be read as one is cut off.
static std::string keepLines(const std::string &text, int64_t last,
                             const std::function<int64_t(std::string_view)> &stepOf) {
  std::string kept;
  size_t begin = 0;
  for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    std::string_view line(text.data() + begin, end - begin);
    int64_t step = stepOf(line);
    if (step >= 0 && step <= last)
      kept.append(line).push_back('\n');
  }
  return kept;
}

static int64_t leadingInteger(std::string_view text) {
  int64_t value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

static void append(const std::string &path, std::string &text) {
  if (!text.empty())
    appendToFile(path, text);
  text.clear();
}

/// A cell of a table: quoted where a reader would else take it apart.
static std::string cellText(const std::string &text) {
  if (text.find_first_of(",\"\n\r#") == std::string::npos)
    return text;
  std::string quoted = "\"";
  for (char c : text)
    quoted += c == '"' ? "\"\"" : std::string(1, c == '\n' || c == '\r' ? ' ' : c);
  return quoted + "\"";
}

static std::string jsonText(const std::string &text) { return nlohmann::json(text).dump(); }

std::string costate::rt::jsonNumber(double value) {
  if (std::isnan(value))
    return "null";
  return std::isfinite(value) ? numberText(value) : value > 0 ? "\"inf\"" : "\"-inf\"";
}

MetricsLog::MetricsLog(const std::string &folder, std::vector<std::string> names, int64_t keepUpTo)
    : jsonlPath(folder + "/metrics.jsonl"), csvPath(folder + "/metrics.csv"), names(std::move(names)),
      tensorBoard(folder + "/tensorboard", keepUpTo) {
  std::string header = "step,epoch,seconds";
  for (const std::string &name : this->names)
    header += "," + cellText(name);
  header += "\n";
  std::string oldJsonl, oldCsv;
  if (std::filesystem::exists(jsonlPath))
    oldJsonl = keepLines(readFile(jsonlPath), keepUpTo, [](std::string_view line) {
      constexpr std::string_view begin = "{\"step\": ";
      return line.substr(0, begin.size()) == begin && line.back() == '}'
                 ? leadingInteger(line.substr(begin.size()))
                 : -1;
    });
  if (std::filesystem::exists(csvPath))
    oldCsv = keepLines(readFile(csvPath), keepUpTo, leadingInteger);
  writeFileAtomically(jsonlPath, oldJsonl);
  writeFileAtomically(csvPath, header + oldCsv);
  // Where there is no place for events, that is known before the first step.
  flush();
}

MetricsLog::~MetricsLog() {
  try {
    flush();
  } catch (const Error &error) {
    // Where a run ends by an error, that is what counts, and often the same.
    if (std::uncaught_exceptions() == 0)
      std::fprintf(stderr, "warning: %s\n", error.what());
  }
}

void MetricsLog::add(int64_t step, double epoch, double seconds, const std::vector<double> &values) {
  jsonl +=
      cat("{\"step\": ", step, ", \"epoch\": ", numberText(epoch), ", \"seconds\": ", numberText(seconds));
  csv += cat(step, ",", numberText(epoch), ",", numberText(seconds));
  for (size_t i = 0; i < names.size(); ++i) {
    jsonl += cat(", ", jsonText(names[i]), ": ", jsonNumber(values[i]));
    csv += "," + numberText(values[i]);
  }
  jsonl += "}\n";
  csv += "\n";
  tensorBoard.add(step, names, values);
}

void MetricsLog::flush() {
  append(jsonlPath, jsonl);
  append(csvPath, csv);
  tensorBoard.flush();
}

void MetricsLog::sync() {
  flush();
  for (const std::string &path : {jsonlPath, csvPath, tensorBoard.file()})
    syncFile(path);
}

const std::vector<double> *MetricsTable::find(const std::string &name) const {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == name)
      return &columns[i];
  return nullptr;
}

MetricsTable costate::rt::readMetrics(const std::string &folder) {
  std::string path = folder + "/metrics.csv", text = readFile(path);
  MetricsTable table;
  size_t begin = 0;
  int64_t lineNumber = 0;
  for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    std::string_view line(text.data() + begin, end - begin);
    ++lineNumber;
    std::vector<std::string> cells = splitCsvLine(line, ',');
    if (table.names.empty()) {
      table.names = cells;
      table.columns.resize(cells.size());
      continue;
    }
    if (cells.size() != table.names.size())
      fail(path, ":", lineNumber, ": found ", cells.size(), " cells, required ", table.names.size());
    for (size_t i = 0; i < cells.size(); ++i) {
      double value = std::nan("");
      std::from_chars(cells[i].data(), cells[i].data() + cells[i].size(), value);
      table.columns[i].push_back(value);
    }
  }
  return table;
}
