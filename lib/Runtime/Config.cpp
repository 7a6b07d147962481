//===- Config.cpp - What may be set, and who set it -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Config.h"

#include "ConfigFile.h"
#include "Device.h"
#include "Error.h"
#include "File.h"
#include "NearestName.h"
#include "Variants.h"

#include <cctype>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>
#include <type_traits>

using namespace costate::rt;

constexpr WholeRange atLeastOne{1};
constexpr RealRange positive{RealRange::Kind::Positive}, nonNegative{RealRange::Kind::NonNegative};

/// Calls `visit` with the name and the place of each number of a schedule that a setting may replace, and
/// what it may be.
template <typename S, typename F>
static void eachNumber(S &schedule, const std::string &prefix, const F &visit) {
  switch (schedule.kind) {
  case Schedule::Kind::Constant:
  case Schedule::Kind::Piecewise: // Lists are the program's.
    break;
  case Schedule::Kind::Step:
    visit(prefix + "every", schedule.every, atLeastOne);
    visit(prefix + "factor", schedule.factor, positive);
    break;
  case Schedule::Kind::Exponential:
    visit(prefix + "rate", schedule.rate, positive);
    break;
  case Schedule::Kind::Cosine:
    visit(prefix + "steps", schedule.steps, atLeastOne);
    visit(prefix + "final", schedule.final, nonNegative);
    break;
  case Schedule::Kind::Warmup:
    visit(prefix + "steps", schedule.steps, atLeastOne);
    if (schedule.then)
      eachNumber(*schedule.then, prefix + "then.", visit);
    break;
  }
}

static std::string settingText(const std::variant<uint64_t, double> &value) {
  const auto *whole = std::get_if<uint64_t>(&value);
  return whole ? std::to_string(*whole) : numberText(std::get<double>(value));
}

Config::Config(const Program &program) : precision(program.precision) {
  auto add = [&](const std::string &key, auto value, auto range) {
    using Value = std::conditional_t<std::is_integral_v<decltype(value)>, uint64_t, double>;
    settings.push_back({key, static_cast<Value>(value), range});
    // The program's own numbers are those of a resumed run's file, which is read as any other.
    set(key, settingText(settings.back().value), "program");
  };
  for (const Hyper &hyper : program.hypers)
    if (hyper.name != "step") {
      add(hyper.name, hyper.value, hyper.range);
      eachNumber(hyper.schedule, hyper.name + ".schedule.", add);
    }
  add("training.batch", program.training.batch, WholeRange());
  add("training.epochs", program.training.epochs, WholeRange());
  add("training.steps", program.training.steps, WholeRange());
  add("training.seed", program.training.seed, allSeeds);
  add("training.feasibility", program.training.feasibility, nonNegative);
  for (const SetSpec &set : program.sets)
    if (!set.isData) {
      // A grid with counts for each axis has no count of its own.
      add(set.name + ".count", set.count, set.perAxis.empty() ? atLeastOne : WholeRange());
      add(set.name + ".resample_every", set.resampleEvery, WholeRange());
    }
}

std::vector<std::string> Config::keys() const {
  std::vector<std::string> result;
  for (const Setting &setting : settings)
    result.push_back(setting.key);
  return result;
}

Config::Setting &Config::find(const std::string &key, const std::string &origin) {
  for (Setting &setting : settings)
    if (setting.key == key)
      return setting;
  failUsage(origin, ": unknown key '", key, "'", didYouMean(key, keys()));
}

void Config::set(const std::string &key, const std::string &text, const std::string &origin) {
  Setting &setting = find(key, origin);
  std::string place = cat(origin, ": '", key, "'");
  if (const auto *whole = std::get_if<WholeRange>(&setting.range))
    setting.value = parseWhole(text, place, *whole);
  else
    setting.value = parseReal(text, place, std::get<RealRange>(setting.range), precision);
  setting.origin = origin;
}

void Config::readAssignment(const std::string &assignment) {
  size_t equals = assignment.find('=');
  if (equals == std::string::npos)
    failUsage("--set: found '", assignment, "', required KEY=VALUE");
  set(assignment.substr(0, equals), assignment.substr(equals + 1), "--set");
}

