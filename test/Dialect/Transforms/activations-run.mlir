// Values of activations and their derivatives up to the third, executed at 0 (where a formula with |z| or max could go
// wrong) and at 0.7, against numbers from the closed forms.
// RUN: rm -rf %t && split-file %s %t
// RUN: costate-opt %t/net.mlir -costate-lower-networks | sed '/^}$/d' > %t/lowered.mlir
// RUN: echo '}' > %t/end.mlir
// RUN: sed '/func.func private @derivatives/d' %t/main.mlir > %t/caller.mlir
// RUN: cat %t/lowered.mlir %t/caller.mlir %t/end.mlir > %t/all.mlir
// RUN: costate-opt %t/all.mlir -costate-expand-derivatives -inline -canonicalize -cse %run_tensors -convert-math-to-libm -convert-func-to-llvm | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %t/main.mlir

//--- net.mlir
costate.network @net(%z: tensor<1xf64>) -> (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) {
  %sigmoid = costate.dense %z -> 1 activation(sigmoid) : tensor<1xf64> -> tensor<1xf64>
  %swish = costate.dense %z -> 1 activation(swish) : tensor<1xf64> -> tensor<1xf64>
  %softplus = costate.dense %z -> 1 activation(softplus) : tensor<1xf64> -> tensor<1xf64>
  %gelu = costate.dense %z -> 1 activation(gelu) : tensor<1xf64> -> tensor<1xf64>
  %tanh = costate.dense %z -> 1 activation(tanh) : tensor<1xf64> -> tensor<1xf64>
  costate.yield %sigmoid, %swish, %softplus, %gelu, %tanh : tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>
}
costate.residual @derivatives(%z: tensor<1xf64>) -> (tensor<5xf64>, tensor<5xf64>, tensor<5xf64>, tensor<5xf64>) {
  %a:5 = costate.call @net(%z) : (tensor<1xf64>) -> (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>)
  %u = tensor.concat dim(0) %a#0, %a#1, %a#2, %a#3, %a#4 : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<5xf64>
  %d1 = costate.diff %u by %z[0] : tensor<5xf64>, tensor<1xf64>
  %d2 = costate.diff %u by %z[0, 0] : tensor<5xf64>, tensor<1xf64>
  %d3 = costate.diff %u by %z[0, 0, 0] : tensor<5xf64>, tensor<1xf64>
  costate.yield %u, %d1, %d2, %d3 : tensor<5xf64>, tensor<5xf64>, tensor<5xf64>, tensor<5xf64>
}

// -----
//--- main.mlir
func.func private @derivatives(tensor<1x1xf64>, tensor<1xf64>, tensor<1x1xf64>, tensor<1xf64>, tensor<1x1xf64>, tensor<1xf64>, tensor<1x1xf64>, tensor<1xf64>, tensor<1x1xf64>, tensor<1xf64>, tensor<1xf64>) -> (tensor<5xf64>, tensor<5xf64>, tensor<5xf64>, tensor<5xf64>)
func.func @show(%x: tensor<5xf64>) {
  %i0 = arith.constant 0 : index
  %x0 = tensor.extract %x[%i0] : tensor<5xf64>
  %i1 = arith.constant 1 : index
  %x1 = tensor.extract %x[%i1] : tensor<5xf64>
  %i2 = arith.constant 2 : index
  %x2 = tensor.extract %x[%i2] : tensor<5xf64>
  %i3 = arith.constant 3 : index
  %x3 = tensor.extract %x[%i3] : tensor<5xf64>
  %i4 = arith.constant 4 : index
  %x4 = tensor.extract %x[%i4] : tensor<5xf64>
  vector.print %x0 : f64 punctuation <comma>
  vector.print %x1 : f64 punctuation <comma>
  vector.print %x2 : f64 punctuation <comma>
  vector.print %x3 : f64 punctuation <comma>
  vector.print %x4 : f64
  return
}
func.func @at(%z: tensor<1xf64>) {
  %w = arith.constant dense<1.0> : tensor<1x1xf64>
  %b = arith.constant dense<0.0> : tensor<1xf64>
  %d:4 = func.call @derivatives(%w, %b, %w, %b, %w, %b, %w, %b, %w, %b, %z)
    : (tensor<1x1xf64>, tensor<1xf64>, tensor<1x1xf64>, tensor<1xf64>, tensor<1x1xf64>, tensor<1xf64>, tensor<1x1xf64>, tensor<1xf64>, tensor<1x1xf64>, tensor<1xf64>, tensor<1xf64>) -> (tensor<5xf64>, tensor<5xf64>, tensor<5xf64>, tensor<5xf64>)
  call @show(%d#0) : (tensor<5xf64>) -> ()
  call @show(%d#1) : (tensor<5xf64>) -> ()
  call @show(%d#2) : (tensor<5xf64>) -> ()
  call @show(%d#3) : (tensor<5xf64>) -> ()
  return
}
// sigmoid, swish, softplus, gelu, tanh; then their first, second and third derivatives.
func.func @main() {
  // CHECK: {{^}}0.5, 0, 0.693147, 0, 0{{$}}
  // CHECK-NEXT: {{^}}0.25, 0.5, 0.5, 0.5, 1{{$}}
  // CHECK-NEXT: {{^}}{{-?}}0, 0.5, 0.25, 0.797885, {{-?}}0{{$}}
  // CHECK-NEXT: {{^}}-0.125, {{-?}}0, {{-?}}0, {{-?}}0, -2{{$}}
  %zero = arith.constant dense<0.0> : tensor<1xf64>
  call @at(%zero) : (tensor<1xf64>) -> ()
  // CHECK-NEXT: {{^}}0.668188, 0.467731, 1.10319, 0.530625, 0.604368{{$}}
  // CHECK-NEXT: {{^}}0.221713, 0.823387, 0.668188, 0.976614, 0.63474{{$}}
  // CHECK-NEXT: {{^}}-0.0745788, 0.391221, 0.221713, 0.471503, -0.767232{{$}}
  // CHECK-NEXT: {{^}}-0.0732267, -0.274995, -0.0745788, -0.767208, 0.121592{{$}}
  %z = arith.constant dense<0.7> : tensor<1xf64>
  call @at(%z) : (tensor<1xf64>) -> ()
  return
}
