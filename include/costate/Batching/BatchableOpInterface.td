//===- BatchableOpInterface.td - The interface of ops that know how to run for many samples at once --------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_BATCHABLE_OP_INTERFACE
#define COSTATE_BATCHABLE_OP_INTERFACE

include "mlir/IR/Interfaces.td"

def BatchableOpInterface : OpInterface<"BatchableOpInterface"> {
  let description = [{
    An op that can be batched: given batched operands, of which at least one is varying, it creates what computes its
    results for every lane and maps them. Elementwise ops and ops of `linalg` need no model of their own: they are
    batched through the traits and interfaces that they have upstream.
  }];
  let cppNamespace = "::costate";
  let methods = [
    InterfaceMethod<"Creates the batched form of the op and maps its results in the batcher.",
                    "::mlir::LogicalResult", "batch", (ins "::costate::Batcher &":$batcher)>
  ];
}

#endif // COSTATE_BATCHABLE_OP_INTERFACE
