// Passes of Batching.
include "mlir/Pass/PassBase.td"
