//===- Csv.cpp - Tables of numbers as text ----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Csv.h"

#include "Error.h"

#include <charconv>

using namespace costate::rt;

static std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\"";
  size_t begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

static std::vector<std::string_view> cells(std::string_view line) {
  std::vector<std::string_view> result;
  for (;;) {
    size_t comma = line.find(',');
    result.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos)
      return result;
    line.remove_prefix(comma + 1);
  }
}

/// Gathers p[0], p[1], ... into p.
static std::map<std::string, Array> gather(const std::vector<std::string> &names,
                                           const std::vector<std::vector<double>> &columns,
                                           const std::string &what) {
  std::map<std::string, std::map<int64_t, size_t>> groups;
  std::map<std::string, Array> arrays;
  auto rows = static_cast<int64_t>(columns.front().size());
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string &name = names[i];
    size_t bracket = name.find('[');
    if (bracket == std::string::npos) {
      if (!arrays.emplace(name, Array{{rows}, columns[i], "text"}).second)
        fail(what, ": two columns are named '", name, "'");
      continue;
    }
    int64_t index = -1;
    const char *end = name.data() + name.size() - 1;
    auto parsed = std::from_chars(name.data() + bracket + 1, end, index);
    if (name.back() != ']' || parsed.ptr != end || parsed.ec != std::errc() || index < 0)
      fail(what, ": column name '", name, "' is malformed, required NAME or NAME[INDEX]");
    if (!groups[name.substr(0, bracket)].emplace(index, i).second)
      fail(what, ": two columns are named '", name, "'");
  }
  for (const auto &[name, members] : groups) {
    auto width = static_cast<int64_t>(members.size());
    if (members.rbegin()->first != width - 1)
      fail(what, ": column '", name, "[", members.rbegin()->first, "]' is there, but not all before it");
    Array array{{rows, width}, std::vector<double>(rows * width), "text"};
    for (const auto &[component, i] : members)
      for (int64_t row = 0; row < rows; ++row)
        array.values[row * width + component] = columns[i][row];
    if (!arrays.emplace(name, std::move(array)).second)
      fail(what, ": two columns are named '", name, "'");
  }
  return arrays;
}

std::map<std::string, Array> costate::rt::parseCsv(std::string_view text, const std::string &what) {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;
  int64_t lineNumber = 0;
  while (!text.empty()) {
    size_t newline = text.find('\n');
    std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    ++lineNumber;
    if (trimmed(line).empty() || trimmed(line)[0] == '#')
      continue;
    std::vector<std::string_view> row = cells(line);
    if (names.empty()) {
      for (std::string_view cell : row) {
        if (cell.empty())
          fail(what, ":", lineNumber, ": a column has no name");
        names.emplace_back(cell);
      }
      columns.resize(names.size());
      continue;
    }
    if (row.size() != names.size())
      fail(what, ":", lineNumber, ": found ", row.size(), " cells, required ", names.size());
    for (size_t i = 0; i < row.size(); ++i) {
      double value = 0;
      auto parsed = std::from_chars(row[i].data(), row[i].data() + row[i].size(), value);
      if (row[i].empty() || parsed.ec != std::errc() || parsed.ptr != row[i].data() + row[i].size())
        fail(what, ":", lineNumber, ": column '", names[i], "': found '", row[i], "', required a number");
      columns[i].push_back(value);
    }
  }
  if (names.empty())
    fail(what, ": found no header line with the names of the columns");
  return gather(names, columns, what);
}
