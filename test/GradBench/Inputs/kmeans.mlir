// The cost of a clustering, the sum over $n points in $d dimensions of the squared distance to the nearest of $k
// centroids, and the direction that Newton's method for it would go: the gradient divided by the diagonal of the
// Hessian, which has nothing beside its diagonal.

// The nearest centroid of each point: an index, by which there is nothing to differentiate. $block points at a time, side by side.
func.func private @nearest(%points: tensor<${n}x${d}xf64>, %centroids: tensor<${k}x${d}xf64>) -> tensor<${n}xindex> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %k = arith.constant $k : index
  %n = arith.constant $n : index
  %block = arith.constant $block : index
  %zero = arith.constant 0.0 : f64
  %infinity = arith.constant 0x7FF0000000000000 : f64
  %flat = tensor.empty() : tensor<${d}x${n}xf64>
  %columns = linalg.transpose ins(%points : tensor<${n}x${d}xf64>) outs(%flat : tensor<${d}x${n}xf64>) permutation = [1, 0]
  %none = tensor.empty() : tensor<${n}xindex>
  %nearest = scf.for %i = %c0 to %n step %block iter_args(%places = %none) -> tensor<${n}xindex> {
    %some = tensor.extract_slice %columns[0, %i] [$d, $block] [1, 1] : tensor<${d}x${n}xf64> to tensor<${d}x${block}xf64>
    %numbers = tensor.empty() : tensor<${block}xf64>
    %indices = tensor.empty() : tensor<${block}xindex>
    %far = linalg.fill ins(%infinity : f64) outs(%numbers : tensor<${block}xf64>) -> tensor<${block}xf64>
    %first = linalg.fill ins(%c0 : index) outs(%indices : tensor<${block}xindex>) -> tensor<${block}xindex>
    %least:2 = scf.for %j = %c0 to %k step %c1 iter_args(%best = %far, %where = %first) -> (tensor<${block}xf64>, tensor<${block}xindex>) {
      %centroid = tensor.extract_slice %centroids[%j, 0] [1, $d] [1, 1] : tensor<${k}x${d}xf64> to tensor<${d}xf64>
      %start = linalg.fill ins(%zero : f64) outs(%numbers : tensor<${block}xf64>) -> tensor<${block}xf64>
      %distance = linalg.generic {indexing_maps = [affine_map<(l, p) -> (l, p)>, affine_map<(l, p) -> (l)>, affine_map<(l, p) -> (p)>], iterator_types = ["reduction", "parallel"]}
        ins(%some, %centroid : tensor<${d}x${block}xf64>, tensor<${d}xf64>) outs(%start : tensor<${block}xf64>) {
      ^bb0(%a: f64, %b: f64, %s: f64):
        %difference = arith.subf %a, %b : f64
        %square = arith.mulf %difference, %difference : f64
        %more = arith.addf %s, %square : f64
        linalg.yield %more : f64
      } -> tensor<${block}xf64>
      %next:2 = linalg.generic {indexing_maps = [affine_map<(p) -> (p)>, affine_map<(p) -> (p)>, affine_map<(p) -> (p)>], iterator_types = ["parallel"]}
        ins(%distance : tensor<${block}xf64>) outs(%best, %where : tensor<${block}xf64>, tensor<${block}xindex>) {
      ^bb0(%a: f64, %b: f64, %at: index):
        %less = arith.cmpf olt, %a, %b : f64
        %value = arith.select %less, %a, %b : f64
        %place = arith.select %less, %j, %at : index
        linalg.yield %value, %place : f64, index
      } -> (tensor<${block}xf64>, tensor<${block}xindex>)
      scf.yield %next#0, %next#1 : tensor<${block}xf64>, tensor<${block}xindex>
    }
    %with = tensor.insert_slice %least#1 into %places[%i] [$block] [1] : tensor<${block}xindex> into tensor<${n}xindex>
    scf.yield %with : tensor<${n}xindex>
  }
  return %nearest : tensor<${n}xindex>
}

func.func private @objective(%points: tensor<${n}x${d}xf64>, %centroids: tensor<${k}x${d}xf64>) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant $n : index
  %d = arith.constant $d : index
  %zero = arith.constant 0.0 : f64
  %nearest = func.call @nearest(%points, %centroids) : (tensor<${n}x${d}xf64>, tensor<${k}x${d}xf64>) -> tensor<${n}xindex>
  %cost = scf.for %i = %c0 to %n step %c1 iter_args(%sum = %zero) -> f64 {
    %point = tensor.extract_slice %points[%i, 0] [1, $d] [1, 1] : tensor<${n}x${d}xf64> to tensor<${d}xf64>
    %j = tensor.extract %nearest[%i] : tensor<${n}xindex>
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
