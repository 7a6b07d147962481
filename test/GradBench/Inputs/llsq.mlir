// Least squares of a polynomial against the sign function:
//
//   y(x) = 1/2 sum_i (sign t_i - sum_j x_j t_i^j)^2,   t_i = -1 + 2 i / (n - 1),   i < n = $n, j < $m

func.func private @value(%x: tensor<${m}xf64>) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant $n : index
  %m = arith.constant $m : index
  %zero = arith.constant 0.0 : f64
  %half = arith.constant 0.5 : f64
  %one = arith.constant 1.0 : f64
  %minus_one = arith.constant -1.0 : f64
  %step = arith.constant $step : f64
  %sum = scf.for %i = %c0 to %n step %c1 iter_args(%s = %zero) -> f64 {
    %i64 = arith.index_cast %i : index to i64
    %f = arith.sitofp %i64 : i64 to f64
    %fh = arith.mulf %f, %step : f64
    %t = arith.addf %fh, %minus_one : f64
    %unit = math.copysign %one, %t : f64
    %is_zero = arith.cmpf oeq, %t, %zero : f64
    %sign = arith.select %is_zero, %zero, %unit : f64
    %r:2 = scf.for %j = %c0 to %m step %c1 iter_args(%a = %sign, %power = %one) -> (f64, f64) {
      %xj = tensor.extract %x[%j] : tensor<${m}xf64>
      %term = arith.mulf %xj, %power : f64
      %rest = arith.subf %a, %term : f64
      %next = arith.mulf %power, %t : f64
      scf.yield %rest, %next : f64, f64
    }
    %square = arith.mulf %r#0, %r#0 : f64
    %more = arith.addf %s, %square : f64
    scf.yield %more : f64
  }
  %y = arith.mulf %sum, %half : f64
  return %y : f64
}
costate.derive @value_gradient = gradient @value wrt [0]

func.func @primal(%x: tensor<${m}xf64>) -> f64 {
  %y = func.call @value(%x) : (tensor<${m}xf64>) -> f64
  return %y : f64
}

func.func @gradient(%x: tensor<${m}xf64>) -> tensor<${m}xf64> {
  %y, %g = costate.call @value_gradient(%x) : (tensor<${m}xf64>) -> (f64, tensor<${m}xf64>)
  return %g : tensor<${m}xf64>
}
