// RUN: costate-opt %s -costate-chunks-to-gpu -verify-diagnostics -split-input-file

func.func @two_dimensions(%n: index) {
  // expected-error @below {{'scf.forall' op must be a bufferized loop over one dimension from 0 by 1 to become a kernel}}
  scf.forall (%i, %j) in (%n, %n) {
  }
  return
}

// -----

func.func @strided(%n: index, %x: memref<4xf32, strided<[2]>>) {
  %zero = arith.constant 0.0 : f32
  // expected-error @below {{'scf.forall' op uses a buffer of type 'memref<4xf32, strided<[2]>>', but a kernel takes only whole, row-major buffers}}
  scf.forall (%i) in (%n) {
    linalg.fill ins(%zero : f32) outs(%x : memref<4xf32, strided<[2]>>)
  }
  return
}

// -----

func.func private @print(vector<4xf32>)
func.func @vector(%n: index, %v: vector<4xf32>) {
  // expected-error @below {{'scf.forall' op uses a value of type 'vector<4xf32>', which a kernel cannot take}}
  scf.forall (%i) in (%n) {
    func.call @print(%v) : (vector<4xf32>) -> ()
  }
  return
}

// -----

func.func private @print(index)
func.func @call(%n: index) {
  scf.forall (%i) in (%n) {
    // expected-error @below {{'func.call' op has no lowering to a kernel}}
    func.call @print(%i) : (index) -> ()
  }
  return
}

// -----

func.func @wide(%n: index, %x: memref<2048xf32>) {
  %zero = arith.constant 0.0 : f32
  // expected-error @below {{'scf.forall' op would need a block of 2048 threads, but a block has at most 1024}}
  scf.forall (%i) in (%n) {
    linalg.fill ins(%zero : f32) outs(%x : memref<2048xf32>)
  }
  return
}

// -----

func.func @dynamic(%n: index, %x: memref<?xf32>) {
  %zero = arith.constant 0.0 : f32
  scf.forall (%i) in (%n) {
    // expected-error @below {{'linalg.fill' op must work on buffers of static shape to be lowered to a kernel}}
    linalg.fill ins(%zero : f32) outs(%x : memref<?xf32>)
  }
  return
}

// -----

func.func @dynamic_place(%n: index) {
  scf.forall (%i) in (%n) {
    // expected-error @below {{'memref.alloc' op must have a static shape and be row-major to get a place in a block's workspace}}
    %x = memref.alloc(%n) : memref<?xf32>
  }
  return
}

// -----

func.func @carried(%n: index, %a: memref<4xf32>, %b: memref<4xf32>, %c: i1) {
  %zero = arith.constant 0.0 : f32
  scf.forall (%i) in (%n) {
    // expected-error @below {{'scf.if' op carries a buffer, so what its threads touch is not known}}
    %x = scf.if %c -> memref<4xf32> {
      scf.yield %a : memref<4xf32>
    } else {
      scf.yield %b : memref<4xf32>
    }
    linalg.fill ins(%zero : f32) outs(%x : memref<4xf32>)
  }
  return
}

// -----

func.func @output(%n: index, %x: memref<4x4xf32>, %y: memref<4xf32>) {
  scf.forall (%i) in (%n) {
    // expected-error @below {{'linalg.generic' op has an output that does not depend on exactly its parallel loops, which no distribution over threads allows}}
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<4x4xf32>) outs(%y : memref<4xf32>) {
    ^bb0(%a: f32, %old: f32):
      linalg.yield %a : f32
    }
  }
  return
}

// -----

// A sum over both loops whose result still has one of them is no linalg op; an output that lacks a parallel loop is.
#both = affine_map<(i, j) -> (i, j)>
#first = affine_map<(i, j) -> (i)>
func.func @race(%n: index, %x: memref<4x8xf32>, %y: memref<4xf32>) {
  scf.forall (%c) in (%n) {
    // expected-error @below {{'linalg.generic' op has an output that does not depend on exactly its parallel loops, which no distribution over threads allows}}
    linalg.generic {indexing_maps = [#both, #first], iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<4x8xf32>) outs(%y : memref<4xf32>) {
    ^bb0(%a: f32, %old: f32):
      linalg.yield %a : f32
    }
  }
  return
}
