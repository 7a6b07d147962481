// RUN: costate-opt %s -costate-merge-functions | FileCheck %s
// Equal but for their names and those of what they call.
// CHECK-LABEL: func.func private @first(
func.func private @first(%x: f64) -> f64 {
  %y = arith.mulf %x, %x : f64
  return %y : f64
}
// CHECK-NOT: @second
func.func private @second(%x: f64) -> f64 {
  %y = arith.mulf %x, %x : f64
  return %y : f64
}
// Another attribute of an argument is another function.
// CHECK: func.func private @third(
func.func private @third(%x: f64 {costate.role = "theta"}) -> f64 {
  %y = arith.mulf %x, %x : f64
  return %y : f64
}
// CHECK: func.func private @calls_first
// CHECK: call @first
func.func private @calls_first(%x: f64) -> f64 {
  %y = call @first(%x) : (f64) -> f64
  return %y : f64
}
// CHECK-NOT: @calls_second
func.func private @calls_second(%x: f64) -> f64 {
  %y = call @second(%x) : (f64) -> f64
  return %y : f64
}
// What others may call stays.
// CHECK: func.func @public(
// CHECK: call @calls_first
func.func @public(%x: f64) -> f64 {
  %y = call @calls_second(%x) : (f64) -> f64
  return %y : f64
}
// CHECK: func.func @public_too(
func.func @public_too(%x: f64) -> f64 {
  %y = call @calls_first(%x) : (f64) -> f64
  return %y : f64
}
// Addresses count as uses.
llvm.func internal @run(%x: i64) {
  llvm.return
}
// CHECK-NOT: @run_too
llvm.func internal @run_too(%x: i64) {
  llvm.return
}
// CHECK: llvm.func @address
// CHECK: llvm.mlir.addressof @run :
llvm.func @address() -> !llvm.ptr {
  %a = llvm.mlir.addressof @run_too : !llvm.ptr
  llvm.return %a : !llvm.ptr
}
