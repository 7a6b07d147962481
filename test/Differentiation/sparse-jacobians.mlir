// RUN: costate-opt %s -costate-expand-transforms -remarks-filter=seeds -verify-diagnostics | FileCheck %s

// y_i = x_{i-1} x_i x_{i+1}: columns j, j + 3, j + 6, … share no row, so three tangents find all hundred.
func.func @tridiagonal(%x: tensor<100xf64>) -> tensor<100xf64> {
  %zero = arith.constant 0.0 : f64
  %p = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f64
  } : tensor<100xf64> to tensor<102xf64>
  %l = tensor.extract_slice %p[0] [100] [1] : tensor<102xf64> to tensor<100xf64>
  %r = tensor.extract_slice %p[2] [100] [1] : tensor<102xf64> to tensor<100xf64>
  %m = arith.mulf %l, %r : tensor<100xf64>
  %y = arith.mulf %m, %x : tensor<100xf64>
  return %y : tensor<100xf64>
}
// The function itself pads once, and each of the three copies of its jvp once.
// CHECK-LABEL: func private @tridiagonal_jacobian
// CHECK-SAME: (%{{.*}}: tensor<100xf64>) -> tensor<100x100xf64>
// CHECK-COUNT-4: tensor.pad
// CHECK-NOT: tensor.pad
// CHECK: return
// expected-remark @below {{takes 3 tangents for 100 rows and 100 columns}}
costate.derive @tridiagonal_jacobian = jacobian @tridiagonal wrt [0]

// A diagonal and a full row. Every two columns meet in that row, but the other rows meet nowhere.
func.func @arrow(%x: tensor<8xf64>) -> (tensor<8xf64>, f64) {
  %s = math.sin %x : tensor<8xf64>
  %z = arith.constant dense<0.0> : tensor<f64>
  %t = linalg.reduce { arith.addf } ins(%s : tensor<8xf64>) outs(%z : tensor<f64>) dimensions = [0]
  %u = tensor.extract %t[] : tensor<f64>
  return %s, %u : tensor<8xf64>, f64
}
// CHECK-LABEL: func private @arrow_jacobian
// CHECK-SAME: (%[[X:.*]]: tensor<8xf64>) -> (tensor<8x8xf64>, tensor<8xf64>)
// CHECK-DAG: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<8x8xf64>
// CHECK-DAG: %[[COS:.*]] = math.cos %[[X]]
// CHECK: %[[ROW:.*]] = arith.mulf %{{.*}}, %[[COS]] : tensor<8xf64>
// CHECK: %[[ROWS:.*]] = arith.mulf %{{.*}}, %[[COS]] : tensor<8xf64>
// CHECK: %[[SPREAD:.*]] = linalg.broadcast ins(%[[ROWS]] : tensor<8xf64>) outs(%{{.*}} : tensor<8x8xf64>) dimensions = [0]
// CHECK: %[[DIAGONAL:.*]] = arith.constant dense<{{\[\[}}true, false, false, false, false, false, false, false], [false, true,
// CHECK: %[[BLOCK:.*]] = arith.select %[[DIAGONAL]], %[[SPREAD]], %[[ZERO]] : tensor<8x8xi1>, tensor<8x8xf64>
// CHECK: return %[[BLOCK]], %[[ROW]]
// expected-remark @below {{takes 2 cotangents for 9 rows and 8 columns}}
costate.derive @arrow_jacobian = jacobian @arrow wrt [0]

// Two arguments are found by one tangent of both where they do not meet.
func.func @apart(%x: tensor<4xf64>, %y: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>) {
  %s = math.sin %x : tensor<4xf64>
  %e = math.exp %y : tensor<4xf64>
  return %s, %e : tensor<4xf64>, tensor<4xf64>
}
// expected-remark @below {{takes 1 tangents for 8 rows and 8 columns}}
costate.derive @apart_jacobian = jacobian @apart wrt [0, 1]

