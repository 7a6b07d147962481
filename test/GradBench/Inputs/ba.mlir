// Bundle adjustment: $n cameras, $m points and $p observations of a point by a camera, each with a weight. An error is the weight
// times where the camera would see the point, less where it did; besides, 1 - w^2. The Jacobian is sparse: two rows for each
// observation, with 11 entries of the camera, 3 of the point and 1 of the weight, and one row for each weight.

func.func private @rotate(%r1: f64, %r2: f64, %r3: f64, %x1: f64, %x2: f64, %x3: f64) -> (f64, f64, f64) {
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %s1 = arith.mulf %r1, %r1 : f64
  %s2 = arith.mulf %r2, %r2 : f64
  %s3 = arith.mulf %r3, %r3 : f64
  %s12 = arith.addf %s1, %s2 : f64
  %square = arith.addf %s12, %s3 : f64
  %turns = arith.cmpf une, %square, %zero : f64
  %y:3 = scf.if %turns -> (f64, f64, f64) {
    %theta = math.sqrt %square : f64
    %cos = math.cos %theta : f64
    %sin = math.sin %theta : f64
    %inverse = arith.divf %one, %theta : f64
    %w1 = arith.mulf %r1, %inverse : f64
    %w2 = arith.mulf %r2, %inverse : f64
    %w3 = arith.mulf %r3, %inverse : f64
    %c1:3 = func.call @cross(%w1, %w2, %w3, %x1, %x2, %x3) : (f64, f64, f64, f64, f64, f64) -> (f64, f64, f64)
    %d1 = arith.mulf %w1, %x1 : f64
    %d2 = arith.mulf %w2, %x2 : f64
    %d3 = arith.mulf %w3, %x3 : f64
    %d12 = arith.addf %d1, %d2 : f64
    %dot = arith.addf %d12, %d3 : f64
    %rest = arith.subf %one, %cos : f64
    %t = arith.mulf %dot, %rest : f64
    %y1 = func.call @combine(%x1, %cos, %c1#0, %sin, %w1, %t) : (f64, f64, f64, f64, f64, f64) -> f64
    %y2 = func.call @combine(%x2, %cos, %c1#1, %sin, %w2, %t) : (f64, f64, f64, f64, f64, f64) -> f64
    %y3 = func.call @combine(%x3, %cos, %c1#2, %sin, %w3, %t) : (f64, f64, f64, f64, f64, f64) -> f64
    scf.yield %y1, %y2, %y3 : f64, f64, f64
  } else {
    %c:3 = func.call @cross(%r1, %r2, %r3, %x1, %x2, %x3) : (f64, f64, f64, f64, f64, f64) -> (f64, f64, f64)
    %y1 = arith.addf %x1, %c#0 : f64
    %y2 = arith.addf %x2, %c#1 : f64
    %y3 = arith.addf %x3, %c#2 : f64
    scf.yield %y1, %y2, %y3 : f64, f64, f64
  }
  return %y#0, %y#1, %y#2 : f64, f64, f64
}

func.func private @cross(%a1: f64, %a2: f64, %a3: f64, %b1: f64, %b2: f64, %b3: f64) -> (f64, f64, f64) {
  %p1 = arith.mulf %a2, %b3 : f64
  %q1 = arith.mulf %a3, %b2 : f64
  %y1 = arith.subf %p1, %q1 : f64
  %p2 = arith.mulf %a3, %b1 : f64
  %q2 = arith.mulf %a1, %b3 : f64
  %y2 = arith.subf %p2, %q2 : f64
  %p3 = arith.mulf %a1, %b2 : f64
  %q3 = arith.mulf %a2, %b1 : f64
  %y3 = arith.subf %p3, %q3 : f64
  return %y1, %y2, %y3 : f64, f64, f64
}

func.func private @combine(%x: f64, %cos: f64, %c: f64, %sin: f64, %w: f64, %t: f64) -> f64 {
  %a = arith.mulf %x, %cos : f64
  %b = arith.mulf %c, %sin : f64
  %d = arith.mulf %w, %t : f64
  %ab = arith.addf %a, %b : f64
  %y = arith.addf %ab, %d : f64
  return %y : f64
}

// The camera: rotation, centre, focal length, principal point, radial distortion.
func.func private @reprojection(%cam: tensor<11xf64>, %x: tensor<3xf64>, %w: f64, %u: f64, %v: f64) -> tensor<2xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  %c6 = arith.constant 6 : index
  %c7 = arith.constant 7 : index
  %c8 = arith.constant 8 : index
  %c9 = arith.constant 9 : index
  %c10 = arith.constant 10 : index
  %one = arith.constant 1.0 : f64
  %r1 = tensor.extract %cam[%c0] : tensor<11xf64>
  %r2 = tensor.extract %cam[%c1] : tensor<11xf64>
  %r3 = tensor.extract %cam[%c2] : tensor<11xf64>
  %o1 = tensor.extract %cam[%c3] : tensor<11xf64>
  %o2 = tensor.extract %cam[%c4] : tensor<11xf64>
  %o3 = tensor.extract %cam[%c5] : tensor<11xf64>
  %focal = tensor.extract %cam[%c6] : tensor<11xf64>
  %u0 = tensor.extract %cam[%c7] : tensor<11xf64>
  %v0 = tensor.extract %cam[%c8] : tensor<11xf64>
  %k1 = tensor.extract %cam[%c9] : tensor<11xf64>
  %k2 = tensor.extract %cam[%c10] : tensor<11xf64>
  %x1 = tensor.extract %x[%c0] : tensor<3xf64>
  %x2 = tensor.extract %x[%c1] : tensor<3xf64>
  %x3 = tensor.extract %x[%c2] : tensor<3xf64>
  %d1 = arith.subf %x1, %o1 : f64
  %d2 = arith.subf %x2, %o2 : f64
  %d3 = arith.subf %x3, %o3 : f64
  %y:3 = func.call @rotate(%r1, %r2, %r3, %d1, %d2, %d3) : (f64, f64, f64, f64, f64, f64) -> (f64, f64, f64)
  %p1 = arith.divf %y#0, %y#2 : f64
  %p2 = arith.divf %y#1, %y#2 : f64
  %q1 = arith.mulf %p1, %p1 : f64
  %q2 = arith.mulf %p2, %p2 : f64
  %q = arith.addf %q1, %q2 : f64
  %l1 = arith.mulf %k1, %q : f64
  %l2 = arith.mulf %k2, %q : f64
  %l3 = arith.mulf %l2, %q : f64
  %l4 = arith.addf %l1, %one : f64
  %l = arith.addf %l4, %l3 : f64
  %s1 = arith.mulf %p1, %l : f64
  %s2 = arith.mulf %p2, %l : f64
  %f1 = arith.mulf %s1, %focal : f64
  %f2 = arith.mulf %s2, %focal : f64
  %g1 = arith.addf %f1, %u0 : f64
  %g2 = arith.addf %f2, %v0 : f64
  %h1 = arith.subf %g1, %u : f64
  %h2 = arith.subf %g2, %v : f64
  %e1 = arith.mulf %h1, %w : f64
  %e2 = arith.mulf %h2, %w : f64
  %e = tensor.from_elements %e1, %e2 : tensor<2xf64>
  return %e : tensor<2xf64>
}
costate.derive @reprojection_vjp = vjp @reprojection wrt [0, 1, 2]

func.func private @weight_error(%w: f64) -> f64 {
  %one = arith.constant 1.0 : f64
  %square = arith.mulf %w, %w : f64
  %e = arith.subf %one, %square : f64
  return %e : f64
}
costate.derive @weight_error_gradient = gradient @weight_error wrt [0]

// Each observation names its camera and its point.
func.func @objective(%cams: tensor<${n}x11xf64>, %points: tensor<${m}x3xf64>, %ws: tensor<${p}xf64>, %obs: tensor<${p}x2xindex>,
                     %feats: tensor<${p}x2xf64>) -> (tensor<${p}x2xf64>, tensor<${p}xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %p = arith.constant $p : index
  %errors0 = tensor.empty() : tensor<${p}x2xf64>
  %weights0 = tensor.empty() : tensor<${p}xf64>
  %errors = scf.for %i = %c0 to %p step %c1 iter_args(%a = %errors0) -> tensor<${p}x2xf64> {
    %camera = tensor.extract %obs[%i, %c0] : tensor<${p}x2xindex>
    %point = tensor.extract %obs[%i, %c1] : tensor<${p}x2xindex>
    %cam = tensor.extract_slice %cams[%camera, 0] [1, 11] [1, 1] : tensor<${n}x11xf64> to tensor<11xf64>
    %x = tensor.extract_slice %points[%point, 0] [1, 3] [1, 1] : tensor<${m}x3xf64> to tensor<3xf64>
    %w = tensor.extract %ws[%i] : tensor<${p}xf64>
    %u = tensor.extract %feats[%i, %c0] : tensor<${p}x2xf64>
    %v = tensor.extract %feats[%i, %c1] : tensor<${p}x2xf64>
    %e = func.call @reprojection(%cam, %x, %w, %u, %v) : (tensor<11xf64>, tensor<3xf64>, f64, f64, f64) -> tensor<2xf64>
    %a1 = tensor.insert_slice %e into %a[%i, 0] [1, 2] [1, 1] : tensor<2xf64> into tensor<${p}x2xf64>
    scf.yield %a1 : tensor<${p}x2xf64>
  }
  %weights = scf.for %i = %c0 to %p step %c1 iter_args(%a = %weights0) -> tensor<${p}xf64> {
    %w = tensor.extract %ws[%i] : tensor<${p}xf64>
    %e = func.call @weight_error(%w) : (f64) -> f64
    %a1 = tensor.insert %e into %a[%i] : tensor<${p}xf64>
    scf.yield %a1 : tensor<${p}xf64>
  }
  return %errors, %weights : tensor<${p}x2xf64>, tensor<${p}xf64>
}

// Values of the Jacobian row by row, their columns, and where each row begins.
func.func @jacobian(%cams: tensor<${n}x11xf64>, %points: tensor<${m}x3xf64>, %ws: tensor<${p}xf64>, %obs: tensor<${p}x2xindex>,
                    %feats: tensor<${p}x2xf64>) -> (tensor<${entries}xf64>, tensor<${entries}xi32>, tensor<${ends}xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c11 = arith.constant 11 : index
  %c14 = arith.constant 14 : index
  %c15 = arith.constant 15 : index
  %c30 = arith.constant 30 : index
  %p = arith.constant $p : index
  %p2 = arith.constant $p2 : index
  %p30 = arith.constant $p30 : index
  %first_point = arith.constant $first_point : index
  %first_weight = arith.constant $first_weight : index
  %zero = arith.constant 0 : i32
  %values0 = tensor.empty() : tensor<${entries}xf64>
  %columns0 = tensor.empty() : tensor<${entries}xi32>
  %begins0 = tensor.empty() : tensor<${ends}xi32>
  %begins1 = tensor.insert %zero into %begins0[%c0] : tensor<${ends}xi32>
  %unit = arith.constant dense<[[1.0, 0.0], [0.0, 1.0]]> : tensor<2x2xf64>
  %blocks:3 = scf.for %i = %c0 to %p step %c1 iter_args(%values = %values0, %columns = %columns0, %begins = %begins1) -> (tensor<${entries}xf64>, tensor<${entries}xi32>, tensor<${ends}xi32>) {
    %camera = tensor.extract %obs[%i, %c0] : tensor<${p}x2xindex>
    %point = tensor.extract %obs[%i, %c1] : tensor<${p}x2xindex>
    %cam = tensor.extract_slice %cams[%camera, 0] [1, 11] [1, 1] : tensor<${n}x11xf64> to tensor<11xf64>
    %x = tensor.extract_slice %points[%point, 0] [1, 3] [1, 1] : tensor<${m}x3xf64> to tensor<3xf64>
    %w = tensor.extract %ws[%i] : tensor<${p}xf64>
    %u = tensor.extract %feats[%i, %c0] : tensor<${p}x2xf64>
    %v = tensor.extract %feats[%i, %c1] : tensor<${p}x2xf64>
    %camera_column = arith.muli %camera, %c11 : index
    %point3 = arith.muli %point, %c3 : index
    %point_column = arith.addi %point3, %first_point : index
    %weight_column = arith.addi %i, %first_weight : index
    %base = arith.muli %i, %c30 : index
    %two_rows:3 = scf.for %r = %c0 to %c2 step %c1 iter_args(%va = %values, %co = %columns, %be = %begins) -> (tensor<${entries}xf64>, tensor<${entries}xi32>, tensor<${ends}xi32>) {
      %seed = tensor.extract_slice %unit[%r, 0] [1, 2] [1, 1] : tensor<2x2xf64> to tensor<2xf64>
      %e, %dcam, %dx, %dw = costate.call @reprojection_vjp(%cam, %x, %w, %u, %v, %seed) : (tensor<11xf64>, tensor<3xf64>, f64, f64, f64, tensor<2xf64>) -> (tensor<2xf64>, tensor<11xf64>, tensor<3xf64>, f64)
      %offset = arith.muli %r, %c15 : index
      %at = arith.addi %base, %offset : index
      %at_point = arith.addi %at, %c11 : index
      %at_weight = arith.addi %at, %c14 : index
      %va1 = tensor.insert_slice %dcam into %va[%at] [11] [1] : tensor<11xf64> into tensor<${entries}xf64>
      %va2 = tensor.insert_slice %dx into %va1[%at_point] [3] [1] : tensor<3xf64> into tensor<${entries}xf64>
      %va3 = tensor.insert %dw into %va2[%at_weight] : tensor<${entries}xf64>
      %co1 = scf.for %j = %c0 to %c11 step %c1 iter_args(%co0 = %co) -> tensor<${entries}xi32> {
        %column = arith.addi %camera_column, %j : index
        %column32 = arith.index_cast %column : index to i32
        %place = arith.addi %at, %j : index
        %next = tensor.insert %column32 into %co0[%place] : tensor<${entries}xi32>
        scf.yield %next : tensor<${entries}xi32>
      }
      %co2 = scf.for %j = %c0 to %c3 step %c1 iter_args(%co0 = %co1) -> tensor<${entries}xi32> {
        %column = arith.addi %point_column, %j : index
        %column32 = arith.index_cast %column : index to i32
        %place = arith.addi %at_point, %j : index
        %next = tensor.insert %column32 into %co0[%place] : tensor<${entries}xi32>
        scf.yield %next : tensor<${entries}xi32>
      }
      %weight32 = arith.index_cast %weight_column : index to i32
      %co3 = tensor.insert %weight32 into %co2[%at_weight] : tensor<${entries}xi32>
      %end = arith.addi %at, %c15 : index
      %end32 = arith.index_cast %end : index to i32
      %i2 = arith.muli %i, %c2 : index
      %row = arith.addi %i2, %r : index
      %row1 = arith.addi %row, %c1 : index
      %be1 = tensor.insert %end32 into %be[%row1] : tensor<${ends}xi32>
      scf.yield %va3, %co3, %be1 : tensor<${entries}xf64>, tensor<${entries}xi32>, tensor<${ends}xi32>
    }
    scf.yield %two_rows#0, %two_rows#1, %two_rows#2 : tensor<${entries}xf64>, tensor<${entries}xi32>, tensor<${ends}xi32>
  }
  %all:3 = scf.for %i = %c0 to %p step %c1 iter_args(%values = %blocks#0, %columns = %blocks#1, %begins = %blocks#2) -> (tensor<${entries}xf64>, tensor<${entries}xi32>, tensor<${ends}xi32>) {
    %w = tensor.extract %ws[%i] : tensor<${p}xf64>
    %e, %d = costate.call @weight_error_gradient(%w) : (f64) -> (f64, f64)
    %at = arith.addi %i, %p30 : index
    %column = arith.addi %i, %first_weight : index
    %column32 = arith.index_cast %column : index to i32
    %end = arith.addi %at, %c1 : index
    %end32 = arith.index_cast %end : index to i32
    %row = arith.addi %i, %p2 : index
    %row1 = arith.addi %row, %c1 : index
    %va = tensor.insert %d into %values[%at] : tensor<${entries}xf64>
    %co = tensor.insert %column32 into %columns[%at] : tensor<${entries}xi32>
    %be = tensor.insert %end32 into %begins[%row1] : tensor<${ends}xi32>
    scf.yield %va, %co, %be : tensor<${entries}xf64>, tensor<${entries}xi32>, tensor<${ends}xi32>
  }
  return %all#0, %all#1, %all#2 : tensor<${entries}xf64>, tensor<${entries}xi32>, tensor<${ends}xi32>
}
