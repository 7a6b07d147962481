//===- Evaluation.h - Figures and fields of given parameters ----*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_EVALUATION_H
#define COSTATE_LIB_RUNTIME_EVALUATION_H

#include "Inputs.h"
#include "Session.h"

#include <map>
#include <optional>

namespace costate::rt {

/// The set of a program's sets that an argument names; throws where it is not loaded.
DatasetOf datasetsByName(const Program &program, const Datasets &datasets);

/// What the `objective` entry says of whole sets, by the metrics' names; empty where the program has no such
/// entry.
std::map<std::string, double> evaluateObjective(Session &session, const Datasets &datasets);

/// The outputs of a `predict.` or `residual.` entry at the rows of a set.
struct Field {
  struct Output {
    std::string name;
    Shape shape;
    /// Row by row.
    std::vector<double> values;
    /// The column of the set that this output is to agree with, if there is one.
    const Column *reference = nullptr;
    /// ||output - reference|| / ||reference|| over all rows.
    double relativeError = 0;
  };
  const Entry *entry = nullptr;
  const Dataset *points = nullptr;
  /// "@SET" where other points than those of the first field have their names.
  std::string place;
  std::vector<std::string> inputs;
  std::vector<Output> outputs;

  bool isNetwork() const { return entry->name.rfind("predict.", 0) == 0; }
  /// A network is at several places; a constraint is over one set, so that its name is enough.
  std::string placed(const std::string &name) const { return isNetwork() ? name + place : name; }
};

/// Whether the set has every column that the entry reads, in its shape.
bool canEvaluate(const Entry &entry, const Dataset &dataset);

/// Whether the entry belongs to the points of this set of the program.
bool isUsedOn(const Entry &entry, const Dataset &dataset);

/// Runs the entry over the rows. The reference of a network's output is a column named as the output that the
/// problem does not declare: what a network is trained on is not what it is judged by. Among the columns of a
/// file given as `reference`, it is also the only one of the output's shape, if the program has no other
/// network.
Field evaluateField(Session &session, const Entry &entry, Dataset &dataset, bool isReference = false);

/// The fields of all networks and residuals: networks at the reference file's points if one is given, else on
/// every set that they are used on; residuals on their constraint's set. `reference` keeps the file's rows
/// alive.
std::vector<Field> evaluateNetworks(Session &session, const Datasets &datasets,
                                    const std::string &referenceFile, std::unique_ptr<Dataset> &reference);

/// Inputs, outputs and references as an archive. At other points than those of the first field, inputs,
/// networks' outputs and references are called NAME@SET; outputs of several networks that share a name,
/// NETWORK.NAME.
std::string formatFields(const std::vector<Field> &fields, Precision precision);

/// Adds l2re (of the first output with a reference) and l2re.OUTPUT of all.
void addErrors(const std::vector<Field> &fields, std::map<std::string, double> &figures);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_EVALUATION_H
