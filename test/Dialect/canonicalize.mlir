// RUN: costate-opt %s -canonicalize -cse -split-input-file | FileCheck %s

func.func private @f(tensor<2xf64>, tensor<1xf64>) -> tensor<1xf64>

// CHECK-LABEL: costate.residual @merge_diffs
// CHECK-SAME:    (%[[X:.*]]: tensor<2xf64>, %[[T:.*]]: tensor<1xf64>)
costate.residual @merge_diffs(%x: tensor<2xf64>, %t: tensor<1xf64>) -> tensor<1xf64> {
  // CHECK-NEXT: %[[U:.*]] = costate.call @f
  %u = costate.call @f(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> tensor<1xf64>
  // CHECK-NEXT: %[[D:.*]] = costate.diff %[[U]] by %[[X]][0, 1], %[[T]][0] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  // CHECK-NEXT: costate.yield %[[D]]
  %a = costate.diff %u by %t[0], %x[1] : tensor<1xf64>, tensor<1xf64>, tensor<2xf64>
  %b = costate.diff %a by %x[0] : tensor<1xf64>, tensor<2xf64>
  costate.yield %b : tensor<1xf64>
}

// CHECK-LABEL: costate.residual @sort_indices
// CHECK-SAME:    (%[[X:.*]]: tensor<2xf64>, %[[T:.*]]: tensor<1xf64>)
costate.residual @sort_indices(%x: tensor<2xf64>, %t: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @f(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> tensor<1xf64>
  // CHECK: costate.diff %{{.*}} by %[[X]][0, 0, 1] : tensor<1xf64>, tensor<2xf64>
  %a = costate.diff %u by %x[1, 0], %x[0], %t[] : tensor<1xf64>, tensor<2xf64>, tensor<2xf64>, tensor<1xf64>
  costate.yield %a : tensor<1xf64>
}

// CHECK-LABEL: costate.residual @independent
costate.residual @independent(%x: tensor<2xf64>, %t: tensor<1xf64>) -> (tensor<1xf64>, tensor<2xf64>, tensor<1xf64>) {
  // CHECK-DAG: %[[ONE:.*]] = arith.constant dense<0.000000e+00> : tensor<1xf64>
  // CHECK-DAG: %[[TWO:.*]] = arith.constant dense<0.000000e+00> : tensor<2xf64>
  // CHECK-NEXT: costate.yield %[[ONE]], %[[TWO]], %[[ONE]]
  %u = math.sin %t : tensor<1xf64>
  %d = costate.diff %u by %x[0] : tensor<1xf64>, tensor<2xf64>
  %g = costate.grad %u by %x : tensor<1xf64>, tensor<2xf64> -> tensor<2xf64>
  %o = costate.operator %u by (%x) terms [#costate.term<1.0, [0]>] : tensor<1xf64>, tensor<2xf64>
  costate.yield %d, %g, %o : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
}

// A term of order zero is the value itself; what runs through a region depends on what the region reads.
// CHECK-LABEL: costate.residual @dependent
costate.residual @dependent(%x: tensor<2xf64>, %t: tensor<1xf64>) -> (tensor<1xf64>, tensor<1xf64>) {
  %u = math.sin %t : tensor<1xf64>
  // CHECK: costate.operator
  %o = costate.operator %u by (%x) terms [#costate.term<1.0, []>] : tensor<1xf64>, tensor<2xf64>
  %c = arith.constant 0 : index
  %xs = tensor.extract %x[%c] : tensor<2xf64>
  %v = linalg.map ins(%t : tensor<1xf64>) outs(%t : tensor<1xf64>) (%in: f64, %out: f64) {
    %p = arith.mulf %in, %xs : f64
    linalg.yield %p : f64
  }
  // CHECK: costate.diff
  %d = costate.diff %v by %x[0] : tensor<1xf64>, tensor<2xf64>
  costate.yield %o, %d : tensor<1xf64>, tensor<1xf64>
}

// CHECK-LABEL: costate.residual @one_component
// CHECK-SAME:    (%[[X:.*]]: tensor<2xf64>, %[[T:.*]]: tensor<1xf64>)
costate.residual @one_component(%x: tensor<2xf64>, %t: tensor<1xf64>)
    -> (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) {
  %u = costate.call @f(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> tensor<1xf64>
  // CHECK: %[[L:.*]] = costate.diff %[[U:.*]] by %[[X]][1, 1]
  %l = costate.laplacian %u by %x components [1] : tensor<1xf64>, tensor<2xf64>
  // CHECK-NEXT: %[[M:.*]] = costate.diff %[[U]] by %[[T]][0, 0]
  %m = costate.laplacian %u by %t : tensor<1xf64>, tensor<1xf64>
  // CHECK-NEXT: %[[G:.*]] = costate.diff %[[U]] by %[[T]][0]
  %g = costate.grad %u by %t : tensor<1xf64>, tensor<1xf64> -> tensor<1xf64>
  %d = costate.div %u by %t : tensor<1xf64>, tensor<1xf64> -> tensor<1xf64>
  // CHECK-NEXT: costate.yield %[[L]], %[[M]], %[[G]], %[[G]]
  costate.yield %l, %m, %g, %d : tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>
}

// CHECK-LABEL: costate.residual @laplacian_of_all
costate.residual @laplacian_of_all(%x: tensor<2xf64>, %t: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.call @f(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> tensor<1xf64>
  // CHECK: costate.laplacian %{{.*}} by %{{.*}} : tensor<1xf64>, tensor<2xf64>
  %l = costate.laplacian %u by %x components [1, 0] : tensor<1xf64>, tensor<2xf64>
  costate.yield %l : tensor<1xf64>
}

// Components count through all inputs.
// CHECK-LABEL: costate.residual @laplacian_of_several
// CHECK-SAME:    (%[[X:.*]]: tensor<2xf64>, %[[T:.*]]: tensor<1xf64>)
costate.residual @laplacian_of_several(%x: tensor<2xf64>, %t: tensor<1xf64>)
    -> (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<3xf64>) {
  %u = costate.call @f(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> tensor<1xf64>
  // CHECK: %[[A:.*]] = costate.laplacian %[[U:.*]] by %[[X]], %[[T]] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  %a = costate.laplacian %u by %x, %t components [2, 0, 1] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  // CHECK-NEXT: %[[B:.*]] = costate.laplacian %[[U]] by %[[X]], %[[T]] components [0, 2]
  %b = costate.laplacian %u by %x, %t components [2, 0] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  // CHECK-NEXT: %[[C:.*]] = costate.diff %[[U]] by %[[T]][0, 0]
  %c = costate.laplacian %u by %x, %t components [2] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  // CHECK-NEXT: %[[G:.*]] = costate.grad %[[U]] by %[[X]], %[[T]]
  %g = costate.grad %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3xf64>
  // CHECK-NEXT: costate.yield %[[A]], %[[B]], %[[C]], %[[G]]
  costate.yield %a, %b, %c, %g : tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<3xf64>
}

// CHECK-LABEL: costate.residual @combine_terms
costate.residual @combine_terms(%x: tensor<2xf64>, %t: tensor<1xf64>) -> (tensor<1xf64>, tensor<1xf64>) {
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<1xf64>
  %u = costate.call @f(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> tensor<1xf64>
  // CHECK: %[[O:.*]] = costate.operator %{{.*}} by(%{{.*}}) terms [#costate.term<3.0, [0]>]
  %o = costate.operator %u by (%x) terms [#costate.term<1.0, [0]>, #costate.term<0.0, [1]>, #costate.term<2.0, [0]>]
     : tensor<1xf64>, tensor<2xf64>
  %z = costate.operator %u by (%x) terms [#costate.term<1.0, [0]>, #costate.term<-1.0, [0]>]
     : tensor<1xf64>, tensor<2xf64>
  // CHECK-NEXT: costate.yield %[[O]], %[[ZERO]]
  costate.yield %o, %z : tensor<1xf64>, tensor<1xf64>
}

// CHECK-LABEL: costate.network @defaults
costate.network @defaults(%x: tensor<2xf64>) -> tensor<1xf64> {
  // CHECK: costate.dense %{{.*}} -> 1 : tensor<2xf64> -> tensor<1xf64>
  %u = costate.dense %x -> 1 init(glorot_uniform) bias(zeros) activation(identity) : tensor<2xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

// Two layers alike are two sets of parameters; a layer that nothing uses is none.
// CHECK-LABEL: costate.network @layers
costate.network @layers(%x: tensor<2xf64>) -> tensor<1xf64> {
  // CHECK-COUNT-2: costate.dense
  // CHECK-NOT: costate.dense
  %a = costate.dense %x -> 1 : tensor<2xf64> -> tensor<1xf64>
  %b = costate.dense %x -> 1 : tensor<2xf64> -> tensor<1xf64>
  %c = costate.dense %x -> 1 : tensor<2xf64> -> tensor<1xf64>
  %u = arith.mulf %a, %b : tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
