// RUN: costate-opt %s -costate-merge-channels -canonicalize | FileCheck %s
// RUN: costate-opt %s -costate-merge-channels -remarks-filter=jets -o %t 2>&1 | FileCheck %s --check-prefix=REMARK

func.func private @f(tensor<2xf64>) -> tensor<1xf64>
func.func private @v(tensor<2xf64>) -> tensor<2xf64>

// u_t and u_xx are never needed apart; u_x is, for the convection.
// CHECK-LABEL: func.func @burgers
// CHECK-SAME:    (%[[X:.*]]: tensor<2xf64>)
// CHECK:       %[[U:.*]] = call @f(%[[X]])
// CHECK-NEXT:  %[[UX:.*]] = costate.operator %[[U]] by(%[[X]]) terms [#costate.term<1.0, [0]>] :
// CHECK-NEXT:  %[[C:.*]] = arith.mulf %[[U]], %[[UX]]
// CHECK-NEXT:  %[[L:.*]] = costate.operator %[[U]] by(%[[X]]) terms [#costate.term<-0.25, [0, 0]>, #costate.term<1.0, [1]>] :
// CHECK-NEXT:  %[[R:.*]] = arith.addf %[[L]], %[[C]]
// CHECK-NEXT:  return %[[R]]
func.func @burgers(%x: tensor<2xf64>) -> tensor<1xf64> {
  %u = func.call @f(%x) : (tensor<2xf64>) -> tensor<1xf64>
  %nu = arith.constant dense<0.25> : tensor<1xf64>
  %ut = costate.diff %u by %x[1] : tensor<1xf64>, tensor<2xf64>
  %ux = costate.diff %u by %x[0] : tensor<1xf64>, tensor<2xf64>
  %uxx = costate.diff %u by %x[0, 0] : tensor<1xf64>, tensor<2xf64>
  %c = arith.mulf %u, %ux : tensor<1xf64>
  %d = arith.mulf %nu, %uxx : tensor<1xf64>
  %a = arith.addf %ut, %c : tensor<1xf64>
  // REMARK: remark: {{.*}}one channel for 2 derivatives that are used only as their sum
  %r = arith.subf %a, %d : tensor<1xf64>
  return %r : tensor<1xf64>
}

// u_t is wanted by itself too, so the sum is left as it is.
// CHECK-LABEL: func.func @used_twice
// CHECK-DAG:   %[[T:.*]] = costate.operator %{{.*}} terms [#costate.term<1.0, [1]>] :
// CHECK-DAG:   %[[L:.*]] = costate.operator %{{.*}} terms [#costate.term<1.0, [0, 0]>] :
// CHECK:       %[[R:.*]] = arith.addf %[[T]], %[[L]]
// CHECK:       return %[[R]], %[[T]]
func.func @used_twice(%x: tensor<2xf64>) -> (tensor<1xf64>, tensor<1xf64>) {
  %u = func.call @f(%x) : (tensor<2xf64>) -> tensor<1xf64>
  %ut = costate.diff %u by %x[1] : tensor<1xf64>, tensor<2xf64>
  %uxx = costate.laplacian %u by %x components [0] : tensor<1xf64>, tensor<2xf64>
  %r = arith.addf %ut, %uxx : tensor<1xf64>
  return %r, %ut : tensor<1xf64>, tensor<1xf64>
}

// Both lie on the way to u_xt, which is computed anyway: one channel more would not save one.
// CHECK-LABEL: func.func @needed_anyway
// CHECK-DAG:   costate.operator %{{.*}} terms [#costate.term<1.0, [1]>] :
// CHECK-DAG:   costate.operator %{{.*}} terms [#costate.term<1.0, [0]>] :
// CHECK-DAG:   costate.operator %{{.*}} terms [#costate.term<1.0, [0, 1]>] :
// CHECK:       return
func.func @needed_anyway(%x: tensor<2xf64>) -> (tensor<1xf64>, tensor<1xf64>) {
  %u = func.call @f(%x) : (tensor<2xf64>) -> tensor<1xf64>
  %ut = costate.diff %u by %x[1] : tensor<1xf64>, tensor<2xf64>
  %ux = costate.diff %u by %x[0] : tensor<1xf64>, tensor<2xf64>
  %r = arith.addf %ut, %ux : tensor<1xf64>
  %uxt = costate.diff %u by %x[0, 1] : tensor<1xf64>, tensor<2xf64>
  %q = arith.mulf %uxt, %uxt : tensor<1xf64>
  return %r, %q : tensor<1xf64>, tensor<1xf64>
}

