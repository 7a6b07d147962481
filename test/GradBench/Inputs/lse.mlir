// log sum_i exp(x_i) = a + log sum_i exp(x_i - a), where a is the greatest of the $n numbers

func.func private @value(%x: tensor<${n}xf64>) -> f64 {
  %lowest = arith.constant 0xFFF0000000000000 : f64
  %zero = arith.constant dense<0.0> : tensor<f64>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant $n : index
  // Where the greatest is: an index, by which there is nothing to differentiate.
  %at:2 = scf.for %i = %c0 to %n step %c1 iter_args(%best = %lowest, %where = %c0) -> (f64, index) {
    %xi = tensor.extract %x[%i] : tensor<${n}xf64>
    %more = arith.cmpf ogt, %xi, %best : f64
    %value = arith.select %more, %xi, %best : f64
    %place = arith.select %more, %i, %where : index
    scf.yield %value, %place : f64, index
  }
  %a = tensor.extract %x[%at#1] : tensor<${n}xf64>
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
