// A slope of one half along a line, and the value one, which contradict each other away from one point.
costate.network @u(%x: tensor<1xf64>) -> tensor<1xf64> {
  %h = costate.dense %x -> 4 activation(tanh) : tensor<1xf64> -> tensor<4xf64>
  %u = costate.dense %h -> 1 : tensor<4xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
costate.residual @slope(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @u(%x) : (tensor<1xf64>) -> tensor<1xf64>
  %ux = costate.diff %u by %x[0] : tensor<1xf64>, tensor<1xf64>
  costate.yield %ux : tensor<1xf64>
}
costate.problem @flow {
  costate.sample @line (x: tensor<1xf64>) in box<[0.0], [1.0]> by grid count 9
  costate.minimize "data" square(@u(x) - 1.0) over @line
  costate.subject_to "slope" @slope(x) == 0.5 over @line by #costate.tanabe<mode = reduction, reduce = square>
  costate.train by #costate.euler<dt = 0.01> steps 200
}
