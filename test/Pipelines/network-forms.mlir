// A network in forms of front ends, and the same in elementwise ops on slices, both behind one layer. What they give and their
// derivatives by the input agree, as do the constraints; the gradient by the parameters is what differences give.
// RUN: costatec %s -o %t
// RUN: %t eval 2>/dev/null | FileCheck %s
// RUN: %t check-grad | FileCheck %s --check-prefix=GRAD
// CHECK: {{^}}  value {{ *}}[[VALUE:[0-9.e+-]+]] {{ *}}objective
// CHECK-NEXT: {{^}}  value plain {{ *}}[[VALUE]] {{ *}}objective
// CHECK-NEXT: {{^}}  laplace {{ *}}[[LAPLACE:[0-9.e+-]+]] {{ *}}objective
// CHECK-NEXT: {{^}}  laplace plain {{ *}}[[LAPLACE]] {{ *}}objective
// CHECK: {{^}}  mean {{ *}}[[MEAN:[0-9.e+-]+]] {{ *}}violation
// CHECK: {{^}}  mean plain {{ *}}[[MEAN]] {{ *}}violation
// GRAD: the gradient agrees with differences

costate.network @layer(%x: tensor<3xf64>) -> tensor<3xf64> {
  %h = costate.dense %x -> 3 activation(tanh) : tensor<3xf64> -> tensor<3xf64>
  costate.yield %h : tensor<3xf64>
}
costate.network @forms(%h: tensor<3xf64>) -> tensor<3xf64> {
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %ring = tensor.generate {
  ^bb0(%i: index):
    %next = arith.addi %i, %c1 : index
    %round = arith.remui %next, %c3 : index
    %a = tensor.extract %h[%i] : tensor<3xf64>
    %b = tensor.extract %h[%round] : tensor<3xf64>
    %ab = arith.mulf %a, %b : f64
    tensor.yield %ab : f64
  } : tensor<3xf64>
  %s = affine.for %k = 0 to 2 iter_args(%t = %ring) -> tensor<3xf64> {
    %sine = math.sin %t : tensor<3xf64>
    %sum = arith.addf %sine, %h : tensor<3xf64>
    affine.yield %sum : tensor<3xf64>
  }
  %rows = scf.forall (%i) in (3) shared_outs(%o = %s) -> tensor<3xf64> {
    %part = tensor.extract_slice %s[%i] [1] [1] : tensor<3xf64> to tensor<1xf64>
    %e = math.exp %part : tensor<1xf64>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %e into %o[%i] [1] [1] : tensor<1xf64> into tensor<3xf64>
    }
  }
  costate.yield %rows : tensor<3xf64>
}
costate.network @plain(%h: tensor<3xf64>) -> tensor<3xf64> {
  %first = tensor.extract_slice %h[0] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %rest = tensor.extract_slice %h[1] [2] [1] : tensor<3xf64> to tensor<2xf64>
  %next = tensor.concat dim(0) %rest, %first : (tensor<2xf64>, tensor<1xf64>) -> tensor<3xf64>
  %ring = arith.mulf %h, %next : tensor<3xf64>
  %sine = math.sin %ring : tensor<3xf64>
  %t = arith.addf %sine, %h : tensor<3xf64>
  %again = math.sin %t : tensor<3xf64>
  %s = arith.addf %again, %h : tensor<3xf64>
  %y = math.exp %s : tensor<3xf64>
  costate.yield %y : tensor<3xf64>
}
costate.residual @value(%x: tensor<3xf64>) -> tensor<3xf64> {
  %h = costate.call @layer(%x) : (tensor<3xf64>) -> tensor<3xf64>
  %u = costate.call @forms(%h) : (tensor<3xf64>) -> tensor<3xf64>
  costate.yield %u : tensor<3xf64>
}
costate.residual @value_plain(%x: tensor<3xf64>) -> tensor<3xf64> {
  %h = costate.call @layer(%x) : (tensor<3xf64>) -> tensor<3xf64>
  %u = costate.call @plain(%h) : (tensor<3xf64>) -> tensor<3xf64>
  costate.yield %u : tensor<3xf64>
}
costate.residual @laplace(%x: tensor<3xf64>) -> tensor<3xf64> {
  %h = costate.call @layer(%x) : (tensor<3xf64>) -> tensor<3xf64>
  %u = costate.call @forms(%h) : (tensor<3xf64>) -> tensor<3xf64>
  %l = costate.laplacian %u by %x : tensor<3xf64>, tensor<3xf64>
  costate.yield %l : tensor<3xf64>
}
costate.residual @laplace_plain(%x: tensor<3xf64>) -> tensor<3xf64> {
  %h = costate.call @layer(%x) : (tensor<3xf64>) -> tensor<3xf64>
  %u = costate.call @plain(%h) : (tensor<3xf64>) -> tensor<3xf64>
  %l = costate.laplacian %u by %x : tensor<3xf64>, tensor<3xf64>
  costate.yield %l : tensor<3xf64>
}
costate.problem @networks {
  costate.sample @points (x: tensor<3xf64>) in box<[-1, -1, -1], [1, 1, 1]> by uniform count 50
  costate.minimize "value" square(@value(x)) over @points
  costate.minimize "value plain" square(@value_plain(x)) over @points
  costate.minimize "laplace" square(@laplace(x)) over @points
  costate.minimize "laplace plain" square(@laplace_plain(x)) over @points
  costate.subject_to "mean" mean @value(x) == 0.5 over @points by #costate.penalty<weight = 1.0>
  costate.subject_to "mean plain" mean @value_plain(x) == 0.5 over @points by #costate.penalty<weight = 1.0>
  costate.train by #costate.adam<lr = 0.01> steps 3 seed 1
}
