// Results of a library that are one value, an argument, parts of one another or constants, and values that are read after
// others were computed: each result has its own buffer, and each argument stays as it was. The right values are computed in
// Python.
//
// RUN: costatec %s --emit=shared -o %t.so
// RUN: %python %S/Inputs/library_aliasing.py %t.so | FileCheck %s
// RUN: costatec %s --emit=shared -O0 --precision=f64 --target-cpu=x86-64 -o %t.so
// RUN: %python %S/Inputs/library_aliasing.py %t.so | FileCheck %s
// CHECK: 13 functions, wrong: none

// The product goes to neither result: both are computed from it.
func.func @product(%w: tensor<4x4xf64>, %x: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>) {
  %zero = arith.constant dense<0.0> : tensor<4xf64>
  %h = linalg.matvec ins(%w, %x : tensor<4x4xf64>, tensor<4xf64>) outs(%zero : tensor<4xf64>) -> tensor<4xf64>
  %0 = math.sin %h : tensor<4xf64>
  %1 = math.cos %h : tensor<4xf64>
  return %0, %1 : tensor<4xf64>, tensor<4xf64>
}

func.func @product_and_itself(%w: tensor<4x4xf64>, %x: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>) {
  %zero = arith.constant dense<0.0> : tensor<4xf64>
  %h = linalg.matvec ins(%w, %x : tensor<4x4xf64>, tensor<4xf64>) outs(%zero : tensor<4xf64>) -> tensor<4xf64>
  %0 = math.sin %h : tensor<4xf64>
  return %0, %h : tensor<4xf64>, tensor<4xf64>
}

func.func @twice(%x: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>) {
  %0 = math.sin %x : tensor<4xf64>
  return %0, %0 : tensor<4xf64>, tensor<4xf64>
}

func.func @arguments(%x: tensor<4xf64>, %y: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) {
  %0 = arith.addf %x, %y : tensor<4xf64>
  return %y, %x, %0 : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>
}

func.func @beside_its_update(%x: tensor<4xf64>, %y: tensor<2xf64>) -> (tensor<4xf64>, tensor<4xf64>) {
  %0 = tensor.insert_slice %y into %x[1] [2] [1] : tensor<2xf64> into tensor<4xf64>
  return %0, %x : tensor<4xf64>, tensor<4xf64>
}

func.func @one_branch_argument(%x: tensor<4xf64>, %p: i1) -> (tensor<4xf64>, tensor<4xf64>) {
  %0:2 = scf.if %p -> (tensor<4xf64>, tensor<4xf64>) {
    %1 = math.sin %x : tensor<4xf64>
    scf.yield %1, %x : tensor<4xf64>, tensor<4xf64>
  } else {
    scf.yield %x, %x : tensor<4xf64>, tensor<4xf64>
  }
  return %0#1, %0#0 : tensor<4xf64>, tensor<4xf64>
}

func.func @branch_yields_twice(%x: tensor<4xf64>, %y: tensor<2xf64>, %p: i1) -> (tensor<4xf64>, tensor<4xf64>) {
  %0:2 = scf.if %p -> (tensor<4xf64>, tensor<4xf64>) {
    %1 = math.sin %x : tensor<4xf64>
    scf.yield %1, %1 : tensor<4xf64>, tensor<4xf64>
  } else {
    %1 = math.cos %x : tensor<4xf64>
    scf.yield %1, %x : tensor<4xf64>, tensor<4xf64>
  }
  %2 = tensor.insert_slice %y into %0#0[0] [2] [1] : tensor<2xf64> into tensor<4xf64>
  return %2, %0#1 : tensor<4xf64>, tensor<4xf64>
}

