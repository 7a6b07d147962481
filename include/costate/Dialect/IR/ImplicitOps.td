//===- ImplicitOps.td - Values that equations define (levels 1 and 2) --------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_IMPLICIT_OPS
#define COSTATE_IMPLICIT_OPS

include "costate/Dialect/IR/NetworkOps.td"

def Costate_Unknown : AnyTypeOf<[F32, F64, Costate_Tensor]>;
def Costate_Vector : ConfinedType<1DTensorOf<[F32, F64]>, [HasStaticShapePred],
    "a statically shaped vector of f32 or f64", "::mlir::RankedTensorType">;
def Costate_Matrix : ConfinedType<2DTensorOf<[F32, F64]>, [HasStaticShapePred],
    "a statically shaped matrix of f32 or f64", "::mlir::RankedTensorType">;

defvar Costate_EquationFormat =
    "(`tolerance` $tolerance^)? (`max_iterations` custom<Whole>($max_iterations)^)? attr-dict `:` type($start) $equation";

/// An op with an iteration: what it begins with or its right side, and an equation for one unknown of that type.
class Costate_EquationOp<string mnemonic> : Costate_Op<mnemonic, [Pure, AllTypesMatch<["start", "result"]>]> {
  let results = (outs Costate_Unknown:$result);
  let regions = (region SizedRegion<1>:$equation);
  let hasVerifier = 1;
}

def Costate_RootOp : Costate_EquationOp<"root"> {
  let summary = "A root of a function, by Newton's method";
  let description = [{
    y with F(y) = 0. The region takes y and yields F(y), of the same type; it may use any value from outside. The search
    begins at the operand and takes steps t d, F_y d = F, where t is halved as long as |F| does not decrease. It ends as
    soon as |d| ≤ `tolerance` (1 + |y|), 1e-10 unless said (1e-5 in f32), and where it has not after `max_iterations`
    (50), every element of the result is NaN; so it is at a root where F_y is singular.

    The derivative is that of the root as a function of the values from outside, F_y ẏ = -F_x ẋ, of any order; the
    operand has none. F_y is built column by column and factorised, or with `matrix_free` only applied, and systems are
    solved by BiCGSTAB.

    ```mlir
    %E = costate.root %M : f64 {
    ^bb0(%u: f64):
      %s = math.sin %u : f64
      %es = arith.mulf %e, %s : f64
      %k = arith.subf %u, %es : f64
      %r = arith.subf %k, %M : f64
      costate.yield %r : f64
    }
    ```
  }];
  let arguments = (ins Costate_Unknown:$start, UnitAttr:$matrix_free, OptionalAttr<F64Attr>:$tolerance,
                       OptionalAttr<I64Attr>:$max_iterations);
  let assemblyFormat = !strconcat("$start (`matrix_free` $matrix_free^)? ", Costate_EquationFormat);
}

def Costate_FixedPointOp : Costate_EquationOp<"fixed_point"> {
  let summary = "A fixed point of a function, by iteration";
  let description = [{
    y with y = G(y). The region takes y and yields G(y), of the same type; it may use any value from outside. The
    iteration y ← G(y) begins at the operand; with `anderson` each step takes the last two into account (Anderson's
    acceleration of depth one, in one dimension the secant method). It ends as soon as |G(y) - y| ≤ `tolerance`
    (1 + |y|), 1e-10 unless said (1e-5 in f32), and where it has not after `max_iterations` (200), every element of the
    result is NaN.

    The derivative is (I - G_y) ẏ = G_x ẋ, as for `costate.root`, not that of the iteration. With `matrix_free` systems
    are solved by BiCGSTAB.

    ```mlir
    %root = costate.fixed_point %one : f64 {
    ^bb0(%y: f64):
      %q = arith.divf %x, %y : f64
      %s = arith.addf %y, %q : f64
      %g = arith.mulf %s, %half : f64
      costate.yield %g : f64
    }
    ```
  }];
  let arguments = (ins Costate_Unknown:$start, UnitAttr:$anderson, UnitAttr:$matrix_free,
                       OptionalAttr<F64Attr>:$tolerance, OptionalAttr<I64Attr>:$max_iterations);
  let assemblyFormat = !strconcat("$start (`anderson` $anderson^)? (`matrix_free` $matrix_free^)? ", Costate_EquationFormat);
}

def Costate_KrylovMethod : I32EnumAttr<"KrylovMethod", "a method for linear systems that only applies the matrix", [
    I32EnumAttrCase<"cg", 0>, I32EnumAttrCase<"bicgstab", 1>]> {
  let cppNamespace = "::costate";
}

