//===- MathRules.td - Derivative rules of math -------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
include "costate/Differentiation/Rules.td"
include "mlir/Dialect/Math/IR/MathOps.td"

def : BilinearRule<Math_FmaOp>;

// Roots and powers
def : PartialsRule<Math_SqrtOp, [(Div (Const<"0.5">), $y)]>;
def : PartialsRule<Math_RsqrtOp, [(Mul (Const<"-0.5">), (Mul $y, (Mul $y, $y)))]>;
def : PartialsRule<Math_CbrtOp, [(Div (Const<"1.0/3.0">), (Mul $y, $y))]>;
def : PartialsRule<Math_PowFOp, [(PowDerivative $lhs, $rhs),
                                 (Mul $y, (Log (Select (IsZero $lhs), (One), $lhs)))]> {
  let note = "x^0 is constant, also at 0; the derivative by the exponent is 0 at 0";
}
def : PartialsRule<Math_FPowIOp, [(PowIDerivative $lhs, $rhs), (Zero)]> { let note = "x^0 is constant, also at 0"; }

// Exponentials and logarithms
def : PartialsRule<Math_ExpOp, [(Id $y)]>;
def : PartialsRule<Math_Exp2Op, [(Mul (Const<"0.693147180559945309417">), $y)]>;
def : PartialsRule<Math_ExpM1Op, [(Exp $operand)]>;
def : PartialsRule<Math_LogOp, [(Div (One), $operand)]>;
def : PartialsRule<Math_Log10Op, [(Div (Const<"0.434294481903251827651">), $operand)]>;
def : PartialsRule<Math_Log1pOp, [(Div (One), (Add (One), $operand))]>;
def : PartialsRule<Math_Log2Op, [(Div (Const<"1.44269504088896340736">), $operand)]>;

// Trigonometry. Differences of squares are written as products, which stay exact near the singular points.
def : PartialsRule<Math_SinOp, [(Cos $operand)]>;
def : PartialsRule<Math_CosOp, [(Neg (Sin $operand))]>;
def : PartialsRule<Math_TanOp, [(Add (One), (Mul $y, $y))]>;
def : PartialsRule<Math_AsinOp, [(Rsqrt (Mul (Sub (One), $operand), (Add (One), $operand)))]>;
def : PartialsRule<Math_AcosOp, [(Neg (Rsqrt (Mul (Sub (One), $operand), (Add (One), $operand))))]>;
def : PartialsRule<Math_AtanOp, [(Div (One), (Add (One), (Mul $operand, $operand)))]>;
def : PartialsRule<Math_Atan2Op, [(OverSquares $rhs, $lhs), (Neg (OverSquares $lhs, $rhs))]>;
def : ComposeRule<Math_SincosOp, [(Sin $operand), (Cos $operand)]>;

// Hyperbolic functions
def : PartialsRule<Math_SinhOp, [(Cosh $operand)]>;
def : PartialsRule<Math_CoshOp, [(Sinh $operand)]>;
def : PartialsRule<Math_TanhOp, [(Sub (One), (Mul $y, $y))]>;
def : PartialsRule<Math_AsinhOp, [(Rsqrt (Add (One), (Mul $operand, $operand)))]>;
def : PartialsRule<Math_AcoshOp, [(Rsqrt (Mul (Sub $operand, (One)), (Add $operand, (One))))]>;
def : PartialsRule<Math_AtanhOp, [(Div (One), (Mul (Sub (One), $operand), (Add (One), $operand)))]>;

// Error functions, 2/√π = 1.128...
def : PartialsRule<Math_ErfOp, [(Mul (Const<"1.12837916709551257390">), (Exp (Neg (Mul $operand, $operand))))]>;
def : PartialsRule<Math_ErfcOp, [(Mul (Const<"-1.12837916709551257390">), (Exp (Neg (Mul $operand, $operand))))]>;

// Kinks
def : PartialsRule<Math_AbsFOp, [(Select (Greater $operand, (Zero)), (One),
                                         (Select (Less $operand, (Zero)), (Const<"-1.0">), (Zero)))]> {
  let note = "0 at 0";
}
def : PartialsRule<Math_CopySignOp, [(Mul (CopySign (One), $lhs), (CopySign (One), $rhs)), (Zero)]> {
  let note = "at 0, as the sign bit says";
}
def : ComposeRule<Math_ClampFOp, [(Select (Less $value, $min), $min, (Select (Greater $value, $max), $max, $value))]> {
  let note = "at a bound, as inside";
}

// Piecewise constant
def : ZeroRule<Math_CeilOp>;
def : ZeroRule<Math_FloorOp>;
def : ZeroRule<Math_RoundOp>;
def : ZeroRule<Math_RoundEvenOp>;
def : ZeroRule<Math_TruncOp>;
def : ZeroRule<Math_IsFiniteOp>;
def : ZeroRule<Math_IsInfOp>;
def : ZeroRule<Math_IsNaNOp>;
def : ZeroRule<Math_IsNormalOp>;
