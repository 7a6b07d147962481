//===- AttrInterfaces.td - What the dialect asks of a strategy, an optimizer and a schedule ----------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_ATTR_INTERFACES
#define COSTATE_ATTR_INTERFACES

include "mlir/IR/Interfaces.td"
include "mlir/IR/AttrTypeBase.td"

def Costate_StrategyAttrInterface : AttrInterface<"StrategyAttrInterface"> {
  let description = [{
    How a constraint is enforced. The dialect asks only what it needs to check a problem; what a strategy
    inserts is decided where constraints are lowered.
  }];
  let cppNamespace = "::costate";
  let methods = [
    InterfaceMethod<"The name under which the strategy is known in messages and logs.",
                    "::llvm::StringRef", "getStrategyName">,
    InterfaceMethod<"Whether a constraint may be an inequality.", "bool", "admitsInequalities">
  ];
}

def Costate_OptimizerAttrInterface : AttrInterface<"OptimizerAttrInterface"> {
  let description = [{How a direction becomes a step of the parameters.}];
  let cppNamespace = "::costate";
  let methods = [
    InterfaceMethod<"The name under which the optimizer is known.", "::llvm::StringRef", "getOptimizerName">,
    InterfaceMethod<"The step size that the schedule multiplies.", "double", "getStepSize">
  ];
}

def Costate_ScheduleAttrInterface : AttrInterface<"ScheduleAttrInterface"> {
  let description = [{How the step size changes from step to step, as a factor.}];
  let cppNamespace = "::costate";
  let methods = [
    InterfaceMethod<"The schedule as the program descriptor holds it: `kind` and its parameters.",
                    "::mlir::DictionaryAttr", "getDescriptor">
  ];
}

#endif // COSTATE_ATTR_INTERFACES
