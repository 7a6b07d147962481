//===- Program.cpp - The descriptor of a generated program ------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Program.h"

#include "Error.h"

using namespace costate::rt;

std::vector<ColumnSpec> Entry::columns() const {
  std::vector<ColumnSpec> result;
  for (const Argument &argument : args)
    if (argument.role == Role::Column)
      result.push_back({argument.column, argument.shape});
  return result;
}

const Entry *Program::findEntry(const std::string &entryName) const {
  for (const Entry &entry : entries)
    if (entry.name == entryName)
      return &entry;
  return nullptr;
}

const SetSpec *Program::findSet(const std::string &setName) const {
  for (const SetSpec &set : sets)
    if (set.name == setName)
      return &set;
  return nullptr;
}

int64_t Program::findMetric(const std::string &metricName) const {
  for (size_t i = 0; i < metrics.size(); ++i)
    if (metrics[i].name == metricName)
      return static_cast<int64_t>(i);
  return -1;
}

std::string Program::parameterText(int64_t index) const {
  for (const Parameter &parameter : parameters)
    if (index < parameter.offset + elementsOf(parameter.shape))
      return cat("'", parameter.name, "' element ", index - parameter.offset);
  return cat("element ", index);
}

int64_t Program::totalMetric() const {
  int64_t found = -1;
  for (size_t i = 0; i < metrics.size(); ++i)
    if (metrics[i].kind == "total")
      return static_cast<int64_t>(i);
    else if (metrics[i].kind == "objective")
      found = static_cast<int64_t>(i);
  return found;
}

std::vector<const Entry *> Program::entriesWithPrefix(const std::string &prefix) const {
  std::vector<const Entry *> result;
  for (const Entry &entry : entries)
    if (entry.name.rfind(prefix, 0) == 0)
      result.push_back(&entry);
  return result;
}
