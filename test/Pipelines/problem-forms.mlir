// The forms that front ends write, in the residuals of a problem, each beside the same function in elementwise ops, slices and
// selections. Losses are equal, by one thread and two, and the gradient is what differences give.
// RUN: costatec %s -o %t
// RUN: %t eval --threads 1 2>/dev/null | FileCheck %s
// RUN: %t eval --threads 2 2>/dev/null | FileCheck %s
// RUN: %t check-grad | FileCheck %s --check-prefix=GRAD
// GRAD: the gradient agrees with differences
// CHECK: {{^}}  affine {{ *}}[[AFFINE:[0-9.e+-]+]] {{ *}}objective
// CHECK-NEXT: {{^}}  affine plain {{ *}}[[AFFINE]] {{ *}}objective
// CHECK-NEXT: {{^}}  switch {{ *}}[[SWITCH:[0-9.e+-]+]] {{ *}}objective
// CHECK-NEXT: {{^}}  switch plain {{ *}}[[SWITCH]] {{ *}}objective
// CHECK-NEXT: {{^}}  parallel {{ *}}[[PARALLEL:[0-9.e+-]+]] {{ *}}objective
// CHECK-NEXT: {{^}}  parallel plain {{ *}}[[PARALLEL]] {{ *}}objective
// CHECK-NEXT: {{^}}  forall {{ *}}[[FORALL:[0-9.e+-]+]] {{ *}}objective
// CHECK-NEXT: {{^}}  forall plain {{ *}}[[FORALL]] {{ *}}objective
// CHECK-NEXT: {{^}}  generate {{ *}}[[GENERATE:[0-9.e+-]+]] {{ *}}objective
// CHECK-NEXT: {{^}}  generate plain {{ *}}[[GENERATE]] {{ *}}objective
// CHECK-NEXT: {{^}}  gather {{ *}}[[GATHER:[0-9.e+-]+]] {{ *}}objective
// CHECK-NEXT: {{^}}  gather plain {{ *}}[[GATHER]] {{ *}}objective
// CHECK-NEXT: {{^}}  pick {{ *}}[[PICK:[0-9.e+-]+]] {{ *}}objective
// CHECK-NEXT: {{^}}  pick plain {{ *}}[[PICK]] {{ *}}objective
// CHECK-NEXT: {{^}}  while {{ *}}[[WHILE:[0-9.e+-]+]] {{ *}}objective
// CHECK-NEXT: {{^}}  while plain {{ *}}[[WHILE]] {{ *}}objective

costate.variable @p init [0.5, -0.25, 1.0, 0.75] : tensor<4xf64>

// Polynomials at x: the coefficients by Horner's rule.
costate.residual @affine(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %zero = arith.constant dense<0.0> : tensor<4xf64>
  %y = affine.for %i = 0 to 4 iter_args(%sum = %zero) -> tensor<4xf64> {
    %at = affine.apply affine_map<(i) -> (3 - i)>(%i)
    %c = tensor.extract %p[%at] : tensor<4xf64>
    %cs = tensor.splat %c : tensor<4xf64>
    %higher = arith.mulf %sum, %x : tensor<4xf64>
    %next = arith.addf %higher, %cs : tensor<4xf64>
    affine.yield %next : tensor<4xf64>
  }
  costate.yield %y : tensor<4xf64>
}
costate.residual @affine_plain(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %p0 = tensor.extract %p[%c0] : tensor<4xf64>
  %p1 = tensor.extract %p[%c1] : tensor<4xf64>
  %p2 = tensor.extract %p[%c2] : tensor<4xf64>
  %p3 = tensor.extract %p[%c3] : tensor<4xf64>
  %s0 = tensor.splat %p0 : tensor<4xf64>
  %s1 = tensor.splat %p1 : tensor<4xf64>
  %s2 = tensor.splat %p2 : tensor<4xf64>
  %s3 = tensor.splat %p3 : tensor<4xf64>
  %a = arith.mulf %s3, %x : tensor<4xf64>
  %b = arith.addf %a, %s2 : tensor<4xf64>
  %c = arith.mulf %b, %x : tensor<4xf64>
  %d = arith.addf %c, %s1 : tensor<4xf64>
  %e = arith.mulf %d, %x : tensor<4xf64>
  %f = arith.addf %e, %s0 : tensor<4xf64>
  costate.yield %f : tensor<4xf64>
}

