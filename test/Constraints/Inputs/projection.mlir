// Minimise |w - a|^2 / 2 with a = (1, 2, 3), subject to w0 + 2 w1 - w2 = 1. With n = (1, 2, -1), n.a - 1 = 1 and n.n = 6,
// the solution is a - n/6. There the objective is 1/12 and the multiplier 1/6.
costate.variable @w init [0.5, -0.25, 2.0] : tensor<3xf64>
costate.residual @misfit(%x: tensor<1xf64>) -> tensor<3xf64> {
  %w = costate.read @w : tensor<3xf64>
  %a = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf64>
  %s = arith.constant dense<0.70710678118654752> : tensor<3xf64>
  %d = arith.subf %w, %a : tensor<3xf64>
  %r = arith.mulf %d, %s : tensor<3xf64>
  costate.yield %r : tensor<3xf64>
}
costate.residual @plane(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<3xf64>
  %w0 = tensor.extract_slice %w[0] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %w1 = tensor.extract_slice %w[1] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %w2 = tensor.extract_slice %w[2] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %two = arith.constant dense<2.0> : tensor<1xf64>
  %p = arith.mulf %w1, %two : tensor<1xf64>
  %s = arith.addf %w0, %p : tensor<1xf64>
  %r = arith.subf %s, %w2 : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.problem @projection {
  costate.sample @point (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 1
  costate.minimize "misfit" square(@misfit(x)) over @point
  costate.subject_to "plane" @plane(x) == 1.0 over @point by #costate.monitor
  costate.train by #costate.euler<dt = 0.05> steps 800
}
