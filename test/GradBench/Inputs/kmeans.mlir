// The cost of a clustering, the sum over $n points in $d dimensions of the squared distance to the nearest of $k
// centroids, and the direction that Newton's method for it would go: the gradient divided by the diagonal of the
// Hessian, which has nothing beside its diagonal.

// The nearest centroid: an index, by which there is nothing to differentiate.
func.func private @nearest(%point: tensor<${d}xf64>, %centroids: tensor<${k}x${d}xf64>) -> index {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %k = arith.constant $k : index
  %d = arith.constant $d : index
  %zero = arith.constant 0.0 : f64
  %infinity = arith.constant 0x7FF0000000000000 : f64
  %least:2 = scf.for %j = %c0 to %k step %c1 iter_args(%best = %infinity, %where = %c0) -> (f64, index) {
    %distance = scf.for %l = %c0 to %d step %c1 iter_args(%s = %zero) -> f64 {
      %a = tensor.extract %point[%l] : tensor<${d}xf64>
      %b = tensor.extract %centroids[%j, %l] : tensor<${k}x${d}xf64>
      %difference = arith.subf %a, %b : f64
      %square = arith.mulf %difference, %difference : f64
      %more = arith.addf %s, %square : f64
      scf.yield %more : f64
    }
    %less = arith.cmpf olt, %distance, %best : f64
    %value = arith.select %less, %distance, %best : f64
    %place = arith.select %less, %j, %where : index
    scf.yield %value, %place : f64, index
  }
  return %least#1 : index
}

func.func private @objective(%points: tensor<${n}x${d}xf64>, %centroids: tensor<${k}x${d}xf64>) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant $n : index
  %d = arith.constant $d : index
  %zero = arith.constant 0.0 : f64
  %cost = scf.for %i = %c0 to %n step %c1 iter_args(%sum = %zero) -> f64 {
    %point = tensor.extract_slice %points[%i, 0] [1, $d] [1, 1] : tensor<${n}x${d}xf64> to tensor<${d}xf64>
    %j = func.call @nearest(%point, %centroids) : (tensor<${d}xf64>, tensor<${k}x${d}xf64>) -> index
    %centroid = tensor.extract_slice %centroids[%j, 0] [1, $d] [1, 1] : tensor<${k}x${d}xf64> to tensor<${d}xf64>
    %distance = scf.for %l = %c0 to %d step %c1 iter_args(%s = %sum) -> f64 {
      %a = tensor.extract %point[%l] : tensor<${d}xf64>
      %b = tensor.extract %centroid[%l] : tensor<${d}xf64>
      %difference = arith.subf %a, %b : f64
      %square = arith.mulf %difference, %difference : f64
      %more = arith.addf %s, %square : f64
      scf.yield %more : f64
    }
    scf.yield %distance : f64
  }
  return %cost : f64
}
costate.derive @objective_gradient = gradient @objective wrt [1]
costate.derive @derivatives = jvp @objective_gradient wrt [1]

func.func @cost(%points: tensor<${n}x${d}xf64>, %centroids: tensor<${k}x${d}xf64>) -> f64 {
  %y = func.call @objective(%points, %centroids) : (tensor<${n}x${d}xf64>, tensor<${k}x${d}xf64>) -> f64
  return %y : f64
}

func.func @dir(%points: tensor<${n}x${d}xf64>, %centroids: tensor<${k}x${d}xf64>) -> tensor<${k}x${d}xf64> {
  %ones = arith.constant dense<1.0> : tensor<${k}x${d}xf64>
  %r:4 = costate.call @derivatives(%points, %centroids, %ones) : (tensor<${n}x${d}xf64>, tensor<${k}x${d}xf64>, tensor<${k}x${d}xf64>) -> (f64, tensor<${k}x${d}xf64>, f64, tensor<${k}x${d}xf64>)
  %step = arith.divf %r#1, %r#3 : tensor<${k}x${d}xf64>
  return %step : tensor<${k}x${d}xf64>
}
