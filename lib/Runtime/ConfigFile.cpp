//===- ConfigFile.cpp - Settings in TOML ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "ConfigFile.h"

#include "Error.h"
#include "Numbers.h"

#include <algorithm>

namespace {
/// What the library's parser takes for granted and does not hold: `[=` is no key.
struct BrokenAssumption {};
} // namespace

// The library would abort, or, where assertions are off, take it for true: it is always checked, and thrown.
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : throw BrokenAssumption())
#pragma push_macro("NDEBUG")
#undef NDEBUG
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

using namespace costate::rt;

namespace {

bool breaksAnAssumption(std::string_view text) {
  try {
    (void)toml::parse(text);
  } catch (const BrokenAssumption &) {
    return true;
  } catch (const toml::parse_error &) {
  }
  return false;
}

/// The first line that breaks the parser's assumption. The parser goes from front to back: what a part of the
/// text does, every longer one does.
size_t lineOfBrokenAssumption(std::string_view text) {
  std::vector<size_t> ends;
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n')
      ends.push_back(i + 1);
  ends.push_back(text.size());
  auto broken = [&](size_t end) { return breaksAnAssumption(text.substr(0, end)); };
  return std::partition_point(ends.begin(), ends.end(), [&](size_t end) { return !broken(end); }) -
         ends.begin() + 1;
}

/// Of dotted keys the parser makes tables as deep as they are long, and takes them apart by recursion: no
/// line may be so long that the stack would end.
void checkLineLengths(std::string_view text, const std::string &path) {
  constexpr size_t longest = 4096;
  for (size_t number = 1; !text.empty(); ++number) {
    size_t length = std::min(text.find('\n'), text.size());
    if (length > longest)
      failUsage(path, ":", number, ": found a line of ", length, " bytes, required at most ", longest);
    text.remove_prefix(std::min(length + 1, text.size()));
  }
}

void collect(const toml::table &table, const std::string &prefix, const std::string &path,
             std::vector<Assignment> &assignments) {
  for (const auto &[name, node] : table) {
    std::string key = prefix + std::string(name.str());
    if (const auto *inner = node.as_table()) {
      collect(*inner, key + ".", path, assignments);
      continue;
    }
    std::string origin = cat(path, ":", node.source().begin.line), text;
    if (const auto *whole = node.as_integer())
      text = std::to_string(whole->get());
    else if (const auto *real = node.as_floating_point())
      text = numberText(real->get());
    else if (const auto *string = node.as_string())
      text = string->get();
    else
      failUsage(origin, ": '", key, "': found ",
                node.is_array()     ? "an array"
                : node.is_boolean() ? "a boolean"
                                    : "a time",
                ", required a number");
    assignments.push_back({key, text, origin});
  }
}

} // namespace

std::vector<Assignment> costate::rt::parseConfig(std::string_view text, const std::string &path) {
  std::vector<Assignment> assignments;
  checkLineLengths(text, path);
  try {
    collect(toml::parse(text, path), "", path, assignments);
  } catch (const toml::parse_error &error) {
    failUsage(path, ":", error.source().begin.line, ": not TOML: ", error.description());
  } catch (const BrokenAssumption &) {
    failUsage(path, ":", lineOfBrokenAssumption(text), ": not TOML: malformed key, value or table header");
  }
  return assignments;
}
