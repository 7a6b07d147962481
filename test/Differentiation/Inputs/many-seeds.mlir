// Functions of SIZE variables, whose matrices of derivatives take as many seeds, or as many colours.
func.func @recurrent(%x: tensor<SIZExf64>, %w: tensor<SIZExSIZExf64>) -> tensor<SIZExf64> {
  %z = arith.constant dense<0.0> : tensor<SIZExf64>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  %r = scf.for %i = %c0 to %c9 step %c1 iter_args(%s = %x) -> tensor<SIZExf64> {
    %a = linalg.matvec ins(%w, %s : tensor<SIZExSIZExf64>, tensor<SIZExf64>) outs(%z : tensor<SIZExf64>) -> tensor<SIZExf64>
    %t = math.tanh %a : tensor<SIZExf64>
    scf.yield %t : tensor<SIZExf64>
  }
  return %r : tensor<SIZExf64>
}
costate.derive @recurrent_jacobian = jacobian @recurrent wrt [0]

func.func @by_rows(%x: tensor<SIZExSIZExf64>, %v: tensor<SIZExf64>) -> tensor<SIZExf64> {
  %z = arith.constant dense<0.0> : tensor<SIZExf64>
  %e = arith.constant dense<0.0> : tensor<f64>
  %s = math.sin %x : tensor<SIZExSIZExf64>
  %y = linalg.matvec ins(%s, %v : tensor<SIZExSIZExf64>, tensor<SIZExf64>) outs(%z : tensor<SIZExf64>) -> tensor<SIZExf64>
  %t = linalg.dot ins(%v, %y : tensor<SIZExf64>, tensor<SIZExf64>) outs(%e : tensor<f64>) -> tensor<f64>
  %u = tensor.extract %t[] : tensor<f64>
  %b = tensor.splat %u : tensor<SIZExf64>
  %r = arith.mulf %b, %y : tensor<SIZExf64>
  return %r : tensor<SIZExf64>
}
costate.derive @by_rows_jacobian = jacobian @by_rows wrt [0]

func.func @square(%x: tensor<SIZExf64>) -> f64 {
  %z = arith.constant dense<0.0> : tensor<f64>
  %d = linalg.dot ins(%x, %x : tensor<SIZExf64>, tensor<SIZExf64>) outs(%z : tensor<f64>) -> tensor<f64>
  %y = tensor.extract %d[] : tensor<f64>
  %e = math.exp %y : f64
  return %e : f64
}
costate.derive @square_hessian = hessian @square wrt [0]
costate.derive @recurrent_gram = gram @recurrent wrt [1]
