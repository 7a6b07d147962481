// Passes of Dialect/Transforms.
include "mlir/Pass/PassBase.td"
