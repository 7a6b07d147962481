// Small systems with answers in closed form, and the ones that go wrong first: zero, badly scaled, tiny, huge, graded.
// RUN: costate-opt %s -costate-define-solvers -inline -canonicalize %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s
// RUN: sed -e s/f64/f32/g -e s/e-100/e-36/g -e s/e+100/e+36/g %s | costate-opt -costate-define-solvers -inline -canonicalize %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s

func.func private @costate_min_norm_solve_1xf64(tensor<1x1xf64>, tensor<1xf64>) -> (tensor<1xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_2xf64(tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_3xf64(tensor<3x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_5xf64(tensor<5x5xf64>, tensor<5xf64>) -> (tensor<5xf64>, f64, f64, f64)
func.func private @print(%x: tensor<?xf64>, %rank: f64, %lo: f64, %hi: f64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?xf64>
  scf.for %i = %c0 to %n step %c1 {
    %e = tensor.extract %x[%i] : tensor<?xf64>
    vector.print %e : f64
  }
  vector.print %rank : f64
  vector.print %lo : f64
  vector.print %hi : f64
  return
}
func.func @main() {
  // Zero: the shortest answer is zero, of rank zero.
  %a0 = arith.constant dense<[[0.0]]> : tensor<1x1xf64>
  %b0 = arith.constant dense<[3.0]> : tensor<1xf64>
  %x0, %r0, %l0, %h0 = func.call @costate_min_norm_solve_1xf64(%a0, %b0) : (tensor<1x1xf64>, tensor<1xf64>) -> (tensor<1xf64>, f64, f64, f64)
  %d0 = tensor.cast %x0 : tensor<1xf64> to tensor<?xf64>
  func.call @print(%d0, %r0, %l0, %h0) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // Positive.
  %a1 = arith.constant dense<[[4.0]]> : tensor<1x1xf64>
  %b1 = arith.constant dense<[3.0]> : tensor<1xf64>
  %x1, %r1, %l1, %h1 = func.call @costate_min_norm_solve_1xf64(%a1, %b1) : (tensor<1x1xf64>, tensor<1xf64>) -> (tensor<1xf64>, f64, f64, f64)
  %d1 = tensor.cast %x1 : tensor<1xf64> to tensor<?xf64>
  func.call @print(%d1, %r1, %l1, %h1) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}0.75{{$}}
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}4{{$}}
  // CHECK-NEXT: {{^}}4{{$}}
  // Rounding made it negative: counts as zero.
  %a2 = arith.constant dense<[[-1.0e-30]]> : tensor<1x1xf64>
  %b2 = arith.constant dense<[3.0]> : tensor<1xf64>
  %x2, %r2, %l2, %h2 = func.call @costate_min_norm_solve_1xf64(%a2, %b2) : (tensor<1x1xf64>, tensor<1xf64>) -> (tensor<1xf64>, f64, f64, f64)
  %d2 = tensor.cast %x2 : tensor<1xf64> to tensor<?xf64>
  func.call @print(%d2, %r2, %l2, %h2) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // Zero.
  %a3 = arith.constant dense<[[0.0,0.0],[0.0,0.0]]> : tensor<2x2xf64>
  %b3 = arith.constant dense<[3.0,1.0]> : tensor<2xf64>
  %x3, %r3, %l3, %h3 = func.call @costate_min_norm_solve_2xf64(%a3, %b3) : (tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
  %d3 = tensor.cast %x3 : tensor<2xf64> to tensor<?xf64>
  func.call @print(%d3, %r3, %l3, %h3) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // Eigenvalues 1 and 3.
  %a4 = arith.constant dense<[[2.0,1.0],[1.0,2.0]]> : tensor<2x2xf64>
  %b4 = arith.constant dense<[3.0,0.0]> : tensor<2xf64>
  %x4, %r4, %l4, %h4 = func.call @costate_min_norm_solve_2xf64(%a4, %b4) : (tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
  %d4 = tensor.cast %x4 : tensor<2xf64> to tensor<?xf64>
  func.call @print(%d4, %r4, %l4, %h4) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}{{2|(1.9999|2.0000)[0-9]*}}{{$}}
  // CHECK-NEXT: {{^}}{{-1|-(0.9999|1.0000)[0-9]*}}{{$}}
  // CHECK-NEXT: {{^}}2{{$}}
  // CHECK-NEXT: {{^}}{{1|1.00000.*|0.99999.*}}{{$}}
  // CHECK-NEXT: {{^}}{{3|2.9999.*|3.00000.*}}{{$}}
  // Twice the same row, consistent: the shortest answer.
  %a5 = arith.constant dense<[[1.0,1.0],[1.0,1.0]]> : tensor<2x2xf64>
  %b5 = arith.constant dense<[2.0,2.0]> : tensor<2xf64>
  %x5, %r5, %l5, %h5 = func.call @costate_min_norm_solve_2xf64(%a5, %b5) : (tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
  %d5 = tensor.cast %x5 : tensor<2xf64> to tensor<?xf64>
  func.call @print(%d5, %r5, %l5, %h5) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}2{{$}}
  // Twice the same row, inconsistent: least squares.
  %a6 = arith.constant dense<[[1.0,1.0],[1.0,1.0]]> : tensor<2x2xf64>
  %b6 = arith.constant dense<[3.0,1.0]> : tensor<2xf64>
  %x6, %r6, %l6, %h6 = func.call @costate_min_norm_solve_2xf64(%a6, %b6) : (tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
  %d6 = tensor.cast %x6 : tensor<2xf64> to tensor<?xf64>
  func.call @print(%d6, %r6, %l6, %h6) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}2{{$}}
  // One constraint that cannot move.
  %a7 = arith.constant dense<[[5.0,0.0],[0.0,0.0]]> : tensor<2x2xf64>
  %b7 = arith.constant dense<[10.0,7.0]> : tensor<2xf64>
  %x7, %r7, %l7, %h7 = func.call @costate_min_norm_solve_2xf64(%a7, %b7) : (tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
  %d7 = tensor.cast %x7 : tensor<2xf64> to tensor<?xf64>
  func.call @print(%d7, %r7, %l7, %h7) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}2{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}5{{$}}
  // Tiny.
  %a8 = arith.constant dense<[[2.0e-100,1.0e-100],[1.0e-100,2.0e-100]]> : tensor<2x2xf64>
  %b8 = arith.constant dense<[3.0e-100,0.0]> : tensor<2xf64>
  %x8, %r8, %l8, %h8 = func.call @costate_min_norm_solve_2xf64(%a8, %b8) : (tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
  %d8 = tensor.cast %x8 : tensor<2xf64> to tensor<?xf64>
  func.call @print(%d8, %r8, %l8, %h8) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}{{2|(1.9999|2.0000)[0-9]*}}{{$}}
  // CHECK-NEXT: {{^}}{{-1|-(0.9999|1.0000)[0-9]*}}{{$}}
  // CHECK-NEXT: {{^}}2{{$}}
  // CHECK-NEXT: {{^}}{{(1|1.0000[0-9]*|0?9?.?9999[0-9]*|9.9999[0-9]*)e-(100|101|36|37)}}{{$}}
  // CHECK-NEXT: {{^}}{{(3|3.0000[0-9]*|2.9999[0-9]*)e-(100|36)}}{{$}}
  // Huge.
  %a9 = arith.constant dense<[[2.0e+100,1.0e+100],[1.0e+100,2.0e+100]]> : tensor<2x2xf64>
  %b9 = arith.constant dense<[3.0e+100,0.0]> : tensor<2xf64>
  %x9, %r9, %l9, %h9 = func.call @costate_min_norm_solve_2xf64(%a9, %b9) : (tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
  %d9 = tensor.cast %x9 : tensor<2xf64> to tensor<?xf64>
  func.call @print(%d9, %r9, %l9, %h9) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}{{2|(1.9999|2.0000)[0-9]*}}{{$}}
  // CHECK-NEXT: {{^}}{{-1|-(0.9999|1.0000)[0-9]*}}{{$}}
  // CHECK-NEXT: {{^}}2{{$}}
  // CHECK-NEXT: {{^}}{{(1|1.0000[0-9]*|9.9999[0-9]*)e\+(100|99|36|35)}}{{$}}
  // CHECK-NEXT: {{^}}{{(3|3.0000[0-9]*|2.9999[0-9]*)e\+(100|36)}}{{$}}
  // Graded: what lies below the tolerance does not count.
  %a10 = arith.constant dense<[[1.0,1.0e-30],[1.0e-30,1.0e-60]]> : tensor<2x2xf64>
  %b10 = arith.constant dense<[2.0,1.0]> : tensor<2xf64>
  %x10, %r10, %l10, %h10 = func.call @costate_min_norm_solve_2xf64(%a10, %b10) : (tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
  %d10 = tensor.cast %x10 : tensor<2xf64> to tensor<?xf64>
  func.call @print(%d10, %r10, %l10, %h10) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}2{{$}}
  // CHECK-NEXT: {{^}}{{0|[0-9.]+e-[23][0-9]}}{{$}}
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}1{{$}}
  // Zero.
  %a11 = arith.constant dense<[[0.0,0.0,0.0],[0.0,0.0,0.0],[0.0,0.0,0.0]]> : tensor<3x3xf64>
  %b11 = arith.constant dense<[1.0,2.0,3.0]> : tensor<3xf64>
  %x11, %r11, %l11, %h11 = func.call @costate_min_norm_solve_3xf64(%a11, %b11) : (tensor<3x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)
  %d11 = tensor.cast %x11 : tensor<3xf64> to tensor<?xf64>
  func.call @print(%d11, %r11, %l11, %h11) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // Only the second moves.
  %a12 = arith.constant dense<[[0.0,0.0,0.0],[0.0,2.0,0.0],[0.0,0.0,0.0]]> : tensor<3x3xf64>
  %b12 = arith.constant dense<[1.0,2.0,3.0]> : tensor<3xf64>
  %x12, %r12, %l12, %h12 = func.call @costate_min_norm_solve_3xf64(%a12, %b12) : (tensor<3x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)
  %d12 = tensor.cast %x12 : tensor<3xf64> to tensor<?xf64>
  func.call @print(%d12, %r12, %l12, %h12) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}2{{$}}
  // Zero, by the loops.
  %a13 = arith.constant dense<[[0.0,0.0,0.0,0.0,0.0],[0.0,0.0,0.0,0.0,0.0],[0.0,0.0,0.0,0.0,0.0],[0.0,0.0,0.0,0.0,0.0],[0.0,0.0,0.0,0.0,0.0]]> : tensor<5x5xf64>
  %b13 = arith.constant dense<[1.0,2.0,3.0,4.0,5.0]> : tensor<5xf64>
  %x13, %r13, %l13, %h13 = func.call @costate_min_norm_solve_5xf64(%a13, %b13) : (tensor<5x5xf64>, tensor<5xf64>) -> (tensor<5xf64>, f64, f64, f64)
  %d13 = tensor.cast %x13 : tensor<5xf64> to tensor<?xf64>
  func.call @print(%d13, %r13, %l13, %h13) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0{{$}}
  // The upper triangle alone is read.
  %a14 = arith.constant dense<[[1.0,0.0,0.0,0.0,0.0],[9.0,2.0,0.0,0.0,0.0],[9.0,9.0,4.0,0.0,0.0],[9.0,9.0,9.0,8.0,0.0],[9.0,9.0,9.0,9.0,16.0]]> : tensor<5x5xf64>
  %b14 = arith.constant dense<[1.0,1.0,1.0,1.0,1.0]> : tensor<5xf64>
  %x14, %r14, %l14, %h14 = func.call @costate_min_norm_solve_5xf64(%a14, %b14) : (tensor<5x5xf64>, tensor<5xf64>) -> (tensor<5xf64>, f64, f64, f64)
  %d14 = tensor.cast %x14 : tensor<5xf64> to tensor<?xf64>
  func.call @print(%d14, %r14, %l14, %h14) : (tensor<?xf64>, f64, f64, f64) -> ()
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}0.5{{$}}
  // CHECK-NEXT: {{^}}0.25{{$}}
  // CHECK-NEXT: {{^}}0.125{{$}}
  // CHECK-NEXT: {{^}}0.0625{{$}}
  // CHECK-NEXT: {{^}}5{{$}}
  // CHECK-NEXT: {{^}}1{{$}}
  // CHECK-NEXT: {{^}}16{{$}}
  return
}