func.func @slices(%x: tensor<4xf64>) -> (tensor<2xf64>, tensor<4xf64>, tensor<2xf64>, tensor<4xf64>) {
  %0 = math.sin %x : tensor<4xf64>
  %1 = tensor.extract_slice %0[1] [2] [1] : tensor<4xf64> to tensor<2xf64>
  %2 = tensor.insert_slice %1 into %0[0] [2] [1] : tensor<2xf64> into tensor<4xf64>
  %3 = tensor.extract_slice %2[0] [2] [1] : tensor<4xf64> to tensor<2xf64>
  return %1, %2, %3, %0 : tensor<2xf64>, tensor<4xf64>, tensor<2xf64>, tensor<4xf64>
}

func.func @constants(%x: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) {
  %zero = arith.constant dense<0.0> : tensor<4xf64>
  %four = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf64>
  %i = arith.constant 1 : index
  %e = tensor.extract %x[%i] : tensor<4xf64>
  %0 = tensor.insert %e into %four[%i] : tensor<4xf64>
  return %four, %0, %zero : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>
}

// Two sums start from one fill, which is a result too; two loops write to one `empty`.
func.func @shared_starts(%w: tensor<4x4xf64>, %x: tensor<4xf64>)
    -> (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) {
  %half = arith.constant 0.5 : f64
  %empty = tensor.empty() : tensor<4xf64>
  %start = linalg.fill ins(%half : f64) outs(%empty : tensor<4xf64>) -> tensor<4xf64>
  %0 = linalg.matvec ins(%w, %x : tensor<4x4xf64>, tensor<4xf64>) outs(%start : tensor<4xf64>) -> tensor<4xf64>
  %1 = linalg.matvec ins(%w, %0 : tensor<4x4xf64>, tensor<4xf64>) outs(%start : tensor<4xf64>) -> tensor<4xf64>
  %2 = linalg.map { math.sin } ins(%x : tensor<4xf64>) outs(%empty : tensor<4xf64>)
  %3 = linalg.map { math.cos } ins(%x : tensor<4xf64>) outs(%empty : tensor<4xf64>)
  return %0, %1, %start, %2, %3 : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>
}

func.func @read_after_it_is_written(%w: tensor<4x4xf64>, %x: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>) {
  %0 = math.sin %x : tensor<4xf64>
  %1 = linalg.matvec ins(%w, %x : tensor<4x4xf64>, tensor<4xf64>) outs(%0 : tensor<4xf64>) -> tensor<4xf64>
  %2 = arith.addf %0, %1 : tensor<4xf64>
  return %1, %2 : tensor<4xf64>, tensor<4xf64>
}

// A scalar beside the tensor that it is an element of, before that changes.
func.func @scalar(%x: tensor<4xf64>) -> (tensor<4xf64>, f64, tensor<4xf64>) {
  %i = arith.constant 1 : index
  %0 = math.sin %x : tensor<4xf64>
  %e = tensor.extract %0[%i] : tensor<4xf64>
  %2 = arith.addf %0, %0 : tensor<4xf64>
  return %2, %e, %0 : tensor<4xf64>, f64, tensor<4xf64>
}

// A switch yields an argument, a part of it or a new tensor; each is written over, and the argument stays.
func.func @switch_yields_an_argument(%x: tensor<4xf64>, %i: i64) -> (tensor<4xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %seven = arith.constant 7.0 : f64
  %at = arith.index_cast %i : i64 to index
  %part = tensor.extract_slice %x[1] [2] [1] : tensor<4xf64> to tensor<2xf64>
  %y:2 = scf.index_switch %at -> tensor<4xf64>, tensor<2xf64>
  case 1 {
    %s = math.sin %x : tensor<4xf64>
    %p = math.sin %part : tensor<2xf64>
    scf.yield %s, %p : tensor<4xf64>, tensor<2xf64>
  }
  default {
    scf.yield %x, %part : tensor<4xf64>, tensor<2xf64>
  }
  %0 = tensor.insert %seven into %y#0[%c0] : tensor<4xf64>
  %1 = tensor.insert %seven into %y#1[%c0] : tensor<2xf64>
  return %0, %1 : tensor<4xf64>, tensor<2xf64>
}
