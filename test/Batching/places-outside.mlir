// A place outside of a tensor is moved to the nearest one inside: of rows 0 to 2, row -3 is the first and row 9 the last. So a lane
// that does not take a branch may compute it.
// RUN: rm -rf %t && mkdir %t && cd %t && printf 'c\n-3\n0\n2\n9\n' > rows.csv
// RUN: costate-run %s eval --data rows=rows.csv 2>/dev/null | FileCheck %s
// (1 + 1 + 100 + 100) / 4, by one element, by a slice and by gathering.
// CHECK: element {{ *}}50.5 objective
// CHECK: slice {{ *}}50.5 objective
// CHECK: gathered {{ *}}50.5 objective

costate.variable @table init [1.0, 10.0, 100.0] : tensor<3xf64>
costate.residual @element(%c: tensor<1xf64>) -> tensor<1xf64> {
  %zero = arith.constant 0 : index
  %table = costate.read @table : tensor<3xf64>
  %k = arith.fptosi %c : tensor<1xf64> to tensor<1xi64>
  %i = arith.index_cast %k : tensor<1xi64> to tensor<1xindex>
  %at = tensor.extract %i[%zero] : tensor<1xindex>
  %e = tensor.extract %table[%at] : tensor<3xf64>
  %r = tensor.from_elements %e : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.residual @slice(%c: tensor<1xf64>) -> tensor<1xf64> {
  %zero = arith.constant 0 : index
  %table = costate.read @table : tensor<3xf64>
  %k = arith.fptosi %c : tensor<1xf64> to tensor<1xi64>
  %i = arith.index_cast %k : tensor<1xi64> to tensor<1xindex>
  %at = tensor.extract %i[%zero] : tensor<1xindex>
  %r = tensor.extract_slice %table[%at] [1] [1] : tensor<3xf64> to tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.residual @gathered(%c: tensor<1xf64>) -> tensor<1xf64> {
  %flat = costate.read @table : tensor<3xf64>
  %table = tensor.expand_shape %flat [[0, 1]] output_shape [3, 1] : tensor<3xf64> into tensor<3x1xf64>
  %k = arith.fptosi %c : tensor<1xf64> to tensor<1xi64>
  %i = arith.index_cast %k : tensor<1xi64> to tensor<1xindex>
  %r = tensor.gather %table[%i] gather_dims([0]) : (tensor<3x1xf64>, tensor<1xindex>) -> tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.problem @places {
  costate.data @rows (c: tensor<1xf64>)
  costate.minimize "element" @element(c) over @rows
  costate.minimize "slice" @slice(c) over @rows
  costate.minimize "gathered" @gathered(c) over @rows
  costate.train by #costate.sgd<lr = 0.1> steps 1
}
