//===- ResidualOps.td - Residuals: what is zero where the problem is solved --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_RESIDUAL_OPS
#define COSTATE_RESIDUAL_OPS

include "costate/Dialect/IR/NetworkOps.td"

def Costate_ResidualOp : Costate_FunctionOp<"residual"> {
  let summary = "A function of one sample that may call networks and differentiate by its arguments";
  let description = [{
    A pure function of ONE sample: calls networks, reads variables, and applies derivative ops by its own
    arguments. It declares no parameters. Arguments and results are statically shaped tensors of one element
    type.

    ```mlir
    costate.residual @helmholtz(%x: tensor<1xf64>) -> tensor<1xf64> {
      %u = costate.call @wave(%x) : (tensor<1xf64>) -> tensor<1xf64>
      %uxx = costate.diff %u by %x[0, 0] : tensor<1xf64>, tensor<1xf64>
      %r = arith.addf %uxx, %u : tensor<1xf64>
      costate.yield %r : tensor<1xf64>
    }
    ```
  }];
}

#endif // COSTATE_RESIDUAL_OPS
