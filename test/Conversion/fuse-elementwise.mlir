// RUN: costate-opt %s -costate-fuse-elementwise -split-input-file | FileCheck %s

// An activation with two jet channels: one loop, three results; the bias is a map, the ones are scalars.
// CHECK-LABEL: func @activation
// CHECK-NOT: linalg.broadcast
// CHECK: %[[R:.*]]:2 = linalg.generic
// CHECK-SAME: ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<20x64xf32>, tensor<20xf32>, tensor<20x64xf32>)
// CHECK-SAME: outs(%{{.*}}, %{{.*}} : tensor<20x64xf32>, tensor<20x64xf32>)
// CHECK: math.tanh
// CHECK-NOT: math.tanh
// CHECK: linalg.yield %{{.*}}, %{{.*}} : f32, f32
// CHECK-NEXT: }
// CHECK-NOT: linalg.generic
// CHECK: return %[[R]]#0, %[[R]]#1
func.func @activation(%z: tensor<20x64xf32>, %b: tensor<20xf32>, %zx: tensor<20x64xf32>)
    -> (tensor<20x64xf32>, tensor<20x64xf32>) {
  %one = arith.constant dense<1.0> : tensor<20x64xf32>
  %e = tensor.empty() : tensor<20x64xf32>
  %bb = linalg.broadcast ins(%b : tensor<20xf32>) outs(%e : tensor<20x64xf32>) dimensions = [1]
  %p = linalg.add ins(%z, %bb : tensor<20x64xf32>, tensor<20x64xf32>) outs(%e : tensor<20x64xf32>) -> tensor<20x64xf32>
  %a = math.tanh %p : tensor<20x64xf32>
  %s = arith.mulf %a, %a : tensor<20x64xf32>
  %d = arith.subf %one, %s : tensor<20x64xf32>
  %ax = arith.mulf %d, %zx : tensor<20x64xf32>
  return %a, %ax : tensor<20x64xf32>, tensor<20x64xf32>
}

// -----

// The product comes back through a contraction: two loops, and what only the second needs is computed there.
// CHECK-LABEL: func @detour
// CHECK: linalg.generic
// CHECK: math.exp
// CHECK-NOT: arith.mulf
// CHECK: linalg.yield %{{[^,]*}} : f32
// CHECK: linalg.matmul
// CHECK: linalg.generic
// CHECK: arith.mulf
// CHECK: arith.addf
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @detour(%z: tensor<16x16xf32>, %w: tensor<16x16xf32>) -> tensor<16x16xf32> {
  %a = math.exp %z : tensor<16x16xf32>
  %q = arith.mulf %a, %a : tensor<16x16xf32>
  %c = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16x16xf32>
  %f = linalg.fill ins(%c : f32) outs(%e : tensor<16x16xf32>) -> tensor<16x16xf32>
  %y = linalg.matmul ins(%w, %a : tensor<16x16xf32>, tensor<16x16xf32>) outs(%f : tensor<16x16xf32>) -> tensor<16x16xf32>
  %r = arith.addf %y, %q : tensor<16x16xf32>
  return %r : tensor<16x16xf32>
}

// -----

// A read through a transposed map is not pointwise.
// CHECK-LABEL: func @transposed
// CHECK-COUNT-2: linalg.generic
func.func @transposed(%z: tensor<16x16xf32>) -> tensor<16x16xf32> {
  %a = math.exp %z : tensor<16x16xf32>
  %e = tensor.empty() : tensor<16x16xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>],
                       iterator_types = ["parallel", "parallel"]}
    ins(%a : tensor<16x16xf32>) outs(%e : tensor<16x16xf32>) {
  ^bb0(%x: f32, %o: f32):
    %n = arith.negf %x : f32
    linalg.yield %n : f32
  } -> tensor<16x16xf32>
  return %r : tensor<16x16xf32>
}

// -----

// An old value that the body reads stays the destination: the update is in place.
// CHECK-LABEL: func @update
// CHECK-SAME: (%[[M:.*]]: tensor<100xf32>, %[[G:.*]]: tensor<100xf32>, %[[LR:.*]]: f32)
// CHECK: linalg.generic
// CHECK-SAME: ins(%[[G]], %[[LR]] : tensor<100xf32>, f32) outs(%[[M]] : tensor<100xf32>)
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @update(%m: tensor<100xf32>, %g: tensor<100xf32>, %lr: f32) -> tensor<100xf32> {
  %s = tensor.splat %lr : tensor<100xf32>
  %p = arith.mulf %g, %s : tensor<100xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%p : tensor<100xf32>) outs(%m : tensor<100xf32>) {
  ^bb0(%x: f32, %o: f32):
    %n = arith.subf %o, %x : f32
    linalg.yield %n : f32
  } -> tensor<100xf32>
  return %r : tensor<100xf32>
}

// -----

// Ops that touch memory keep their order.
// CHECK-LABEL: func @ordered
// CHECK: memref.store
// CHECK: call @effect
// CHECK: call @effect
// CHECK: return
func.func private @effect(tensor<8xf32>)
func.func @ordered(%z: tensor<8xf32>, %m: memref<1xf32>) -> tensor<8xf32> {
  %i = arith.constant 0 : index
  %a = math.exp %z : tensor<8xf32>
  %v = tensor.extract %a[%i] : tensor<8xf32>
  memref.store %v, %m[%i] : memref<1xf32>
  call @effect(%a) : (tensor<8xf32>) -> ()
  %b = arith.addf %a, %z : tensor<8xf32>
  call @effect(%b) : (tensor<8xf32>) -> ()
  return %b : tensor<8xf32>
}

// -----

// What a body reads at places of its own is there before it: no op that computes it joins.
// CHECK-LABEL: func @gathers
// CHECK: %[[A:.*]] = linalg.generic
// CHECK: arith.negf
// CHECK: %[[B:.*]] = linalg.generic
// CHECK: tensor.extract %[[A]]
// CHECK: return %[[B]]
func.func @gathers(%x: tensor<4xf64>) -> tensor<4xf64> {
  %a = arith.negf %x : tensor<4xf64>
  %e = tensor.empty() : tensor<4xf64>
  %b = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
    ins(%x : tensor<4xf64>) outs(%e : tensor<4xf64>) {
  ^bb0(%in: f64, %out: f64):
    %i = linalg.index 0 : index
    %last = arith.constant 3 : index
    %back = arith.subi %last, %i : index
    %v = tensor.extract %a[%back] : tensor<4xf64>
    %s = arith.addf %v, %in : f64
    linalg.yield %s : f64
  } -> tensor<4xf64>
  return %b : tensor<4xf64>
}
