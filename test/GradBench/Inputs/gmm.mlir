// The logarithm of the posterior of a mixture of $k normal distributions in $d dimensions given $n points, with a Wishart prior
// on the precision matrices Q^T Q. Q is lower triangular, its diagonal is exp(q), below it are the columns of l:
//
//   constant + sum_i logsumexp_k(alpha_k + sum q_k - |Q_k (x_i - mu_k)|^2 / 2) - n logsumexp(alpha)
//            - gamma^2 / 2 sum_k |Q_k|^2 + m sum_k sum q_k
//
// Points go by in blocks of $p; what a block needs for its backward pass is computed again.

// exp is shifted by the greatest number rounded up, which any constant may stand for.
func.func private @logsumexp_alpha(%x: tensor<${k}xf64>) -> f64 {
  %lowest = arith.constant dense<0xFFF0000000000000> : tensor<f64>
  %zero = arith.constant dense<0.0> : tensor<f64>
  %max = linalg.reduce { arith.maximumf } ins(%x : tensor<${k}xf64>) outs(%lowest : tensor<f64>) dimensions = [0]
  %greatest = tensor.extract %max[] : tensor<f64>
  %shift = math.ceil %greatest : f64
  %shifts = tensor.splat %shift : tensor<${k}xf64>
  %shifted = arith.subf %x, %shifts : tensor<${k}xf64>
  %powers = math.exp %shifted : tensor<${k}xf64>
  %sum = linalg.reduce { arith.addf } ins(%powers : tensor<${k}xf64>) outs(%zero : tensor<f64>) dimensions = [0]
  %s = tensor.extract %sum[] : tensor<f64>
  %log = math.log %s : f64
  %y = arith.addf %log, %shift : f64
  return %y : f64
}

// The same for each column of a block.
func.func private @logsumexp(%x: tensor<${k}x${p}xf64>) -> tensor<${p}xf64> {
  %lowest = arith.constant dense<0xFFF0000000000000> : tensor<${p}xf64>
  %zero = arith.constant dense<0.0> : tensor<${p}xf64>
  %greatest = linalg.reduce { arith.maximumf } ins(%x : tensor<${k}x${p}xf64>) outs(%lowest : tensor<${p}xf64>) dimensions = [0]
  %shift = math.ceil %greatest : tensor<${p}xf64>
  %place = tensor.empty() : tensor<${k}x${p}xf64>
  %shifts = linalg.broadcast ins(%shift : tensor<${p}xf64>) outs(%place : tensor<${k}x${p}xf64>) dimensions = [0]
  %shifted = arith.subf %x, %shifts : tensor<${k}x${p}xf64>
  %powers = math.exp %shifted : tensor<${k}x${p}xf64>
  %sum = linalg.reduce { arith.addf } ins(%powers : tensor<${k}x${p}xf64>) outs(%zero : tensor<${p}xf64>) dimensions = [0]
  %log = math.log %sum : tensor<${p}xf64>
  %y = arith.addf %log, %shift : tensor<${p}xf64>
  return %y : tensor<${p}xf64>
}

func.func private @triangles(%q: tensor<${k}x${d}xf64>, %l: tensor<${k}x${below}xf64>) -> tensor<${k}x${d}x${d}xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %k = arith.constant $k : index
  %d = arith.constant $d : index
  %below = arith.constant $entries : index
  %rows = arith.constant dense<$rows> : tensor<${below}xindex>
  %columns = arith.constant dense<$columns> : tensor<${below}xindex>
  %nothing = arith.constant dense<0.0> : tensor<${k}x${d}x${d}xf64>
  %diagonal = math.exp %q : tensor<${k}x${d}xf64>
  %all = scf.for %j = %c0 to %k step %c1 iter_args(%t = %nothing) -> tensor<${k}x${d}x${d}xf64> {
    %with = scf.for %i = %c0 to %d step %c1 iter_args(%u = %t) -> tensor<${k}x${d}x${d}xf64> {
      %e = tensor.extract %diagonal[%j, %i] : tensor<${k}x${d}xf64>
      %v = tensor.insert %e into %u[%j, %i, %i] : tensor<${k}x${d}x${d}xf64>
      scf.yield %v : tensor<${k}x${d}x${d}xf64>
    }
    %full = scf.for %i = %c0 to %below step %c1 iter_args(%u = %with) -> tensor<${k}x${d}x${d}xf64> {
      %row = tensor.extract %rows[%i] : tensor<${below}xindex>
      %column = tensor.extract %columns[%i] : tensor<${below}xindex>
      %e = tensor.extract %l[%j, %i] : tensor<${k}x${below}xf64>
      %v = tensor.insert %e into %u[%j, %row, %column] : tensor<${k}x${d}x${d}xf64>
      scf.yield %v : tensor<${k}x${d}x${d}xf64>
    }
    scf.yield %full : tensor<${k}x${d}x${d}xf64>
  }
  return %all : tensor<${k}x${d}x${d}xf64>
}

