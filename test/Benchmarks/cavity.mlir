// Benchmark 4: the steady Navier-Stokes equations of the driven cavity, w . grad u + p_x = lap u / Re for w = (u, v), the same
// with p_y for v, and div w = 0, with Re = 100. One network for (u, v, p). The larger network of the benchmark has 5 layers of 128 units.
//
// RUN: costate-run %s check-grad --threads 1 --set interior.count=40 | FileCheck %s
// CHECK: the gradient agrees with differences

costate.network @fields(%x: tensor<2xf64>) -> tensor<3xf64> {
  %h0 = costate.dense %x -> 64 activation(tanh) : tensor<2xf64> -> tensor<64xf64>
  %h1 = costate.dense %h0 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %h2 = costate.dense %h1 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %h3 = costate.dense %h2 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %h4 = costate.dense %h3 -> 64 activation(tanh) : tensor<64xf64> -> tensor<64xf64>
  %y = costate.dense %h4 -> 3 : tensor<64xf64> -> tensor<3xf64>
  costate.yield %y : tensor<3xf64>
}

costate.residual @cavity(%x: tensor<2xf64>) -> tensor<3xf64> {
  %fields = costate.call @fields(%x) : (tensor<2xf64>) -> tensor<3xf64>
  %dx = costate.diff %fields by %x[0] : tensor<3xf64>, tensor<2xf64>
  %dy = costate.diff %fields by %x[1] : tensor<3xf64>, tensor<2xf64>
  %laplacian = costate.laplacian %fields by %x : tensor<3xf64>, tensor<2xf64>
  %u = tensor.extract_slice %fields[0] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %v = tensor.extract_slice %fields[1] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %ux = tensor.extract_slice %dx[0] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %vx = tensor.extract_slice %dx[1] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %px = tensor.extract_slice %dx[2] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %uy = tensor.extract_slice %dy[0] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %vy = tensor.extract_slice %dy[1] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %py = tensor.extract_slice %dy[2] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %ulap = tensor.extract_slice %laplacian[0] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %vlap = tensor.extract_slice %laplacian[1] [1] [1] : tensor<3xf64> to tensor<1xf64>
  %viscosity = arith.constant dense<0.01> : tensor<1xf64>
  %uux = arith.mulf %u, %ux : tensor<1xf64>
  %vuy = arith.mulf %v, %uy : tensor<1xf64>
  %uvx = arith.mulf %u, %vx : tensor<1xf64>
  %vvy = arith.mulf %v, %vy : tensor<1xf64>
  %uvisc = arith.mulf %viscosity, %ulap : tensor<1xf64>
  %vvisc = arith.mulf %viscosity, %vlap : tensor<1xf64>
  %u0 = arith.addf %uux, %vuy : tensor<1xf64>
  %u1 = arith.addf %u0, %px : tensor<1xf64>
  %ru = arith.subf %u1, %uvisc : tensor<1xf64>
  %v0 = arith.addf %uvx, %vvy : tensor<1xf64>
  %v1 = arith.addf %v0, %py : tensor<1xf64>
  %rv = arith.subf %v1, %vvisc : tensor<1xf64>
  %mass = arith.addf %ux, %vy : tensor<1xf64>
  %r = tensor.concat dim(0) %ru, %rv, %mass : (tensor<1xf64>, tensor<1xf64>, tensor<1xf64>) -> tensor<3xf64>
  costate.yield %r : tensor<3xf64>
}

costate.problem @cavity_residual {
  costate.sample @interior (x: tensor<2xf64>) in box<[0.0, 0.0], [1.0, 1.0]> by uniform count 10000
  costate.minimize "residual" square(@cavity(x)) over @interior
  costate.train by #costate.adam<lr = 1.0e-3> steps 1000
}
