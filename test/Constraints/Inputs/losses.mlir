// Every loss, as a mean or a sum, of w + x (1, 2) against a number, a column, or nothing.
costate.variable @w init [0.5, -1.5] : tensor<2xf64>
costate.residual @value(%x: tensor<1xf64>) -> tensor<2xf64> {
  %w = costate.read @w : tensor<2xf64>
  %two = arith.constant dense<2.0> : tensor<1xf64>
  %b = arith.mulf %x, %two : tensor<1xf64>
  %p = tensor.concat dim(0) %x, %b : (tensor<1xf64>, tensor<1xf64>) -> tensor<2xf64>
  %r = arith.addf %w, %p : tensor<2xf64>
  costate.yield %r : tensor<2xf64>
}
// The exponentials of these numbers are too large for any float.
costate.residual @far(%x: tensor<1xf64>) -> tensor<2xf64> {
  %v = costate.call @value(%x) : (tensor<1xf64>) -> tensor<2xf64>
  %k = arith.constant dense<[800.0, 801.0]> : tensor<2xf64>
  %r = arith.addf %v, %k : tensor<2xf64>
  costate.yield %r : tensor<2xf64>
}
costate.residual @first(%x: tensor<1xf64>) -> tensor<1xf64> {
  %v = costate.call @value(%x) : (tensor<1xf64>) -> tensor<2xf64>
  %r = tensor.extract_slice %v[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
// u0^3 y1 - u1, and of one value alone u0 u1.
func.func @cubic(%u: tensor<2xf64>, %y: tensor<2xf64>) -> f64 {
  %i0 = arith.constant 0 : index
  %i1 = arith.constant 1 : index
  %u0 = tensor.extract %u[%i0] : tensor<2xf64>
  %u1 = tensor.extract %u[%i1] : tensor<2xf64>
  %y1 = tensor.extract %y[%i1] : tensor<2xf64>
  %a = arith.mulf %u0, %u0 : f64
  %b = arith.mulf %a, %u0 : f64
  %c = arith.mulf %b, %y1 : f64
  %r = arith.subf %c, %u1 : f64
  return %r : f64
}
func.func @product(%u: tensor<2xf64>) -> tensor<1xf64> {
  %a = tensor.extract_slice %u[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %b = tensor.extract_slice %u[1] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %r = arith.mulf %a, %b : tensor<1xf64>
  return %r : tensor<1xf64>
}
costate.problem @losses {
  costate.data @rows (x: tensor<1xf64>, y: tensor<2xf64>)
  costate.minimize "identity" @first(x) over @rows
  costate.minimize "square" square(@value(x) - y) over @rows weight 2.0
  costate.minimize "square of all" sum square(@value(x)) over @rows weight 0.125
  costate.minimize "absolute" absolute(@value(x) - 0.25) over @rows
  costate.minimize "huber" huber<1.4>(@value(x) - y) over @rows weight 3.0
  costate.minimize "cross entropy" cross_entropy(@value(x), y) over @rows
  costate.minimize "far" cross_entropy(@far(x), y) over @rows
  costate.minimize "custom" @cubic(@value(x), y) over @rows
  costate.minimize "alone" sum @product(@value(x)) over @rows weight 0.5
  costate.train by #costate.gradient_descent<lr = 0.01> steps 1
}
