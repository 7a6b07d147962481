// RUN: costate-opt %s -costate-pack-entries -split-input-file -verify-diagnostics

// expected-error @+1 {{is an entry function and must return nothing}}
func.func @result() -> f32 attributes {costate.entry} {
  %0 = arith.constant 0.0 : f32
  return %0 : f32
}

// -----

// expected-error @+1 {{is an entry function, but its argument 0 has no costate.role}}
func.func @no_role(%a: memref<3xf32>) attributes {costate.entry} {
  return
}

// -----

// expected-error @+1 {{has argument 0 of role 'tetha', which the runtime does not know}}
func.func @unknown(%a: memref<3xf32> {costate.role = "tetha"}) attributes {costate.entry} {
  return
}

// -----

// expected-error @+1 {{has argument 0 of role 'column:train', which needs 2 names after the colon}}
func.func @names(%a: memref<3x?xf32> {costate.role = "column:train"}) attributes {costate.entry} {
  return
}

// -----

// expected-error @+1 {{has argument 0 of role 'count:train' and type 'f32', but this role needs index}}
func.func @count(%a: f32 {costate.role = "count:train"}) attributes {costate.entry} {
  return
}

// -----

// expected-error @+1 {{has argument 0 of role 'total:train' and type 'f32', but this role needs index}}
func.func @total(%a: f32 {costate.role = "total:train"}) attributes {costate.entry} {
  return
}

// -----

// expected-error @+1 {{has argument 0 of role 'hyper:lr' and type 'index', but this role needs a float}}
func.func @hyper(%a: index {costate.role = "hyper:lr"}) attributes {costate.entry} {
  return
}

// -----

// expected-error @+1 {{has argument 0 of role 'theta' and type 'f32', but this role needs a memref}}
func.func @theta(%a: f32 {costate.role = "theta"}) attributes {costate.entry} {
  return
}

// -----

// expected-error @+1 {{has argument 0 of type 'memref<?x?xf32>', but a buffer of the runtime is row-major with at most one dynamic extent}}
func.func @extents(%a: memref<?x?xf32> {costate.role = "column:train:x"}) attributes {costate.entry} {
  return
}

// -----

// expected-error @+1 {{has argument 0 of role 'out:u' and type 'memref<4xf32>', but its last extent, the points, must be dynamic}}
func.func @points(%a: memref<4xf32> {costate.role = "out:u"}) attributes {costate.entry} {
  return
}

// -----

// expected-error @+1 {{costate.program is not JSON: }}
module attributes {costate.program = "{name}"} {
}

// -----

// expected-error @+1 {{costate.program must be a JSON object}}
module attributes {costate.program = "[1]"} {
}

// -----

// expected-error @+1 {{costate.program must be a JSON object, as a string or as a dictionary of strings, numbers, booleans and arrays}}
module attributes {costate.program = {init = dense<1.0> : tensor<2xf32>}} {
}

// -----

// What has been packed is packed once.
// expected-error @+1 {{'llvm.mlir.global' op is named @costate_program, which packing defines: a module is packed once}}
llvm.mlir.global external constant @costate_program("{}\00")

// -----

// expected-error @+1 {{'func.func' op is named @costate_name_step, which packing defines: a module is packed once}}
func.func private @costate_name_step()
func.func @step(%a: memref<3xf32> {costate.role = "theta"}) attributes {costate.entry} {
  return
}
