// One factorisation for a solution, its tangent, its adjoint, and the derivatives of these.
// RUN: costate-opt %s -costate-expand-transforms -costate-lower-implicit -cse | FileCheck %s
// What is left is upstream's.
// RUN: costate-opt %s -costate-expand-transforms -costate-lower-implicit -cse -costate-lower-factorizations -costate-verify-level=level=3

// CHECK-LABEL: func.func @solve(
// CHECK-NEXT: %[[F:.*]], %[[S:.*]] = costate.lu %arg0 : tensor<3x3xf64> -> tensor<3x3xf64>, tensor<3x2xf64>
// CHECK-NEXT: %[[Y:.*]] = costate.lu_solve %[[F]], %[[S]], %arg1 : tensor<3x3xf64>, tensor<3x2xf64>, tensor<3xf64>
// CHECK-NEXT: return %[[Y]]
func.func @solve(%A: tensor<3x3xf64>, %b: tensor<3xf64>) -> tensor<3xf64> {
  %y = costate.linear_solve %A, %b : tensor<3x3xf64>, tensor<3xf64>
  return %y : tensor<3xf64>
}

// b̄ = λ and Ā = -λ yᵀ.
// CHECK-LABEL: func.func private @solve_vjp(
// CHECK: %[[F:.*]], %[[S:.*]] = costate.lu
// CHECK-NOT: costate.lu{{ }}
// CHECK: %[[Y:.*]] = costate.lu_solve %[[F]], %[[S]], %arg1 :
// CHECK: %[[L:.*]] = costate.lu_solve %[[F]], %[[S]], %arg2 transposed :
// CHECK-NOT: costate.lu
// CHECK: %[[N:.*]] = arith.negf %[[L]]
// CHECK: %[[G:.*]] = linalg.generic {{.*}} ins(%[[N]], %[[Y]]
// CHECK: return %[[Y]], %[[G]], %[[L]]
costate.derive @solve_vjp = vjp @solve wrt [0, 1]

// CHECK-LABEL: func.func private @solve_vjp_jvp(
// CHECK-COUNT-1: costate.lu %
// CHECK-COUNT-4: costate.lu_solve
// CHECK-NOT: costate.lu
// CHECK: return
costate.derive @solve_vjp_jvp = jvp @solve_vjp wrt [0, 1]

// CHECK-LABEL: func.func private @solve_jet(
// CHECK-COUNT-1: costate.lu %
// CHECK-NOT: costate.lu %
// CHECK: return
costate.derive @solve_jet = jet @solve variables [[0, 0], [1, 2]] indices [[1, 0], [1, 1], [2, 0], [3, 0]]

// The same, factorised by hand.
// CHECK-LABEL: func.func @factored(
// CHECK-COUNT-2: costate.lu_solve
func.func @factored(%A: tensor<3x3xf64>, %b: tensor<3xf64>, %w: tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>) {
  %factors, %swaps = costate.lu %A : tensor<3x3xf64> -> tensor<3x3xf64>, tensor<3x2xf64>
  %y = costate.lu_solve %factors, %swaps, %b : tensor<3x3xf64>, tensor<3x2xf64>, tensor<3xf64>
  %lambda = costate.lu_solve %factors, %swaps, %w transposed : tensor<3x3xf64>, tensor<3x2xf64>, tensor<3xf64>
  return %y, %lambda : tensor<3xf64>, tensor<3xf64>
}

// CHECK-LABEL: func.func @banded(
// CHECK: costate.lu %arg0 bands [1, 2] : tensor<4x5xf64> -> tensor<5x5xf64>, tensor<5x1xf64>
// CHECK: costate.lu_solve {{.*}} bands [1, 2] : tensor<5x5xf64>, tensor<5x1xf64>, tensor<5xf64>
func.func @banded(%A: tensor<4x5xf64>, %b: tensor<5xf64>) -> tensor<5xf64> {
  %y = costate.linear_solve %A, %b bands [1, 2] : tensor<4x5xf64>, tensor<5xf64>
  return %y : tensor<5xf64>
}

// Newton's method: a trial step, and a new direction where it is accepted.
// CHECK-LABEL: func.func @root(
// CHECK: %[[IT:.*]]:6 = scf.while
// CHECK: scf.condition
// CHECK: scf.if
// CHECK: costate.lu %
// CHECK-NOT: costate.lu %
// CHECK: arith.select
// CHECK: return
func.func @root(%x: tensor<2xf64>) -> tensor<2xf64> {
  %y = costate.root %x : tensor<2xf64> {
  ^bb0(%u: tensor<2xf64>):
    %e = math.exp %u : tensor<2xf64>
    %r = tensor.extract_slice %e[1] [1] [1] : tensor<2xf64> to tensor<1xf64>
    %l = tensor.extract_slice %u[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
    %c = tensor.concat dim(0) %r, %l : (tensor<1xf64>, tensor<1xf64>) -> tensor<2xf64>
    %s = arith.addf %c, %u : tensor<2xf64>
    %f = arith.subf %s, %x : tensor<2xf64>
    costate.yield %f : tensor<2xf64>
  }
  return %y : tensor<2xf64>
}

// Behind it, one factorisation at the solution for a tangent, the adjoint, and the tangent of that.
// CHECK-LABEL: func.func private @root_vjp_jvp(
// CHECK: scf.while
// CHECK: costate.lu %
// CHECK: scf.yield
// CHECK: {{^    }}%[[F:[a-z_0-9]+]], %[[S:[a-z_0-9]+]] = costate.lu %
// CHECK-COUNT-3: costate.lu_solve %[[F]], %[[S]]
// CHECK-NOT: costate.lu
// CHECK: return
costate.derive @root_vjp = vjp @root wrt [0]
costate.derive @root_vjp_jvp = jvp @root_vjp wrt [0]