// Which function: the sample says, by the sign and size of its first number.
costate.residual @switch(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %zero = arith.constant 0 : index
  %two = arith.constant 2.0 : f64
  %x0 = tensor.extract %x[%zero] : tensor<4xf64>
  %twice = arith.mulf %x0, %two : f64
  %k = arith.fptosi %twice : f64 to i64
  %which = arith.index_cast %k : i64 to index
  %t = arith.mulf %p, %x : tensor<4xf64>
  %y = scf.index_switch %which -> tensor<4xf64>
  case 0 {
    %s = math.sin %t : tensor<4xf64>
    scf.yield %s : tensor<4xf64>
  }
  case 1 {
    %s = math.exp %t : tensor<4xf64>
    scf.yield %s : tensor<4xf64>
  }
  default {
    scf.yield %t : tensor<4xf64>
  }
  costate.yield %y : tensor<4xf64>
}
costate.residual @switch_plain(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %zero = arith.constant 0 : index
  %minus = arith.constant -0.5 : f64
  %half = arith.constant 0.5 : f64
  %one = arith.constant 1.0 : f64
  %x0 = tensor.extract %x[%zero] : tensor<4xf64>
  %t = arith.mulf %p, %x : tensor<4xf64>
  %sine = math.sin %t : tensor<4xf64>
  %power = math.exp %t : tensor<4xf64>
  %above = arith.cmpf ogt, %x0, %minus : f64
  %small = arith.cmpf olt, %x0, %half : f64
  %below = arith.cmpf olt, %x0, %one : f64
  %isSmall = arith.andi %above, %small : i1
  %isMiddle = arith.andi %above, %below : i1
  %a = arith.select %isMiddle, %power, %t : tensor<4xf64>
  %b = arith.select %isSmall, %sine, %a : tensor<4xf64>
  costate.yield %b : tensor<4xf64>
}

// A sum over pairs.
costate.residual @parallel(%x: tensor<4xf64>) -> tensor<1xf64> {
  %p = costate.read @p : tensor<4xf64>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %zero = arith.constant 0.0 : f64
  %sum = scf.parallel (%i, %j) = (%c0, %c0) to (%c4, %c4) step (%c1, %c1) init (%zero) -> f64 {
    %a = tensor.extract %x[%i] : tensor<4xf64>
    %b = tensor.extract %p[%j] : tensor<4xf64>
    %ab = arith.mulf %a, %b : f64
    %s = math.sin %ab : f64
    scf.reduce(%s : f64) {
    ^bb0(%u: f64, %v: f64):
      %w = arith.addf %u, %v : f64
      scf.reduce.return %w : f64
    }
  }
  %y = tensor.from_elements %sum : tensor<1xf64>
  costate.yield %y : tensor<1xf64>
}
costate.residual @parallel_plain(%x: tensor<4xf64>) -> tensor<1xf64> {
  %p = costate.read @p : tensor<4xf64>
  %zero = arith.constant dense<0.0> : tensor<1xf64>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i)>, affine_map<(i, j, k) -> (j)>, affine_map<(i, j, k) -> (k)>],
      iterator_types = ["reduction", "reduction", "parallel"]}
      ins(%x, %p : tensor<4xf64>, tensor<4xf64>) outs(%zero : tensor<1xf64>) {
  ^bb0(%a: f64, %b: f64, %sum: f64):
    %ab = arith.mulf %a, %b : f64
    %s = math.sin %ab : f64
    %w = arith.addf %sum, %s : f64
    linalg.yield %w : f64
  } -> tensor<1xf64>
  costate.yield %y : tensor<1xf64>
}