func.func private @posterior(%alpha: tensor<${k}xf64>, %mu: tensor<${k}x${d}xf64>, %q: tensor<${k}x${d}xf64>,
                             %l: tensor<${k}x${below}xf64>, %x: tensor<${n}x${d}xf64>, %m: f64, %gamma: f64,
                             %constant: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant $n : index
  %k = arith.constant $k : index
  %p = arith.constant $p : index
  %count = arith.constant $count : f64
  %half = arith.constant 0.5 : f64
  %halves = arith.constant dense<0.5> : tensor<${p}xf64>
  %none = arith.constant dense<0.0> : tensor<f64>
  %zeros_k = arith.constant dense<0.0> : tensor<${k}xf64>
  %zeros_p = arith.constant dense<0.0> : tensor<${p}xf64>
  %zeros = arith.constant dense<0.0> : tensor<${d}x${p}xf64>
  %triangles = func.call @triangles(%q, %l) : (tensor<${k}x${d}xf64>, tensor<${k}x${below}xf64>) -> tensor<${k}x${d}x${d}xf64>
  %sums = linalg.reduce { arith.addf } ins(%q : tensor<${k}x${d}xf64>) outs(%zeros_k : tensor<${k}xf64>) dimensions = [1]
  %weights = arith.addf %alpha, %sums : tensor<${k}xf64>
  %likelihoods = scf.for %i = %c0 to %n step %p iter_args(%total = %zeros_p) -> tensor<${p}xf64> {
    %points = tensor.extract_slice %x[%i, 0] [$p, $d] [1, 1] : tensor<${n}x${d}xf64> to tensor<${p}x${d}xf64>
    %place = tensor.empty() : tensor<${d}x${p}xf64>
    %across = linalg.transpose ins(%points : tensor<${p}x${d}xf64>) outs(%place : tensor<${d}x${p}xf64>) permutation = [1, 0]
    %start = tensor.empty() : tensor<${k}x${p}xf64>
    %terms = scf.for %j = %c0 to %k step %c1 iter_args(%t = %start) -> tensor<${k}x${p}xf64> {
      %mean = tensor.extract_slice %mu[%j, 0] [1, $d] [1, 1] : tensor<${k}x${d}xf64> to tensor<${d}xf64>
      %means = linalg.broadcast ins(%mean : tensor<${d}xf64>) outs(%place : tensor<${d}x${p}xf64>) dimensions = [1]
      %centred = arith.subf %across, %means : tensor<${d}x${p}xf64>
      %triangle = tensor.extract_slice %triangles[%j, 0, 0] [1, $d, $d] [1, 1, 1] : tensor<${k}x${d}x${d}xf64> to tensor<${d}x${d}xf64>
      %y = linalg.matmul ins(%triangle, %centred : tensor<${d}x${d}xf64>, tensor<${d}x${p}xf64>) outs(%zeros : tensor<${d}x${p}xf64>) -> tensor<${d}x${p}xf64>
      %squares = arith.mulf %y, %y : tensor<${d}x${p}xf64>
      %norms = linalg.reduce { arith.addf } ins(%squares : tensor<${d}x${p}xf64>) outs(%zeros_p : tensor<${p}xf64>) dimensions = [0]
      %weight = tensor.extract %weights[%j] : tensor<${k}xf64>
      %ws = tensor.splat %weight : tensor<${p}xf64>
      %halved = arith.mulf %norms, %halves : tensor<${p}xf64>
      %term = arith.subf %ws, %halved : tensor<${p}xf64>
      %u = tensor.insert_slice %term into %t[%j, 0] [1, $p] [1, 1] : tensor<${p}xf64> into tensor<${k}x${p}xf64>
      scf.yield %u : tensor<${k}x${p}xf64>
    }
    %logs = func.call @logsumexp(%terms) : (tensor<${k}x${p}xf64>) -> tensor<${p}xf64>
    %more = arith.addf %total, %logs : tensor<${p}xf64>
    scf.yield %more : tensor<${p}xf64>
  } {checkpoint = {every = 1}}
  %likelihood = linalg.reduce { arith.addf } ins(%likelihoods : tensor<${p}xf64>) outs(%none : tensor<f64>) dimensions = [0]
  %l0 = tensor.extract %likelihood[] : tensor<f64>
  %l1 = arith.addf %l0, %constant : f64
  %la = func.call @logsumexp_alpha(%alpha) : (tensor<${k}xf64>) -> f64
  %lan = arith.mulf %la, %count : f64
  %l2 = arith.subf %l1, %lan : f64
  %flat = tensor.collapse_shape %triangles [[0, 1, 2]] : tensor<${k}x${d}x${d}xf64> into tensor<${all}xf64>
  %norm = linalg.dot ins(%flat, %flat : tensor<${all}xf64>, tensor<${all}xf64>) outs(%none : tensor<f64>) -> tensor<f64>
  %norm0 = tensor.extract %norm[] : tensor<f64>
  %g1 = arith.mulf %gamma, %gamma : f64
  %g2 = arith.mulf %g1, %half : f64
  %g3 = arith.mulf %g2, %norm0 : f64
  %l3 = arith.subf %l2, %g3 : f64
  %qs = linalg.reduce { arith.addf } ins(%sums : tensor<${k}xf64>) outs(%none : tensor<f64>) dimensions = [0]
  %qs0 = tensor.extract %qs[] : tensor<f64>
  %qsm = arith.mulf %qs0, %m : f64
  %l4 = arith.addf %l3, %qsm : f64
  return %l4 : f64
}
costate.derive @posterior_gradient = gradient @posterior wrt [0, 1, 2, 3]

