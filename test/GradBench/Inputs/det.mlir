// The determinant of a matrix of order $n by expansion by minors. What is below a row is a minor of the last rows, named by its
// set of columns (a mask): it is the sum over its columns of the entry of its first row, times the minor without that row and
// that column, with signs that alternate. Each minor is computed once, in the order of their sizes: term by term, as the tables
// say which minor it is part of, of which entry and of which smaller minor it is the product, and with which sign.

func.func private @value(%a: tensor<${entries}xf64>) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %terms = arith.constant $terms : index
  %whole = arith.constant $whole : index
  %one = arith.constant 1.0 : f64
  %of = arith.constant dense<$of> : tensor<${terms}xindex>
  %entry = arith.constant dense<$entry> : tensor<${terms}xindex>
  %smaller = arith.constant dense<$smaller> : tensor<${terms}xindex>
  %sign = arith.constant dense<$sign> : tensor<${terms}xf64>
  %none = arith.constant dense<0.0> : tensor<${minors}xf64>
  %start = tensor.insert %one into %none[%c0] : tensor<${minors}xf64>
  %all = scf.for %i = %c0 to %terms step %c1 iter_args(%m = %start) -> tensor<${minors}xf64> {
    %p = tensor.extract %of[%i] : tensor<${terms}xindex>
    %e = tensor.extract %entry[%i] : tensor<${terms}xindex>
    %q = tensor.extract %smaller[%i] : tensor<${terms}xindex>
    %s = tensor.extract %sign[%i] : tensor<${terms}xf64>
    %ae = tensor.extract %a[%e] : tensor<${entries}xf64>
    %mq = tensor.extract %m[%q] : tensor<${minors}xf64>
    %signed = arith.mulf %ae, %s : f64
    %term = arith.mulf %signed, %mq : f64
    %mp = tensor.extract %m[%p] : tensor<${minors}xf64>
    %sum = arith.addf %mp, %term : f64
    %next = tensor.insert %sum into %m[%p] : tensor<${minors}xf64>
    scf.yield %next : tensor<${minors}xf64>
  }
  %y = tensor.extract %all[%whole] : tensor<${minors}xf64>
  return %y : f64
}
costate.derive @value_gradient = gradient @value wrt [0]

func.func @primal(%a: tensor<${entries}xf64>) -> f64 {
  %y = func.call @value(%a) : (tensor<${entries}xf64>) -> f64
  return %y : f64
}

func.func @gradient(%a: tensor<${entries}xf64>) -> tensor<${entries}xf64> {
  %y, %g = costate.call @value_gradient(%a) : (tensor<${entries}xf64>) -> (f64, tensor<${entries}xf64>)
  return %g : tensor<${entries}xf64>
}