def Costate_KrylovSolveOp : Costate_EquationOp<"krylov_solve"> {
  let summary = "A linear system whose matrix is only applied";
  let description = [{
    y with A y = b. The region takes v and yields A v, linear in v, of the type of b; it may use any value from outside.
    `cg` are conjugate gradients, for a symmetric positive definite A, `bicgstab` is for any other. The iteration begins
    at zero and ends as soon as |b - A y| ≤ `tolerance` |b|, 1e-10 unless said (1e-5 in f32), and where it has not after
    `max_iterations` (1000), every element of the result is NaN.

    The derivative is A ẏ = ḃ - Ȧ y; its transpose solves with the transpose of the region.

    ```mlir
    %y = costate.krylov_solve %b by cg : tensor<8xf64> {
    ^bb0(%v: tensor<8xf64>):
      %w = arith.mulf %diagonal, %v : tensor<8xf64>
      costate.yield %w : tensor<8xf64>
    }
    ```
  }];
  let arguments = (ins Costate_Unknown:$start, Costate_KrylovMethod:$method, OptionalAttr<F64Attr>:$tolerance,
                       OptionalAttr<I64Attr>:$max_iterations);
  let assemblyFormat = !strconcat("$start `by` $method ", Costate_EquationFormat);
}

/// A dense or banded matrix of n rows, or its factors.
class Costate_MatrixOp<string mnemonic, list<Trait> traits> : Costate_Op<mnemonic, !listconcat([Pure], traits)> {
  let hasVerifier = 1;
}

def Costate_LinearSolveOp : Costate_MatrixOp<"linear_solve", [AllTypesMatch<["rhs", "solution"]>]> {
  let summary = "A linear system with a dense or banded matrix";
  let description = [{
    y with A y = b, or Aᵀ y = b where `transposed`. A is a `tensor<nxnxT>`, or with `bands [l, u]` (l diagonals below the
    main one, u above) a `tensor<(l+1+u)xnxT>` that holds A_ij at [j - i + l, i]: a row for each diagonal, the lowest
    first, in which the element of row i stands at i. Elements outside of A are not read. It is factorised by Gaussian
    elimination with row exchanges (`costate.lu`); systems with one matrix share the factors. Where A is singular, the
    result holds infinities or NaN.

    The derivative is A ẏ = ḃ - Ȧ y, the adjoint Aᵀ λ = ȳ, b̄ = λ, Ā = -λ yᵀ.

    ```mlir
    %y = costate.linear_solve %A, %b : tensor<5x5xf64>, tensor<5xf64>
    %z = costate.linear_solve %T, %b bands [1, 1] : tensor<3x5xf64>, tensor<5xf64>
    ```
  }];
  let arguments = (ins Costate_Matrix:$matrix, Costate_Vector:$rhs, UnitAttr:$transposed,
                       OptionalAttr<DenseI64ArrayAttr>:$bands);
  let results = (outs Costate_Vector:$solution);
  let assemblyFormat = [{
    $matrix `,` $rhs (`transposed` $transposed^)? (`bands` $bands^)? attr-dict `:` type($matrix) `,` type($rhs)
  }];
}

def Costate_LUOp : Costate_MatrixOp<"lu", []> {
  let summary = "The factors of a matrix (level 2)";
  let description = [{
    Row exchanges P_k and multipliers l_k with U = L_k⁻¹ P_k … L_0⁻¹ P_0 A upper triangular. `factors` holds U and, below it,
    the multipliers; for a banded A it has l more diagonals, above. `swaps` is 1 at [k, i - k - 1] where row i was
    exchanged with row k, else 0: in step k the rows i = k + 1, k + 2, … are exchanged with row k if their element in column k is
    larger. No index depends on data, so that the samples of a batch can be factorised together.

    ```mlir
    %factors, %swaps = costate.lu %A : tensor<5x5xf64> -> tensor<5x5xf64>, tensor<5x4xf64>
    ```
  }];
  let arguments = (ins Costate_Matrix:$matrix, OptionalAttr<DenseI64ArrayAttr>:$bands);
  let results = (outs Costate_Matrix:$factors, Costate_Matrix:$swaps);
  let assemblyFormat = [{
    $matrix (`bands` $bands^)? attr-dict `:` type($matrix) `->` type($factors) `,` type($swaps)
  }];
  let builders = [OpBuilder<(ins "::mlir::Value":$matrix, "::mlir::DenseI64ArrayAttr":$bands)>];
  let extraClassDeclaration = [{
    /// The types of the factors and of the exchanges of a matrix.
    static std::pair<::mlir::RankedTensorType, ::mlir::RankedTensorType>
    factorTypes(::mlir::RankedTensorType matrix, std::optional<::llvm::ArrayRef<int64_t>> bands);
  }];
}

def Costate_LUSolveOp : Costate_MatrixOp<"lu_solve", [AllTypesMatch<["rhs", "solution"]>]> {
  let summary = "A linear system whose matrix has been factorised (level 2)";
  let description = [{
    y with A y = b, or Aᵀ y = b where `transposed`, from the factors of A.

    ```mlir
    %y = costate.lu_solve %factors, %swaps, %b transposed : tensor<5x5xf64>, tensor<5x4xf64>, tensor<5xf64>
    ```
  }];
  let arguments = (ins Costate_Matrix:$factors, Costate_Matrix:$swaps, Costate_Vector:$rhs, UnitAttr:$transposed,
                       OptionalAttr<DenseI64ArrayAttr>:$bands);
  let results = (outs Costate_Vector:$solution);
  let assemblyFormat = [{
    $factors `,` $swaps `,` $rhs (`transposed` $transposed^)? (`bands` $bands^)? attr-dict `:` type($factors) `,`
    type($swaps) `,` type($rhs)
  }];
}

#endif // COSTATE_IMPLICIT_OPS
