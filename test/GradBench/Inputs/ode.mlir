// y_0' = x_0, y_i' = x_i y_(i-1), y(0) = 0, from time 0 to 2 by steps of the classical Runge-Kutta method, and the gradient
// of the last of the $n components by x

func.func private @tendency(%x: tensor<${n}xf64>, %y: tensor<${n}xf64>) -> tensor<${n}xf64> {
  %one = arith.constant dense<1.0> : tensor<1xf64>
  %lower = tensor.extract_slice %y[0] [$rest] [1] : tensor<${n}xf64> to tensor<${rest}xf64>
  %factor = tensor.concat dim(0) %one, %lower : (tensor<1xf64>, tensor<${rest}xf64>) -> tensor<${n}xf64>
  %z = arith.mulf %x, %factor : tensor<${n}xf64>
  return %z : tensor<${n}xf64>
}

func.func private @solve(%x: tensor<${n}xf64>, %steps: index) -> tensor<${n}xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %start = arith.constant dense<0.0> : tensor<${n}xf64>
  %time = arith.constant 2.0 : f64
  %two = arith.constant 2.0 : f64
  %six = arith.constant 6.0 : f64
  %s64 = arith.index_cast %steps : index to i64
  %s = arith.sitofp %s64 : i64 to f64
  %h = arith.divf %time, %s : f64
  %h_half = arith.divf %h, %two : f64
  %h_sixth = arith.divf %h, %six : f64
  %whole = tensor.splat %h : tensor<${n}xf64>
  %half = tensor.splat %h_half : tensor<${n}xf64>
  %sixth = tensor.splat %h_sixth : tensor<${n}xf64>
  %twos = tensor.splat %two : tensor<${n}xf64>
  %last = scf.for %i = %c0 to %steps step %c1 iter_args(%y = %start) -> tensor<${n}xf64> {
    %k1 = func.call @tendency(%x, %y) : (tensor<${n}xf64>, tensor<${n}xf64>) -> tensor<${n}xf64>
    %a1 = arith.mulf %k1, %half : tensor<${n}xf64>
    %y1 = arith.addf %y, %a1 : tensor<${n}xf64>
    %k2 = func.call @tendency(%x, %y1) : (tensor<${n}xf64>, tensor<${n}xf64>) -> tensor<${n}xf64>
    %a2 = arith.mulf %k2, %half : tensor<${n}xf64>
    %y2 = arith.addf %y, %a2 : tensor<${n}xf64>
    %k3 = func.call @tendency(%x, %y2) : (tensor<${n}xf64>, tensor<${n}xf64>) -> tensor<${n}xf64>
    %a3 = arith.mulf %k3, %whole : tensor<${n}xf64>
    %y3 = arith.addf %y, %a3 : tensor<${n}xf64>
    %k4 = func.call @tendency(%x, %y3) : (tensor<${n}xf64>, tensor<${n}xf64>) -> tensor<${n}xf64>
    %k23 = arith.addf %k2, %k3 : tensor<${n}xf64>
    %k23twice = arith.mulf %k23, %twos : tensor<${n}xf64>
    %k14 = arith.addf %k1, %k4 : tensor<${n}xf64>
    %k = arith.addf %k14, %k23twice : tensor<${n}xf64>
    %change = arith.mulf %k, %sixth : tensor<${n}xf64>
    %next = arith.addf %y, %change : tensor<${n}xf64>
    scf.yield %next : tensor<${n}xf64>
  }
  return %last : tensor<${n}xf64>
}

func.func private @last(%x: tensor<${n}xf64>, %steps: index) -> f64 {
  %end = arith.constant $rest : index
  %y = func.call @solve(%x, %steps) : (tensor<${n}xf64>, index) -> tensor<${n}xf64>
  %r = tensor.extract %y[%end] : tensor<${n}xf64>
  return %r : f64
}
costate.derive @last_gradient = gradient @last wrt [0]

func.func @primal(%x: tensor<${n}xf64>, %steps: index) -> tensor<${n}xf64> {
  %y = func.call @solve(%x, %steps) : (tensor<${n}xf64>, index) -> tensor<${n}xf64>
  return %y : tensor<${n}xf64>
}

func.func @gradient(%x: tensor<${n}xf64>, %steps: index) -> tensor<${n}xf64> {
  %y, %g = costate.call @last_gradient(%x, %steps) : (tensor<${n}xf64>, index) -> (f64, tensor<${n}xf64>)
  return %g : tensor<${n}xf64>
}
