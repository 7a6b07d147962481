//===- Evaluation.cpp - Figures and fields of given parameters --------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Evaluation.h"

#include "Error.h"
#include "Npz.h"

#include <algorithm>
#include <cmath>
#include <set>

using namespace costate::rt;

DatasetOf costate::rt::datasetsByName(const Program &program, const Datasets &datasets) {
  return [&](const Argument &argument) {
    for (size_t i = 0; i < program.sets.size(); ++i)
      if (program.sets[i].name == argument.set && datasets[i])
        return datasets[i].get();
    fail("an entry reads set '", argument.set, "', which is not loaded");
  };
}

std::map<std::string, double> costate::rt::evaluateObjective(Session &session, const Datasets &datasets) {
  std::map<std::string, double> figures;
  const Entry *entry = session.program.findEntry("objective");
  if (!entry)
    return figures;
  // A metric that only a step knows (a multiplier, say) keeps what the last step wrote.
  Call call(session, *entry, datasetsByName(session.program, datasets));
  call();
  for (size_t i = 0; i < session.program.metrics.size(); ++i)
    figures[session.program.metrics[i].name] = session.metric(i);
  return figures;
}

bool costate::rt::canEvaluate(const Entry &entry, const Dataset &dataset) {
  for (const ColumnSpec &required : entry.columns()) {
    const Column *column = dataset.find(required.name);
    if (!column || column->components != elementsOf(required.shape))
      return false;
  }
  return true;
}

bool costate::rt::isUsedOn(const Entry &entry, const Dataset &dataset) {
  const std::vector<std::string> &sets = entry.sets;
  return canEvaluate(entry, dataset) &&
         (sets.empty() || std::find(sets.begin(), sets.end(), dataset.whole().name) != sets.end());
}

static bool isNetwork(const Entry &entry) { return entry.name.rfind("predict.", 0) == 0; }

static const Column *referenceFor(const Program &program, const Field::Output &output, const Dataset &dataset,
                                  const std::vector<std::string> &inputs, bool isReference) {
  const SetSpec *set = isReference ? nullptr : program.findSet(dataset.whole().name);
  const Column *found = nullptr;
  int64_t candidates = 0;
  for (const Column &column : dataset.columns) {
    bool isInput = std::find(inputs.begin(), inputs.end(), column.name) != inputs.end();
    bool isDeclared = set && std::any_of(set->columns.begin(), set->columns.end(),
                                         [&](const ColumnSpec &spec) { return spec.name == column.name; });
    if (isInput || isDeclared || column.components != elementsOf(output.shape))
      continue;
    if (column.name == output.name)
      return &column;
    found = &column;
    ++candidates;
  }
  bool isAlone = program.entriesWithPrefix("predict.").size() == 1;
  return isReference && isAlone && candidates == 1 ? found : nullptr;
}

static double relativeError(const Field::Output &output, const Dataset &dataset) {
  double error = 0, norm = 0;
  for (int64_t row = 0; row < dataset.count; ++row)
    for (int64_t c = 0; c < output.reference->components; ++c) {
      double reference = dataset.get(*output.reference, row, c);
      double difference = output.values[row * output.reference->components + c] - reference;
      error += difference * difference;
      norm += reference * reference;
    }
  return std::sqrt(error / norm);
}

Field costate::rt::evaluateField(Session &session, const Entry &entry, Dataset &dataset, bool isReference) {
  Field field{&entry, &dataset, {}, {}, {}};
  for (const ColumnSpec &column : entry.columns())
    if (std::find(field.inputs.begin(), field.inputs.end(), column.name) == field.inputs.end())
      field.inputs.push_back(column.name);
  Call call(session, entry, [&](const Argument &) { return &dataset; }, dataset.capacity);
  call();
  for (const Call::Output &raw : call.outputs) {
    Field::Output output{raw.spec.name, raw.spec.shape, {}, nullptr, 0};
    int64_t components = elementsOf(raw.spec.shape);
    output.values.resize(dataset.count * components);
    for (int64_t row = 0; row < dataset.count; ++row)
      for (int64_t c = 0; c < components; ++c)
        output.values[row * components + c] = raw.data.get(c * dataset.capacity + row);
    // A residual is to be zero, whatever else the data set holds.
    if (field.isNetwork())
      output.reference = referenceFor(session.program, output, dataset, field.inputs, isReference);
    if (output.reference)
      output.relativeError = relativeError(output, dataset);
    field.outputs.push_back(std::move(output));
  }
  return field;
}

std::vector<Field> costate::rt::evaluateNetworks(Session &session, const Datasets &datasets,
                                                 const std::string &referenceFile,
                                                 std::unique_ptr<Dataset> &reference) {
  std::vector<Field> fields;
  std::vector<const Entry *> networks = session.program.entriesWithPrefix("predict.");
  if (!referenceFile.empty()) {
    if (networks.empty())
      fail("'", referenceFile, "': this program has no predict entry to compare with a reference");
    // What the first network reads is required; everything else in the file may serve as reference.
    reference =
        std::make_unique<Dataset>(makeDataset("reference", networks[0]->columns(), readArrays(referenceFile),
                                              session.program.precision, "'" + referenceFile + "'"));
  }
  auto add = [&](const Entry &entry) {
    if (reference && isNetwork(entry) && canEvaluate(entry, *reference)) {
      fields.push_back(evaluateField(session, entry, *reference, /*isReference=*/true));
      return;
    }
    for (const auto &dataset : datasets)
      if (dataset && isUsedOn(entry, *dataset)) {
        fields.push_back(evaluateField(session, entry, *dataset));
        if (entry.sets.empty())
          return;
      }
  };
  for (const Entry *entry : networks)
    add(*entry);
  for (const Entry *entry : session.program.entriesWithPrefix("residual."))
    add(*entry);
  for (Field &field : fields)
    if (field.points != fields[0].points)
      field.place = "@" + field.points->name;
  return fields;
}

std::string costate::rt::formatFields(const std::vector<Field> &fields, Precision precision) {
  std::vector<std::pair<std::string, std::string>> members;
  std::set<std::string> written;
  auto add = [&](std::string name, const std::string &network, Shape shape, int64_t rows,
                 const std::vector<double> &values) {
    if (written.count(name) && !network.empty())
      name = network + "." + name;
    if (!written.insert(name).second)
      return;
    shape.insert(shape.begin(), rows);
    members.emplace_back(name + ".npy", formatNpy(shape, values, precision));
  };
  auto addColumn = [&](const std::string &name, const Dataset &dataset, const Column &column) {
    std::vector<double> values;
    for (int64_t row = 0; row < dataset.count; ++row)
      for (int64_t c = 0; c < column.components; ++c)
        values.push_back(dataset.get(column, row, c));
    add(name, "", column.shape, dataset.count, values);
  };
  for (const Field &field : fields)
    for (const std::string &input : field.inputs)
      addColumn(input + field.place, *field.points, *field.points->find(input));
  for (const Field &field : fields)
    for (const Field::Output &output : field.outputs) {
      std::string owner = field.entry->network.empty() ? field.entry->name : field.entry->network;
      add(field.placed(output.name), owner, output.shape, field.points->count, output.values);
      if (output.reference)
        addColumn("reference." + field.placed(output.name), *field.points, *output.reference);
    }
  return formatZip(members);
}

void costate::rt::addErrors(const std::vector<Field> &fields, std::map<std::string, double> &figures) {
  for (const Field &field : fields)
    for (const Field::Output &output : field.outputs)
      if (output.reference) {
        figures.emplace("l2re", output.relativeError);
        figures.emplace("l2re." + output.name, output.relativeError);
      }
}
