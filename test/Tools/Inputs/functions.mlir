// The sum of x_i^n, and its gradient; the trip count is not known, so neither is the size of the tape.
func.func private @sum(%x: tensor<3xf64>, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant dense<1.0> : tensor<3xf64>
  %zero = arith.constant dense<0.0> : tensor<f64>
  %p = scf.for %i = %c0 to %n step %c1 iter_args(%q = %one) -> tensor<3xf64> {
    %r = arith.mulf %q, %x : tensor<3xf64>
    scf.yield %r : tensor<3xf64>
  }
  %s = linalg.reduce { arith.addf } ins(%p : tensor<3xf64>) outs(%zero : tensor<f64>) dimensions = [0]
  %y = tensor.extract %s[] : tensor<f64>
  return %y : f64
}
costate.derive @sum_gradient = gradient @sum wrt [0]

func.func @power_sum(%x: tensor<3xf64>, %n: index) -> (f64, tensor<3xf64>) {
  %y, %g = costate.call @sum_gradient(%x, %n) : (tensor<3xf64>, index) -> (f64, tensor<3xf64>)
  return %y, %g : f64, tensor<3xf64>
}

// What nobody differentiates may gather, too.
func.func @pick(%x: tensor<3xf64>, %at: tensor<2x1xindex>) -> tensor<2xf64> {
  %y = tensor.gather %x[%at] gather_dims([0]) : (tensor<3xf64>, tensor<2x1xindex>) -> tensor<2xf64>
  return %y : tensor<2xf64>
}