// Rosenbrock's function has a Hessian of three diagonals.
func.func @rosenbrock(%x: tensor<50xf64>) -> f64 {
  %a = tensor.extract_slice %x[0] [49] [1] : tensor<50xf64> to tensor<49xf64>
  %b = tensor.extract_slice %x[1] [49] [1] : tensor<50xf64> to tensor<49xf64>
  %s = arith.mulf %a, %a : tensor<49xf64>
  %d = arith.subf %b, %s : tensor<49xf64>
  %q = arith.mulf %d, %d : tensor<49xf64>
  %z = arith.constant dense<0.0> : tensor<f64>
  %t = linalg.reduce { arith.addf } ins(%q : tensor<49xf64>) outs(%z : tensor<f64>) dimensions = [0]
  %u = tensor.extract %t[] : tensor<f64>
  return %u : f64
}
// CHECK-LABEL: func private @rosenbrock_hessian
// CHECK-COUNT-3: arith.select
// CHECK-NOT: arith.select
// CHECK: return
// expected-remark @below {{takes 3 tangents for 50 rows and 50 columns}}
costate.derive @rosenbrock_hessian = hessian @rosenbrock wrt [0]

// Where every entry may be other than zero, one tangent for each column, and no mask.
func.func @dense(%a: tensor<5x4xf64>, %x: tensor<4xf64>) -> tensor<5xf64> {
  %z = arith.constant dense<0.0> : tensor<5xf64>
  %p = linalg.matvec ins(%a, %x : tensor<5x4xf64>, tensor<4xf64>) outs(%z : tensor<5xf64>) -> tensor<5xf64>
  %y = math.sin %p : tensor<5xf64>
  return %y : tensor<5xf64>
}
// CHECK-LABEL: func private @dense_jacobian
// CHECK-NOT: arith.select
// CHECK-COUNT-4: tensor.insert_slice {{.*}} into tensor<5x4xf64>
// expected-remark @below {{takes 4 tangents for 5 rows and 4 columns}}
costate.derive @dense_jacobian = jacobian @dense wrt [1]

// A loop is followed iteration by iteration: two steps of three diagonals make five.
func.func @steps(%x: tensor<30xf64>) -> tensor<30xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f64
  %y = scf.for %i = %c0 to %c2 step %c1 iter_args(%s = %x) -> tensor<30xf64> {
    %p = tensor.pad %s low[1] high[1] {
    ^bb0(%k: index):
      tensor.yield %zero : f64
    } : tensor<30xf64> to tensor<32xf64>
    %l = tensor.extract_slice %p[0] [30] [1] : tensor<32xf64> to tensor<30xf64>
    %r = tensor.extract_slice %p[2] [30] [1] : tensor<32xf64> to tensor<30xf64>
    %m = arith.mulf %l, %r : tensor<30xf64>
    %n = arith.addf %m, %s : tensor<30xf64>
    scf.yield %n : tensor<30xf64>
  }
  return %y : tensor<30xf64>
}
// expected-remark @below {{takes 5 tangents for 30 rows and 30 columns}}
costate.derive @steps_jacobian = jacobian @steps wrt [0]

// A long one until nothing is added.
func.func @many_steps(%x: tensor<2000xf64>) -> tensor<2000xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c500 = arith.constant 500 : index
  %y = scf.for %i = %c0 to %c500 step %c1 iter_args(%s = %x) -> tensor<2000xf64> {
    %r = math.sin %s : tensor<2000xf64>
    scf.yield %r : tensor<2000xf64>
  }
  return %y : tensor<2000xf64>
}
// expected-remark @below {{takes 1 tangents for 2000 rows and 2000 columns}}
costate.derive @many_steps_jacobian = jacobian @many_steps wrt [0]

