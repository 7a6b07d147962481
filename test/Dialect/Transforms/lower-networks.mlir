// Parameters become arguments, those of what is called first; only what is needed is passed. The layout of all is an attribute.
// RUN: costate-opt %s -costate-lower-networks | FileCheck %s
// RUN: costate-opt %s -costate-lower-networks | FileCheck %s --check-prefix=LAYOUT

// LAYOUT:      costate.parameter_count = 22 : i64, costate.parameters = [
// LAYOUT-SAME: {init = {kind = "normal", mean = 0.000000e+00 : f64, std = 1.000000e-01 : f64}, name = "inner.layer0.weight", offset = 0 : i64, shape = [3, 2], type = tensor<3x2xf64>},
// LAYOUT-SAME: {init = {kind = "constant", value = 5.000000e-01 : f64}, name = "inner.layer0.bias", offset = 6 : i64, shape = [3], type = tensor<3xf64>},
// LAYOUT-SAME: {init = {high = 1.000000e+00 : f64, kind = "uniform", low = -1.000000e+00 : f64}, name = "outer.a", offset = 9 : i64, shape = [3], type = tensor<3xf64>},
// LAYOUT-SAME: {init = {fan_in = 3 : i64, fan_out = 1 : i64, kind = "glorot_uniform"}, name = "outer.last.weight", offset = 12 : i64, shape = [1, 3], type = tensor<1x3xf64>},
// LAYOUT-SAME: name = "branches.layer0.weight", offset = 15 : i64, {{.*}} name = "branches.layer1.weight", offset = 17 : i64,
// LAYOUT-SAME: {init = {kind = "constant", value = 1.000000e+00 : f64}, name = "unused", offset = 19 : i64, shape = [2], type = tensor<2xf64>},
// LAYOUT-SAME: {bounds = [0.000000e+00, 1.000000e+00], init = {kind = "constant", value = 1.000000e-02 : f64}, name = "nu", offset = 21 : i64, shape = [1], type = tensor<1xf64>}]}

// CHECK-LABEL: func.func private @inner(
// CHECK-SAME:    %[[W:.*]]: tensor<3x2xf64> {costate.parameter = {{{.*}} name = "inner.layer0.weight"}}, %[[B:.*]]: tensor<3xf64> {costate.parameter = {{{.*}} name = "inner.layer0.bias"}}, %[[X:.*]]: tensor<2xf64>) -> tensor<3xf64> attributes {costate.network}
// CHECK-NEXT:  %[[Z:.*]] = linalg.contract {{.*}} ins(%[[W]], %[[X]] : tensor<3x2xf64>, tensor<2xf64>) outs(%[[B]] : tensor<3xf64>)
// CHECK-NEXT:  %[[H:.*]] = math.tanh %[[Z]]
// CHECK-NEXT:  return %[[H]]

// CHECK-LABEL: func.func private @outer(
// CHECK-SAME:    %[[W:[^:]*]]: tensor<3x2xf64> {costate.parameter = {{{.*}} name = "inner.layer0.weight"}}, %[[B:[^:]*]]: tensor<3xf64> {{{.*}} name = "inner.layer0.bias"}}, %[[A:[^:]*]]: tensor<3xf64> {{{.*}} name = "outer.a"}}, %[[V:[^:]*]]: tensor<1x3xf64> {{{.*}} name = "outer.last.weight"}}, %[[X:[^:]*]]: tensor<2xf64>) -> tensor<1xf64> attributes {costate.network}
// CHECK-NEXT:  %[[H:.*]] = call @inner(%[[W]], %[[B]], %[[X]])
// CHECK-NEXT:  %[[M:.*]] = arith.mulf %[[H]], %[[A]]
// CHECK:       %[[ZERO:.*]] = linalg.fill
// CHECK-NEXT:  %[[U:.*]] = linalg.contract {{.*}} ins(%[[V]], %[[M]] : {{.*}}) outs(%[[ZERO]] :
// CHECK-NEXT:  return %[[U]]

// A residual is no network, reads its variable last, and keeps its derivatives.
// CHECK-LABEL: func.func private @residual(
// CHECK-SAME:    %[[NU:[^:, ]*]]: tensor<1xf64> {costate.parameter = {init = {{{[^}]*}}}, name = "nu"}}, %[[X:[^:]*]]: tensor<2xf64>) -> tensor<1xf64> attributes {costate.network_inputs = {inner = array<i64: 0>, outer = array<i64: 0>}} {
// CHECK-NEXT:  %[[U:.*]] = call @outer(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[X]])
// CHECK-NEXT:  %[[D:.*]] = costate.diff %[[U]] by %[[X]][0, 0] :
// CHECK-NEXT:  %[[R:.*]] = arith.mulf %[[D]], %[[NU]]
// CHECK-NEXT:  return %[[R]]

