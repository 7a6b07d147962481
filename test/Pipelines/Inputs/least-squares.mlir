// A level-4 module as costate-tile-sets leaves it: the weighted sum of squares of y - theta . x over a set, and
// its gradient, by tiles of 8 lanes in at most 4 chunks; then one step of gradient descent.
#map_lanes = affine_map<(l) -> (l)>
#map_theta = affine_map<(i, l) -> (i)>
#map_columns = affine_map<(i, l) -> (i, l)>
#map_lane = affine_map<(i, l) -> (l)>
module attributes {costate.program = {parameter_count = 3 : i64}} {
  func.func @step(%theta_buffer: memref<3xf64> {costate.role = "theta"},
                  %x_buffer: memref<3x?xf64> {costate.role = "column:train:x"},
                  %y_buffer: memref<?xf64> {costate.role = "column:train:y"},
                  %count: index {costate.role = "count:train"},
                  %lr: f64 {costate.role = "hyper:optimizer.lr"},
                  %metrics_buffer: memref<1xf64> {costate.role = "metrics"}) attributes {costate.entry} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %zero = arith.constant 0.0 : f64
    %one = arith.constant 1.0 : f64
    %theta = bufferization.to_tensor %theta_buffer restrict writable : memref<3xf64> to tensor<3xf64>
    %x = bufferization.to_tensor %x_buffer restrict : memref<3x?xf64> to tensor<3x?xf64>
    %y = bufferization.to_tensor %y_buffer restrict : memref<?xf64> to tensor<?xf64>
    %tiles = arith.ceildivui %count, %c8 : index
    %active = arith.minui %tiles, %c4 : index
    %n = arith.index_cast %count : index to i64
    %nf = arith.uitofp %n : i64 to f64
    %weight = arith.divf %one, %nf : f64
    %parts_empty = tensor.empty() : tensor<4x4xf64>
    %parts = scf.forall (%c) in (%active) shared_outs(%out = %parts_empty) -> (tensor<4x4xf64>) {
      %lo0 = arith.muli %c, %tiles : index
      %lo = arith.divui %lo0, %active : index
      %next = arith.addi %c, %c1 : index
      %hi0 = arith.muli %next, %tiles : index
      %hi = arith.divui %hi0, %active : index
      %gradient_empty = tensor.empty() : tensor<3xf64>
      %gradient_zero = linalg.fill ins(%zero : f64) outs(%gradient_empty : tensor<3xf64>) -> tensor<3xf64>
      %acc:2 = scf.for %t = %lo to %hi step %c1 iter_args(%gradient = %gradient_zero, %loss = %zero) -> (tensor<3xf64>, f64) {
        %row = arith.muli %t, %c8 : index
        %xt = tensor.extract_slice %x[0, %row] [3, 8] [1, 1] : tensor<3x?xf64> to tensor<3x8xf64>
        %yt = tensor.extract_slice %y[%row] [8] [1] : tensor<?xf64> to tensor<8xf64>
        %lanes = tensor.empty() : tensor<8xf64>
        // Lanes beyond the count weigh nothing.
        %weights = linalg.generic {indexing_maps = [#map_lanes], iterator_types = ["parallel"]} outs(%lanes : tensor<8xf64>) {
        ^bb0(%old: f64):
          %lane = linalg.index 0 : index
          %i = arith.addi %row, %lane : index
          %valid = arith.cmpi ult, %i, %count : index
          %w = arith.select %valid, %weight, %zero : f64
          linalg.yield %w : f64
        } -> tensor<8xf64>
        %negated = linalg.generic {indexing_maps = [#map_lanes, #map_lanes], iterator_types = ["parallel"]} ins(%yt : tensor<8xf64>) outs(%lanes : tensor<8xf64>) {
        ^bb0(%a: f64, %old: f64):
          %v = arith.negf %a : f64
          linalg.yield %v : f64
        } -> tensor<8xf64>
        %r = linalg.generic {indexing_maps = [#map_theta, #map_columns, #map_lane], iterator_types = ["reduction", "parallel"]}
            ins(%theta, %xt : tensor<3xf64>, tensor<3x8xf64>) outs(%negated : tensor<8xf64>) {
        ^bb0(%a: f64, %b: f64, %old: f64):
          %p = arith.mulf %a, %b : f64
          %v = arith.addf %old, %p : f64
          linalg.yield %v : f64
        } -> tensor<8xf64>
        %wr = linalg.generic {indexing_maps = [#map_lanes, #map_lanes, #map_lanes], iterator_types = ["parallel"]}
            ins(%weights, %r : tensor<8xf64>, tensor<8xf64>) outs(%lanes : tensor<8xf64>) {
        ^bb0(%a: f64, %b: f64, %old: f64):
          %v = arith.mulf %a, %b : f64
          linalg.yield %v : f64
        } -> tensor<8xf64>
        %g = linalg.generic {indexing_maps = [#map_columns, #map_lane, #map_theta], iterator_types = ["parallel", "reduction"]}
            ins(%xt, %wr : tensor<3x8xf64>, tensor<8xf64>) outs(%gradient : tensor<3xf64>) {
        ^bb0(%a: f64, %b: f64, %old: f64):
          %p = arith.mulf %a, %b : f64
          %v = arith.addf %old, %p : f64
          linalg.yield %v : f64
        } -> tensor<3xf64>
        %loss_empty = tensor.empty() : tensor<f64>
        %loss_in = tensor.insert %loss into %loss_empty[] : tensor<f64>
        %loss_out = linalg.dot ins(%wr, %r : tensor<8xf64>, tensor<8xf64>) outs(%loss_in : tensor<f64>) -> tensor<f64>
        %loss_next = tensor.extract %loss_out[] : tensor<f64>
        scf.yield %g, %loss_next : tensor<3xf64>, f64
      }
      %loss_one = tensor.from_elements %acc#1 : tensor<1xf64>
      scf.forall.in_parallel {
        tensor.parallel_insert_slice %acc#0 into %out[%c, 0] [1, 3] [1, 1] : tensor<3xf64> into tensor<4x4xf64>
        tensor.parallel_insert_slice %loss_one into %out[%c, 3] [1, 1] [1, 1] : tensor<1xf64> into tensor<4x4xf64>
      }
    }
    // The chunks' sums are added in the order of the chunks.
    %sum_empty = tensor.empty() : tensor<4xf64>
    %sum_zero = linalg.fill ins(%zero : f64) outs(%sum_empty : tensor<4xf64>) -> tensor<4xf64>
    %sum = scf.for %c = %c0 to %active step %c1 iter_args(%s = %sum_zero) -> (tensor<4xf64>) {
      %part = tensor.extract_slice %parts[%c, 0] [1, 4] [1, 1] : tensor<4x4xf64> to tensor<4xf64>
      %next = linalg.generic {indexing_maps = [#map_lanes, #map_lanes], iterator_types = ["parallel"]} ins(%part : tensor<4xf64>) outs(%s : tensor<4xf64>) {
      ^bb0(%a: f64, %old: f64):
        %v = arith.addf %old, %a : f64
        linalg.yield %v : f64
      } -> tensor<4xf64>
      scf.yield %next : tensor<4xf64>
    }
    %gradient = tensor.extract_slice %sum[0] [3] [1] : tensor<4xf64> to tensor<3xf64>
    %loss = tensor.extract_slice %sum[3] [1] [1] : tensor<4xf64> to tensor<1xf64>
    %two = arith.constant -2.0 : f64
    %scale = arith.mulf %two, %lr : f64
    %theta_next = linalg.generic {indexing_maps = [#map_lanes, #map_lanes], iterator_types = ["parallel"]} ins(%gradient : tensor<3xf64>) outs(%theta : tensor<3xf64>) {
    ^bb0(%a: f64, %old: f64):
      %d = arith.mulf %scale, %a : f64
      %v = arith.addf %old, %d : f64
      linalg.yield %v : f64
    } -> tensor<3xf64>
    bufferization.materialize_in_destination %theta_next in restrict writable %theta_buffer : (tensor<3xf64>, memref<3xf64>) -> ()
    bufferization.materialize_in_destination %loss in restrict writable %metrics_buffer : (tensor<1xf64>, memref<1xf64>) -> ()
    return
  }
}
