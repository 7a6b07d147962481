// RUN: costate-opt %s -costate-expand-transforms | FileCheck %s

// The tangent is carried beside the state. The time t depends on nothing that is differentiated by, and has none;
// %u is carried for nothing and goes.
func.func @decay(%x: tensor<4xf64>, %a: tensor<4xf64>) -> tensor<4xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 10 : index
  %h = arith.constant 0.1 : f64
  %y, %t, %u = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x, %t = %h, %u = %x) -> (tensor<4xf64>, f64, tensor<4xf64>) {
    %p = arith.mulf %s, %a : tensor<4xf64>
    %tt = tensor.splat %t : tensor<4xf64>
    %q = arith.mulf %p, %tt : tensor<4xf64>
    %z = arith.addf %q, %s : tensor<4xf64>
    %t2 = arith.addf %t, %h : f64
    %v = arith.mulf %u, %s : tensor<4xf64>
    scf.yield %z, %t2, %v : tensor<4xf64>, f64, tensor<4xf64>
  }
  return %y : tensor<4xf64>
}

// CHECK-LABEL: func private @decay_jvp
// CHECK-SAME: (%[[X:.*]]: tensor<4xf64>, %[[A:.*]]: tensor<4xf64>, %[[DX:.*]]: tensor<4xf64>)
// CHECK: %[[R:.*]]:3 = scf.for {{.*}} iter_args(%[[S:.*]] = %[[X]], %[[T:.*]] = %{{.*}}, %[[DS:.*]] = %[[DX]]) -> (tensor<4xf64>, f64, tensor<4xf64>) {
// CHECK-NEXT: arith.mulf %[[S]], %[[A]]
// CHECK-NEXT: %[[DP:.*]] = arith.mulf %[[DS]], %[[A]]
// CHECK-NEXT: %[[TT:.*]] = tensor.splat %[[T]]
// CHECK-NEXT: arith.mulf
// CHECK-NEXT: %[[DQ:.*]] = arith.mulf %[[DP]], %[[TT]]
// CHECK-NEXT: %[[Z:.*]] = arith.addf %{{.*}}, %[[S]]
// CHECK-NEXT: %[[DZ:.*]] = arith.addf %[[DQ]], %[[DS]]
// CHECK-NEXT: %[[T2:.*]] = arith.addf %[[T]]
// CHECK-NEXT: scf.yield %[[Z]], %[[T2]], %[[DZ]]
// CHECK: return %[[R]]#0, %[[R]]#2
costate.derive @decay_jvp = jvp @decay wrt [0]

// The loop is linear in the state: by the state, only the factor t is recorded, and the state itself is not.
// CHECK-LABEL: func private @decay_vjp
// CHECK-SAME: (%[[X:.*]]: tensor<4xf64>, %[[A:.*]]: tensor<4xf64>, %[[CT:.*]]: tensor<4xf64>)
// CHECK: %[[TAPE:.*]] = tensor.empty() : tensor<10xf64>
// CHECK: %[[F:.*]]:3 = scf.for %[[I:.*]] = {{.*}} iter_args(%{{.*}} = %[[X]], %[[T:.*]] = %{{.*}}, %[[TAPED:.*]] = %[[TAPE]]) -> (tensor<4xf64>, f64, tensor<10xf64>) {
// CHECK: tensor.insert %[[T]] into %[[TAPED]][%[[I]]]
// CHECK: scf.yield
// CHECK: %[[B:.*]] = scf.for %[[J:.*]] = {{.*}} iter_args(%[[CS:.*]] = %[[CT]]) -> (tensor<4xf64>) {
// CHECK: %[[K:.*]] = arith.subi %{{.*}}, %[[J]]
// CHECK-NEXT: %[[T:.*]] = tensor.extract %[[F]]#2[%[[K]]]
// CHECK-NEXT: %[[TT:.*]] = tensor.splat %[[T]]
// CHECK-NEXT: %[[CP:.*]] = arith.mulf %[[CS]], %[[TT]]
// CHECK-NEXT: %[[CQ:.*]] = arith.mulf %[[CP]], %[[A]]
// CHECK-NEXT: %[[NEXT:.*]] = arith.addf %[[CS]], %[[CQ]]
// CHECK-NEXT: scf.yield %[[NEXT]]
// CHECK: return %[[F]]#0, %[[B]]
costate.derive @decay_vjp = vjp @decay wrt [0]

