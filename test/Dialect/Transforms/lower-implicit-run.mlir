// Known answers, and what has none.
// RUN: costate-opt %s -costate-lower-implicit -costate-lower-factorizations -inline -canonicalize %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s

func.func private @function(%u: f64, %x: f64) -> f64 {
  %s = math.sqrt %u : f64
  %r = arith.subf %s, %x : f64
  return %r : f64
}
func.func private @isClose(%a: f64, %b: f64) {
  %d = arith.subf %a, %b : f64
  %e = math.absf %d : f64
  %tolerance = arith.constant 1.0e-14 : f64
  %close = arith.cmpf olt, %e, %tolerance : f64
  vector.print %close : i1
  return
}
func.func @main() {
  %zero = arith.constant 0.0 : f64
  %half = arith.constant 0.5 : f64
  %one = arith.constant 1.0 : f64
  %two = arith.constant 2.0 : f64
  %ten = arith.constant 10.0 : f64
  %anomaly = arith.constant 1.4987011335178482 : f64
  %sqrt2 = arith.constant 1.4142135623730951 : f64

  // E - 0.5 sin E = 1
  %E = costate.root %one : f64 {
  ^bb0(%u: f64):
    %s = math.sin %u : f64
    %es = arith.mulf %half, %s : f64
    %k = arith.subf %u, %es : f64
    %r = arith.subf %k, %one : f64
    costate.yield %r : f64
  }
  // CHECK: {{^1$}}
  func.call @isClose(%E, %anomaly) : (f64, f64) -> ()

  // Without damping, the iteration for atan u = 0 goes away from anything beyond 1.39.
  %damped = costate.root %ten : f64 {
  ^bb0(%u: f64):
    %a = math.atan %u : f64
    costate.yield %a : f64
  }
  // CHECK-NEXT: {{^-?0$|e-[1-9][0-9]$}}
  vector.print %damped : f64

  // A trial step leaves the domain of a square root, and is halved.
  %domain = costate.root %ten : f64 {
  ^bb0(%u: f64):
    %r = func.call @function(%u, %half) : (f64, f64) -> f64
    costate.yield %r : f64
  }
  // CHECK-NEXT: 0.25
  vector.print %domain : f64

  // u² + 1 has no root.
  %none = costate.root %ten : f64 {
  ^bb0(%u: f64):
    %uu = arith.mulf %u, %u : f64
    %r = arith.addf %uu, %one : f64
    costate.yield %r : f64
  }
  // CHECK-NEXT: nan
  vector.print %none : f64

  %root = costate.fixed_point %one : f64 {
  ^bb0(%u: f64):
    %q = arith.divf %two, %u : f64
    %s = arith.addf %u, %q : f64
    %g = arith.mulf %s, %half : f64
    costate.yield %g : f64
  }
  // CHECK-NEXT: {{^1$}}
  func.call @isClose(%root, %sqrt2) : (f64, f64) -> ()

  // u = 2 u - 1 moves away from its fixed point; acceleration finds it.
  %away = costate.fixed_point %two : f64 {
  ^bb0(%u: f64):
    %d = arith.mulf %two, %u : f64
    %g = arith.subf %d, %one : f64
    costate.yield %g : f64
  }
  // CHECK-NEXT: nan
  vector.print %away : f64
  %found = costate.fixed_point %two anderson : f64 {
  ^bb0(%u: f64):
    %d = arith.mulf %two, %u : f64
    %g = arith.subf %d, %one : f64
    costate.yield %g : f64
  }
  // CHECK-NEXT: {{^1$}}
  vector.print %found : f64

  // -y_{i-1} + 2 y_i - y_{i+1} = 1 for y_0 = y_6 = 0 is y_i = i (6 - i) / 2. What is not in the matrix is not read.
  %bands = arith.constant dense<[[0x7FF8000000000000, -1.0, -1.0, -1.0, -1.0], [2.0, 2.0, 2.0, 2.0, 2.0],
                                 [-1.0, -1.0, -1.0, -1.0, 0x7FF8000000000000]]> : tensor<3x5xf64>
  %ones = arith.constant dense<1.0> : tensor<5xf64>
  %parabola = costate.linear_solve %bands, %ones bands [1, 1] : tensor<3x5xf64>, tensor<5xf64>
  // CHECK-NEXT: 2.5
  // CHECK-NEXT: {{^(4|3.99999999)}}
  // CHECK-NEXT: 4.5
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  scf.for %i = %c0 to %c3 step %c1 {
    %e = tensor.extract %parabola[%i] : tensor<5xf64>
    %rounded = arith.truncf %e : f64 to f32
    vector.print %rounded : f32
  }

  // A zero on the diagonal; a singular matrix.
  %exchange = arith.constant dense<[[0.0, 2.0], [4.0, 1.0]]> : tensor<2x2xf64>
  %b = arith.constant dense<[2.0, 9.0]> : tensor<2xf64>
  %exchanged = costate.linear_solve %exchange, %b : tensor<2x2xf64>, tensor<2xf64>
  %e0 = tensor.extract %exchanged[%c0] : tensor<2xf64>
  // CHECK-NEXT: {{^2$}}
  vector.print %e0 : f64
  %singular = arith.constant dense<[[1.0, 2.0], [2.0, 4.0]]> : tensor<2x2xf64>
  %s = costate.linear_solve %singular, %b : tensor<2x2xf64>, tensor<2xf64>
  %s0 = tensor.extract %s[%c0] : tensor<2xf64>
  // CHECK-NEXT: {{inf|nan}}
  vector.print %s0 : f64

  // n steps of conjugate gradients solve a system of n, one does not.
  %diagonal = arith.constant dense<[4.0, 0.5]> : tensor<2xf64>
  %y = costate.krylov_solve %b by cg max_iterations 3 : tensor<2xf64> {
  ^bb0(%v: tensor<2xf64>):
    %w = arith.mulf %diagonal, %v : tensor<2xf64>
    costate.yield %w : tensor<2xf64>
  }
  %y0 = tensor.extract %y[%c0] : tensor<2xf64>
  %y32 = arith.truncf %y0 : f64 to f32
  // CHECK-NEXT: 0.5
  vector.print %y32 : f32
  %z = costate.krylov_solve %b by cg max_iterations 1 : tensor<2xf64> {
  ^bb0(%v: tensor<2xf64>):
    %w = arith.mulf %diagonal, %v : tensor<2xf64>
    costate.yield %w : tensor<2xf64>
  }
  %z0 = tensor.extract %z[%c0] : tensor<2xf64>
  // CHECK-NEXT: nan
  vector.print %z0 : f64
  return
}
