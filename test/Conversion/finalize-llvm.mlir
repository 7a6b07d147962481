// RUN: costate-opt %s -costate-finalize-llvm="cpu=x86-64-v4 features=+avx512f,+fma vector-bits=512" | FileCheck %s
// RUN: costate-opt %s -costate-finalize-llvm | FileCheck %s --check-prefix=NONE
// RUN: costate-opt %s -costate-finalize-llvm="fma=false" | FileCheck %s --check-prefix=TWO
// RUN: costate-opt %s -costate-finalize-llvm="flush-denormals" | FileCheck %s --check-prefix=FLUSH

// CHECK: module {
module attributes {costate.program = "{}", costate.host_workspace_bytes = 0 : i64} {
  // CHECK-NEXT: llvm.func @costate_rt_parallel_for(!llvm.ptr, !llvm.ptr, i64)
  // CHECK-NOT: attributes
  llvm.func @costate_rt_parallel_for(!llvm.ptr, !llvm.ptr, i64)
  // CHECK: llvm.func internal @step() attributes {no_unwind, prefer_vector_width = "512", target_cpu = "x86-64-v4", target_features = #llvm.target_features<["+avx512f", "+fma"]>}
  // NONE: llvm.func internal @step()
  // NONE-NOT: target_
  llvm.func @step() attributes {costate.entry} {
    llvm.return
  }
  // What a library exports stays visible.
  // CHECK: llvm.func @scale() attributes {no_unwind
  // FLUSH: llvm.func internal @step
  // FLUSH-NEXT: llvm.return
  // FLUSH: llvm.func @scale
  // FLUSH: llvm.call_intrinsic "llvm.x86.sse.stmxcsr"(%[[BEFORE:.*]]) : (!llvm.ptr) -> ()
  // FLUSH: %[[STATE:.*]] = llvm.load %[[BEFORE]]
  // FLUSH: %[[BITS:.*]] = llvm.mlir.constant(32832 : i32)
  // FLUSH: %[[FLUSHED:.*]] = llvm.or %[[STATE]], %[[BITS]]
  // FLUSH: llvm.store %[[FLUSHED]], %[[DURING:.*]] :
  // FLUSH: llvm.call_intrinsic "llvm.x86.sse.ldmxcsr"(%[[DURING]])
  // FLUSH: llvm.call_intrinsic "llvm.x86.sse.ldmxcsr"(%[[BEFORE]])
  // FLUSH-NEXT: llvm.return
  llvm.func @scale() attributes {costate.exported} {
    llvm.return
  }
  // CHECK: llvm.func @costate_entry_step()
  llvm.func @costate_entry_step() {
    llvm.return
  }
  // A fused operation where the processor has one.
  // CHECK: llvm.func internal @fused
  // CHECK: llvm.intr.fma(
  // TWO: llvm.func internal @fused
  // TWO: %[[SUM:.*]] = llvm.intr.fmuladd(%{{.*}}, %{{.*}}, %{{.*}}) : (vector<2xf64>, vector<2xf64>, vector<2xf64>) -> vector<2xf64>
  // TWO: llvm.return %[[SUM]]
  llvm.func @fused(%a: vector<2xf64>, %b: vector<2xf64>, %c: vector<2xf64>) -> vector<2xf64> {
    %sum = llvm.intr.fma(%a, %b, %c) : (vector<2xf64>, vector<2xf64>, vector<2xf64>) -> vector<2xf64>
    llvm.return %sum : vector<2xf64>
  }
}
