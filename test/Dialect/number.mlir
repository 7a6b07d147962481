// RUN: costate-opt %s | costate-opt | FileCheck %s

// Whole numbers at the ends of their ranges, and the smallest number that is not zero.
// CHECK: costate.variable @smallest init 4.94066e-324
costate.variable @smallest init 4.9e-324 : tensor<1xf64>

// CHECK: steps 1000000000000000 seed 18446744073709551615
costate.problem @p {
  costate.train by #costate.adam steps 1000000000000000 seed 18446744073709551615
}
