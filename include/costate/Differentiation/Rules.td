//===- Rules.td - The kinds of derivative rules, and the expressions that rules are written in -------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_RULES
#define COSTATE_DIFFERENTIATION_RULES

include "mlir/IR/OpBase.td"

//===----------------------------------------------------------------------===//
// Expressions. `$name` is an operand of the op by its ODS name, `$y` the result.
//===----------------------------------------------------------------------===//

/// An expression built by the method of that name of ExprBuilder; `notation` writes it in the rule table.
class Expr<string method, string text> {
  string builder = method;
  string notation = text;
}
/// A literal.
class Const<string literal> : Expr<"constant", literal> {
  string value = literal;
}

def Id : Expr<"id", "$0">;
def Zero : Expr<"zero", "0">;
def One : Expr<"one", "1">;
def Neg : Expr<"neg", "-$0">;
def Add : Expr<"add", "($0 + $1)">;
def Sub : Expr<"sub", "($0 - $1)">;
def Mul : Expr<"mul", "$0·$1">;
def Div : Expr<"div", "$0 / $1">;
def Sqrt : Expr<"sqrt", "√$0">;
def Rsqrt : Expr<"rsqrt", "1/√$0">;
def Exp : Expr<"exp", "exp($0)">;
def Log : Expr<"log", "log($0)">;
def Sin : Expr<"sin", "sin($0)">;
def Cos : Expr<"cos", "cos($0)">;
def Sinh : Expr<"sinh", "sinh($0)">;
def Cosh : Expr<"cosh", "cosh($0)">;
def Trunc : Expr<"trunc", "trunc($0)">;
def CopySign : Expr<"copysign", "copysign($0, $1)">;
/// d x^c / dx = c·x^(c-1), zero where c is zero; constant exponents are folded.
def PowDerivative : Expr<"powDerivative", "$1·$0^($1-1)">;
/// The same with an integer exponent.
def PowIDerivative : Expr<"powiDerivative", "$1·$0^($1-1)">;
/// Also where the squares are out of range.
def OverSquares : Expr<"overSquares", "$0 / ($0·$0 + $1·$1)">;
/// Conversion to the element type of the expression.
def Convert : Expr<"convert", "convert($0)">;
def Select : Expr<"select", "($0 ? $1 : $2)">;
def Greater : Expr<"greater", "$0 > $1">;
def Less : Expr<"less", "$0 < $1">;
def IsZero : Expr<"isZero", "$0 = 0">;
def IsNaN : Expr<"isNaN", "isnan($0)">;

//===----------------------------------------------------------------------===//
// Kinds
//===----------------------------------------------------------------------===//

/// Says how an op is differentiated. `applicable` is a C++ condition on `op` under which the rule holds.
class Rule<Op op, string kindName> {
  Op target = op;
  string kind = kindName;
  string applicable = "";
  /// A C++ condition on `op` under which it is instead differentiated as the values are that the overload of
  /// `composeOf` for the op computes.
  string composed = "";
  /// What a reader of the rule table should know: conventions at kinks and singular points.
  string note = "";
}

/// The derivative is zero wherever it exists.
class ZeroRule<Op op> : Rule<op, "Zero">;

/// Elementwise linear: the sum over the operands of push[i] applied to the tangent `$t`; its transpose applies
/// pull[i] to the cotangent `$ct`.
class LinearRule<Op op, list<dag> pushes, list<dag> pulls> : Rule<op, "Linear"> {
  list<dag> push = pushes;
  list<dag> pull = pulls;
}

/// Jointly linear in the operands named, by moving, replicating or adding elements; the tangent op is the op
/// itself, and the transpose is the overload of `transposeOf` for the op.
class StructuralRule<Op op, list<string> operands> : Rule<op, "Linear"> {
  list<string> linear = operands;
}

/// Linear in operand 0 and in operand 1, plus operand 2 where there is one. The product without the addend is the
/// overload of `productOf` for the op, its transpose the overload of `transposeOf`.
class BilinearRule<Op op> : Rule<op, "Bilinear">;

/// Elementwise; one partial derivative for each operand.
class PartialsRule<Op op, list<dag> expressions> : Rule<op, "Partials"> {
  list<dag> partials = expressions;
}

/// Differentiated as the expressions are, one for each result.
class ComposeRule<Op op, list<dag> expressions> : Rule<op, "Compose"> {
  list<dag> results = expressions;
}

#endif // COSTATE_DIFFERENTIATION_RULES
