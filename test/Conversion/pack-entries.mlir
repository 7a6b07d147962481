// RUN: costate-opt %s -split-input-file -costate-pack-entries | FileCheck %s

// What the program says of itself is kept and completed.
module attributes {costate.program = {name = "waves", parameter_count = 3 : i64, flags = [1, true, 0.5, "a"],
                                      entries = [{name = "step", doc = "one step"}]},
                   costate.host_workspace_bytes = 256 : i64, costate.workspace_bytes_per_worker = 768 : i64,
                   costate.source = "waves.mlir", costate.ir_hash = "abc"} {
  // The arguments are pointers to distinct buffers; capacities follow.
  // CHECK-LABEL: func.func private @step
  // CHECK-SAME: (%{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: i64, %{{.*}}: i64, %{{.*}}: i64, %{{.*}}: f32, %{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: i64)
  func.func @step(%theta: memref<3xf32> {costate.role = "theta"},
                  %x: memref<2x5x?xf32> {costate.role = "column:train:x"}, %n: index {costate.role = "count:train"},
                  %lr: f32 {costate.role = "hyper:optimizer.lr"}, %workspace: memref<?xi8> {costate.role = "workspace"})
      attributes {costate.entry} {
    %c0 = arith.constant 0 : index
    memref.store %lr, %x[%c0, %c0, %n] : memref<2x5x?xf32>
    return
  }
  // CHECK-LABEL: llvm.func @costate_entry_step
  // CHECK-SAME: (%[[ARGS:.*]]: !llvm.ptr, %[[WORKSPACE:.*]]: !llvm.ptr)
  // The capacity comes after the four arguments; the strides are 5 times and once the capacity.
  // CHECK: llvm.getelementptr %[[ARGS]][4]
  // CHECK: %[[CAPACITY:.*]] = llvm.load %{{.*}} : !llvm.ptr -> i64
  // CHECK: %[[FIVE:.*]] = llvm.mlir.constant(5
  // CHECK: llvm.mul %[[CAPACITY]], %[[FIVE]]
  // CHECK: call @step
  // CHECK: llvm.return

  // CHECK: llvm.mlir.global external constant @costate_program("
  // CHECK-SAME: \22compiler\22:\22costatec
  // CHECK-SAME: \22entries\22:[{\22args\22:[{\22role\22:\22theta\22},{\22column\22:\22x\22,\22role\22:\22column\22,\22set\22:\22train\22,\22shape\22:[2,5]},{\22role\22:\22count\22,\22set\22:\22train\22},{\22name\22:\22optimizer.lr\22,\22role\22:\22hyper\22}],\22doc\22:\22one step\22,\22name\22:\22step\22}]
  // CHECK-SAME: \22flags\22:[1,true,0.5,\22a\22]
  // CHECK-SAME: \22host_workspace_bytes\22:256,\22ir_hash\22:\22abc\22,\22max_workers\22:64,\22name\22:\22waves\22,\22parameter_count\22:3,\22precision\22:\22f32\22
  // CHECK-SAME: \22source\22:\22waves.mlir\22,\22target\22:\22cpu\22,\22workspace_bytes_per_worker\22:768}\00")
  // CHECK: llvm.mlir.global external constant @costate_entries
  // CHECK: llvm.mlir.addressof @costate_name_step
  // CHECK: llvm.mlir.addressof @costate_entry_step
}

// -----

// A program given as text, and an entry that it does not know of.
// CHECK: @costate_program({{.*}}\22args\22:[{\22name\22:\22adam.m\22,\22role\22:\22state\22},{\22name\22:\22u\22,\22role\22:\22out\22,\22shape\22:[1]},{\22role\22:\22metrics\22},{\22role\22:\22grad\22}],\22name\22:\22predict.wave\22{{.*}}\22name\22:\22text\22{{.*}}\22precision\22:\22f64\22
module attributes {costate.program = "{\22name\22: \22text\22}"} {
  func.func @predict.wave(%m: memref<3xf64> {costate.role = "state:adam.m"}, %u: memref<1x?xf64> {costate.role = "out:u"},
                          %k: memref<2xf64> {costate.role = "metrics"}, %g: memref<3xf64> {costate.role = "grad"})
      attributes {costate.entry} {
    return
  }
}

// -----

// A function of a library takes a pointer for each buffer; there is no program.
// CHECK-LABEL: func.func @scale
// CHECK-SAME: (%[[X:.*]]: !llvm.ptr {llvm.noalias}, %[[A:.*]]: f64) attributes {costate.exported}
// CHECK: %[[BUFFER:.*]] = builtin.unrealized_conversion_cast %{{.*}} : !llvm.struct<{{.*}}> to memref<3xf64>
// CHECK: memref.store %[[A]], %[[BUFFER]]
// CHECK-NOT: costate_program
func.func @scale(%x: memref<3xf64>, %a: f64) attributes {costate.exported} {
  %c0 = arith.constant 0 : index
  memref.store %a, %x[%c0] : memref<3xf64>
  return
}
