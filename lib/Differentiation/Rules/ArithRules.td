//===- ArithRules.td - Derivative rules of arith -----------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
include "costate/Differentiation/Rules.td"
include "mlir/Dialect/Arith/IR/ArithOps.td"

def : LinearRule<Arith_AddFOp, [(Id $t), (Id $t)], [(Id $ct), (Id $ct)]>;
def : LinearRule<Arith_SubFOp, [(Id $t), (Neg $t)], [(Id $ct), (Neg $ct)]>;
def : LinearRule<Arith_NegFOp, [(Neg $t)], [(Neg $ct)]>;
def : LinearRule<Arith_ExtFOp, [(Convert $t)], [(Convert $ct)]>;
def : LinearRule<Arith_TruncFOp, [(Convert $t)], [(Convert $ct)]>;
def : BilinearRule<Arith_MulFOp>;
def : PartialsRule<Arith_DivFOp, [(Div (One), $rhs), (Neg (Div $y, $rhs))]>;
def : PartialsRule<Arith_RemFOp, [(One), (Neg (Trunc (Div $lhs, $rhs)))]> {
  let note = "the jumps are left out";
}
def : StructuralRule<SelectOp, ["true_value", "false_value"]>;

def : ComposeRule<Arith_MaximumFOp, [(Select (Greater $lhs, $rhs), $lhs, $rhs)]> { let note = "at a tie, the second operand"; }
def : ComposeRule<Arith_MinimumFOp, [(Select (Less $lhs, $rhs), $lhs, $rhs)]> { let note = "at a tie, the second operand"; }
def : ComposeRule<Arith_MaxNumFOp, [(Select (IsNaN $rhs), $lhs, (Select (Greater $lhs, $rhs), $lhs, $rhs))]> {
  let note = "at a tie, the second operand";
}
def : ComposeRule<Arith_MinNumFOp, [(Select (IsNaN $rhs), $lhs, (Select (Less $lhs, $rhs), $lhs, $rhs))]> {
  let note = "at a tie, the second operand";
}

def : ZeroRule<Arith_CmpFOp>;
def : ZeroRule<Arith_FPToSIOp>;
def : ZeroRule<Arith_FPToUIOp>;
def : ZeroRule<Arith_SIToFPOp>;
def : ZeroRule<Arith_UIToFPOp>;
