//===- Csv.cpp - Tables of numbers as text ----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Csv.h"

#include "Error.h"
#include "Numbers.h"

#include <algorithm>
#include <charconv>

using namespace costate::rt;

constexpr std::string_view blanks = " \t\r";

static std::string_view trimmed(std::string_view text) {
  size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::vector<std::string> costate::rt::splitCsvLine(std::string_view line, char separator) {
  std::vector<std::string> cells;
  if (separator == ' ')
    line = trimmed(line);
  std::string cell;
  bool inQuotes = false, wasQuoted = false;
  auto finish = [&] {
    cells.emplace_back(wasQuoted ? std::string_view(cell) : trimmed(cell));
    cell.clear();
    wasQuoted = false;
  };
  for (size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (c == '"') {
      if (inQuotes && i + 1 < line.size() && line[i + 1] == '"')
        cell += line[i++];
      else
        inQuotes = !inQuotes;
      // Blanks before a quote are none of the cell.
      if (inQuotes && !wasQuoted)
        cell.clear();
      wasQuoted = true;
    } else if (!inQuotes && (c == separator || (separator == ' ' && c == '\t'))) {
      if (separator != ' ' || blanks.find(line[i - 1]) == std::string_view::npos)
        finish();
    } else if (inQuotes || !wasQuoted || blanks.find(c) == std::string_view::npos) {
      cell += c;
    }
  }
  finish();
  return cells;
}

/// What stands between the cells of the header: the first of these outside of quotes that it has.
static char separatorOf(std::string_view header) {
  for (char candidate : {';', '\t', ',', ' '}) {
    bool inQuotes = false;
    for (char c : trimmed(header)) {
      inQuotes ^= c == '"';
      if (c == candidate && !inQuotes)
        return candidate;
    }
  }
  return ',';
}

/// Takes the next line off the text; it may end as on any system.
static std::string_view takeLine(std::string_view &text) {
  size_t end = text.find_first_of("\r\n");
  std::string_view line = text.substr(0, end);
  if (end == std::string_view::npos)
    text = {};
  else
    text.remove_prefix(end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
  return line;
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

static std::vector<std::string> namesOf(std::vector<std::string> cells, const std::string &place) {
  bool allNumbers = true;
  for (const std::string &cell : cells) {
    if (cell.empty())
      fail(place, ": a column has no name");
    allNumbers &= numberOf(cell).has_value();
  }
  if (allNumbers)
    fail(place, ": found numbers, required a header line with the names of the columns");
  return cells;
}

static double valueOf(const std::string &cell, const std::string &column, const std::string &place) {
  if (std::optional<double> value = numberOf(cell))
    return *value;
  bool isDecimalComma = cell.find(',') != std::string::npos;
  fail(place, ": column '", column, "': found ", cell.empty() ? "an empty cell" : "'" + cell + "'",
       ", required a number", isDecimalComma ? " (with a decimal point)" : "");
}

std::map<std::string, Array> costate::rt::parseCsv(std::string_view text, const std::string &what) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (text.substr(0, 2) == "\xff\xfe" || text.substr(0, 2) == "\xfe\xff")
    fail(what, ": found UTF-16, required UTF-8");
  if (text.substr(0, mark.size()) == mark)
    text.remove_prefix(mark.size());
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;
  char separator = ',';
  bool endsInSeparator = false;
  for (int64_t lineNumber = 1; !text.empty(); ++lineNumber) {
    std::string_view line = takeLine(text);
    if (trimmed(line).empty() || trimmed(line)[0] == '#')
      continue;
    std::string place = cat(what, ":", lineNumber);
    if (std::count(line.begin(), line.end(), '"') % 2 != 0)
      fail(place, ": a quote is not closed");
    if (names.empty())
      separator = separatorOf(line);
    std::vector<std::string> cells = splitCsvLine(line, separator);
    // A separator behind the last cell of every line is none between two.
    if (names.empty())
      endsInSeparator = cells.size() > 1 && cells.back().empty();
    if (endsInSeparator && cells.back().empty())
      cells.pop_back();
    if (names.empty()) {
      names = namesOf(std::move(cells), place);
      columns.resize(names.size());
      continue;
    }
    if (cells.size() != names.size())
      fail(place, ": found ", cells.size(), " cells, required ", names.size());
    for (size_t i = 0; i < cells.size(); ++i)
      columns[i].push_back(valueOf(cells[i], names[i], place));
  }
  if (names.empty())
    fail(what, ": found no header line with the names of the columns");
  return gather(names, columns, what);
}
