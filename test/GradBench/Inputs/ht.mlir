// Hand tracking: the $c measured points less the points of a hand model that correspond to them. The hand has $b bones, each turned
// against its parent by angles among the 26 parameters theta, and a skin of $v vertices that follow the bones by weights; then
// the whole is turned and moved by the first six of theta. $what

func.func private @product(%a: tensor<4x4xf64>, %b: tensor<4x4xf64>) -> tensor<4x4xf64> {
  %zero = arith.constant dense<0.0> : tensor<4x4xf64>
  %c = linalg.matmul ins(%a, %b : tensor<4x4xf64>, tensor<4x4xf64>) outs(%zero : tensor<4x4xf64>) -> tensor<4x4xf64>
  return %c : tensor<4x4xf64>
}

// Turns about the three axes, Rz Ry Rx, in homogeneous coordinates.
func.func private @turn(%x: f64, %y: f64, %z: f64) -> tensor<4x4xf64> {
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %cx = math.cos %x : f64
  %sx = math.sin %x : f64
  %nsx = arith.negf %sx : f64
  %cy = math.cos %y : f64
  %sy = math.sin %y : f64
  %nsy = arith.negf %sy : f64
  %cz = math.cos %z : f64
  %sz = math.sin %z : f64
  %nsz = arith.negf %sz : f64
  %rx = tensor.from_elements %one, %zero, %zero, %zero, %zero, %cx, %nsx, %zero, %zero, %sx, %cx, %zero, %zero, %zero, %zero, %one : tensor<4x4xf64>
  %ry = tensor.from_elements %cy, %zero, %sy, %zero, %zero, %one, %zero, %zero, %nsy, %zero, %cy, %zero, %zero, %zero, %zero, %one : tensor<4x4xf64>
  %rz = tensor.from_elements %cz, %nsz, %zero, %zero, %sz, %cz, %zero, %zero, %zero, %zero, %one, %zero, %zero, %zero, %zero, %one : tensor<4x4xf64>
  %zy = func.call @product(%rz, %ry) : (tensor<4x4xf64>, tensor<4x4xf64>) -> tensor<4x4xf64>
  %r = func.call @product(%zy, %rx) : (tensor<4x4xf64>, tensor<4x4xf64>) -> tensor<4x4xf64>
  return %r : tensor<4x4xf64>
}

// The matrix of a turn by the length of a vector about its direction.
func.func private @turn_about(%a1: f64, %a2: f64, %a3: f64) -> tensor<3x3xf64> {
  %one = arith.constant 1.0 : f64
  %small = arith.constant 1.0e-4 : f64
  %identity = arith.constant dense<[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]> : tensor<3x3xf64>
  %q1 = arith.mulf %a1, %a1 : f64
  %q2 = arith.mulf %a2, %a2 : f64
  %q3 = arith.mulf %a3, %a3 : f64
  %q12 = arith.addf %q1, %q2 : f64
  %q = arith.addf %q12, %q3 : f64
  %norm = math.sqrt %q : f64
  %none = arith.cmpf olt, %norm, %small : f64
  %r = scf.if %none -> tensor<3x3xf64> {
    scf.yield %identity : tensor<3x3xf64>
  } else {
    %x = arith.divf %a1, %norm : f64
    %y = arith.divf %a2, %norm : f64
    %z = arith.divf %a3, %norm : f64
    %s = math.sin %norm : f64
    %c = math.cos %norm : f64
    %k = arith.subf %one, %c : f64
    %xk = arith.mulf %x, %k : f64
    %yk = arith.mulf %y, %k : f64
    %zk = arith.mulf %z, %k : f64
    %xs = arith.mulf %x, %s : f64
    %ys = arith.mulf %y, %s : f64
    %zs = arith.mulf %z, %s : f64
    %xx = arith.mulf %xk, %x : f64
    %yy = arith.mulf %yk, %y : f64
    %zz = arith.mulf %zk, %z : f64
    %xy = arith.mulf %xk, %y : f64
    %xz = arith.mulf %xk, %z : f64
    %yz = arith.mulf %yk, %z : f64
    %m11 = arith.addf %xx, %c : f64
    %m12 = arith.subf %xy, %zs : f64
    %m13 = arith.addf %xz, %ys : f64
    %m21 = arith.addf %xy, %zs : f64
    %m22 = arith.addf %yy, %c : f64
    %m23 = arith.subf %yz, %xs : f64
    %m31 = arith.subf %xz, %ys : f64
    %m32 = arith.addf %yz, %xs : f64
    %m33 = arith.addf %zz, %c : f64
    %t = tensor.from_elements %m11, %m12, %m13, %m21, %m22, %m23, %m31, %m32, %m33 : tensor<3x3xf64>
    scf.yield %t : tensor<3x3xf64>
  }
  return %r : tensor<3x3xf64>
}

