// min over x, max over y of (x_1^2 + x_2^2) - (y_1^2 + y_2^2), by gradient descent whose objective is found by gradient ascent

func.func private @f(%x1: f64, %x2: f64, %y1: f64, %y2: f64) -> f64 {
  %a = arith.mulf %x1, %x1 : f64
  %b = arith.mulf %x2, %x2 : f64
  %c = arith.mulf %y1, %y1 : f64
  %d = arith.mulf %y2, %y2 : f64
  %ab = arith.addf %a, %b : f64
  %cd = arith.addf %c, %d : f64
  %r = arith.subf %ab, %cd : f64
  return %r : f64
}
costate.derive @f_gradient = gradient @f wrt [2, 3]
costate.derive @f_jvp = jvp @f wrt [2, 3]

// The inner maximum is the minimum of -f.
func.func private @minus_f(%x1: f64, %x2: f64, %y1: f64, %y2: f64) -> f64 {
  %r = func.call @f(%x1, %x2, %y1, %y2) : (f64, f64, f64, f64) -> f64
  %m = arith.negf %r : f64
  return %m : f64
}

func.func private @minus_slope_r(%x1: f64, %x2: f64, %y1: f64, %y2: f64) -> (f64, f64) {
  %r, %g1, %g2 = costate.call @f_gradient(%x1, %x2, %y1, %y2) : (f64, f64, f64, f64) -> (f64, f64, f64)
  %m1 = arith.negf %g1 : f64
  %m2 = arith.negf %g2 : f64
  return %m1, %m2 : f64, f64
}

func.func private @minus_slope_f(%x1: f64, %x2: f64, %y1: f64, %y2: f64) -> (f64, f64) {
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %r, %g1 = costate.call @f_jvp(%x1, %x2, %y1, %y2, %one, %zero) : (f64, f64, f64, f64, f64, f64) -> (f64, f64)
  %s, %g2 = costate.call @f_jvp(%x1, %x2, %y1, %y2, %zero, %one) : (f64, f64, f64, f64, f64, f64) -> (f64, f64)
  %m1 = arith.negf %g1 : f64
  %m2 = arith.negf %g2 : f64
  return %m1, %m2 : f64, f64
}

$inner_argmin

// The greatest f for this x; the ascent starts at s.
func.func private @greatest(%s1: f64, %s2: f64, %x1: f64, %x2: f64) -> f64 {
  %y:2 = func.call @argmax(%x1, %x2, %s1, %s2) : (f64, f64, f64, f64) -> (f64, f64)
  %r = func.call @f(%x1, %x2, %y#0, %y#1) : (f64, f64, f64, f64) -> f64
  return %r : f64
}
costate.derive @greatest_gradient = gradient @greatest wrt [2, 3]
costate.derive @greatest_jvp = jvp @greatest wrt [2, 3]

func.func private @slope_r(%s1: f64, %s2: f64, %x1: f64, %x2: f64) -> (f64, f64) {
  %r, %g1, %g2 = costate.call @greatest_gradient(%s1, %s2, %x1, %x2) : (f64, f64, f64, f64) -> (f64, f64, f64)
  return %g1, %g2 : f64, f64
}

func.func private @slope_f(%s1: f64, %s2: f64, %x1: f64, %x2: f64) -> (f64, f64) {
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %r, %g1 = costate.call @greatest_jvp(%s1, %s2, %x1, %x2, %one, %zero) : (f64, f64, f64, f64, f64, f64) -> (f64, f64)
  %s, %g2 = costate.call @greatest_jvp(%s1, %s2, %x1, %x2, %zero, %one) : (f64, f64, f64, f64, f64, f64) -> (f64, f64)
  return %g1, %g2 : f64, f64
}

$outer_argmin

func.func @point(%s: tensor<2xf64>) -> tensor<4xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %s1 = tensor.extract %s[%c0] : tensor<2xf64>
  %s2 = tensor.extract %s[%c1] : tensor<2xf64>
  %x:2 = func.call @argmin(%s1, %s2, %s1, %s2) : (f64, f64, f64, f64) -> (f64, f64)
  %y:2 = func.call @argmax(%x#0, %x#1, %s1, %s2) : (f64, f64, f64, f64) -> (f64, f64)
  %r = tensor.from_elements %x#0, %x#1, %y#0, %y#1 : tensor<4xf64>
  return %r : tensor<4xf64>
}
