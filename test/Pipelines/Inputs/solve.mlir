// A level-3 module that calls a solver, branches on a scalar, and maps a function over a set.
func.func private @costate_min_norm_solve_3xf64(tensor<3x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)

func.func private @affine(%w: tensor<2x3xf64>, %x: tensor<3xf64>) -> tensor<2xf64> {
  %empty = tensor.empty() : tensor<2xf64>
  %zero = arith.constant 0.0 : f64
  %zeros = linalg.fill ins(%zero : f64) outs(%empty : tensor<2xf64>) -> tensor<2xf64>
  %y = linalg.matvec ins(%w, %x : tensor<2x3xf64>, tensor<3xf64>) outs(%zeros : tensor<2xf64>) -> tensor<2xf64>
  return %y : tensor<2xf64>
}

func.func @solve(%theta_buffer: memref<9xf64> {costate.role = "theta"},
                 %b_buffer: memref<3xf64> {costate.role = "state:b"},
                 %limit: f64 {costate.role = "hyper:limit"},
                 %metrics_buffer: memref<3xf64> {costate.role = "metrics"}) attributes {costate.entry} {
  %theta = bufferization.to_tensor %theta_buffer restrict : memref<9xf64> to tensor<9xf64>
  %a = tensor.expand_shape %theta [[0, 1]] output_shape [3, 3] : tensor<9xf64> into tensor<3x3xf64>
  %b = bufferization.to_tensor %b_buffer restrict writable : memref<3xf64> to tensor<3xf64>
  %x, %rank, %min, %max = func.call @costate_min_norm_solve_3xf64(%a, %b) : (tensor<3x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)
  %large = arith.cmpf ogt, %max, %limit : f64
  %scaled = scf.if %large -> (tensor<3xf64>) {
    %factor = tensor.splat %limit : tensor<3xf64>
    %s = arith.mulf %x, %factor : tensor<3xf64>
    scf.yield %s : tensor<3xf64>
  } else {
    scf.yield %x : tensor<3xf64>
  }
  %metrics = tensor.from_elements %rank, %min, %max : tensor<3xf64>
  bufferization.materialize_in_destination %scaled in restrict writable %b_buffer : (tensor<3xf64>, memref<3xf64>) -> ()
  bufferization.materialize_in_destination %metrics in restrict writable %metrics_buffer : (tensor<3xf64>, memref<3xf64>) -> ()
  return
}

func.func @predict(%theta_buffer: memref<6xf64> {costate.role = "theta"},
                   %x_buffer: memref<3x?xf64> {costate.role = "column:points:x"},
                   %count: index {costate.role = "count:points"},
                   %out_buffer: memref<2x?xf64> {costate.role = "out:u"}) attributes {costate.entry} {
  %theta = bufferization.to_tensor %theta_buffer restrict : memref<6xf64> to tensor<6xf64>
  %w = tensor.expand_shape %theta [[0, 1]] output_shape [2, 3] : tensor<6xf64> into tensor<2x3xf64>
  %x = bufferization.to_tensor %x_buffer restrict : memref<3x?xf64> to tensor<3x?xf64>
  %out = bufferization.to_tensor %out_buffer restrict writable : memref<2x?xf64> to tensor<2x?xf64>
  %u = costate.map_set @affine uniform(%w : tensor<2x3xf64>) over(%x : tensor<3x?xf64>) count %count into(%out : tensor<2x?xf64>) -> tensor<2x?xf64>
  bufferization.materialize_in_destination %u in restrict writable %out_buffer : (tensor<2x?xf64>, memref<2x?xf64>) -> ()
  return
}
