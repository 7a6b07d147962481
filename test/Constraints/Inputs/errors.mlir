//--- inequality.mlir
costate.variable @w init 0.5 : tensor<1xf64>
costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<1xf64>
  costate.yield %w : tensor<1xf64>
}
costate.problem @inequality {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  costate.subject_to "low" @f(x) >= 0.0 over @line by #costate.monitor
  costate.subject_to "high" @f(x) <= 1.0 over @line by #costate.monitor
  costate.subject_to "admitted" @f(x) == 1.0 over @line by #costate.monitor
  costate.train by #costate.euler<dt = 0.01> steps 10
}
//--- mean.mlir
costate.variable @w init 0.5 : tensor<1xf64>
costate.residual @f(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<1xf64>
  costate.yield %w : tensor<1xf64>
}
costate.problem @aggregated {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 10
  costate.subject_to "mean" mean @f(x) == 1.0 over @line by #costate.monitor
  costate.train by #costate.euler<dt = 0.01> steps 10
}
