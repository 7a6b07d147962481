// The solvers, executed: every answer is known before it is computed.
// RUN: costate-opt %s -costate-define-solvers -inline -canonicalize %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s
// RUN: sed -e s/f64/f32/g -e s/1.0e-9/1.0e-4/g %s | costate-opt -costate-define-solvers -inline -canonicalize %run_tensors | mlir-runner -e main -entry-point-result=void -shared-libs=%runner_utils | FileCheck %s

func.func private @costate_min_norm_solve_1xf64(tensor<1x1xf64>, tensor<1xf64>) -> (tensor<1xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_2xf64(tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_3xf64(tensor<3x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_4xf64(tensor<4x4xf64>, tensor<4xf64>) -> (tensor<4xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_5xf64(tensor<5x5xf64>, tensor<5xf64>) -> (tensor<5xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_6xf64(tensor<6x6xf64>, tensor<6xf64>) -> (tensor<6xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_7xf64(tensor<7x7xf64>, tensor<7xf64>) -> (tensor<7xf64>, f64, f64, f64)
func.func private @costate_min_norm_solve_8xf64(tensor<8x8xf64>, tensor<8xf64>) -> (tensor<8xf64>, f64, f64, f64)
func.func private @costate_low_rank_min_norm_solve_8x2xf64(tensor<8x2xf64>, tensor<8xf64>) -> (tensor<8xf64>, f64, f64, f64)
func.func private @costate_low_rank_min_norm_solve_5x3xf64(tensor<5x3xf64>, tensor<5xf64>) -> (tensor<5xf64>, f64, f64, f64)
func.func private @costate_psd_factor_3xf64(tensor<3x3xf64>) -> tensor<3x3xf64>
func.func private @costate_psd_factor_6xf64(tensor<6x6xf64>) -> tensor<6x6xf64>

// max |x - y| <= 1e-9 max |y|, and the rank.
func.func private @report(%x: tensor<?xf64>, %y: tensor<?xf64>, %rank: f64) {
  %zero = arith.constant dense<0.0> : tensor<f64>
  %largest:2 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> ()>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
    ins(%x, %y : tensor<?xf64>, tensor<?xf64>) outs(%zero, %zero : tensor<f64>, tensor<f64>) {
  ^bb0(%a: f64, %b: f64, %e: f64, %l: f64):
    %d = arith.subf %a, %b : f64
    %ad = math.absf %d : f64
    %ab = math.absf %b : f64
    %ne = arith.maximumf %e, %ad : f64
    %nl = arith.maximumf %l, %ab : f64
    linalg.yield %ne, %nl : f64, f64
  } -> (tensor<f64>, tensor<f64>)
  %e = tensor.extract %largest#0[] : tensor<f64>
  %l = tensor.extract %largest#1[] : tensor<f64>
  %tolerance = arith.constant 1.0e-9 : f64
  %bound = arith.mulf %tolerance, %l : f64
  %ok = arith.cmpf ole, %e, %bound : f64
  vector.print %ok : i1
  vector.print %rank : f64
  return
}

// B: m×r of pseudo-random entries, its last `blank` rows zero.
func.func private @factor(%m: index, %r: index, %blank: index) -> tensor<?x?xf64> {
  %filled = arith.subi %m, %blank : index
  %b = tensor.generate %m, %r {
  ^bb0(%i: index, %j: index):
    %c3 = arith.constant 3 : index
    %p = arith.addi %i, %c3 : index
    %q = arith.muli %p, %p : index
    %s = arith.muli %q, %c3 : index
    %t = arith.muli %j, %p : index
    %u = arith.addi %s, %t : index
    %v = arith.addi %u, %j : index
    %w = arith.index_cast %v : index to i64
    %f = arith.sitofp %w : i64 to f64
    %sin = math.sin %f : f64
    %inside = arith.cmpi ult, %i, %filled : index
    %zero = arith.constant 0.0 : f64
    %entry = arith.select %inside, %sin, %zero : f64
    tensor.yield %entry : f64
  } : tensor<?x?xf64>
  return %b : tensor<?x?xf64>
}

// A = B Bᵀ, the known answer y = B 1, in the range of A, and b = A y + n, where n has ones in the blank rows: the part
// of an inconsistent system that no x can reach.
func.func private @prepare(%m: index, %r: index, %blank: index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>) {
  %zero = arith.constant 0.0 : f64
  %b = func.call @factor(%m, %r, %blank) : (index, index, index) -> tensor<?x?xf64>
  %ea = tensor.empty(%m, %m) : tensor<?x?xf64>
  %za = linalg.fill ins(%zero : f64) outs(%ea : tensor<?x?xf64>) -> tensor<?x?xf64>
  %a = linalg.contract indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>]
    ins(%b, %b : tensor<?x?xf64>, tensor<?x?xf64>) outs(%za : tensor<?x?xf64>) -> tensor<?x?xf64>
  %ev = tensor.empty(%m) : tensor<?xf64>
  %zv = linalg.fill ins(%zero : f64) outs(%ev : tensor<?xf64>) -> tensor<?xf64>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]}
    ins(%b : tensor<?x?xf64>) outs(%zv : tensor<?xf64>) {
  ^bb0(%x: f64, %o: f64):
    %s = arith.addf %x, %o : f64
    linalg.yield %s : f64
  } -> tensor<?xf64>
  %filled = arith.subi %m, %blank : index
  %n = tensor.generate %m {
  ^bb0(%i: index):
    %one = arith.constant 1.0 : f64
    %inside = arith.cmpi ult, %i, %filled : index
    %entry = arith.select %inside, %zero, %one : f64
    tensor.yield %entry : f64
  } : tensor<?xf64>
  %rhs = linalg.matvec ins(%a, %y : tensor<?x?xf64>, tensor<?xf64>) outs(%n : tensor<?xf64>) -> tensor<?xf64>
  return %b, %a, %y, %rhs : tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>
}

func.func private @random1(%r: index, %blank: index) {
  %m = arith.constant 1 : index
  %b, %a, %y, %rhs = func.call @prepare(%m, %r, %blank) : (index, index, index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>)
  %sa = tensor.cast %a : tensor<?x?xf64> to tensor<1x1xf64>
  %sr = tensor.cast %rhs : tensor<?xf64> to tensor<1xf64>
  %x, %rank, %lo, %hi = func.call @costate_min_norm_solve_1xf64(%sa, %sr) : (tensor<1x1xf64>, tensor<1xf64>) -> (tensor<1xf64>, f64, f64, f64)
  %dx = tensor.cast %x : tensor<1xf64> to tensor<?xf64>
  func.call @report(%dx, %y, %rank) : (tensor<?xf64>, tensor<?xf64>, f64) -> ()
  return
}
func.func private @random2(%r: index, %blank: index) {
  %m = arith.constant 2 : index
  %b, %a, %y, %rhs = func.call @prepare(%m, %r, %blank) : (index, index, index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>)
  %sa = tensor.cast %a : tensor<?x?xf64> to tensor<2x2xf64>
  %sr = tensor.cast %rhs : tensor<?xf64> to tensor<2xf64>
  %x, %rank, %lo, %hi = func.call @costate_min_norm_solve_2xf64(%sa, %sr) : (tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)
  %dx = tensor.cast %x : tensor<2xf64> to tensor<?xf64>
  func.call @report(%dx, %y, %rank) : (tensor<?xf64>, tensor<?xf64>, f64) -> ()
  return
}
func.func private @random3(%r: index, %blank: index) {
  %m = arith.constant 3 : index
  %b, %a, %y, %rhs = func.call @prepare(%m, %r, %blank) : (index, index, index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>)
  %sa = tensor.cast %a : tensor<?x?xf64> to tensor<3x3xf64>
  %sr = tensor.cast %rhs : tensor<?xf64> to tensor<3xf64>
  %x, %rank, %lo, %hi = func.call @costate_min_norm_solve_3xf64(%sa, %sr) : (tensor<3x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)
  %dx = tensor.cast %x : tensor<3xf64> to tensor<?xf64>
  func.call @report(%dx, %y, %rank) : (tensor<?xf64>, tensor<?xf64>, f64) -> ()
  return
}
func.func private @random4(%r: index, %blank: index) {
  %m = arith.constant 4 : index
  %b, %a, %y, %rhs = func.call @prepare(%m, %r, %blank) : (index, index, index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>)
  %sa = tensor.cast %a : tensor<?x?xf64> to tensor<4x4xf64>
  %sr = tensor.cast %rhs : tensor<?xf64> to tensor<4xf64>
  %x, %rank, %lo, %hi = func.call @costate_min_norm_solve_4xf64(%sa, %sr) : (tensor<4x4xf64>, tensor<4xf64>) -> (tensor<4xf64>, f64, f64, f64)
  %dx = tensor.cast %x : tensor<4xf64> to tensor<?xf64>
  func.call @report(%dx, %y, %rank) : (tensor<?xf64>, tensor<?xf64>, f64) -> ()
  return
}
func.func private @random5(%r: index, %blank: index) {
  %m = arith.constant 5 : index
  %b, %a, %y, %rhs = func.call @prepare(%m, %r, %blank) : (index, index, index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>)
  %sa = tensor.cast %a : tensor<?x?xf64> to tensor<5x5xf64>
  %sr = tensor.cast %rhs : tensor<?xf64> to tensor<5xf64>
  %x, %rank, %lo, %hi = func.call @costate_min_norm_solve_5xf64(%sa, %sr) : (tensor<5x5xf64>, tensor<5xf64>) -> (tensor<5xf64>, f64, f64, f64)
  %dx = tensor.cast %x : tensor<5xf64> to tensor<?xf64>
  func.call @report(%dx, %y, %rank) : (tensor<?xf64>, tensor<?xf64>, f64) -> ()
  return
}
func.func private @random6(%r: index, %blank: index) {
  %m = arith.constant 6 : index
  %b, %a, %y, %rhs = func.call @prepare(%m, %r, %blank) : (index, index, index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>)
  %sa = tensor.cast %a : tensor<?x?xf64> to tensor<6x6xf64>
  %sr = tensor.cast %rhs : tensor<?xf64> to tensor<6xf64>
  %x, %rank, %lo, %hi = func.call @costate_min_norm_solve_6xf64(%sa, %sr) : (tensor<6x6xf64>, tensor<6xf64>) -> (tensor<6xf64>, f64, f64, f64)
  %dx = tensor.cast %x : tensor<6xf64> to tensor<?xf64>
  func.call @report(%dx, %y, %rank) : (tensor<?xf64>, tensor<?xf64>, f64) -> ()
  return
}
func.func private @random7(%r: index, %blank: index) {
  %m = arith.constant 7 : index
  %b, %a, %y, %rhs = func.call @prepare(%m, %r, %blank) : (index, index, index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>)
  %sa = tensor.cast %a : tensor<?x?xf64> to tensor<7x7xf64>
  %sr = tensor.cast %rhs : tensor<?xf64> to tensor<7xf64>
  %x, %rank, %lo, %hi = func.call @costate_min_norm_solve_7xf64(%sa, %sr) : (tensor<7x7xf64>, tensor<7xf64>) -> (tensor<7xf64>, f64, f64, f64)
  %dx = tensor.cast %x : tensor<7xf64> to tensor<?xf64>
  func.call @report(%dx, %y, %rank) : (tensor<?xf64>, tensor<?xf64>, f64) -> ()
  return
}
func.func private @random8(%r: index, %blank: index) {
  %m = arith.constant 8 : index
  %b, %a, %y, %rhs = func.call @prepare(%m, %r, %blank) : (index, index, index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>)
  %sa = tensor.cast %a : tensor<?x?xf64> to tensor<8x8xf64>
  %sr = tensor.cast %rhs : tensor<?xf64> to tensor<8xf64>
  %x, %rank, %lo, %hi = func.call @costate_min_norm_solve_8xf64(%sa, %sr) : (tensor<8x8xf64>, tensor<8xf64>) -> (tensor<8xf64>, f64, f64, f64)
  %dx = tensor.cast %x : tensor<8xf64> to tensor<?xf64>
  func.call @report(%dx, %y, %rank) : (tensor<?xf64>, tensor<?xf64>, f64) -> ()
  return
}
func.func private @low_rank8(%blank: index) {
  %m = arith.constant 8 : index
  %r = arith.constant 2 : index
  %b, %a, %y, %rhs = func.call @prepare(%m, %r, %blank) : (index, index, index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>)
  %sb = tensor.cast %b : tensor<?x?xf64> to tensor<8x2xf64>
  %sr = tensor.cast %rhs : tensor<?xf64> to tensor<8xf64>
  %x, %rank, %lo, %hi = func.call @costate_low_rank_min_norm_solve_8x2xf64(%sb, %sr) : (tensor<8x2xf64>, tensor<8xf64>) -> (tensor<8xf64>, f64, f64, f64)
  %dx = tensor.cast %x : tensor<8xf64> to tensor<?xf64>
  func.call @report(%dx, %y, %rank) : (tensor<?xf64>, tensor<?xf64>, f64) -> ()
  return
}
func.func private @low_rank5(%blank: index) {
  %m = arith.constant 5 : index
  %r = arith.constant 3 : index
  %b, %a, %y, %rhs = func.call @prepare(%m, %r, %blank) : (index, index, index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>)
  %sb = tensor.cast %b : tensor<?x?xf64> to tensor<5x3xf64>
  %sr = tensor.cast %rhs : tensor<?xf64> to tensor<5xf64>
  %x, %rank, %lo, %hi = func.call @costate_low_rank_min_norm_solve_5x3xf64(%sb, %sr) : (tensor<5x3xf64>, tensor<5xf64>) -> (tensor<5xf64>, f64, f64, f64)
  %dx = tensor.cast %x : tensor<5xf64> to tensor<?xf64>
  func.call @report(%dx, %y, %rank) : (tensor<?xf64>, tensor<?xf64>, f64) -> ()
  return
}
// L Lᵀ against G.
func.func private @compare(%l: tensor<?x?xf64>, %g: tensor<?x?xf64>, %m: index) {
  %zero = arith.constant 0.0 : f64
  %ea = tensor.empty(%m, %m) : tensor<?x?xf64>
  %za = linalg.fill ins(%zero : f64) outs(%ea : tensor<?x?xf64>) -> tensor<?x?xf64>
  %a = linalg.contract indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>]
    ins(%l, %l : tensor<?x?xf64>, tensor<?x?xf64>) outs(%za : tensor<?x?xf64>) -> tensor<?x?xf64>
  %fa = tensor.collapse_shape %a [[0, 1]] : tensor<?x?xf64> into tensor<?xf64>
  %fg = tensor.collapse_shape %g [[0, 1]] : tensor<?x?xf64> into tensor<?xf64>
  func.call @report(%fa, %fg, %zero) : (tensor<?xf64>, tensor<?xf64>, f64) -> ()
  return
}
func.func private @factor3(%r: index) {
  %m = arith.constant 3 : index
  %c0 = arith.constant 0 : index
  %b, %a, %y, %rhs = func.call @prepare(%m, %r, %c0) : (index, index, index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>)
  %sa = tensor.cast %a : tensor<?x?xf64> to tensor<3x3xf64>
  %l = func.call @costate_psd_factor_3xf64(%sa) : (tensor<3x3xf64>) -> tensor<3x3xf64>
  %dl = tensor.cast %l : tensor<3x3xf64> to tensor<?x?xf64>
  func.call @compare(%dl, %a, %m) : (tensor<?x?xf64>, tensor<?x?xf64>, index) -> ()
  return
}
func.func private @factor6(%r: index) {
  %m = arith.constant 6 : index
  %c0 = arith.constant 0 : index
  %b, %a, %y, %rhs = func.call @prepare(%m, %r, %c0) : (index, index, index) -> (tensor<?x?xf64>, tensor<?x?xf64>, tensor<?xf64>, tensor<?xf64>)
  %sa = tensor.cast %a : tensor<?x?xf64> to tensor<6x6xf64>
  %l = func.call @costate_psd_factor_6xf64(%sa) : (tensor<6x6xf64>) -> tensor<6x6xf64>
  %dl = tensor.cast %l : tensor<6x6xf64> to tensor<?x?xf64>
  func.call @compare(%dl, %a, %m) : (tensor<?x?xf64>, tensor<?x?xf64>, index) -> ()
  return
}

func.func @main() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c5 = arith.constant 5 : index
  %c20 = arith.constant 20 : index
  %c30 = arith.constant 30 : index
  // Full rank.
  func.call @random1(%c30, %c0) : (index, index) -> ()
  // CHECK: 1
  // CHECK-NEXT: 1
  // Full rank.
  func.call @random2(%c30, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 2
  // Full rank.
  func.call @random3(%c30, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 3
  // Full rank.
  func.call @random4(%c30, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 4
  // Full rank.
  func.call @random5(%c30, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 5
  // Full rank.
  func.call @random6(%c30, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 6
  // Full rank.
  func.call @random7(%c30, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 7
  // Full rank.
  func.call @random8(%c30, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 8
  // Rank 1 of 2: the shortest answer.
  func.call @random2(%c1, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 1
  // Rank 2 of 3: the shortest answer.
  func.call @random3(%c2, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 2
  // Rank 3 of 4: the shortest answer.
  func.call @random4(%c3, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 3
  // Rank 3 of 5: the shortest answer.
  func.call @random5(%c3, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 3
  // Rank 5 of 6: the shortest answer.
  func.call @random6(%c5, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 5
  // Rank 2 of 7: the shortest answer.
  func.call @random7(%c2, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 2
  // Rank 5 of 8: the shortest answer.
  func.call @random8(%c5, %c0) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 5
  // Inconsistent.
  func.call @random1(%c20, %c1) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 0
  // Inconsistent.
  func.call @random2(%c20, %c1) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 1
  // Inconsistent.
  func.call @random3(%c20, %c1) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 2
  // Inconsistent.
  func.call @random4(%c20, %c2) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 2
  // Inconsistent.
  func.call @random5(%c20, %c2) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 3
  // Inconsistent.
  func.call @random8(%c20, %c3) : (index, index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 5
  // By the factor.
  func.call @low_rank8(%c0) : (index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 2
  // By the factor, inconsistent.
  func.call @low_rank5(%c1) : (index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 3
  // By a factor that is rank-deficient itself.
  func.call @low_rank5(%c3) : (index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 2
  // L Lᵀ = G.
  func.call @factor3(%c20) : (index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 0
  // L Lᵀ = G.
  func.call @factor3(%c2) : (index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 0
  // L Lᵀ = G.
  func.call @factor6(%c20) : (index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 0
  // L Lᵀ = G.
  func.call @factor6(%c2) : (index) -> ()
  // CHECK-NEXT: 1
  // CHECK-NEXT: 0
  return
}
