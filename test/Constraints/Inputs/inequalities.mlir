// (w - 2)^2 + c max(0, w - 1)^2 is least at w = (2 + c) / (1 + c); an inequality that holds changes nothing.
costate.variable @w init [2.0, 2.0, 2.0, 2.0] : tensor<4xf64>
costate.residual @all(%x: tensor<1xf64>) -> tensor<4xf64> {
  %w = costate.read @w : tensor<4xf64>
  costate.yield %w : tensor<4xf64>
}
costate.residual @w0(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<4xf64>
  %r = tensor.extract_slice %w[0] [1] [1] : tensor<4xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.residual @w1(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<4xf64>
  %r = tensor.extract_slice %w[1] [1] [1] : tensor<4xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.residual @w2(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<4xf64>
  %r = tensor.extract_slice %w[2] [1] [1] : tensor<4xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.residual @w3(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<4xf64>
  %r = tensor.extract_slice %w[3] [1] [1] : tensor<4xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.problem @inequalities {
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 5
  // The bound is a column: the points lie above 2, so it holds everywhere.
  costate.sample @high (x: tensor<1xf64>) in box<[2.5], [3.0]> by uniform count 7
  costate.minimize "fit" square(@all(x) - 2.0) over @s
  costate.subject_to "below" @w0(x) <= 1.0 over @s by #costate.penalty<weight = 3.0>
  costate.subject_to "above" @w1(x) >= 4.0 over @s by #costate.penalty<weight = 1.0>
  costate.subject_to "mean" mean @w2(x) <= 1.0 over @s by #costate.penalty<weight = 3.0>
  costate.subject_to "sum" sum @w3(x) >= 20.0 over @s by #costate.penalty<weight = 0.04>
  costate.subject_to "holds" @all(x) <= 9.0 over @s by #costate.penalty<weight = 100.0>
  costate.subject_to "column" @w0(x) <= x over @high by #costate.penalty<weight = 100.0>
  costate.train by #costate.gradient_descent<lr = 0.05> steps 800
}
