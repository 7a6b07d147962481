// RUN: costate-opt %s -costate-expand-transforms | FileCheck %s

// The cotangents of the parts of an array that was rotated are put side by side: the array is rotated back.
func.func @rotate(%x: tensor<8xf64>) -> tensor<8xf64> {
  %a = tensor.extract_slice %x[0] [3] [1] : tensor<8xf64> to tensor<3xf64>
  %b = tensor.extract_slice %x[3] [5] [1] : tensor<8xf64> to tensor<5xf64>
  %y = tensor.concat dim(0) %b, %a : (tensor<5xf64>, tensor<3xf64>) -> tensor<8xf64>
  return %y : tensor<8xf64>
}
// CHECK-LABEL: func private @rotate_transpose
// CHECK-SAME: (%[[CT:.*]]: tensor<8xf64>)
// CHECK-DAG: %[[B:.*]] = tensor.extract_slice %[[CT]][0] [5] [1]
// CHECK-DAG: %[[A:.*]] = tensor.extract_slice %[[CT]][5] [3] [1]
// CHECK-DAG: %[[ONE:.*]] = tensor.insert_slice %[[B]] into %{{.*}}[3] [5] [1]
// CHECK: %[[R:.*]] = tensor.insert_slice %[[A]] into %[[ONE]][0] [3] [1]
// CHECK-NEXT: return %[[R]]
costate.derive @rotate_transpose = transpose @rotate wrt [0]

// Of two ways to take the array apart, each gives one array, and the sum of these is elementwise.
func.func @twice(%x: tensor<8xf64>) -> (tensor<8xf64>, tensor<8xf64>) {
  %a = tensor.extract_slice %x[0] [3] [1] : tensor<8xf64> to tensor<3xf64>
  %b = tensor.extract_slice %x[3] [5] [1] : tensor<8xf64> to tensor<5xf64>
  %c = tensor.extract_slice %x[0] [7] [1] : tensor<8xf64> to tensor<7xf64>
  %d = tensor.extract_slice %x[7] [1] [1] : tensor<8xf64> to tensor<1xf64>
  %y = tensor.concat dim(0) %b, %a : (tensor<5xf64>, tensor<3xf64>) -> tensor<8xf64>
  %z = tensor.concat dim(0) %d, %c : (tensor<1xf64>, tensor<7xf64>) -> tensor<8xf64>
  return %y, %z : tensor<8xf64>, tensor<8xf64>
}
// CHECK-LABEL: func private @twice_transpose
// CHECK-COUNT-4: tensor.insert_slice
// CHECK-NEXT: %[[R:.*]] = arith.addf {{.*}} : tensor<8xf64>
// CHECK-NEXT: return %[[R]]
costate.derive @twice_transpose = transpose @twice wrt [0]

// A small part of what has a cotangent already is added to in place.
func.func @small(%x: tensor<80xf64>) -> (tensor<80xf64>, tensor<2xf64>) {
  %y = arith.negf %x : tensor<80xf64>
  %a = tensor.extract_slice %x[4] [2] [1] : tensor<80xf64> to tensor<2xf64>
  return %y, %a : tensor<80xf64>, tensor<2xf64>
}
// CHECK-LABEL: func private @small_transpose
// CHECK-SAME: (%[[CY:.*]]: tensor<80xf64>, %[[CA:.*]]: tensor<2xf64>)
// CHECK-NEXT: %[[N:.*]] = arith.negf %[[CY]]
// CHECK-NEXT: %[[OLD:.*]] = tensor.extract_slice %[[N]][4] [2] [1]
// CHECK-NEXT: %[[NEW:.*]] = arith.addf %[[OLD]], %[[CA]]
// CHECK-NEXT: %[[R:.*]] = tensor.insert_slice %[[NEW]] into %[[N]][4] [2] [1]
// CHECK-NEXT: return %[[R]]
costate.derive @small_transpose = transpose @small wrt [0]