// Halves that trade places.
costate.residual @forall(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %t = arith.mulf %p, %x : tensor<4xf64>
  %c2 = arith.constant 2 : index
  %y = scf.forall (%i) = (0) to (4) step (2) shared_outs(%o = %t) -> tensor<4xf64> {
    %from = arith.subi %c2, %i : index
    %half = tensor.extract_slice %t[%from] [2] [1] : tensor<4xf64> to tensor<2xf64>
    %s = math.exp %half : tensor<2xf64>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %s into %o[%i] [2] [1] : tensor<2xf64> into tensor<4xf64>
    }
  }
  costate.yield %y : tensor<4xf64>
}
costate.residual @forall_plain(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %t = arith.mulf %p, %x : tensor<4xf64>
  %s = math.exp %t : tensor<4xf64>
  %a = tensor.extract_slice %s[0] [2] [1] : tensor<4xf64> to tensor<2xf64>
  %b = tensor.extract_slice %s[2] [2] [1] : tensor<4xf64> to tensor<2xf64>
  %y = tensor.concat dim(0) %b, %a : (tensor<2xf64>, tensor<2xf64>) -> tensor<4xf64>
  costate.yield %y : tensor<4xf64>
}

// x_i - x_(i+1), round a ring.
costate.residual @generate(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %t = arith.mulf %p, %x : tensor<4xf64>
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %y = tensor.generate {
  ^bb0(%i: index):
    %next = arith.addi %i, %c1 : index
    %round = arith.remui %next, %c4 : index
    %a = tensor.extract %t[%i] : tensor<4xf64>
    %b = tensor.extract %t[%round] : tensor<4xf64>
    %d = arith.subf %a, %b : f64
    tensor.yield %d : f64
  } : tensor<4xf64>
  costate.yield %y : tensor<4xf64>
}
costate.residual @gather(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %t = arith.mulf %p, %x : tensor<4xf64>
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %empty = tensor.empty() : tensor<4xf64>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%t : tensor<4xf64>) outs(%empty : tensor<4xf64>) {
  ^bb0(%a: f64, %o: f64):
    %i = linalg.index 0 : index
    %next = arith.addi %i, %c1 : index
    %round = arith.remui %next, %c4 : index
    %b = tensor.extract %t[%round] : tensor<4xf64>
    %d = arith.subf %a, %b : f64
    linalg.yield %d : f64
  } -> tensor<4xf64>
  costate.yield %y : tensor<4xf64>
}
costate.residual @ring_plain(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %t = arith.mulf %p, %x : tensor<4xf64>
  %a = tensor.extract_slice %t[0] [1] [1] : tensor<4xf64> to tensor<1xf64>
  %b = tensor.extract_slice %t[1] [3] [1] : tensor<4xf64> to tensor<3xf64>
  %u = tensor.concat dim(0) %b, %a : (tensor<3xf64>, tensor<1xf64>) -> tensor<4xf64>
  %y = arith.subf %t, %u : tensor<4xf64>
  costate.yield %y : tensor<4xf64>
}

