// RUN: costate-opt %s -costate-expand-vector-math -split-input-file -verify-diagnostics

// A name of the C library is its function of the C library: no other is called in its place.
// expected-note @below {{here}}
func.func private @pow(f32, f32) -> f32
func.func @f(%x: f64, %y: f64) -> f64 {
  // expected-error @below {{'math.powf' op calls 'pow' of the C library, of type '(f64, f64) -> f64', but the module gives this name to something else}}
  %z = math.powf %x, %y : f64
  return %z : f64
}

// -----

// expected-note @below {{here}}
func.func @erfcf(%x: f32) -> f32 {
  return %x : f32
}
func.func @f(%x: vector<4xf32>) -> vector<4xf32> {
  // expected-error @below {{'math.erfc' op calls 'erfcf' of the C library, of type '(f32) -> f32'}}
  %z = math.erfc %x : vector<4xf32>
  return %z : vector<4xf32>
}

// -----

// expected-note @below {{here}}
memref.global @sin : memref<f64>
func.func @f(%x: f64) -> f64 {
  // expected-error @below {{'math.sin' op calls 'sin' of the C library}}
  %z = math.sin %x : f64
  return %z : f64
}