// A factor that is not constant keeps derivatives apart.
// CHECK-LABEL: func.func @variable_factor
// CHECK-COUNT-2: costate.operator
// CHECK:       return
func.func @variable_factor(%x: tensor<2xf64>, %nu: tensor<1xf64>) -> tensor<1xf64> {
  %u = func.call @f(%x) : (tensor<2xf64>) -> tensor<1xf64>
  %ut = costate.diff %u by %x[1] : tensor<1xf64>, tensor<2xf64>
  %uxx = costate.diff %u by %x[0, 0] : tensor<1xf64>, tensor<2xf64>
  %d = arith.mulf %nu, %uxx : tensor<1xf64>
  %r = arith.subf %ut, %d : tensor<1xf64>
  return %r : tensor<1xf64>
}

// A chain of sums, differences, negations and factors is one channel with four terms.
// CHECK-LABEL: func.func @chain
// CHECK:       %[[L:.*]] = costate.operator %{{.*}} terms [#costate.term<-6.0, [0]>, #costate.term<1.0, [0, 0]>, #costate.term<-1.0, [1]>, #costate.term<1.0, [1, 1]>] :
// CHECK-NEXT:  return %[[L]]
func.func @chain(%x: tensor<2xf64>) -> tensor<1xf64> {
  %u = func.call @f(%x) : (tensor<2xf64>) -> tensor<1xf64>
  %l = costate.laplacian %u by %x : tensor<1xf64>, tensor<2xf64>
  %ux = costate.diff %u by %x[0] : tensor<1xf64>, tensor<2xf64>
  %ut = costate.diff %u by %x[1] : tensor<1xf64>, tensor<2xf64>
  %two = arith.constant dense<2.0> : tensor<1xf64>
  %three = arith.constant dense<3.0> : tensor<1xf64>
  %a = arith.mulf %two, %ux : tensor<1xf64>
  %b = arith.mulf %a, %three : tensor<1xf64>
  %c = arith.negf %ut : tensor<1xf64>
  %d = arith.subf %c, %b : tensor<1xf64>
  %r = arith.addf %l, %d : tensor<1xf64>
  return %r : tensor<1xf64>
}

// What is not a sum of partial derivatives of the same value is built from operators.
// CHECK-LABEL: func.func @tensors
// CHECK-NOT:   costate.{{grad|div|jacobian|hessian}}
// CHECK:       return
func.func @tensors(%x: tensor<2xf64>) -> (tensor<2xf64>, tensor<2x2xf64>, tensor<1xf64>, tensor<2x2xf64>) {
  %u = func.call @f(%x) : (tensor<2xf64>) -> tensor<1xf64>
  %v = func.call @v(%x) : (tensor<2xf64>) -> tensor<2xf64>
  %g = costate.grad %u by %x : tensor<1xf64>, tensor<2xf64> -> tensor<2xf64>
  %h = costate.hessian %u by %x : tensor<1xf64>, tensor<2xf64> -> tensor<2x2xf64>
  %d = costate.div %v by %x : tensor<2xf64>, tensor<2xf64> -> tensor<1xf64>
  %j = costate.jacobian %v by %x : tensor<2xf64>, tensor<2xf64> -> tensor<2x2xf64>
  return %g, %h, %d, %j : tensor<2xf64>, tensor<2x2xf64>, tensor<1xf64>, tensor<2x2xf64>
}

// An operator of an operator is one.
// CHECK-LABEL: func.func @bilaplacian
// CHECK:       %[[U:.*]] = call @f
// CHECK-NEXT:  %[[L:.*]] = costate.operator %[[U]] by(%{{.*}}) terms [#costate.term<1.0, [0, 0, 0, 0]>, #costate.term<2.0, [0, 0, 1, 1]>, #costate.term<1.0, [1, 1, 1, 1]>] :
// CHECK-NEXT:  return %[[L]]
func.func @bilaplacian(%x: tensor<2xf64>) -> tensor<1xf64> {
  %u = func.call @f(%x) : (tensor<2xf64>) -> tensor<1xf64>
  %l = costate.laplacian %u by %x : tensor<1xf64>, tensor<2xf64>
  %ll = costate.laplacian %l by %x : tensor<1xf64>, tensor<2xf64>
  return %ll : tensor<1xf64>
}
