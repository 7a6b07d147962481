// The eccentricity of an orbit, from where the planet was: the distance along the major axis is cos E - e, with E the root of
// Kepler's equation E - e sin E = M. The data have e = 0.6.
//
// RUN: rm -rf %t && mkdir %t && cd %t && costatec %s -o kepler
// RUN: %python -B %S/Inputs/make_orbit.py orbit.csv
// RUN: ./kepler check-grad --data positions=orbit.csv | FileCheck %s --check-prefix=GRADIENT
// GRADIENT: the gradient agrees with differences
// RUN: ./kepler train --data positions=orbit.csv --run-dir run --quiet --require 'error<=1e-20'
// RUN: %python -B %S/Inputs/make_orbit.py --eccentricity run | FileCheck %s --check-prefix=FOUND
// FOUND: 0.600000000

costate.variable @e init [0.2] : tensor<1xf64>

costate.residual @orbit(%M: tensor<1xf64>) -> tensor<1xf64> {
  %e = costate.read @e : tensor<1xf64>
  %E = costate.root %M : tensor<1xf64> {
  ^bb0(%u: tensor<1xf64>):
    %s = math.sin %u : tensor<1xf64>
    %es = arith.mulf %e, %s : tensor<1xf64>
    %k = arith.subf %u, %es : tensor<1xf64>
    %r = arith.subf %k, %M : tensor<1xf64>
    costate.yield %r : tensor<1xf64>
  }
  %c = math.cos %E : tensor<1xf64>
  %x = arith.subf %c, %e : tensor<1xf64>
  costate.yield %x : tensor<1xf64>
}

costate.problem @kepler {
  costate.data @positions (M: tensor<1xf64>, x: tensor<1xf64>)
  costate.minimize "error" square(@orbit(M) - x) over @positions
  costate.train by #costate.sgd<lr = 0.1> steps 200
}
