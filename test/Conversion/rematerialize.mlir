// RUN: costate-opt %s -split-input-file -costate-rematerialize -cse | FileCheck %s

#id = affine_map<(i, l) -> (i, l)>
#unit = affine_map<(i, l) -> (i)>

// The derivatives of a layer follow from its preactivation and its tanh: only the tanh is stored, besides what the next
// layer reads.
// CHECK-LABEL: func @layer
// CHECK-SAME: (%[[Z:.*]]: tensor<8x16xf32>, %[[S:.*]]: tensor<8xf32>, %[[W:.*]]: tensor<8x8xf32>, %[[C:.*]]: tensor<8x16xf32>)
// CHECK: %[[F:.*]]:2 = linalg.generic {{.*}} ins(%[[Z]], %[[S]] :
// CHECK: math.tanh
// CHECK: linalg.matmul ins(%[[W]], %[[F]]#0
// CHECK: linalg.generic {{.*}} ins(%[[C]], %[[F]]#1, %[[S]] :
// CHECK-NEXT: ^bb0(%[[CT:.*]]: f32, %[[T:.*]]: f32, %[[SCALE:.*]]: f32, %{{.*}}: f32):
// CHECK-NOT: math.tanh
// CHECK: %[[SQUARE:.*]] = arith.mulf %[[T]], %[[T]]
// CHECK: arith.subf %{{.*}}, %[[SQUARE]]
// CHECK: linalg.yield
func.func @layer(%z: tensor<8x16xf32>, %s: tensor<8xf32>, %w: tensor<8x8xf32>, %c: tensor<8x16xf32>)
    -> (tensor<8x16xf32>, tensor<8x16xf32>) {
  %one = arith.constant 1.0 : f32
  %zero = arith.constant dense<0.0> : tensor<8x16xf32>
  %empty = tensor.empty() : tensor<8x16xf32>
  %f:3 = linalg.generic {indexing_maps = [#id, #unit, #id, #id, #id], iterator_types = ["parallel", "parallel"]}
    ins(%z, %s : tensor<8x16xf32>, tensor<8xf32>) outs(%empty, %empty, %empty : tensor<8x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>) {
  ^bb0(%a: f32, %b: f32, %o0: f32, %o1: f32, %o2: f32):
    %t = math.tanh %a : f32
    %m = arith.mulf %t, %b : f32
    %tt = arith.mulf %t, %t : f32
    %d = arith.subf %one, %tt : f32
    %e = arith.mulf %d, %b : f32
    linalg.yield %m, %d, %e : f32, f32, f32
  } -> (tensor<8x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>)
  %y = linalg.matmul ins(%w, %f#0 : tensor<8x8xf32>, tensor<8x16xf32>) outs(%zero : tensor<8x16xf32>) -> tensor<8x16xf32>
  %g = linalg.generic {indexing_maps = [#id, #id, #id, #id], iterator_types = ["parallel", "parallel"]}
    ins(%c, %f#1, %f#2 : tensor<8x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>) outs(%empty : tensor<8x16xf32>) {
  ^bb0(%ct: f32, %d: f32, %e: f32, %o: f32):
    %p = arith.mulf %ct, %d : f32
    %q = arith.addf %p, %e : f32
    linalg.yield %q : f32
  } -> tensor<8x16xf32>
  return %y, %g : tensor<8x16xf32>, tensor<8x16xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// A quotient is never computed twice, and a value that someone else reads is there anyway.
// CHECK-LABEL: func @kept
// CHECK: %[[F:.*]]:2 = linalg.generic
// CHECK: arith.divf
// CHECK: linalg.generic {{.*}} ins(%[[F]]#0, %[[F]]#1 :
// CHECK-NOT: arith.divf
// CHECK: return %{{.*}}, %[[F]]#1
func.func @kept(%x: tensor<16xf32>, %y: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>) {
  %empty = tensor.empty() : tensor<16xf32>
  %f:2 = linalg.generic {indexing_maps = [#id, #id, #id, #id], iterator_types = ["parallel"]}
    ins(%x, %y : tensor<16xf32>, tensor<16xf32>) outs(%empty, %empty : tensor<16xf32>, tensor<16xf32>) {
  ^bb0(%a: f32, %b: f32, %o0: f32, %o1: f32):
    %q = arith.divf %a, %b : f32
    %m = arith.mulf %a, %b : f32
    linalg.yield %q, %m : f32, f32
  } -> (tensor<16xf32>, tensor<16xf32>)
  %g = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
    ins(%f#0, %f#1 : tensor<16xf32>, tensor<16xf32>) outs(%empty : tensor<16xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<16xf32>
  return %g, %f#1 : tensor<16xf32>, tensor<16xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// One value from four others that the reader does not have: loading it is cheaper.
// CHECK-LABEL: func @sum
// CHECK: %[[F:.*]] = linalg.generic
// CHECK-COUNT-3: arith.addf
// CHECK: linalg.generic {{.*}} ins(%[[F]] :
func.func @sum(%x: tensor<16xf32>, %y: tensor<16xf32>, %z: tensor<16xf32>, %w: tensor<16xf32>) -> tensor<16xf32> {
  %empty = tensor.empty() : tensor<16xf32>
  %f = linalg.generic {indexing_maps = [#id, #id, #id, #id, #id], iterator_types = ["parallel"]}
    ins(%x, %y, %z, %w : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) outs(%empty : tensor<16xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %d: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %t = arith.addf %s, %c : f32
    %u = arith.addf %t, %d : f32
    linalg.yield %u : f32
  } -> tensor<16xf32>
  %g = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
    ins(%f : tensor<16xf32>) outs(%empty : tensor<16xf32>) {
  ^bb0(%a: f32, %o: f32):
    %e = math.exp %a : f32
    linalg.yield %e : f32
  } -> tensor<16xf32>
  return %g : tensor<16xf32>
}

// -----

#id = affine_map<(i, l) -> (i, l)>
#lane = affine_map<(i, l) -> (l)>

// A sum over the points computes what it adds.
// CHECK-LABEL: func @summed
// CHECK-SAME: (%[[X:.*]]: tensor<8x16xf32>, %[[Z:.*]]: tensor<16xf32>)
// CHECK: %[[T:.*]] = linalg.generic {{.*}} ins(%[[X]] :
// CHECK: math.tanh
// CHECK-NOT: arith
// CHECK: linalg.yield
// CHECK: linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]} ins(%[[T]] : {{.*}}) outs(%[[Z]] :
// CHECK: %[[S:.*]] = arith.mulf
// CHECK: arith.mulf %[[S]], %[[S]]
// CHECK: arith.addf
func.func @summed(%x: tensor<8x16xf32>, %z: tensor<16xf32>) -> (tensor<16xf32>, tensor<8x16xf32>) {
  %empty = tensor.empty() : tensor<8x16xf32>
  %f:2 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<8x16xf32>) outs(%empty, %empty : tensor<8x16xf32>, tensor<8x16xf32>) {
  ^bb0(%a: f32, %o: f32, %p: f32):
    %t = math.tanh %a : f32
    %s = arith.mulf %t, %t : f32
    linalg.yield %t, %s : f32, f32
  } -> (tensor<8x16xf32>, tensor<8x16xf32>)
  %g = linalg.generic {indexing_maps = [#id, #lane], iterator_types = ["reduction", "parallel"]}
    ins(%f#1 : tensor<8x16xf32>) outs(%z : tensor<16xf32>) {
  ^bb0(%a: f32, %o: f32):
    %m = arith.mulf %a, %a : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<16xf32>
  return %g, %f#0 : tensor<16xf32>, tensor<8x16xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// Truth values are never stored, whatever it costs to load what they compare.
// CHECK-LABEL: func @mask
// CHECK-SAME: (%[[X:.*]]: tensor<16xf32>, %[[Y:.*]]: tensor<16xf32>, %[[C:.*]]: tensor<16xf32>)
// CHECK-NOT: tensor<16xi1>
// CHECK: linalg.generic {{.*}} ins(%[[C]], %[[X]], %[[Y]] :
// CHECK: %[[M:.*]] = arith.cmpf
// CHECK: arith.select %[[M]]
func.func @mask(%x: tensor<16xf32>, %y: tensor<16xf32>, %c: tensor<16xf32>) -> tensor<16xf32> {
  %empty = tensor.empty() : tensor<16xi1>
  %result = tensor.empty() : tensor<16xf32>
  %m = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
    ins(%x, %y : tensor<16xf32>, tensor<16xf32>) outs(%empty : tensor<16xi1>) {
  ^bb0(%a: f32, %b: f32, %o: i1):
    %l = arith.cmpf olt, %a, %b : f32
    linalg.yield %l : i1
  } -> tensor<16xi1>
  %g = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
    ins(%m, %c : tensor<16xi1>, tensor<16xf32>) outs(%result : tensor<16xf32>) {
  ^bb0(%a: i1, %b: f32, %o: f32):
    %z = arith.constant 0.0 : f32
    %s = arith.select %a, %b, %z : f32
    linalg.yield %s : f32
  } -> tensor<16xf32>
  return %g : tensor<16xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// The reader may ask where it is: that is the same place.
// CHECK-LABEL: func @place
// CHECK-NOT: tensor<16xi1>
// CHECK: linalg.generic
// CHECK: arith.cmpf
// CHECK: linalg.index 0
// CHECK: arith.cmpi
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @place(%x: tensor<16xf32>, %y: tensor<16xf32>, %n: index) -> tensor<16xf32> {
  %empty = tensor.empty() : tensor<16xi1>
  %result = tensor.empty() : tensor<16xf32>
  %m = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
    ins(%x, %y : tensor<16xf32>, tensor<16xf32>) outs(%empty : tensor<16xi1>) {
  ^bb0(%a: f32, %b: f32, %o: i1):
    %l = arith.cmpf olt, %a, %b : f32
    linalg.yield %l : i1
  } -> tensor<16xi1>
  %g = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
    ins(%m, %x : tensor<16xi1>, tensor<16xf32>) outs(%result : tensor<16xf32>) {
  ^bb0(%a: i1, %b: f32, %o: f32):
    %i = linalg.index 0 : index
    %v = arith.cmpi slt, %i, %n : index
    %z = arith.constant 0.0 : f32
    %s = arith.select %a, %b, %z : f32
    %t = arith.select %v, %s, %z : f32
    linalg.yield %t : f32
  } -> tensor<16xf32>
  return %g : tensor<16xf32>
}

// The sum along a dimension that nothing else has keeps the operand that says how long it is.
// CHECK-LABEL: func @sum_of_broadcast
func.func @sum_of_broadcast(%a: tensor<32xf64>, %z: tensor<32xf64>) -> tensor<32xf64> {
  %half = arith.constant 0.5 : f64
  %e = tensor.empty() : tensor<2x32xf64>
  // CHECK: %[[BROADCAST:.*]] = linalg.generic {{.*}} outs({{.*}} : tensor<2x32xf64>)
  %b = linalg.generic {indexing_maps = [affine_map<(i, l) -> (l)>, affine_map<(i, l) -> (i, l)>], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<32xf64>) outs(%e : tensor<2x32xf64>) {
  ^bb0(%x: f64, %o: f64):
    %y = arith.addf %x, %half : f64
    linalg.yield %y : f64
  } -> tensor<2x32xf64>
  // CHECK: linalg.generic {{.*}} ins(%[[BROADCAST]] : tensor<2x32xf64>) outs({{.*}} : tensor<32xf64>)
  %s = linalg.generic {indexing_maps = [affine_map<(i, l) -> (i, l)>, affine_map<(i, l) -> (l)>], iterator_types = ["reduction", "parallel"]}
      ins(%b : tensor<2x32xf64>) outs(%z : tensor<32xf64>) {
  ^bb0(%x: f64, %o: f64):
    %y = arith.addf %x, %o : f64
    linalg.yield %y : f64
  } -> tensor<32xf64>
  return %s : tensor<32xf64>
}
