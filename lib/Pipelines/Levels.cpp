//===- Levels.cpp - From a problem to tiles: levels 1 to 4 ------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Batching/Passes.h"
#include "costate/Constraints/Passes.h"
#include "costate/Conversion/Passes.h"
#include "costate/Dialect/Transforms/Passes.h"
#include "costate/Differentiation/Canonicalizer.h"
#include "costate/Differentiation/Passes.h"
#include "costate/Pipelines/Passes.h"
#include "costate/Pipelines/Pipelines.h"
#include "costate/Solvers/Passes.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace costate;

static void addVerifier(OpPassManager &manager, unsigned level) {
  CostateVerifyLevelOptions options;
  options.level = level;
  manager.addPass(createCostateVerifyLevel(options));
}

void costate::buildPrecisionPipeline(OpPassManager &manager, const PipelineOptions &options) {
  if (options.precision.empty())
    return;
  CostateSetPrecisionOptions precision;
  precision.precision = options.precision;
  manager.addPass(createCostateSetPrecision(precision));
}

void costate::buildLevel1To2Pipeline(OpPassManager &manager, const PipelineOptions &options) {
  // Parameters become arguments before anything is differentiated by them.
  manager.addPass(createLowerNetworksPass());
  // Derivatives by inputs are resolved before multipliers are inserted: a strategy asks where the least flows
  // from parameters to constraints, and that is through the Taylor coefficients of a network's output.
  manager.addPass(createMergeChannelsPass());
  manager.addPass(createExpandDerivativesPass());
  manager.addPass(createBatchDirectionsPass());
  InsertMultipliersPassOptions multipliers;
  multipliers.strategy = options.strategy;
  manager.addPass(createInsertMultipliersPass(multipliers));
  addVerifier(manager, 2);
}

void costate::buildLevel2To3Pipeline(OpPassManager &manager, const PipelineOptions &options) {
  // In the form that derivatives are taken of, so that these share what they compute with the values.
  manager.addPass(createNormalizePoints());
  ExpandTransformsOptions derivatives;
  derivatives.memoryLimit = options.memoryLimit;
  manager.addPass(createExpandTransforms(derivatives));
  // What is not differentiated has them still.
  manager.addNestedPass<func::FuncOp>(createNormalizeMoves());
  manager.addNestedPass<func::FuncOp>(createDecomposeAggregates());
  // Once nothing is left to differentiate, equations become iterations. Systems with one matrix share its
  // factors before these are loops.
  manager.addNestedPass<func::FuncOp>(createLowerImplicitPass());
  manager.addNestedPass<func::FuncOp>(createCSEPass());
  manager.addNestedPass<func::FuncOp>(createLowerFactorizationsPass());
  manager.addNestedPass<func::FuncOp>(createLowerControl());
  // One function for each set: what the Lagrangian and its derivatives share is then computed once.
  manager.addPass(createSoundInlinerPass());
  manager.addPass(createSoundCanonicalizerPass());
  manager.addPass(createCSEPass());
  manager.addPass(createSymbolDCEPass());
  // A caller may ask for some results only of the loops that have just been inlined.
  manager.addNestedPass<func::FuncOp>(createSimplifyLoops());
  manager.addPass(createMergeFunctions());
  // Gradients of layers are outer products as yet: inner products of them factor, and sums of them share a
  // factor.
  manager.addNestedPass<func::FuncOp>(createReassociateContractionsPass());
  manager.addPass(createSoundCanonicalizerPass());
  manager.addPass(createCSEPass());
  addVerifier(manager, 3);
}

void costate::buildLevel3To4Pipeline(OpPassManager &manager, const PipelineOptions &options) {
  manager.addNestedPass<func::FuncOp>(createLowerControl());
  // Solvers that the step calls get their bodies here, since batching gives those called for each point
  // lanes.
  manager.addPass(createDefineSolversPass());
  // What is computed twice for a point is computed once, before there are lanes to multiply it by.
  manager.addPass(createSoundCanonicalizerPass());
  manager.addPass(createCSEPass());
  // Points become lanes of tiles, tiles are grouped in chunks, and their partial sums are added in a fixed
  // order.
  TileSetsPassOptions tiles;
  tiles.tile = options.tile;
  tiles.chunks = options.chunks;
  // A quarter of what a core's cache of the second level usually holds. A GPU has a thread for each lane.
  if (!StringRef(options.target).starts_with("gpu")) {
    tiles.valueBytes = 1 << 19;
    tiles.fitCache = true;
  }
  manager.addPass(createTileSetsPass(tiles));
  // What entry functions call themselves, on no points, joins them: buffers cross no function boundary.
  manager.addPass(createSoundInlinerPass());
  manager.addPass(createSymbolDCEPass());
  manager.addPass(createSoundCanonicalizerPass());
  manager.addPass(createCSEPass());
  // What works on the same points becomes one loop, while values still say who needs them.
  manager.addPass(createDropUnitDimensions());
  manager.addPass(createCSEPass());
  manager.addPass(createFuseElementwise());
  manager.addPass(createFuseSums());
  // What the backward pass can compute from less is not kept for it.
  manager.addPass(createRematerialize());
  // What a weight's gradient gathers from several channels becomes one loop, with one reduction over the
  // lanes.
  manager.addPass(createFuseContractions());
  manager.addPass(createSoundCanonicalizerPass());
  manager.addPass(createCSEPass());
  addVerifier(manager, 4);
}

void costate::buildCPUPipeline(OpPassManager &manager, const PipelineOptions &options, unsigned from,
                               unsigned to) {
  using Builder = void (*)(OpPassManager &, const PipelineOptions &);
  constexpr Builder builders[] = {buildLevel1To2Pipeline, buildLevel2To3Pipeline, buildLevel3To4Pipeline,
                                  buildLevel4To5CPUPipeline};
  // Before anything is folded.
  manager.addPass(createCutPadding());
  bool gpu = StringRef(options.target).starts_with("gpu");
  for (unsigned level = from; level < to; ++level)
    (level == 4 && gpu ? buildLevel4To5GPUPipeline : builders[level - 1])(manager, options);
}
