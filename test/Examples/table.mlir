// A property of a material as a table over temperatures that are not equally spaced, found from a curve: each sample looks for
// its interval and lies between two entries. The curve is T²; by linear least squares the best table has an error of 0.001096.
//
// RUN: rm -rf %t && mkdir %t && cd %t && costatec %s -o table
// RUN: ./table check-grad | FileCheck %s --check-prefix=GRADIENT
// GRADIENT: the gradient agrees with differences
// RUN: ./table train --run-dir run --quiet --require 'error<=0.00111'
// RUN: ./table train --run-dir two --quiet --threads 2 --require 'error<=0.00111'

costate.variable @entries init [0.0, 0.0, 0.0, 0.0, 0.0] : tensor<5xf64>

costate.residual @property(%T: tensor<1xf64>) -> tensor<1xf64> {
  %entries = costate.read @entries : tensor<5xf64>
  %grid = arith.constant dense<[0.0, 0.5, 1.0, 1.25, 2.0]> : tensor<5xf64>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %t = tensor.extract %T[%c0] : tensor<1xf64>
  %left = scf.while (%i = %c0) : (index) -> index {
    %next = arith.addi %i, %c1 : index
    %end = tensor.extract %grid[%next] : tensor<5xf64>
    %beyond = arith.cmpf ogt, %t, %end : f64
    %more = arith.cmpi ult, %i, %c3 : index
    %go = arith.andi %beyond, %more : i1
    scf.condition(%go) %i : index
  } do {
  ^bb0(%i: index):
    %next = arith.addi %i, %c1 : index
    scf.yield %next : index
  }
  %right = arith.addi %left, %c1 : index
  %t0 = tensor.extract %grid[%left] : tensor<5xf64>
  %t1 = tensor.extract %grid[%right] : tensor<5xf64>
  %h = arith.subf %t1, %t0 : f64
  %d = arith.subf %t, %t0 : f64
  %s = arith.divf %d, %h : f64
  %a = tensor.extract %entries[%left] : tensor<5xf64>
  %b = tensor.extract %entries[%right] : tensor<5xf64>
  %rise = arith.subf %b, %a : f64
  %part = arith.mulf %s, %rise : f64
  %sum = arith.addf %a, %part : f64
  %p = tensor.from_elements %sum : tensor<1xf64>
  %square = arith.mulf %T, %T : tensor<1xf64>
  %off = arith.subf %p, %square : tensor<1xf64>
  costate.yield %off : tensor<1xf64>
}

costate.problem @material {
  costate.sample @temperatures (T: tensor<1xf64>) in box<[0.0], [2.0]> by sobol count 1000
  costate.minimize "error" square(@property(T)) over @temperatures
  costate.train by #costate.sgd<lr = 0.5> steps 400
}