// Each bone's transform of the skin, side by side in three rows, and what moves the whole as the last column.
func.func private @transforms(%theta: tensor<26xf64>, %relatives: tensor<${b}x4x4xf64>, %inverses: tensor<${b}x4x4xf64>,
                              %parents: tensor<${b}xindex>, %mirror: f64) -> tensor<3x${columns}xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  %c6 = arith.constant 6 : index
  %c20 = arith.constant 20 : index
  %b = arith.constant $b : index
  %zero3 = arith.constant dense<0.0> : tensor<3x3xf64>
  %zero34 = arith.constant dense<0.0> : tensor<3x4xf64>
  // Which angle of which bone a parameter is: of each finger's second bone there are two.
  %bones = arith.constant dense<[2, 2, 3, 4, 6, 6, 7, 8, 10, 10, 11, 12, 14, 14, 15, 16, 18, 18, 19, 20]> : tensor<20xindex>
  %angles = arith.constant dense<[0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0]> : tensor<20xindex>
  %straight = arith.constant dense<0.0> : tensor<${b}x3xf64>
  %pose = scf.for %i = %c0 to %c20 step %c1 iter_args(%p = %straight) -> tensor<${b}x3xf64> {
    %bone = tensor.extract %bones[%i] : tensor<20xindex>
    %angle = tensor.extract %angles[%i] : tensor<20xindex>
    %at = arith.addi %i, %c6 : index
    %value = tensor.extract %theta[%at] : tensor<26xf64>
    %next = tensor.insert %value into %p[%bone, %angle] : tensor<${b}x3xf64>
    scf.yield %next : tensor<${b}x3xf64>
  }
  %t1 = tensor.extract %theta[%c0] : tensor<26xf64>
  %t2 = tensor.extract %theta[%c1] : tensor<26xf64>
  %t3 = tensor.extract %theta[%c2] : tensor<26xf64>
  %turn = func.call @turn_about(%t1, %t2, %t3) : (f64, f64, f64) -> tensor<3x3xf64>
  %column = tensor.extract_slice %turn[0, 0] [3, 1] [1, 1] : tensor<3x3xf64> to tensor<3x1xf64>
  %mirrors = tensor.splat %mirror : tensor<3x1xf64>
  %mirrored = arith.mulf %column, %mirrors : tensor<3x1xf64>
  %global = tensor.insert_slice %mirrored into %turn[0, 0] [3, 1] [1, 1] : tensor<3x1xf64> into tensor<3x3xf64>
  %place = tensor.empty() : tensor<3x${columns}xf64>
  %absolutes0 = tensor.empty() : tensor<${b}x4x4xf64>
  %all:2 = scf.for %i = %c0 to %b step %c1 iter_args(%absolutes = %absolutes0, %t = %place) -> (tensor<${b}x4x4xf64>, tensor<3x${columns}xf64>) {
    %x = tensor.extract %pose[%i, %c0] : tensor<${b}x3xf64>
    %z = tensor.extract %pose[%i, %c1] : tensor<${b}x3xf64>
    %y = tensor.extract %pose[%i, %c2] : tensor<${b}x3xf64>
    %r = func.call @turn(%x, %y, %z) : (f64, f64, f64) -> tensor<4x4xf64>
    %base = tensor.extract_slice %relatives[%i, 0, 0] [1, 4, 4] [1, 1, 1] : tensor<${b}x4x4xf64> to tensor<4x4xf64>
    %relative = func.call @product(%base, %r) : (tensor<4x4xf64>, tensor<4x4xf64>) -> tensor<4x4xf64>
    %parent = tensor.extract %parents[%i] : tensor<${b}xindex>
    // The root is named as its own parent.
    %root = arith.cmpi eq, %parent, %i : index
    %absolute = scf.if %root -> tensor<4x4xf64> {
      scf.yield %relative : tensor<4x4xf64>
    } else {
      %above = tensor.extract_slice %absolutes[%parent, 0, 0] [1, 4, 4] [1, 1, 1] : tensor<${b}x4x4xf64> to tensor<4x4xf64>
      %u = func.call @product(%above, %relative) : (tensor<4x4xf64>, tensor<4x4xf64>) -> tensor<4x4xf64>
      scf.yield %u : tensor<4x4xf64>
    }
    %kept = tensor.insert_slice %absolute into %absolutes[%i, 0, 0] [1, 4, 4] [1, 1, 1] : tensor<4x4xf64> into tensor<${b}x4x4xf64>
    %inverse = tensor.extract_slice %inverses[%i, 0, 0] [1, 4, 4] [1, 1, 1] : tensor<${b}x4x4xf64> to tensor<4x4xf64>
    %transform = func.call @product(%absolute, %inverse) : (tensor<4x4xf64>, tensor<4x4xf64>) -> tensor<4x4xf64>
    %rows = tensor.extract_slice %transform[0, 0] [3, 4] [1, 1] : tensor<4x4xf64> to tensor<3x4xf64>
    %turned = linalg.matmul ins(%global, %rows : tensor<3x3xf64>, tensor<3x4xf64>) outs(%zero34 : tensor<3x4xf64>) -> tensor<3x4xf64>
    %at = arith.muli %i, %c4 : index
    %next = tensor.insert_slice %turned into %t[0, %at] [3, 4] [1, 1] : tensor<3x4xf64> into tensor<3x${columns}xf64>
    scf.yield %kept, %next : tensor<${b}x4x4xf64>, tensor<3x${columns}xf64>
  }
  %move = tensor.extract_slice %theta[3] [3] [1] : tensor<26xf64> to tensor<3xf64>
  %moved = tensor.insert_slice %move into %all#1[0, $last] [3, 1] [1, 1] : tensor<3xf64> into tensor<3x${columns}xf64>
  return %moved : tensor<3x${columns}xf64>
}

