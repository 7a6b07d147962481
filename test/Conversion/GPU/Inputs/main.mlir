func.func @fill(%buffer: memref<?xf64>, %scale: f64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %buffer, %c0 : memref<?xf64>
  scf.for %i = %c0 to %n step %c1 {
    %k = arith.index_cast %i : index to i64
    %f = arith.sitofp %k : i64 to f64
    %s = arith.mulf %f, %scale : f64
    %v = math.sin %s : f64
    memref.store %v, %buffer[%i] : memref<?xf64>
  }
  return
}

func.func @show(%buffer: memref<?xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %buffer, %c0 : memref<?xf64>
  scf.for %i = %c0 to %n step %c1 {
    %v = memref.load %buffer[%i] : memref<?xf64>
    %bits = arith.bitcast %v : f64 to i64
    vector.print %bits : i64
  }
  return
}

func.func @main() {
  %count = arith.constant 100 : index
  %capacity = arith.constant 128 : index
  %0 = arith.constant 0.7 : f64
  %1 = arith.constant 0.37 : f64
  %theta = memref.alloc() : memref<20xf64>
  %points = memref.alloc(%capacity) : memref<3x?xf64>
  %grad = memref.alloc() : memref<20xf64>
  %metrics = memref.alloc() : memref<1xf64>
  %field = memref.alloc(%capacity) : memref<5x?xf64>
  %theta_all = memref.cast %theta : memref<20xf64> to memref<?xf64>
  %points_all = memref.collapse_shape %points [[0, 1]] : memref<3x?xf64> into memref<?xf64>
  %grad_all = memref.cast %grad : memref<20xf64> to memref<?xf64>
  %metrics_all = memref.cast %metrics : memref<1xf64> to memref<?xf64>
  %field_all = memref.collapse_shape %field [[0, 1]] : memref<5x?xf64> into memref<?xf64>
  call @fill(%theta_all, %0) : (memref<?xf64>, f64) -> ()
  call @fill(%points_all, %1) : (memref<?xf64>, f64) -> ()
  call @fill(%field_all, %0) : (memref<?xf64>, f64) -> ()
  call @step(%theta, %points, %count, %grad, %metrics) : (memref<20xf64>, memref<3x?xf64>, index, memref<20xf64>, memref<1xf64>) -> ()
  call @predict(%theta, %points, %count, %field) : (memref<20xf64>, memref<3x?xf64>, index, memref<5x?xf64>) -> ()
  call @show(%grad_all) : (memref<?xf64>) -> ()
  call @show(%metrics_all) : (memref<?xf64>) -> ()
  call @show(%field_all) : (memref<?xf64>) -> ()
  return
}
