// RUN: costate-opt %s -costate-lower-control | FileCheck %s

// CHECK-LABEL: func @switch
// CHECK: %[[IS:.*]] = arith.cmpi eq, %{{.*}}, %{{.*}} : index
// CHECK: scf.if %[[IS]] -> (tensor<4xf64>)
// CHECK: scf.if
// CHECK-NOT: index_switch
func.func @switch(%i: index, %x: tensor<4xf64>) -> tensor<4xf64> {
  %y = scf.index_switch %i -> tensor<4xf64>
  case 2 {
    %s = math.sin %x : tensor<4xf64>
    scf.yield %s : tensor<4xf64>
  }
  case 5 {
    scf.yield %x : tensor<4xf64>
  }
  default {
    %c = math.cos %x : tensor<4xf64>
    scf.yield %c : tensor<4xf64>
  }
  return %y : tensor<4xf64>
}

// CHECK-LABEL: func @loop
// CHECK: scf.for {{.*}} iter_args
// CHECK: scf.if
// CHECK-NOT: affine.for
func.func @loop(%x: f64, %n: index) -> f64 {
  %y = affine.for %i = 0 to 4 iter_args(%a = %x) -> f64 {
    %b = affine.if affine_set<(i)[n] : (i - n >= 0)>(%i)[%n] -> f64 {
      affine.yield %a : f64
    } else {
      %s = math.sin %a : f64
      affine.yield %s : f64
    }
    affine.yield %b : f64
  }
  return %y : f64
}

// Places alone are left as they are.
// CHECK-LABEL: func @place
// CHECK: affine.apply
func.func @place(%i: index) -> index {
  %j = affine.apply affine_map<(i) -> (2 * i + 1)>(%i)
  return %j : index
}

// CHECK-LABEL: func @reduced
// CHECK: scf.for
// CHECK-NOT: scf.reduce
func.func @reduced(%n: index, %x: tensor<3xf64>) -> tensor<3xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.parallel (%i) = (%c0) to (%n) step (%c1) init (%x) -> tensor<3xf64> {
    scf.reduce(%x : tensor<3xf64>) {
    ^bb0(%s: tensor<3xf64>, %v: tensor<3xf64>):
      %t = arith.addf %s, %v : tensor<3xf64>
      scf.reduce.return %t : tensor<3xf64>
    }
  }
  return %r : tensor<3xf64>
}
