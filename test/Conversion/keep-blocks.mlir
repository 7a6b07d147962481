// RUN: costate-opt %s -split-input-file -costate-keep-blocks | FileCheck %s

// A library allocates and frees by functions of its own.
// CHECK-LABEL: llvm.func @exported
// CHECK: %[[BLOCK:.*]] = llvm.call @costate_allocate(%{{.*}}) : (i64) -> !llvm.ptr
// CHECK: llvm.call @costate_release(%[[BLOCK]]) : (!llvm.ptr) -> ()
// CHECK: llvm.func @malloc(i64) -> !llvm.ptr
// What it returns is no other pointer's, as with malloc; so it must not be inlined.
// CHECK: llvm.func internal @costate_allocate(%{{.*}}: i64) -> (!llvm.ptr {llvm.noalias}) attributes {no_inline}
// CHECK: llvm.atomicrmw xchg
// CHECK: llvm.func internal @costate_release
// CHECK: llvm.cmpxchg
// When it is unloaded, nothing is kept.
// CHECK: llvm.mlir.global_dtors dtors = [@costate_release_all]
llvm.func @malloc(i64) -> !llvm.ptr
llvm.func @free(!llvm.ptr)
llvm.func @exported(%size: i64) attributes {costate.exported} {
  %block = llvm.call @malloc(%size) : (i64) -> !llvm.ptr
  llvm.call @free(%block) : (!llvm.ptr) -> ()
  llvm.return
}

// -----

// A program, or a library that allocates nothing, stays as it is.
// CHECK-LABEL: llvm.func @program
// CHECK: llvm.call @malloc
// CHECK-NOT: costate_allocate
llvm.func @malloc(i64) -> !llvm.ptr
llvm.func @free(!llvm.ptr)
llvm.func @program(%size: i64) {
  %block = llvm.call @malloc(%size) : (i64) -> !llvm.ptr
  llvm.call @free(%block) : (!llvm.ptr) -> ()
  llvm.return
}
