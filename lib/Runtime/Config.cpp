//===- Config.cpp - What may be set, and who set it -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Config.h"

#include "Device.h"
#include "Error.h"
#include "File.h"
#include "NearestName.h"
#include "Variants.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <toml++/toml.h>
#include <type_traits>

using namespace costate::rt;

std::string costate::rt::numberText(double value) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value < 0 ? "-inf" : "inf";
  char text[40];
  auto end = std::to_chars(text, text + sizeof(text), value);
  return std::string(text, end.ptr);
}

/// Calls `visit` with the name and the place of each number of a schedule that a setting may replace, and the
/// least that it may be.
template <typename S, typename F>
static void eachNumber(S &schedule, const std::string &prefix, const F &visit) {
  constexpr double any = -std::numeric_limits<double>::infinity();
  switch (schedule.kind) {
  case Schedule::Kind::Constant:
  case Schedule::Kind::Piecewise: // Lists are the program's.
    break;
  case Schedule::Kind::Step:
    visit(prefix + "every", schedule.every, 1.0);
    visit(prefix + "factor", schedule.factor, any);
    break;
  case Schedule::Kind::Exponential:
    visit(prefix + "rate", schedule.rate, any);
    break;
  case Schedule::Kind::Cosine:
    visit(prefix + "steps", schedule.steps, 1.0);
    visit(prefix + "final", schedule.final, 0.0);
    break;
  case Schedule::Kind::Warmup:
    visit(prefix + "steps", schedule.steps, 1.0);
    if (schedule.then)
      eachNumber(*schedule.then, prefix + "then.", visit);
    break;
  }
}

Config::Config(const Program &program) {
  auto add = [&](const std::string &key, double value, bool isInteger, double least) {
    settings.push_back({key, value, isInteger, least, "program"});
  };
  constexpr double any = -std::numeric_limits<double>::infinity();
  for (const Hyper &hyper : program.hypers)
    if (hyper.name != "step") {
      add(hyper.name, hyper.value, false, any);
      eachNumber(hyper.schedule, hyper.name + ".schedule.",
                 [&](const std::string &key, const auto &number, double least) {
                   add(key, static_cast<double>(number),
                       std::is_integral_v<std::remove_cvref_t<decltype(number)>>, least);
                 });
    }
  add("training.batch", program.training.batch, true, 0);
  add("training.epochs", program.training.epochs, true, 0);
  add("training.steps", program.training.steps, true, 0);
  add("training.seed", static_cast<double>(program.training.seed), true, 0);
  add("training.feasibility", program.training.feasibility, false, 0);
  for (const SetSpec &set : program.sets)
    if (!set.isData) {
      add(set.name + ".count", static_cast<double>(set.count), true, 0);
      add(set.name + ".resample_every", static_cast<double>(set.resampleEvery), true, 0);
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

void Config::set(const std::string &key, double value, const std::string &origin) {
  Setting &setting = find(key, origin);
  if (!std::isfinite(value) || (setting.isInteger && value != std::floor(value)))
    failUsage(origin, ": '", key, "': found ", numberText(value), ", required ",
              setting.isInteger ? "a whole number" : "a finite number");
  if (value < setting.least)
    failUsage(origin, ": '", key, "': found ", numberText(value), ", required at least ",
              numberText(setting.least));
  setting.value = value;
  setting.origin = origin;
}

static double parseNumber(const std::string &text, const std::string &key, const std::string &origin) {
  double value = 0;
  const char *begin = text.data() + (!text.empty() && text[0] == '+'), *end = text.data() + text.size();
  auto parsed = std::from_chars(begin, end, value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end)
    failUsage(origin, ": '", key, "': found '", text, "', required a number");
  return value;
}

void Config::readAssignment(const std::string &assignment) {
  size_t equals = assignment.find('=');
  if (equals == std::string::npos)
    failUsage("--set: found '", assignment, "', required KEY=VALUE");
  std::string key = assignment.substr(0, equals);
  find(key, "--set");
  set(key, parseNumber(assignment.substr(equals + 1), key, "--set"), "--set");
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
    set(key, parseNumber(std::string(entry.substr(equals + 1)), key, name), name);
  }
}

static void readTable(Config &config, const toml::table &table, const std::string &prefix,
                      const std::string &path) {
  for (const auto &[name, node] : table) {
    std::string key = prefix + std::string(name.str());
    if (const auto *inner = node.as_table()) {
      readTable(config, *inner, key + ".", path);
      continue;
    }
    std::string origin = cat(path, ":", node.source().begin.line);
    if (!node.is_number())
      failUsage(origin, ": '", key, "': required a number");
    config.set(key,
               node.is_integer() ? static_cast<double>(node.as_integer()->get())
                                 : node.as_floating_point()->get(),
               origin);
  }
}

void Config::readFile(const std::string &path) {
  std::string text = rt::readFile(path);
  try {
    readTable(*this, toml::parse(text, path), "", path);
  } catch (const toml::parse_error &error) {
    failUsage(path, ":", error.source().begin.line, ": not TOML: ", error.description());
  }
}

double Config::get(const std::string &key) const {
  for (const Setting &setting : settings)
    if (setting.key == key)
      return setting.value;
  return 0;
}

void Config::apply(Program &program) const {
  for (Hyper &hyper : program.hypers)
    if (hyper.name != "step") {
      hyper.value = get(hyper.name);
      eachNumber(hyper.schedule, hyper.name + ".schedule.",
                 [&](const std::string &key, auto &number, double) {
                   number = static_cast<std::remove_cvref_t<decltype(number)>>(get(key));
                 });
    }
  program.training.batch = static_cast<int64_t>(get("training.batch"));
  program.training.epochs = static_cast<int64_t>(get("training.epochs"));
  program.training.steps = static_cast<int64_t>(get("training.steps"));
  program.training.seed = static_cast<uint64_t>(get("training.seed"));
  program.training.feasibility = get("training.feasibility");
  for (SetSpec &set : program.sets) {
    if (set.isData)
      continue;
    auto count = static_cast<int64_t>(get(set.name + ".count"));
    // A count that was changed replaces the counts of the axes.
    if (count != set.count)
      set.perAxis.clear();
    if (count < 1 && set.perAxis.empty())
      failUsage("'", set.name, ".count': found ", count, ", required at least 1");
    set.count = count;
    set.resampleEvery = static_cast<int64_t>(get(set.name + ".resample_every"));
  }
}

std::string Config::text() const {
  std::string result = "# The resolved configuration: program < file < environment < command line.\n";
  for (const Setting &setting : settings)
    // Quoted whole, so that `a` and `a.b` can both be keys.
    result += cat("\"", setting.key, "\" = ",
                  setting.isInteger ? std::to_string(static_cast<int64_t>(setting.value)) : [&] {
                    std::string number = numberText(setting.value);
                    return number.find_first_of(".en") == std::string::npos ? number + ".0" : number;
                  }(), " # ", setting.origin, "\n");
  return result;
}