// Where each iteration reads one slice, each iteration backwards adds to one slice, in place.
func.func @slices(%x: tensor<80xf64>) -> tensor<2xf64> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = arith.constant 80 : index
  %s0 = arith.constant dense<0.0> : tensor<2xf64>
  %y = scf.for %i = %c0 to %n step %c2 iter_args(%s = %s0) -> tensor<2xf64> {
    %e = tensor.extract_slice %x[%i] [2] [1] : tensor<80xf64> to tensor<2xf64>
    %r = arith.addf %s, %e : tensor<2xf64>
    scf.yield %r : tensor<2xf64>
  }
  return %y : tensor<2xf64>
}

// Linear: nothing is recorded, and nothing but the result is computed forwards.
// CHECK-LABEL: func private @slices_vjp
// CHECK-SAME: (%[[X:.*]]: tensor<80xf64>, %[[CT:.*]]: tensor<2xf64>)
// CHECK: %[[F:.*]] = scf.for {{.*}} -> (tensor<2xf64>) {
// CHECK: scf.for %[[J:.*]] = {{.*}} iter_args(%[[SUM:.*]] = %{{.*}}) -> (tensor<80xf64>) {
// CHECK: %[[I:.*]] = arith.muli
// CHECK-NEXT: %[[OLD:.*]] = tensor.extract_slice %[[SUM]][%[[I]]] [2] [1]
// CHECK-NEXT: %[[NEW:.*]] = arith.addf %[[OLD]], %[[CT]]
// CHECK-NEXT: %[[NEXT:.*]] = tensor.insert_slice %[[NEW]] into %[[SUM]][%[[I]]] [2] [1]
// CHECK-NEXT: scf.yield %[[NEXT]]
costate.derive @slices_vjp = vjp @slices wrt [0]

// The trip count is known at run time: so long is the tape.
func.func @dynamic(%x: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> f64 {
    %r = math.sin %s : f64
    scf.yield %r : f64
  }
  return %y : f64
}
// CHECK-LABEL: func private @dynamic_gradient
// CHECK-SAME: (%[[X:.*]]: f64, %[[N:.*]]: index)
// CHECK: %[[COUNT:.*]] = arith.maxsi %[[N]]
// CHECK: %[[TAPE:.*]] = tensor.empty(%[[COUNT]]) : tensor<?xf64>
// CHECK: scf.for {{.*}} to %[[N]]
// CHECK: math.cos
// CHECK: tensor.insert
// CHECK: scf.for {{.*}} to %[[COUNT]]
// CHECK: tensor.extract
// CHECK-NEXT: arith.mulf
// CHECK-NEXT: scf.yield
costate.derive @dynamic_gradient = gradient @dynamic wrt [0]

// A second derivative is one loop that carries the state and two derivatives of it.
// CHECK-LABEL: func private @dynamic_jet
// CHECK-COUNT-1: scf.for {{.*}} -> (f64, f64, f64)
// CHECK-NOT: scf.for
// CHECK: return
costate.derive @dynamic_jet = jet @dynamic variables [[0, 0]] indices [[1], [2]]

// Two derivatives that need the same of each iteration record it once: the cosine is there for both, and its derivative.
func.func @sine(%x: f64) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 10 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> f64 {
    %r = math.sin %s : f64
    scf.yield %r : f64
  }
  return %y : f64
}
costate.derive @sine_vjp = vjp @sine wrt [0]
// CHECK-LABEL: func private @sine_vjp_vjp
// CHECK: scf.for {{.*}} -> (f64, tensor<10xf64>, tensor<10xf64>) {
// CHECK-COUNT-2: tensor.insert
// CHECK-NOT: tensor.insert
// CHECK: scf.for {{.*}} -> (f64, tensor<10xf64>) {
costate.derive @sine_vjp_vjp = vjp @sine_vjp wrt [0]
