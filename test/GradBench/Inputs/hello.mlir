// The square of a number and its derivative. GradBench calls the derivative "double".

func.func @square(%x: f64) -> f64 {
  %y = arith.mulf %x, %x : f64
  return %y : f64
}
costate.derive @square_gradient = gradient @square wrt [0]

func.func @double(%x: f64) -> f64 {
  %y, %g = costate.call @square_gradient(%x) : (f64) -> (f64, f64)
  return %g : f64
}
