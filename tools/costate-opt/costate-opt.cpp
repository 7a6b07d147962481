//===- costate-opt.cpp - Runs passes and pipelines on IR text ---------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Pipelines/Pipelines.h"

#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  costate::registerDialects(registry);
  mlir::registerAllPasses();
  costate::registerPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "Costate optimizer driver\n", registry));
}
