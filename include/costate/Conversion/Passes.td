// Passes of Conversion.
include "mlir/Pass/PassBase.td"
