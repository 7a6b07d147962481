// Every derivative op by several inputs, executed: u = x0^2 x1^3 t + x0 t^2 and the field F = (x0 x1 t, x1^2 t, x0 t^3) at
// x = (2, 3), t = 5, where all numbers are whole.
// RUN: costate-opt %s -costate-expand-derivatives -inline -canonicalize -cse %run_tensors -convert-func-to-llvm | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s
// The same, where sums of derivatives are merged before.
// RUN: costate-opt %s -canonicalize -costate-merge-channels -costate-expand-derivatives -inline -canonicalize -cse %run_tensors -convert-func-to-llvm | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s

func.func private @u(%x: tensor<2xf64>, %t: tensor<1xf64>) -> tensor<1xf64> {
  %x0 = tensor.extract_slice %x[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %x1 = tensor.extract_slice %x[1] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %a = arith.mulf %x0, %x0 : tensor<1xf64>
  %b = arith.mulf %x1, %x1 : tensor<1xf64>
  %c = arith.mulf %b, %x1 : tensor<1xf64>
  %d = arith.mulf %a, %c : tensor<1xf64>
  %e = arith.mulf %d, %t : tensor<1xf64>
  %f = arith.mulf %t, %t : tensor<1xf64>
  %g = arith.mulf %x0, %f : tensor<1xf64>
  %u = arith.addf %e, %g : tensor<1xf64>
  return %u : tensor<1xf64>
}
func.func private @field(%x: tensor<2xf64>, %t: tensor<1xf64>) -> tensor<3xf64> {
  %x0 = tensor.extract_slice %x[0] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %x1 = tensor.extract_slice %x[1] [1] [1] : tensor<2xf64> to tensor<1xf64>
  %a = arith.mulf %x0, %x1 : tensor<1xf64>
  %b = arith.mulf %a, %t : tensor<1xf64>
  %c = arith.mulf %x1, %x1 : tensor<1xf64>
  %d = arith.mulf %c, %t : tensor<1xf64>
  %e = arith.mulf %t, %t : tensor<1xf64>
  %f = arith.mulf %e, %t : tensor<1xf64>
  %g = arith.mulf %x0, %f : tensor<1xf64>
  %field = tensor.concat dim(0) %b, %d, %g : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<3xf64>
  return %field : tensor<3xf64>
}

func.func private @first(%x: tensor<2xf64>, %t: tensor<1xf64>)
    -> (tensor<3xf64>, tensor<3xf64>, tensor<3x3xf64>, tensor<1xf64>) {
  %u = func.call @u(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> tensor<1xf64>
  %f = func.call @field(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> tensor<3xf64>
  %g = costate.grad %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3xf64>
  %h = costate.grad %u by %t, %x : tensor<1xf64>, tensor<1xf64>, tensor<2xf64> -> tensor<3xf64>
  %j = costate.jacobian %f by %x, %t : tensor<3xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3x3xf64>
  %d = costate.div %f by %x, %t : tensor<3xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<1xf64>
  return %g, %h, %j, %d : tensor<3xf64>, tensor<3xf64>, tensor<3x3xf64>, tensor<1xf64>
}
func.func private @second(%x: tensor<2xf64>, %t: tensor<1xf64>)
    -> (tensor<3x3xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<3xf64>) {
  %u = func.call @u(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> tensor<1xf64>
  %f = func.call @field(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> tensor<3xf64>
  %h = costate.hessian %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3x3xf64>
  %l = costate.laplacian %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  %m = costate.laplacian %u by %x, %t components [2, 0] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  %n = costate.laplacian %u by %x, %t components [2] : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  %g = costate.grad %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3xf64>
  %d = costate.div %g by %x, %t : tensor<3xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<1xf64>
  %e = costate.div %f by %x, %t : tensor<3xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<1xf64>
  %ge = costate.grad %e by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3xf64>
  return %h, %l, %m, %n, %d, %ge : tensor<3x3xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<3xf64>
}
func.func private @fourth(%x: tensor<2xf64>, %t: tensor<1xf64>) -> (tensor<1xf64>, tensor<1xf64>, tensor<3x3xf64>, tensor<1xf64>) {
  %u = func.call @u(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> tensor<1xf64>
  %d = costate.diff %u by %t[0], %x[1, 0, 1] : tensor<1xf64>, tensor<1xf64>, tensor<2xf64>
  %l = costate.laplacian %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64>
  %ll = costate.laplacian %l by %t, %x : tensor<1xf64>, tensor<1xf64>, tensor<2xf64>
  %hl = costate.hessian %l by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3x3xf64>
  // u_tt + laplacian by x: one channel.
  %tt = costate.diff %u by %t[0, 0] : tensor<1xf64>, tensor<1xf64>
  %lx = costate.laplacian %u by %x : tensor<1xf64>, tensor<2xf64>
  %wave = arith.subf %tt, %lx : tensor<1xf64>
  return %d, %ll, %hl, %wave : tensor<1xf64>, tensor<1xf64>, tensor<3x3xf64>, tensor<1xf64>
}

func.func private @show1(%a: tensor<1xf64>) attributes {no_inline} {
  %i0 = arith.constant 0 : index
  %i1 = arith.constant 1 : index
  %n = arith.constant 1 : index
  scf.for %i = %i0 to %n step %i1 {
    %e = tensor.extract %a[%i] : tensor<1xf64>
    vector.print %e : f64 punctuation <comma>
  }
  vector.print punctuation <newline>
  return
}
func.func private @show3(%a: tensor<3xf64>) attributes {no_inline} {
  %i0 = arith.constant 0 : index
  %i1 = arith.constant 1 : index
  %n = arith.constant 3 : index
  scf.for %i = %i0 to %n step %i1 {
    %e = tensor.extract %a[%i] : tensor<3xf64>
    vector.print %e : f64 punctuation <comma>
  }
  vector.print punctuation <newline>
  return
}
func.func private @show9(%a: tensor<3x3xf64>) attributes {no_inline} {
  %b = tensor.collapse_shape %a [[0, 1]] : tensor<3x3xf64> into tensor<9xf64>
  %i0 = arith.constant 0 : index
  %i1 = arith.constant 1 : index
  %n = arith.constant 9 : index
  scf.for %i = %i0 to %n step %i1 {
    %e = tensor.extract %b[%i] : tensor<9xf64>
    vector.print %e : f64 punctuation <comma>
  }
  vector.print punctuation <newline>
  return
}
func.func @main() {
  %x = arith.constant dense<[2.0, 3.0]> : tensor<2xf64>
  %t = arith.constant dense<5.0> : tensor<1xf64>
  // CHECK:      {{^}}565, 540, 128, {{$}}
  // CHECK-NEXT: {{^}}128, 565, 540, {{$}}
  // CHECK-NEXT: {{^}}15, 10, 6, 0, 30, 9, 125, 0, 150, {{$}}
  // CHECK-NEXT: {{^}}195, {{$}}
  %a:4 = func.call @first(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> (tensor<3xf64>, tensor<3xf64>, tensor<3x3xf64>, tensor<1xf64>)
  func.call @show3(%a#0) : (tensor<3xf64>) -> ()
  func.call @show3(%a#1) : (tensor<3xf64>) -> ()
  func.call @show9(%a#2) : (tensor<3x3xf64>) -> ()
  func.call @show1(%a#3) : (tensor<1xf64>) -> ()
  // CHECK-NEXT: {{^}}270, 540, 118, 540, 360, 108, 118, 108, 4, {{$}}
  // CHECK-NEXT: {{^}}634, {{$}}
  // CHECK-NEXT: {{^}}274, {{$}}
  // CHECK-NEXT: {{^}}4, {{$}}
  // CHECK-NEXT: {{^}}634, {{$}}
  // CHECK-NEXT: {{^}}75, 15, 69, {{$}}
  %b:6 = func.call @second(%x, %t) : (tensor<2xf64>, tensor<1xf64>)
    -> (tensor<3x3xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<3xf64>)
  func.call @show9(%b#0) : (tensor<3x3xf64>) -> ()
  func.call @show1(%b#1) : (tensor<1xf64>) -> ()
  func.call @show1(%b#2) : (tensor<1xf64>) -> ()
  func.call @show1(%b#3) : (tensor<1xf64>) -> ()
  func.call @show1(%b#4) : (tensor<1xf64>) -> ()
  func.call @show3(%b#5) : (tensor<3xf64>) -> ()
  // CHECK-NEXT: {{^}}72, {{$}}
  // CHECK-NEXT: {{^}}360, {{$}}
  // CHECK-NEXT: {{^}}180, 120, 72, 120, 180, 78, 72, 78, 0, {{$}}
  // CHECK-NEXT: {{^}}-626, {{$}}
  %c:4 = func.call @fourth(%x, %t) : (tensor<2xf64>, tensor<1xf64>) -> (tensor<1xf64>, tensor<1xf64>, tensor<3x3xf64>, tensor<1xf64>)
  func.call @show1(%c#0) : (tensor<1xf64>) -> ()
  func.call @show1(%c#1) : (tensor<1xf64>) -> ()
  func.call @show9(%c#2) : (tensor<3x3xf64>) -> ()
  func.call @show1(%c#3) : (tensor<1xf64>) -> ()
  return
}
