// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// RUN: not costate-tblgen -gen-rule-models %include -DNAME %s 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not costate-tblgen -gen-rule-models %include -DCOUNT %s 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: not costate-tblgen -gen-rule-models %include -DLINEAR %s 2>&1 | FileCheck %s --check-prefix=LINEAR
// RUN: not costate-tblgen -gen-rule-models %include -DEXPRESSION %s 2>&1 | FileCheck %s --check-prefix=EXPRESSION
// RUN: not costate-tblgen -gen-rule-models %include -DRESULTS %s 2>&1 | FileCheck %s --check-prefix=RESULTS
// RUN: not costate-tblgen -gen-rule-docs %include -DARGUMENTS %s 2>&1 | FileCheck %s --check-prefix=ARGUMENTS

include "costate/Differentiation/Rules.td"
include "mlir/Dialect/Math/IR/MathOps.td"

#ifdef NAME
// NAME: rule-errors.td:[[#@LINE+1]]:{{.*}}error: rule of 'math.sin' names '$x', which is no operand of the op
def : PartialsRule<Math_SinOp, [(Cos $x)]>;
#endif
#ifdef COUNT
// COUNT: rule-errors.td:[[#@LINE+1]]:{{.*}}error: rule of 'math.atan2' has 1 partials, but the op has 2 operands
def : PartialsRule<Math_Atan2Op, [(Cos $lhs)]>;
#endif
#ifdef LINEAR
// LINEAR: error: rule of 'math.sin' names '$source', which is no operand of the op
def : StructuralRule<Math_SinOp, ["source"]>;
#endif
#ifdef EXPRESSION
// EXPRESSION: error: 'Math_CosOp' is not an expression
def : PartialsRule<Math_SinOp, [(Math_CosOp $operand)]>;
#endif
#ifdef RESULTS
// RESULTS: error: rule of 'math.sincos' has 1 results, but the op has 2 results
def : ComposeRule<Math_SincosOp, [(Sin $operand)]>;
#endif
#ifdef ARGUMENTS
// ARGUMENTS: error: 'Sub' lacks argument 1
def : PartialsRule<Math_SinOp, [(Sub $operand)]>;
#endif
