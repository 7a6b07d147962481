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
  std::vector<std::string> inputs;
  std::vector<Output> outputs;
};

/// Whether the set has every column that the entry reads, in its shape.
bool canEvaluate(const Entry &entry, const Dataset &dataset);

/// Runs the entry over the set. A column named as the output, else the only column of the output's shape that
/// is not an input, is its reference.
Field evaluateField(Session &session, const Entry &entry, Dataset &dataset);

/// The fields of all networks and residuals, each on the reference file's points (if one is given, for
/// networks), else on the first set that has its inputs. `reference` keeps the file's rows alive.
std::vector<Field> evaluateNetworks(Session &session, const Datasets &datasets,
                                    const std::string &referenceFile, std::unique_ptr<Dataset> &reference);

/// Inputs, outputs and references as an archive. Outputs of several networks that share a name are called
/// NETWORK.NAME.
std::string formatFields(const std::vector<Field> &fields, Precision precision);

/// Adds l2re (of the first output with a reference) and l2re.OUTPUT of all.
void addErrors(const std::vector<Field> &fields, std::map<std::string, double> &figures);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_EVALUATION_H