// Frequencies that are not trained are constants.
// CHECK-LABEL: func.func private @features(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<2xf64>) -> tensor<4xf64>
// CHECK-NEXT:  %[[F:.*]] = arith.constant dense<{{.*}}> : tensor<2x2xf64>
// CHECK:       %[[P:.*]] = linalg.contract {{.*}} ins(%[[F]], %[[X]] :
// CHECK-NEXT:  %[[C:.*]] = math.cos %[[P]]
// CHECK-NEXT:  %[[S:.*]] = math.sin %[[P]]
// CHECK-NEXT:  tensor.concat dim(0) %[[C]], %[[S]]

// Layers in a region are layers of the network.
// CHECK-LABEL: func.func private @branches(
// CHECK-SAME:    %[[W:[^:]*]]: tensor<1x2xf64> {{{.*}} name = "branches.layer0.weight"}}, %[[V:[^:]*]]: tensor<1x2xf64> {{{.*}} name = "branches.layer1.weight"}}, %[[X:[^:]*]]: tensor<2xf64>)
// CHECK:       scf.if
// CHECK:         linalg.contract {{.*}} ins(%[[W]], %[[X]] :
// CHECK:       } else {
// CHECK:         linalg.contract {{.*}} ins(%[[V]], %[[X]] :

// CHECK:       costate.problem @p {
// CHECK:       costate.train by #costate.euler<dt = 0.01> steps 10
// CHECK-NOT:   costate.variable

costate.network @inner(%x: tensor<2xf64>) -> tensor<3xf64> {
  %h = costate.dense %x -> 3 init(normal<0.0, 0.1>) bias(0.5) activation(tanh) : tensor<2xf64> -> tensor<3xf64>
  costate.yield %h : tensor<3xf64>
}
costate.network @outer(%x: tensor<2xf64>) -> tensor<1xf64> {
  %h = costate.call @inner(%x) : (tensor<2xf64>) -> tensor<3xf64>
  %a = costate.parameter "a" init(uniform<-1.0, 1.0>) : tensor<3xf64>
  %m = arith.mulf %h, %a : tensor<3xf64>
  %u = costate.dense %m -> 1 named "last" no_bias : tensor<3xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}
costate.variable @unused init 1.0 : tensor<2xf64>
costate.variable @nu init 0.01 in [0.0, 1.0] : tensor<1xf64>
costate.residual @residual(%x: tensor<2xf64>) -> tensor<1xf64> {
  %u = costate.call @outer(%x) : (tensor<2xf64>) -> tensor<1xf64>
  %uxx = costate.diff %u by %x[0, 0] : tensor<1xf64>, tensor<2xf64>
  %nu = costate.read @nu : tensor<1xf64>
  %r = arith.mulf %uxx, %nu : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.network @features(%x: tensor<2xf64>) -> tensor<4xf64> {
  %f = costate.fourier %x -> 2 scale 2.0 : tensor<2xf64> -> tensor<4xf64>
  costate.yield %f : tensor<4xf64>
}
costate.network @branches(%x: tensor<2xf64>) -> tensor<1xf64> {
  %i0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f64
  %x0 = tensor.extract %x[%i0] : tensor<2xf64>
  %positive = arith.cmpf ogt, %x0, %zero : f64
  %u = scf.if %positive -> tensor<1xf64> {
    %a = costate.dense %x -> 1 no_bias : tensor<2xf64> -> tensor<1xf64>
    scf.yield %a : tensor<1xf64>
  } else {
    %b = costate.dense %x -> 1 no_bias : tensor<2xf64> -> tensor<1xf64>
    scf.yield %b : tensor<1xf64>
  }
  costate.yield %u : tensor<1xf64>
}
costate.problem @p {
  costate.sample @line (x: tensor<2xf64>) in box<[0.0, 0.0], [1.0, 1.0]> by uniform count 10
  costate.minimize "u" square(@outer(x)) over @line
  costate.subject_to "r" @residual(x) == 0.0 over @line by #costate.monitor
  costate.train by #costate.euler<dt = 0.01> steps 10
}