// The weights of the bones, times homogeneous coordinates: of each bone four rows, and a row of ones.
func.func private @skin(%base: tensor<4x${v}xf64>, %weights: tensor<${b}x${v}xf64>) -> tensor<${columns}x${v}xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %b = arith.constant $b : index
  %ones = arith.constant dense<1.0> : tensor<1x${v}xf64>
  %place = tensor.empty() : tensor<${columns}x${v}xf64>
  %space = tensor.empty() : tensor<4x${v}xf64>
  %rows = scf.for %i = %c0 to %b step %c1 iter_args(%s = %place) -> tensor<${columns}x${v}xf64> {
    %w = tensor.extract_slice %weights[%i, 0] [1, $v] [1, 1] : tensor<${b}x${v}xf64> to tensor<${v}xf64>
    %ws = linalg.broadcast ins(%w : tensor<${v}xf64>) outs(%space : tensor<4x${v}xf64>) dimensions = [0]
    %m = arith.mulf %ws, %base : tensor<4x${v}xf64>
    %at = arith.muli %i, %c4 : index
    %next = tensor.insert_slice %m into %s[%at, 0] [4, $v] [1, 1] : tensor<4x${v}xf64> into tensor<${columns}x${v}xf64>
    scf.yield %next : tensor<${columns}x${v}xf64>
  }
  %all = tensor.insert_slice %ones into %rows[$last, 0] [1, $v] [1, 1] : tensor<1x${v}xf64> into tensor<${columns}x${v}xf64>
  return %all : tensor<${columns}x${v}xf64>
}