// Each number times the one whose place it says: 0, 1 or 2.
costate.residual @pick(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %t = arith.mulf %p, %x : tensor<4xf64>
  %empty = tensor.empty() : tensor<4xf64>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<4xf64>) outs(%empty : tensor<4xf64>) {
  ^bb0(%a: f64, %o: f64):
    %two = arith.constant 2.0 : f64
    %size = math.absf %a : f64
    %twice = arith.mulf %size, %two : f64
    %k = arith.fptosi %twice : f64 to i64
    %j = arith.index_cast %k : i64 to index
    %b = tensor.extract %t[%j] : tensor<4xf64>
    %d = arith.mulf %a, %b : f64
    linalg.yield %d : f64
  } -> tensor<4xf64>
  costate.yield %y : tensor<4xf64>
}
costate.residual @pick_plain(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %t = arith.mulf %p, %x : tensor<4xf64>
  %half = arith.constant dense<0.5> : tensor<4xf64>
  %one = arith.constant dense<1.0> : tensor<4xf64>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %t0 = tensor.extract %t[%c0] : tensor<4xf64>
  %t1 = tensor.extract %t[%c1] : tensor<4xf64>
  %t2 = tensor.extract %t[%c2] : tensor<4xf64>
  %s0 = tensor.splat %t0 : tensor<4xf64>
  %s1 = tensor.splat %t1 : tensor<4xf64>
  %s2 = tensor.splat %t2 : tensor<4xf64>
  %size = math.absf %x : tensor<4xf64>
  %small = arith.cmpf olt, %size, %half : tensor<4xf64>
  %below = arith.cmpf olt, %size, %one : tensor<4xf64>
  %a = arith.select %below, %s1, %s2 : tensor<4xi1>, tensor<4xf64>
  %b = arith.select %small, %s0, %a : tensor<4xi1>, tensor<4xf64>
  %y = arith.mulf %x, %b : tensor<4xf64>
  costate.yield %y : tensor<4xf64>
}

// A loop whose end integers alone decide.
costate.residual @while(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %c1 = arith.constant 1 : index
  %four = arith.constant 4 : index
  %r:2 = scf.while (%n = %c1, %s = %x) : (index, tensor<4xf64>) -> (index, tensor<4xf64>) {
    %c = arith.cmpi ult, %n, %four : index
    scf.condition(%c) %n, %s : index, tensor<4xf64>
  } do {
  ^bb0(%n: index, %s: tensor<4xf64>):
    %next = arith.addi %n, %n : index
    %t = math.sin %s : tensor<4xf64>
    %u = arith.mulf %t, %p : tensor<4xf64>
    scf.yield %next, %u : index, tensor<4xf64>
  }
  costate.yield %r#1 : tensor<4xf64>
}
costate.residual @while_plain(%x: tensor<4xf64>) -> tensor<4xf64> {
  %p = costate.read @p : tensor<4xf64>
  %a = math.sin %x : tensor<4xf64>
  %b = arith.mulf %a, %p : tensor<4xf64>
  %c = math.sin %b : tensor<4xf64>
  %d = arith.mulf %c, %p : tensor<4xf64>
  costate.yield %d : tensor<4xf64>
}

costate.problem @forms {
  costate.sample @points (x: tensor<4xf64>) in box<[-1.4, -1.4, -1.4, -1.4], [1.4, 1.4, 1.4, 1.4]> by uniform count 50
  costate.minimize "affine" square(@affine(x)) over @points
  costate.minimize "affine plain" square(@affine_plain(x)) over @points
  costate.minimize "switch" square(@switch(x)) over @points
  costate.minimize "switch plain" square(@switch_plain(x)) over @points
  costate.minimize "parallel" square(@parallel(x)) over @points
  costate.minimize "parallel plain" square(@parallel_plain(x)) over @points
  costate.minimize "forall" square(@forall(x)) over @points
  costate.minimize "forall plain" square(@forall_plain(x)) over @points
  costate.minimize "generate" square(@generate(x)) over @points
  costate.minimize "generate plain" square(@ring_plain(x)) over @points
  costate.minimize "gather" square(@gather(x)) over @points
  costate.minimize "gather plain" square(@ring_plain(x)) over @points
  costate.minimize "pick" square(@pick(x)) over @points
  costate.minimize "pick plain" square(@pick_plain(x)) over @points
  costate.minimize "while" square(@while(x)) over @points
  costate.minimize "while plain" square(@while_plain(x)) over @points
  costate.train by #costate.sgd<lr = 0.01> steps 3 seed 1
}