void Config::readEnvironment(char **environment) {
  constexpr std::string_view prefix = "COSTATE_";
  auto variableOf = [&](const std::string &key) {
    std::string name(prefix);
    for (unsigned char c : key)
      name += std::isalnum(c) ? static_cast<char>(std::toupper(c)) : '_';
    return name;
  };
  std::vector<std::string> variables;
  for (const Setting &setting : settings)
    variables.push_back(variableOf(setting.key));
  // No settings, since they do not change the problem: --device, and the processor.
  variables.insert(variables.end(), {deviceVariable, processorVariable});
  for (; environment && *environment; ++environment) {
    std::string_view entry = *environment;
    size_t equals = entry.find('=');
    if (entry.substr(0, prefix.size()) != prefix || equals == std::string_view::npos)
      continue;
    std::string name(entry.substr(0, equals));
    auto found = std::find(variables.begin(), variables.end(), name);
    if (found == variables.end())
      failUsage("environment: unknown key '", name, "'", didYouMean(name, variables));
    if (name == deviceVariable || name == processorVariable)
      continue;
    const std::string &key = settings[found - variables.begin()].key;
    if (auto other = std::find(found + 1, variables.end(), name); other != variables.end())
      failUsage("environment: '", name, "' may be '", key, "' or '", settings[other - variables.begin()].key,
                "': say it with --set");
    set(key, std::string(entry.substr(equals + 1)), name);
  }
}

void Config::readFile(const std::string &path) {
  for (const Assignment &assignment : parseConfig(rt::readFile(path), path))
    set(assignment.key, assignment.text, assignment.origin);
}

template <typename T> T Config::get(const std::string &key) const {
  for (const Setting &setting : settings)
    if (setting.key == key)
      return std::visit([](auto value) { return static_cast<T>(value); }, setting.value);
  return T();
}

void Config::apply(Program &program) const {
  for (Hyper &hyper : program.hypers)
    if (hyper.name != "step") {
      hyper.value = get<double>(hyper.name);
      eachNumber(hyper.schedule, hyper.name + ".schedule.",
                 [&](const std::string &key, auto &number, const auto &) {
                   number = get<std::remove_cvref_t<decltype(number)>>(key);
                 });
    }
  program.training.batch = get<int64_t>("training.batch");
  program.training.epochs = get<int64_t>("training.epochs");
  program.training.steps = get<int64_t>("training.steps");
  program.training.seed = get<uint64_t>("training.seed");
  program.training.feasibility = get<double>("training.feasibility");
  for (SetSpec &set : program.sets) {
    if (set.isData)
      continue;
    auto count = get<int64_t>(set.name + ".count");
    // A count that was changed replaces the counts of the axes.
    if (count != set.count)
      set.perAxis.clear();
    if (count < 1 && set.perAxis.empty())
      failUsage("'", set.name, ".count': found ", count, ", required ", atLeastOne.text());
    set.count = count;
    set.resampleEvery = get<int64_t>(set.name + ".resample_every");
  }
}

/// TOML's whole numbers end at 2^63 - 1: beyond, the digits stand in quotes.
static std::string valueText(uint64_t value) {
  std::string digits = std::to_string(value);
  return value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) ? "\"" + digits + "\"" : digits;
}

static std::string valueText(double value) {
  std::string number = numberText(value);
  return number.find_first_of(".en") == std::string::npos ? number + ".0" : number;
}

std::string costate::rt::inUtf8(const std::string &text) {
  using nlohmann::json;
  return json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

/// What a basic string of TOML or a comment cannot hold as it is; names of files need not be UTF-8, which
/// TOML has to be.
static std::string escaped(const std::string &text, bool inQuotes) {
  std::string result;
  for (unsigned char c : inUtf8(text)) {
    char code[8];
    if (c < 0x20 || c == 0x7f)
      std::snprintf(code, sizeof(code), "\\u%04x", c);
    else
      std::snprintf(code, sizeof(code), inQuotes && (c == '"' || c == '\\') ? "\\%c" : "%c", c);
    result += code;
  }
  return result;
}

std::string Config::text() const {
  std::string result = heading;
  for (const Setting &setting : settings)
    // Quoted whole, so that `a` and `a.b` can both be keys.
    result += cat("\"", escaped(setting.key, true), "\"", " = ",
                  std::visit([](auto value) { return valueText(value); }, setting.value), " # ",
                  escaped(setting.origin, false), "\n");
  return result;
}
