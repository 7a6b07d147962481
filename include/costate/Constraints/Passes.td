// Passes of Constraints.
include "mlir/Pass/PassBase.td"
