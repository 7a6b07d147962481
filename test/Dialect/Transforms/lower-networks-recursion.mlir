// RUN: costate-opt %s -costate-lower-networks | FileCheck %s

// A plain function may call itself; it takes the parameters of what it calls.
// CHECK-LABEL: func.func private @rounds
// CHECK-SAME: (%[[W:.*]]: tensor<1x1xf64> {costate.parameter = {{.*}}}, %[[X:.*]]: tensor<1xf64>, %[[N:.*]]: index)
// CHECK: call @rounds(%[[W]], %{{.*}}, %{{.*}})
// CHECK: call @step(%[[W]], %{{.*}})
costate.network @step(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.dense %x -> 1 no_bias : tensor<1xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
func.func @rounds(%x: tensor<1xf64>, %n: index) -> tensor<1xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %more = arith.cmpi sgt, %n, %c0 : index
  %y = scf.if %more -> tensor<1xf64> {
    %m = arith.subi %n, %c1 : index
    %r = func.call @rounds(%x, %m) : (tensor<1xf64>, index) -> tensor<1xf64>
    %s = costate.call @step(%r) : (tensor<1xf64>) -> tensor<1xf64>
    scf.yield %s : tensor<1xf64>
  } else {
    scf.yield %x : tensor<1xf64>
  }
  return %y : tensor<1xf64>
}