// A loop over elements, at the places that its counter gives: y_i = x_i x_{i+1}.
func.func @elements(%x: tensor<9xf64>) -> tensor<8xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %e = tensor.empty() : tensor<8xf64>
  %y = scf.for %i = %c0 to %c8 step %c1 iter_args(%s = %e) -> tensor<8xf64> {
    %j = arith.addi %i, %c1 : index
    %a = tensor.extract %x[%i] : tensor<9xf64>
    %b = tensor.extract %x[%j] : tensor<9xf64>
    %p = arith.mulf %a, %b : f64
    %n = tensor.insert %p into %s[%i] : tensor<8xf64>
    scf.yield %n : tensor<8xf64>
  }
  return %y : tensor<8xf64>
}
// expected-remark @below {{takes 2 tangents for 8 rows and 9 columns}}
costate.derive @elements_jacobian = jacobian @elements wrt [0]

// A loop of unknown length, in a branch: until nothing is added.
func.func @until(%x: tensor<6xf64>, %n: index, %c: i1) -> tensor<6xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y = scf.if %c -> tensor<6xf64> {
    %l = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<6xf64> {
      %r = math.sin %s : tensor<6xf64>
      scf.yield %r : tensor<6xf64>
    }
    scf.yield %l : tensor<6xf64>
  } else {
    %e = math.exp %x : tensor<6xf64>
    scf.yield %e : tensor<6xf64>
  }
  return %y : tensor<6xf64>
}
// expected-remark @below {{takes 1 tangents for 6 rows and 6 columns}}
costate.derive @until_jacobian = jacobian @until wrt [0]

// The results of scf.while are taken to depend on all that it carries.
func.func @while(%x: tensor<6xf64>, %n: index) -> tensor<6xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y:2 = scf.while (%s = %x, %i = %c0) : (tensor<6xf64>, index) -> (tensor<6xf64>, index) {
    %c = arith.cmpi slt, %i, %n : index
    scf.condition(%c) %s, %i : tensor<6xf64>, index
  } do {
  ^bb0(%s: tensor<6xf64>, %i: index):
    %r = math.sin %s : tensor<6xf64>
    %j = arith.addi %i, %c1 : index
    scf.yield %r, %j : tensor<6xf64>, index
  }
  return %y#0 : tensor<6xf64>
}
// expected-remark @below {{takes 6 tangents for 6 rows and 6 columns}}
costate.derive @while_jacobian = jacobian @while wrt [0]

// An element at a place that is known at run time only: the columns of the rest are still found together.
func.func @anywhere(%x: tensor<8xf64>, %i: index) -> (tensor<8xf64>, f64) {
  %s = math.sin %x : tensor<8xf64>
  %e = tensor.extract %s[%i] : tensor<8xf64>
  return %s, %e : tensor<8xf64>, f64
}
// expected-remark @below {{takes 2 cotangents for 9 rows and 8 columns}}
costate.derive @anywhere_jacobian = jacobian @anywhere wrt [0]

// A derivative that is stated, and passes through memory that others know: what is read there may depend on everything.
func.func private @known(memref<8xf64>)
func.func private @stored(%x: tensor<8xf64>) -> tensor<8xf64> {
  %y = math.sin %x : tensor<8xf64>
  return %y : tensor<8xf64>
}
func.func private @stored_jvp(%x: tensor<8xf64>, %dx: tensor<8xf64>) -> (tensor<8xf64>, tensor<8xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %m = memref.alloc() : memref<8xf64>
  func.call @known(%m) : (memref<8xf64>) -> ()
  scf.for %i = %c0 to %c8 step %c1 {
    %e = tensor.extract %dx[%i] : tensor<8xf64>
    memref.store %e, %m[%i] : memref<8xf64>
  }
  %t = bufferization.to_tensor %m restrict : memref<8xf64> to tensor<8xf64>
  %y = math.sin %x : tensor<8xf64>
  %c = math.cos %x : tensor<8xf64>
  %d = arith.mulf %c, %t : tensor<8xf64>
  return %y, %d : tensor<8xf64>, tensor<8xf64>
}
costate.custom_derivative @stored jvp @stored_jvp
// expected-remark @below {{takes 8 tangents for 8 rows and 8 columns}}
costate.derive @stored_jacobian = jacobian @stored wrt [0]
