// Passes of Differentiation.
include "mlir/Pass/PassBase.td"
