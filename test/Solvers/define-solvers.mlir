// RUN: costate-opt %s -costate-define-solvers -split-input-file -verify-diagnostics | FileCheck %s

// One constraint a sample: a guarded division.
// CHECK-LABEL: func.func private @costate_min_norm_solve_1xf32(
// CHECK-SAME: %[[A:.*]]: tensor<1x1xf32>, %[[B:.*]]: tensor<1xf32>) -> (tensor<1xf32>, f32, f32, f32)
// CHECK-NOT: scf.
// CHECK: arith.divf
// CHECK: return
func.func private @costate_min_norm_solve_1xf32(tensor<1x1xf32>, tensor<1xf32>) -> (tensor<1xf32>, f32, f32, f32)

// Two: one rotation.
// CHECK-LABEL: func.func private @costate_min_norm_solve_2xf64(
// CHECK-NOT: scf.
// CHECK: return
func.func private @costate_min_norm_solve_2xf64(tensor<2x2xf64>, tensor<2xf64>) -> (tensor<2xf64>, f64, f64, f64)

// Three: sweeps over scalars.
// CHECK-LABEL: func.func private @costate_min_norm_solve_3xf64(
// CHECK: scf.for
// CHECK-NOT: scf.for
// CHECK: return
func.func private @costate_min_norm_solve_3xf64(tensor<3x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, f64, f64, f64)

// More: sweeps over the pairs p < q of rows.
// CHECK-LABEL: func.func private @costate_min_norm_solve_6xf64(
// CHECK: %[[SWEEPS:[a-z0-9]+]] = arith.constant 8 : index
// CHECK: scf.for {{.*}} to %[[SWEEPS]]
// CHECK: scf.for %[[P:[a-z0-9]+]] =
// CHECK: %[[NEXT:[0-9]+]] = arith.addi %[[P]]
// CHECK: scf.for {{.*}} = %[[NEXT]] to
func.func private @costate_min_norm_solve_6xf64(tensor<6x6xf64>, tensor<6xf64>) -> (tensor<6xf64>, f64, f64, f64)

// Two eigenvalues for eight constraints.
// CHECK-LABEL: func.func private @costate_low_rank_min_norm_solve_8x2xf64(
// CHECK: linalg.contract {{.*}} -> tensor<2x2xf64>
// CHECK-NOT: tensor<8x8
// CHECK: return
func.func private @costate_low_rank_min_norm_solve_8x2xf64(tensor<8x2xf64>, tensor<8xf64>) -> (tensor<8xf64>, f64, f64, f64)

// What is defined or has another name stays.
// CHECK-LABEL: func.func private @costate_psd_factor_2xf32(%arg0: tensor<2x2xf32>) -> tensor<2x2xf32> {
// CHECK-NEXT: return %arg0
func.func private @costate_psd_factor_2xf32(%g: tensor<2x2xf32>) -> tensor<2x2xf32> {
  return %g : tensor<2x2xf32>
}
// CHECK: func.func private @other(tensor<2x2xf32>){{$}}
func.func private @other(tensor<2x2xf32>)

// -----

// expected-error @below {{names a solver but no shape: found '3f64', required 1 extent(s), each followed by 'x', and 'f32' or 'f64'}}
func.func private @costate_psd_factor_3f64(tensor<3x3xf64>) -> tensor<3x3xf64>

// -----

// expected-error @below {{declares a solver with type '(tensor<3xf64>) -> tensor<3x3xf64>', required '(tensor<3x3xf64>) -> tensor<3x3xf64>'}}
func.func private @costate_psd_factor_3xf64(tensor<3xf64>) -> tensor<3x3xf64>
