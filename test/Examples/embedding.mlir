// Three categories, each with a row of a table that is learned: the row of a sample is gathered at the sample's own place.
//
// RUN: rm -rf %t && mkdir %t && cd %t && costatec %s -o embedding
// RUN: ./embedding check-grad | FileCheck %s --check-prefix=GRADIENT
// GRADIENT: the gradient agrees with differences
// RUN: ./embedding train --run-dir run --quiet --require 'error<=1e-12'
// RUN: %python -B %S/Inputs/print_parameters.py run rows | FileCheck %s --check-prefix=FOUND
// FOUND: 0.500 -0.500 1.500 -1.500 2.500 -2.500

costate.variable @rows init [0.1, 0.2, 0.3, 0.4, 0.5, 0.6] : tensor<6xf64>

costate.residual @embedding(%c: tensor<1xf64>) -> tensor<2xf64> {
  %flat = costate.read @rows : tensor<6xf64>
  %table = tensor.expand_shape %flat [[0, 1]] output_shape [3, 2] : tensor<6xf64> into tensor<3x2xf64>
  %k = arith.fptosi %c : tensor<1xf64> to tensor<1xi64>
  %i = arith.index_cast %k : tensor<1xi64> to tensor<1xindex>
  %row = tensor.gather %table[%i] gather_dims([0]) : (tensor<3x2xf64>, tensor<1xindex>) -> tensor<2xf64>
  %half = arith.constant dense<0.5> : tensor<1xf64>
  %whole = arith.sitofp %k : tensor<1xi64> to tensor<1xf64>
  %up = arith.addf %whole, %half : tensor<1xf64>
  %down = arith.negf %up : tensor<1xf64>
  %aim = tensor.concat dim(0) %up, %down : (tensor<1xf64>, tensor<1xf64>) -> tensor<2xf64>
  %off = arith.subf %row, %aim : tensor<2xf64>
  costate.yield %off : tensor<2xf64>
}

costate.problem @categories {
  costate.sample @samples (c: tensor<1xf64>) in box<[0.0], [3.0]> by sobol count 1000
  costate.minimize "error" square(@embedding(c)) over @samples
  costate.train by #costate.sgd<lr = 0.5> steps 300
}
