// Two layers, the gradient of a weighted sum of squares by the first weight, and the field; and a program that calls
// both on 100 points and prints the bits of what they computed.
#rows = affine_map<(i, j) -> (i)>
#columns = affine_map<(i, j) -> (j)>
#both = affine_map<(i, j) -> (i, j)>

func.func private @hidden(%w: tensor<5x3xf64>, %x: tensor<3xf64>) -> tensor<5xf64> {
  %zero = arith.constant dense<0.0> : tensor<5xf64>
  %shift = arith.constant dense<[0.1, -0.2, 0.3, 0.0, 0.5]> : tensor<5xf64>
  %z = linalg.matvec ins(%w, %x : tensor<5x3xf64>, tensor<3xf64>) outs(%zero : tensor<5xf64>) -> tensor<5xf64>
  %s = arith.addf %z, %shift : tensor<5xf64>
  %h = math.tanh %s : tensor<5xf64>
  return %h : tensor<5xf64>
}

func.func private @loss(%w: tensor<5x3xf64>, %v: tensor<5xf64>, %x: tensor<3xf64>, %weight: f64) -> (tensor<5x3xf64>, tensor<5xf64>, f64) {
  %c0 = arith.constant 0.0 : f64
  %two = arith.constant 2.0 : f64
  %init = tensor.splat %c0 : tensor<f64>
  %init5 = arith.constant dense<0.0> : tensor<5xf64>
  %init53 = arith.constant dense<0.0> : tensor<5x3xf64>
  %one = arith.constant dense<1.0> : tensor<5xf64>
  %shift = arith.constant dense<[0.1, -0.2, 0.3, 0.0, 0.5]> : tensor<5xf64>
  %z0 = linalg.matvec ins(%w, %x : tensor<5x3xf64>, tensor<3xf64>) outs(%init5 : tensor<5xf64>) -> tensor<5xf64>
  %z = arith.addf %z0, %shift : tensor<5xf64>
  %h = math.tanh %z : tensor<5xf64>
  %ut = linalg.dot ins(%v, %h : tensor<5xf64>, tensor<5xf64>) outs(%init : tensor<f64>) -> tensor<f64>
  %u = tensor.extract %ut[] : tensor<f64>
  %square = arith.mulf %u, %u : f64
  %value = arith.mulf %square, %weight : f64
  %d0 = arith.mulf %two, %u : f64
  %du = arith.mulf %d0, %weight : f64
  %dus = tensor.splat %du : tensor<5xf64>
  %gv = arith.mulf %dus, %h : tensor<5xf64>
  %hh = arith.mulf %h, %h : tensor<5xf64>
  %dh = arith.subf %one, %hh : tensor<5xf64>
  %dv = arith.mulf %v, %dus : tensor<5xf64>
  %dz = arith.mulf %dh, %dv : tensor<5xf64>
  %gw = linalg.generic {indexing_maps = [#rows, #columns, #both], iterator_types = ["parallel", "parallel"]}
    ins(%dz, %x : tensor<5xf64>, tensor<3xf64>) outs(%init53 : tensor<5x3xf64>) {
  ^bb0(%a: f64, %b: f64, %o: f64):
    %p = arith.mulf %a, %b : f64
    linalg.yield %p : f64
  } -> tensor<5x3xf64>
  return %gw, %gv, %value : tensor<5x3xf64>, tensor<5xf64>, f64
}

func.func @step(%theta: memref<20xf64> {costate.role = "theta"}, %points: memref<3x?xf64> {costate.role = "column:s:x"},
                %count: index {costate.role = "count:s"}, %grad: memref<20xf64> {costate.role = "grad"},
                %metrics: memref<1xf64> {costate.role = "metrics"}) attributes {costate.entry} {
  %t = bufferization.to_tensor %theta restrict : memref<20xf64> to tensor<20xf64>
  %x = bufferization.to_tensor %points restrict : memref<3x?xf64> to tensor<3x?xf64>
  %w0 = tensor.extract_slice %t[0] [15] [1] : tensor<20xf64> to tensor<15xf64>
  %w = tensor.expand_shape %w0 [[0, 1]] output_shape [5, 3] : tensor<15xf64> into tensor<5x3xf64>
  %v = tensor.extract_slice %t[15] [5] [1] : tensor<20xf64> to tensor<5xf64>
  %weight = arith.constant 0.01 : f64
  %g:3 = costate.reduce_set @loss uniform(%w, %v : tensor<5x3xf64>, tensor<5xf64>) over(%x : tensor<3x?xf64>) count %count weight %weight : f64 -> tensor<5x3xf64>, tensor<5xf64>, f64
  %gw = tensor.collapse_shape %g#0 [[0, 1]] : tensor<5x3xf64> into tensor<15xf64>
  %all = tensor.concat dim(0) %gw, %g#1 : (tensor<15xf64>, tensor<5xf64>) -> tensor<20xf64>
  bufferization.materialize_in_destination %all in restrict writable %grad : (tensor<20xf64>, memref<20xf64>) -> ()
  %m = tensor.from_elements %g#2 : tensor<1xf64>
  bufferization.materialize_in_destination %m in restrict writable %metrics : (tensor<1xf64>, memref<1xf64>) -> ()
  return
}

func.func @predict(%theta: memref<20xf64> {costate.role = "theta"}, %points: memref<3x?xf64> {costate.role = "column:s:x"},
                   %count: index {costate.role = "count:s"}, %field: memref<5x?xf64> {costate.role = "out:h"}) attributes {costate.entry} {
  %t = bufferization.to_tensor %theta restrict : memref<20xf64> to tensor<20xf64>
  %x = bufferization.to_tensor %points restrict : memref<3x?xf64> to tensor<3x?xf64>
  %out = bufferization.to_tensor %field restrict writable : memref<5x?xf64> to tensor<5x?xf64>
  %w0 = tensor.extract_slice %t[0] [15] [1] : tensor<20xf64> to tensor<15xf64>
  %w = tensor.expand_shape %w0 [[0, 1]] output_shape [5, 3] : tensor<15xf64> into tensor<5x3xf64>
  %h = costate.map_set @hidden uniform(%w : tensor<5x3xf64>) over(%x : tensor<3x?xf64>) count %count into(%out : tensor<5x?xf64>) -> tensor<5x?xf64>
  bufferization.materialize_in_destination %h in restrict writable %field : (tensor<5x?xf64>, memref<5x?xf64>) -> ()
  return
}