func.func @objective(%alpha: tensor<${k}xf64>, %mu: tensor<${k}x${d}xf64>, %q: tensor<${k}x${d}xf64>, %l: tensor<${k}x${below}xf64>,
                     %x: tensor<${n}x${d}xf64>, %m: f64, %gamma: f64, %constant: f64) -> f64 {
  %y = func.call @posterior(%alpha, %mu, %q, %l, %x, %m, %gamma, %constant) : (tensor<${k}xf64>, tensor<${k}x${d}xf64>, tensor<${k}x${d}xf64>, tensor<${k}x${below}xf64>, tensor<${n}x${d}xf64>, f64, f64, f64) -> f64
  return %y : f64
}

func.func @jacobian(%alpha: tensor<${k}xf64>, %mu: tensor<${k}x${d}xf64>, %q: tensor<${k}x${d}xf64>, %l: tensor<${k}x${below}xf64>,
                    %x: tensor<${n}x${d}xf64>, %m: f64, %gamma: f64, %constant: f64)
    -> (tensor<${k}xf64>, tensor<${k}x${d}xf64>, tensor<${k}x${d}xf64>, tensor<${k}x${below}xf64>) {
  %r:5 = costate.call @posterior_gradient(%alpha, %mu, %q, %l, %x, %m, %gamma, %constant) : (tensor<${k}xf64>, tensor<${k}x${d}xf64>, tensor<${k}x${d}xf64>, tensor<${k}x${below}xf64>, tensor<${n}x${d}xf64>, f64, f64, f64) -> (f64, tensor<${k}xf64>, tensor<${k}x${d}xf64>, tensor<${k}x${d}xf64>, tensor<${k}x${below}xf64>)
  return %r#1, %r#2, %r#3, %r#4 : tensor<${k}xf64>, tensor<${k}x${d}xf64>, tensor<${k}x${d}xf64>, tensor<${k}x${below}xf64>
}