func.func private @errors(%theta: tensor<26xf64>, %us: tensor<${c}x2xf64>, %relatives: tensor<${b}x4x4xf64>, %inverses: tensor<${b}x4x4xf64>,
                          %parents: tensor<${b}xindex>, %skin: tensor<${columns}x${v}xf64>, %places: tensor<${c}x3xindex>,
                          %points: tensor<${c}x3xf64>, %mirror: f64) -> tensor<${c}x3xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c = arith.constant $c : index
  %one = arith.constant 1.0 : f64
  %zero = arith.constant dense<0.0> : tensor<3x${v}xf64>
  %transforms = func.call @transforms(%theta, %relatives, %inverses, %parents, %mirror) : (tensor<26xf64>, tensor<${b}x4x4xf64>, tensor<${b}x4x4xf64>, tensor<${b}xindex>, f64) -> tensor<3x${columns}xf64>
  %positions = linalg.matmul ins(%transforms, %skin : tensor<3x${columns}xf64>, tensor<${columns}x${v}xf64>) outs(%zero : tensor<3x${v}xf64>) -> tensor<3x${v}xf64>
  %start = tensor.empty() : tensor<${c}x3xf64>
  %errors = scf.for %i = %c0 to %c step %c1 iter_args(%e = %start) -> tensor<${c}x3xf64> {
    $weights
    %row = scf.for %j = %c0 to %c3 step %c1 iter_args(%f = %e) -> tensor<${c}x3xf64> {
      $combination
      %measured = tensor.extract %points[%i, %j] : tensor<${c}x3xf64>
      %error = arith.subf %measured, %modelled : f64
      %next = tensor.insert %error into %f[%i, %j] : tensor<${c}x3xf64>
      scf.yield %next : tensor<${c}x3xf64>
    }
    scf.yield %row : tensor<${c}x3xf64>
  }
  return %errors : tensor<${c}x3xf64>
}
costate.derive @errors_by_theta = jvp @errors wrt [0]
$derive_us

func.func @objective(%theta: tensor<26xf64>, %us: tensor<${c}x2xf64>, %relatives: tensor<${b}x4x4xf64>, %inverses: tensor<${b}x4x4xf64>,
                     %parents: tensor<${b}xindex>, %base: tensor<4x${v}xf64>, %weights: tensor<${b}x${v}xf64>,
                     %places: tensor<${c}x3xindex>, %points: tensor<${c}x3xf64>, %mirror: f64) -> tensor<${c}x3xf64> {
  %skin = func.call @skin(%base, %weights) : (tensor<4x${v}xf64>, tensor<${b}x${v}xf64>) -> tensor<${columns}x${v}xf64>
  %e = func.call @errors(%theta, %us, %relatives, %inverses, %parents, %skin, %places, %points, %mirror) : (tensor<26xf64>, tensor<${c}x2xf64>, tensor<${b}x4x4xf64>, tensor<${b}x4x4xf64>, tensor<${b}xindex>, tensor<${columns}x${v}xf64>, tensor<${c}x3xindex>, tensor<${c}x3xf64>, f64) -> tensor<${c}x3xf64>
  return %e : tensor<${c}x3xf64>
}

// Column by column. A point depends on its own two of us alone, so one direction serves them all.
func.func @jacobian(%theta: tensor<26xf64>, %us: tensor<${c}x2xf64>, %relatives: tensor<${b}x4x4xf64>, %inverses: tensor<${b}x4x4xf64>,
                    %parents: tensor<${b}xindex>, %base: tensor<4x${v}xf64>, %weights: tensor<${b}x${v}xf64>,
                    %places: tensor<${c}x3xindex>, %points: tensor<${c}x3xf64>, %mirror: f64) -> tensor<${directions}x${c}x3xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c26 = arith.constant 26 : index
  %first = arith.constant $first : index
  %one = arith.constant 1.0 : f64
  %none = arith.constant dense<0.0> : tensor<26xf64>
  %place = tensor.empty() : tensor<${directions}x${c}x3xf64>
  %skin = func.call @skin(%base, %weights) : (tensor<4x${v}xf64>, tensor<${b}x${v}xf64>) -> tensor<${columns}x${v}xf64>
  $by_us
  %all = scf.for %j = %c0 to %c26 step %c1 iter_args(%s = $start) -> tensor<${directions}x${c}x3xf64> {
    %direction = tensor.insert %one into %none[%j] : tensor<26xf64>
    %e, %d = costate.call @errors_by_theta(%theta, %us, %relatives, %inverses, %parents, %skin, %places, %points, %mirror, %direction) : (tensor<26xf64>, tensor<${c}x2xf64>, tensor<${b}x4x4xf64>, tensor<${b}x4x4xf64>, tensor<${b}xindex>, tensor<${columns}x${v}xf64>, tensor<${c}x3xindex>, tensor<${c}x3xf64>, f64, tensor<26xf64>) -> (tensor<${c}x3xf64>, tensor<${c}x3xf64>)
    %at = arith.addi %j, %first : index
    %next = tensor.insert_slice %d into %s[%at, 0, 0] [1, $c, 3] [1, 1, 1] : tensor<${c}x3xf64> into tensor<${directions}x${c}x3xf64>
    scf.yield %next : tensor<${directions}x${c}x3xf64>
  }
  return %all : tensor<${directions}x${c}x3xf64>
}
