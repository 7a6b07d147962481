// The binomial schedule runs the fewest steps that can be: t(l, c) = r·l - β(c+1, r-1) for l steps and c snapshots, and one
// more, the last one, for the result. What is counted is the function of each step.
//
// RUN: costate-opt %s -costate-expand-transforms \
// RUN:   | sed 's/math.sin %\([a-z0-9_]*\) : f64/func.call @counted(%\1) : (f64) -> f64/' \
// RUN:   | costate-opt -one-shot-bufferize='bufferize-function-boundaries=1 allow-return-allocs-from-loops=1' %run_buffers \
// RUN:   | %run_main | FileCheck %s

memref.global @count : memref<i64> = dense<0>

func.func private @counted(%x: f64) -> f64 {
  %c1 = arith.constant 1 : i64
  %m = memref.get_global @count : memref<i64>
  %n = memref.load %m[] : memref<i64>
  %n1 = arith.addi %n, %c1 : i64
  memref.store %n1, %m[] : memref<i64>
  return %x : f64
}

func.func private @f(%x: f64, %n: index) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> f64 {
    %r = math.sin %s : f64
    scf.yield %r : f64
  } {checkpoint = {snapshots = 3}}
  return %y : f64
}
costate.derive @f_gradient = gradient @f wrt [0]

func.func private @printI64(i64)
func.func private @printNewline()

func.func private @steps(%n: index) {
  %x = arith.constant 0.5 : f64
  %zero = arith.constant 0 : i64
  %m = memref.get_global @count : memref<i64>
  memref.store %zero, %m[] : memref<i64>
  %y, %d = costate.call @f_gradient(%x, %n) : (f64, index) -> (f64, f64)
  %count = memref.load %m[] : memref<i64>
  func.call @printI64(%count) : (i64) -> ()
  func.call @printNewline() : () -> ()
  return
}

// t(0..35, 3) + 1 at some points: no step, one, and on both sides of where one repetition more is needed.
func.func @main() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  %c10 = arith.constant 10 : index
  %c11 = arith.constant 11 : index
  %c20 = arith.constant 20 : index
  %c35 = arith.constant 35 : index
  // CHECK: {{^}}0{{$}}
  func.call @steps(%c0) : (index) -> ()
  // CHECK-NEXT: {{^}}1{{$}}
  func.call @steps(%c1) : (index) -> ()
  // CHECK-NEXT: {{^}}2{{$}}
  func.call @steps(%c2) : (index) -> ()
  // CHECK-NEXT: {{^}}4{{$}}
  func.call @steps(%c4) : (index) -> ()
  // CHECK-NEXT: {{^}}6{{$}}
  func.call @steps(%c5) : (index) -> ()
  // CHECK-NEXT: {{^}}16{{$}}
  func.call @steps(%c10) : (index) -> ()
  // CHECK-NEXT: {{^}}19{{$}}
  func.call @steps(%c11) : (index) -> ()
  // CHECK-NEXT: {{^}}46{{$}}
  func.call @steps(%c20) : (index) -> ()
  // CHECK-NEXT: {{^}}106{{$}}
  func.call @steps(%c35) : (index) -> ()
  return
}
