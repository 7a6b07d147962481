// Every op of the dialect.
#ifndef COSTATE_OPS
#define COSTATE_OPS

include "costate/Dialect/IR/SetOps.td"
include "costate/Dialect/IR/TransformOps.td"

#endif // COSTATE_OPS
