// RUN: costate-opt %s -costate-decompose-aggregates | FileCheck %s
// RUN: costatec %s --emit=shared -o %t.so
// RUN: %python -c "import ctypes, math, sys; D = ctypes.c_double * 6; x = [0.3, -1.2, 700.0, 2.0, 2.0, -5.0]; y = D(); ctypes.CDLL(sys.argv[1]).rows(D(*x), y); e = [[math.exp(v - max(r)) for v in r] for r in (x[:3], x[3:])]; w = [v / sum(r) for r in e for v in r]; print('right' if all(abs(a - b) <= 4e-16 * b for a, b in zip(y, w)) else (list(y), w))" %t.so | FileCheck %s --check-prefix=VALUE
// VALUE: right

// CHECK-LABEL: func @rows
// CHECK-NOT: linalg.softmax
// CHECK: math.exp
// CHECK: arith.divf
func.func @rows(%x: tensor<2x3xf64>) -> tensor<2x3xf64> {
  %o = tensor.empty() : tensor<2x3xf64>
  %r = linalg.softmax dimension(1) ins(%x : tensor<2x3xf64>) outs(%o : tensor<2x3xf64>) -> tensor<2x3xf64>
  return %r : tensor<2x3xf64>
}
