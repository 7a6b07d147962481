// log sum_i exp(x_i) = a + log sum_i exp(x_i - a), where a is the greatest of the $n numbers

func.func private @value(%x: tensor<${n}xf64>) -> f64 {
  %lowest = arith.constant dense<0xFFF0000000000000> : tensor<f64>
  %zero = arith.constant dense<0.0> : tensor<f64>
  %greatest = linalg.reduce { arith.maximumf } ins(%x : tensor<${n}xf64>) outs(%lowest : tensor<f64>) dimensions = [0]
  %g = tensor.extract %greatest[] : tensor<f64>
  // Any number near the greatest will do; by a whole one there is nothing to differentiate.
  %a = math.ceil %g : f64
  %as = tensor.splat %a : tensor<${n}xf64>
  %shifted = arith.subf %x, %as : tensor<${n}xf64>
  %powers = math.exp %shifted : tensor<${n}xf64>
  %sum = linalg.reduce { arith.addf } ins(%powers : tensor<${n}xf64>) outs(%zero : tensor<f64>) dimensions = [0]
  %s = tensor.extract %sum[] : tensor<f64>
  %log = math.log %s : f64
  %y = arith.addf %log, %a : f64
  return %y : f64
}
costate.derive @value_gradient = gradient @value wrt [0]

func.func @primal(%x: tensor<${n}xf64>) -> f64 {
  %y = func.call @value(%x) : (tensor<${n}xf64>) -> f64
  return %y : f64
}

func.func @gradient(%x: tensor<${n}xf64>) -> tensor<${n}xf64> {
  %y, %g = costate.call @value_gradient(%x) : (tensor<${n}xf64>) -> (f64, tensor<${n}xf64>)
  return %g : tensor<${n}xf64>
}
