// RUN: costate-opt %s -costate-reassociate-contractions=print-costs=true -split-input-file -verify-diagnostics | FileCheck %s
// RUN: costate-opt %s -costate-reassociate-contractions -split-input-file -o %t.once
// RUN: costate-opt %t.once -costate-reassociate-contractions -split-input-file -o %t.twice
// RUN: diff %t.once %t.twice

#rows = affine_map<(o, i) -> (o)>
#columns = affine_map<(o, i) -> (i)>
#both = affine_map<(o, i) -> (o, i)>
#none = affine_map<(o, i) -> ()>

// The gradient of a residual by a weight has one outer product for each channel of its Taylor polynomial. Its inner
// products with itself and with another gradient, and the step that scales and adds it, need no matrix but the last.
// CHECK-LABEL: func.func @per_sample(
// CHECK-SAME: %[[D0:[a-z0-9]+]]: tensor<50xf64>, %[[D1:[a-z0-9]+]]: tensor<50xf64>, %[[D2:[a-z0-9]+]]: tensor<50xf64>, %[[E:[a-z0-9]+]]: tensor<50xf64>,
// CHECK-SAME: %[[A0:[a-z0-9]+]]: tensor<50xf64>, %[[A1:[a-z0-9]+]]: tensor<50xf64>, %[[A2:[a-z0-9]+]]: tensor<50xf64>, %[[LAMBDA:[a-z0-9]+]]: f64) ->
// Six pairs of each, with the mixed ones counted twice, and with the other gradient three more.
// CHECK: {{$}}
// CHECK-NOT: tensor<50x50
// CHECK-COUNT-15: linalg.contract {{.*}} : tensor<50xf64>, tensor<50xf64>) outs(%{{[0-9]+}} : tensor<f64>)
// CHECK-NOT: linalg.contract
// CHECK: %[[SPLAT:.*]] = tensor.splat %[[LAMBDA]] : tensor<50xf64>
// CHECK-NEXT: %[[SCALED:.*]] = arith.mulf %[[SPLAT]], %[[D0]] : tensor<50xf64>
// CHECK-NEXT: %[[DELTA:.*]] = arith.addf %[[E]], %[[SCALED]] : tensor<50xf64>
// CHECK: %[[FIRST:.*]] = linalg.generic {{.*}} ins(%[[DELTA]], %[[A0]] : tensor<50xf64>, tensor<50xf64>) outs(%{{.*}} : tensor<50x50xf64>)
// CHECK: %[[SECOND:.*]] = linalg.generic {{.*}} outs(%[[FIRST]] : tensor<50x50xf64>)
// CHECK: %[[THIRD:.*]] = linalg.generic {{.*}} outs(%[[SECOND]] : tensor<50x50xf64>)
// CHECK: return %{{.*}}, %{{.*}}, %[[THIRD]]
// expected-remark @below {{20000 multiply-adds before reassociation, 8469 after}}
func.func @per_sample(%d0: tensor<50xf64>, %d1: tensor<50xf64>, %d2: tensor<50xf64>, %e: tensor<50xf64>,
                      %a0: tensor<50xf64>, %a1: tensor<50xf64>, %a2: tensor<50xf64>, %lambda: f64) -> (tensor<f64>, tensor<f64>, tensor<50x50xf64>) {
  %z = arith.constant dense<0.0> : tensor<50x50xf64>
  %0 = linalg.generic {indexing_maps = [#rows, #columns, #both], iterator_types = ["parallel", "parallel"]} ins(%d0, %a0 : tensor<50xf64>, tensor<50xf64>) outs(%z : tensor<50x50xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %m = arith.mulf %x, %y : f64
    linalg.yield %m : f64
  } -> tensor<50x50xf64>
  %1 = linalg.generic {indexing_maps = [#rows, #columns, #both], iterator_types = ["parallel", "parallel"]} ins(%d1, %a1 : tensor<50xf64>, tensor<50xf64>) outs(%0 : tensor<50x50xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %m = arith.mulf %x, %y : f64
    %n = arith.addf %o, %m : f64
    linalg.yield %n : f64
  } -> tensor<50x50xf64>
  %2 = linalg.generic {indexing_maps = [#rows, #columns, #both], iterator_types = ["parallel", "parallel"]} ins(%d2, %a2 : tensor<50xf64>, tensor<50xf64>) outs(%1 : tensor<50x50xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %m = arith.mulf %x, %y : f64
    %n = arith.addf %o, %m : f64
    linalg.yield %n : f64
  } -> tensor<50x50xf64>
  %f = linalg.generic {indexing_maps = [#rows, #columns, #both], iterator_types = ["parallel", "parallel"]} ins(%e, %a0 : tensor<50xf64>, tensor<50xf64>) outs(%z : tensor<50x50xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %m = arith.mulf %x, %y : f64
    linalg.yield %m : f64
  } -> tensor<50x50xf64>
  %d = arith.constant dense<0.0> : tensor<f64>
  %g = linalg.contract indexing_maps = [#both, #both, #none] ins(%2, %2 : tensor<50x50xf64>, tensor<50x50xf64>) outs(%d : tensor<f64>) -> tensor<f64>
  %h = linalg.contract indexing_maps = [#both, #both, #none] ins(%2, %f : tensor<50x50xf64>, tensor<50x50xf64>) outs(%d : tensor<f64>) -> tensor<f64>
  %l = tensor.splat %lambda : tensor<50x50xf64>
  %s = arith.mulf %l, %2 : tensor<50x50xf64>
  %step = arith.addf %f, %s : tensor<50x50xf64>
  return %g, %h, %step : tensor<f64>, tensor<f64>, tensor<50x50xf64>
}

// -----

// A product of matrices and a vector from the right.
// CHECK-LABEL: func.func @chain(
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor<20x30xf64>, %[[B:[a-z0-9]+]]: tensor<30x40xf64>, %[[X:[a-z0-9]+]]: tensor<40xf64>)
// CHECK: %[[BX:.*]] = linalg.contract {{.*}} ins(%[[B]], %[[X]] : {{.*}} -> tensor<30xf64>
// CHECK: %[[ABX:.*]] = linalg.contract {{.*}} ins(%[[A]], %[[BX]] : {{.*}} -> tensor<20xf64>
// CHECK-NEXT: return %[[ABX]]
// expected-remark @below {{24800 multiply-adds before reassociation, 1800 after}}
func.func @chain(%a: tensor<20x30xf64>, %b: tensor<30x40xf64>, %x: tensor<40xf64>) -> tensor<20xf64> {
  %zero = arith.constant 0.0 : f64
  %e = tensor.empty() : tensor<20x40xf64>
  %z = linalg.fill ins(%zero : f64) outs(%e : tensor<20x40xf64>) -> tensor<20x40xf64>
  %ab = linalg.matmul ins(%a, %b : tensor<20x30xf64>, tensor<30x40xf64>) outs(%z : tensor<20x40xf64>) -> tensor<20x40xf64>
  %zx = arith.constant dense<0.0> : tensor<20xf64>
  %abx = linalg.matvec ins(%ab, %x : tensor<20x40xf64>, tensor<40xf64>) outs(%zx : tensor<20xf64>) -> tensor<20xf64>
  return %abx : tensor<20xf64>
}

// -----

#rows = affine_map<(o, i) -> (o)>
#columns = affine_map<(o, i) -> (i)>
#both = affine_map<(o, i) -> (o, i)>

// A matrix times an outer product is an outer product; of two nested scalings and a sign, each goes to the smaller side.
// CHECK-LABEL: func.func @scaled(
// CHECK-SAME: %[[D:[a-z0-9]+]]: tensor<8xf64>, %[[A:[a-z0-9]+]]: tensor<3xf64>, %[[S:[a-z0-9]+]]: f64, %[[T:[a-z0-9]+]]: tensor<f64>)
// CHECK-NOT: tensor.splat {{.*}} : tensor<8
// CHECK: linalg.generic {{.*}} ins(%[[D]], %{{.*}} : tensor<8xf64>, tensor<3xf64>) outs(%{{.*}} : tensor<8x3xf64>)
// CHECK-NOT: tensor<8x3xf64>, tensor<8x3xf64>
// CHECK: return
// expected-remark @below {{96 multiply-adds before reassociation, 28 after}}
func.func @scaled(%d: tensor<8xf64>, %a: tensor<3xf64>, %s: f64, %t: tensor<f64>) -> tensor<8x3xf64> {
  %z = tensor.empty() : tensor<8x3xf64>
  %0 = linalg.generic {indexing_maps = [#rows, #columns, #both], iterator_types = ["parallel", "parallel"]} ins(%d, %a : tensor<8xf64>, tensor<3xf64>) outs(%z : tensor<8x3xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %m = arith.mulf %x, %y : f64
    linalg.yield %m : f64
  } -> tensor<8x3xf64>
  %ss = tensor.splat %s : tensor<8x3xf64>
  %1 = arith.mulf %0, %ss : tensor<8x3xf64>
  %tt = linalg.broadcast ins(%t : tensor<f64>) outs(%z : tensor<8x3xf64>) dimensions = [0, 1]
  %2 = arith.mulf %tt, %1 : tensor<8x3xf64>
  %3 = arith.negf %2 : tensor<8x3xf64>
  return %3 : tensor<8x3xf64>
}

// -----

#rows = affine_map<(o, i) -> (o)>
#columns = affine_map<(o, i) -> (i)>
#both = affine_map<(o, i) -> (o, i)>

// Outer products with a common factor are one.
// CHECK-LABEL: func.func @common(
// CHECK-SAME: %[[D:[a-z0-9]+]]: tensor<8xf64>, %[[E:[a-z0-9]+]]: tensor<8xf64>, %[[A:[a-z0-9]+]]: tensor<6xf64>)
// CHECK: %[[SUM:.*]] = arith.subf %[[D]], %[[E]] : tensor<8xf64>
// CHECK: linalg.generic {{.*}} ins(%[[SUM]], %[[A]] :
// CHECK-NOT: linalg.generic
// CHECK: return
// expected-remark @below {{144 multiply-adds before reassociation, 56 after}}
func.func @common(%d: tensor<8xf64>, %e: tensor<8xf64>, %a: tensor<6xf64>) -> tensor<8x6xf64> {
  %z = tensor.empty() : tensor<8x6xf64>
  %0 = linalg.generic {indexing_maps = [#rows, #columns, #both], iterator_types = ["parallel", "parallel"]} ins(%d, %a : tensor<8xf64>, tensor<6xf64>) outs(%z : tensor<8x6xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %m = arith.mulf %x, %y : f64
    linalg.yield %m : f64
  } -> tensor<8x6xf64>
  %1 = linalg.generic {indexing_maps = [#rows, #columns, #both], iterator_types = ["parallel", "parallel"]} ins(%e, %a : tensor<8xf64>, tensor<6xf64>) outs(%z : tensor<8x6xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %m = arith.mulf %x, %y : f64
    linalg.yield %m : f64
  } -> tensor<8x6xf64>
  %2 = arith.subf %0, %1 : tensor<8x6xf64>
  return %2 : tensor<8x6xf64>
}

// -----

#rows = affine_map<(o, i) -> (o)>
#columns = affine_map<(o, i) -> (i)>
#both = affine_map<(o, i) -> (o, i)>
#none = affine_map<(o, i) -> ()>

// The same with matrices so thin that their factors are not smaller: nothing is cheaper, nothing changes.
// CHECK-LABEL: func.func @thin(
// CHECK: linalg.generic
// CHECK: linalg.contract {{.*}} : tensor<50x1xf64>, tensor<50x1xf64>) outs(%{{.*}} : tensor<f64>)
// CHECK-NOT: linalg.contract
// CHECK: return
// expected-remark @below {{100 multiply-adds before reassociation, 100 after}}
func.func @thin(%d: tensor<50xf64>, %a: tensor<1xf64>) -> (tensor<f64>, tensor<50x1xf64>) {
  %z = tensor.empty() : tensor<50x1xf64>
  %0 = linalg.generic {indexing_maps = [#rows, #columns, #both], iterator_types = ["parallel", "parallel"]} ins(%d, %a : tensor<50xf64>, tensor<1xf64>) outs(%z : tensor<50x1xf64>) {
  ^bb0(%x: f64, %y: f64, %o: f64):
    %m = arith.mulf %x, %y : f64
    linalg.yield %m : f64
  } -> tensor<50x1xf64>
  %d0 = arith.constant dense<0.0> : tensor<f64>
  %g = linalg.contract indexing_maps = [#both, #both, #none] ins(%0, %0 : tensor<50x1xf64>, tensor<50x1xf64>) outs(%d0 : tensor<f64>) -> tensor<f64>
  return %g, %0 : tensor<f64>, tensor<50x1xf64>
}

// -----

// An order that is best already, an intermediate with a user of its own, and elementwise code stay to the letter.
// CHECK-LABEL: func.func @best(
// CHECK: %[[BX:.*]] = linalg.matvec ins(%arg1, %arg2
// CHECK: %[[ABX:.*]] = linalg.matvec ins(%arg0, %[[BX]]
// CHECK-NEXT: return %[[ABX]]
// expected-remark @below {{1800 multiply-adds before reassociation, 1800 after}}
func.func @best(%a: tensor<20x30xf64>, %b: tensor<30x40xf64>, %x: tensor<40xf64>) -> tensor<20xf64> {
  %zb = arith.constant dense<0.0> : tensor<30xf64>
  %bx = linalg.matvec ins(%b, %x : tensor<30x40xf64>, tensor<40xf64>) outs(%zb : tensor<30xf64>) -> tensor<30xf64>
  %zx = arith.constant dense<0.0> : tensor<20xf64>
  %abx = linalg.matvec ins(%a, %bx : tensor<20x30xf64>, tensor<30xf64>) outs(%zx : tensor<20xf64>) -> tensor<20xf64>
  return %abx : tensor<20xf64>
}
// CHECK-LABEL: func.func @returned(
// CHECK: %[[AB:.*]] = linalg.matmul
// CHECK: linalg.matvec ins(%[[AB]]
// expected-remark @below {{24800 multiply-adds before reassociation, 24800 after}}
func.func @returned(%a: tensor<20x30xf64>, %b: tensor<30x40xf64>, %x: tensor<40xf64>) -> (tensor<20xf64>, tensor<20x40xf64>) {
  %z = arith.constant dense<0.0> : tensor<20x40xf64>
  %ab = linalg.matmul ins(%a, %b : tensor<20x30xf64>, tensor<30x40xf64>) outs(%z : tensor<20x40xf64>) -> tensor<20x40xf64>
  %zx = arith.constant dense<0.0> : tensor<20xf64>
  %abx = linalg.matvec ins(%ab, %x : tensor<20x40xf64>, tensor<40xf64>) outs(%zx : tensor<20xf64>) -> tensor<20xf64>
  return %abx, %ab : tensor<20xf64>, tensor<20x40xf64>
}
// CHECK-LABEL: func.func @elementwise(
// CHECK: arith.mulf
// CHECK-NEXT: arith.mulf
// CHECK-NEXT: arith.addf
// expected-remark @below {{120 multiply-adds before reassociation, 120 after}}
func.func @elementwise(%x: tensor<40xf64>, %y: tensor<40xf64>, %s: f64) -> tensor<40xf64> {
  %ss = tensor.splat %s : tensor<40xf64>
  %0 = arith.mulf %ss, %x : tensor<40xf64>
  %1 = arith.mulf %ss, %y : tensor<40xf64>
  %2 = arith.addf %0, %1 : tensor<40xf64>
  return %2 : tensor<40xf64>
}
// Dynamic shapes have no cost and are not touched.
// CHECK-LABEL: func.func @dynamic(
// CHECK: linalg.matmul
// CHECK: linalg.matvec
// expected-remark @below {{0 multiply-adds before reassociation, 0 after}}
func.func @dynamic(%a: tensor<?x30xf64>, %b: tensor<30x40xf64>, %x: tensor<40xf64>, %z: tensor<?x40xf64>, %zx: tensor<?xf64>) -> tensor<?xf64> {
  %ab = linalg.matmul ins(%a, %b : tensor<?x30xf64>, tensor<30x40xf64>) outs(%z : tensor<?x40xf64>) -> tensor<?x40xf64>
  %abx = linalg.matvec ins(%ab, %x : tensor<?x40xf64>, tensor<40xf64>) outs(%zx : tensor<?xf64>) -> tensor<?xf64>
  return %abx : tensor<?xf64>
}
// What one factor alone is summed over, it is summed over first: A (B 1).
// CHECK-LABEL: func.func @summed_first(
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor<20x30xf64>, %[[B:[a-z0-9]+]]: tensor<30x40xf64>)
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[B]] : tensor<30x40xf64>) outs(%{{.*}} : tensor<30xf64>)
// CHECK: %[[R:.*]] = linalg.contract {{.*}} ins(%[[A]], %[[SUM]] : tensor<20x30xf64>, tensor<30xf64>)
// CHECK: return %[[R]]
// expected-remark @below {{24800 multiply-adds before reassociation, 1800 after}}
func.func @summed_first(%a: tensor<20x30xf64>, %b: tensor<30x40xf64>) -> tensor<20xf64> {
  %z = arith.constant dense<0.0> : tensor<20x40xf64>
  %ab = linalg.matmul ins(%a, %b : tensor<20x30xf64>, tensor<30x40xf64>) outs(%z : tensor<20x40xf64>) -> tensor<20x40xf64>
  %zx = arith.constant dense<0.0> : tensor<20xf64>
  %r = linalg.reduce { arith.addf } ins(%ab : tensor<20x40xf64>) outs(%zx : tensor<20xf64>) dimensions = [1]
  return %r : tensor<20xf64>
}
