//--- mixed.mlir
// w^2 + n (w - 1)^2 is least at w = n / (n + 1).
costate.variable @w init 0.5 : tensor<1xf64>
costate.residual @value(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<1xf64>
  costate.yield %w : tensor<1xf64>
}
costate.problem @mixed {
  costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 4
  costate.minimize "mean" square(@value(x)) over @s
  costate.minimize "sum" sum square(@value(x) - 1.0) over @s
  costate.train by #costate.gradient_descent<lr = 0.02> steps 800
}
//--- batches.mlir
// The gradient of the sum of w x is the sum of x, wherever w is. A batch of b among n rows counts n / b times.
costate.variable @w init 1.0 : tensor<1xf64>
costate.residual @product(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<1xf64>
  %r = arith.mulf %w, %x : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.problem @batches {
  costate.data @rows (x: tensor<1xf64>)
  costate.minimize "total" sum @product(x) over @rows weight 0.5
  costate.subject_to "mass" sum @product(x) == 3.0 over @rows by #costate.monitor
  costate.train by #costate.sgd<lr = 0.01, momentum = 0.0> batch 2 epochs 1
}
//--- rows.csv
x
1
2
3
6
