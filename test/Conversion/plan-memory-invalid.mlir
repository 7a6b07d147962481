// RUN: costate-opt %s -costate-plan-memory -split-input-file -verify-diagnostics

func.func @dynamic(%n: index) attributes {costate.entry} {
  // expected-error @+1 {{'memref.alloc' op has dynamic extents: every buffer of a step must be of a size known at compile time}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

func.func @layout() attributes {costate.entry} {
  // expected-error @+1 {{'memref.alloc' op has a layout other than row-major, for which no place can be planned}}
  %a = memref.alloc() : memref<4x4xf32, strided<[1, 4]>>
  return
}

// -----

func.func private @helper() {
  // expected-error @+1 {{'memref.alloc' op stands in a function that is not an entry, where there is no workspace}}
  %a = memref.alloc() : memref<4xf32>
  return
}

// -----

func.func @escapes(%first: memref<4xf32>, %n: index) attributes {costate.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %last = scf.for %i = %c0 to %n step %c1 iter_args(%b = %first) -> (memref<4xf32>) {
    // expected-error @+1 {{'memref.alloc' op allocates a buffer that outlives the iteration or function it is allocated in}}
    %a = memref.alloc() : memref<4xf32>
    memref.copy %b, %a : memref<4xf32> to memref<4xf32>
    scf.yield %a : memref<4xf32>
  }
  memref.copy %last, %first : memref<4xf32> to memref<4xf32>
  return
}
