//===- Inputs.cpp - All sets of a program, from files and samplers ----------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Inputs.h"

#include "Error.h"
#include "NearestName.h"
#include "Samplers.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

using namespace costate::rt;

namespace {

/// The arrays given for one set and where they came from.
struct Source {
  std::map<std::string, Array> arrays;
  std::string text;
};

std::vector<std::string> dataSets(const Program &program) {
  std::vector<std::string> names;
  for (const SetSpec &set : program.sets)
    if (set.isData)
      names.push_back(set.name);
  return names;
}

/// The set that has a column of this name; the name may be SET.COLUMN.
std::pair<std::string, std::string> setOfColumn(const Program &program, const std::string &name) {
  std::vector<std::pair<std::string, std::string>> found;
  std::vector<std::string> known;
  for (const SetSpec &set : program.sets)
    for (const ColumnSpec &column : set.columns) {
      known.push_back(column.name);
      if (name == column.name || name == set.name + "." + column.name)
        found.emplace_back(set.name, column.name);
    }
  if (found.empty())
    failUsage("--data: no set has a column '", name, "'", didYouMean(name, known));
  if (found.size() > 1)
    failUsage("--data: sets '", found[0].first, "' and '", found[1].first, "' both have a column '", name,
              "'; say SET.COLUMN=@FILE");
  return found[0];
}

void readArgument(const Program &program, const std::string &argument,
                  std::map<std::string, Source> &sources) {
  size_t equals = argument.find('=');
  if (equals != std::string::npos && argument.compare(equals + 1, 1, "@") == 0) {
    auto [set, column] = setOfColumn(program, argument.substr(0, equals));
    std::string path = argument.substr(equals + 2);
    auto arrays = readArrays(path);
    auto array = arrays.find(column);
    if (arrays.size() != 1 && array == arrays.end())
      fail("'", path, "': found ", arrays.size(), " arrays, required one, or one named '", column, "'");
    Array &chosen = array == arrays.end() ? arrays.begin()->second : array->second;
    if (!chosen.problem.empty())
      fail(chosen.problem);
    sources[set].arrays[column] = std::move(chosen);
    sources[set].text += (sources[set].text.empty() ? "'" : ", '") + path + "'";
    return;
  }
  std::string set, path = argument;
  if (equals != std::string::npos) {
    set = argument.substr(0, equals);
    path = argument.substr(equals + 1);
    std::vector<std::string> names = allSets(program);
    if (!program.findSet(set))
      failUsage("--data: unknown set '", set, "'", didYouMean(set, names));
  } else {
    std::vector<std::string> names = dataSets(program);
    if (names.size() != 1)
      failUsage("--data: found '", argument, "', required SET=FILE (the program has ", names.size(),
                " data sets)");
    set = names[0];
  }
  auto arrays = readArrays(path);
  // An .npy file holds one array, whose name is the file's: it is the set's only column.
  const auto &columns = program.findSet(set)->columns;
  if (std::filesystem::path(path).extension() == ".npy" && columns.size() == 1)
    arrays = {{columns[0].name, arrays.begin()->second}};
  for (auto &[name, array] : arrays)
    sources[set].arrays[name] = std::move(array);
  sources[set].text += (sources[set].text.empty() ? "'" : ", '") + path + "'";
}

std::string requiredColumns(const SetSpec &set) {
  std::string text;
  for (const ColumnSpec &column : set.columns) {
    text += (text.empty() ? "" : ", ") + column.name + " [rows";
    for (int64_t extent : column.shape)
      text += ", " + std::to_string(extent);
    text += "]";
  }
  return text;
}

} // namespace

std::map<std::string, std::string> costate::rt::digestsOf(const Program &program, const Datasets &datasets) {
  std::map<std::string, std::string> digests;
  for (size_t i = 0; i < datasets.size(); ++i)
    if (datasets[i] && datasets[i]->isFromFile)
      digests[program.sets[i].name] = digestOf(*datasets[i], program.sets[i].columns.size());
  return digests;
}

std::vector<Dataset *> costate::rt::loaded(const Datasets &datasets) {
  std::vector<Dataset *> sets;
  for (const auto &dataset : datasets)
    if (dataset)
      sets.push_back(dataset.get());
  return sets;
}

std::vector<std::string> costate::rt::allSets(const Program &program) {
  std::vector<std::string> names;
  for (const SetSpec &set : program.sets)
    names.push_back(set.name);
  return names;
}

std::vector<std::string> costate::rt::setsOf(const Program &program, const Entry &entry) {
  std::vector<std::string> names;
  for (const Argument &argument : entry.args)
    if (!argument.set.empty() && program.findSet(argument.set) &&
        std::find(names.begin(), names.end(), argument.set) == names.end())
      names.push_back(argument.set);
  return names;
}

Datasets costate::rt::loadDatasets(const Program &program, const std::vector<std::string> &data,
                                   uint64_t seed, const std::vector<std::string> &needed) {
  std::map<std::string, Source> sources;
  for (const std::string &argument : data)
    readArgument(program, argument, sources);
  Datasets result;
  for (const SetSpec &set : program.sets) {
    auto source = sources.find(set.name);
    if (source != sources.end()) {
      result.push_back(std::make_unique<Dataset>(
          makeDataset(set.name, set.columns, source->second.arrays, program.precision, source->second.text)));
    } else if (std::find(needed.begin(), needed.end(), set.name) == needed.end()) {
      result.push_back(nullptr);
    } else if (!set.isData) {
      if (std::string grid = describeGrid(set); !grid.empty())
        std::fprintf(stderr, "notice: %s\n", grid.c_str());
      result.push_back(std::make_unique<Dataset>(sampleDataset(set, program.precision, seed, 0)));
    } else if (!set.defaultFile.empty() && std::filesystem::exists(set.defaultFile)) {
      result.push_back(
          std::make_unique<Dataset>(makeDataset(set.name, set.columns, readArrays(set.defaultFile),
                                                program.precision, "'" + set.defaultFile + "'")));
    } else {
      std::string where = set.loc.empty() ? "" : " (" + set.loc + ")";
      std::string missing =
          set.defaultFile.empty() ? "" : " (its default file '" + set.defaultFile + "' is not here)";
      failUsage("set '", set.name, "'", where, " needs data", missing, ": give --data ", set.name,
                "=FILE.npz with columns ", requiredColumns(set));
    }
  }
  return result;
}
