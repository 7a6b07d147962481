// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// RUN: costate-tblgen -gen-rule-models %include %s | FileCheck %s
// RUN: costate-tblgen -gen-rule-docs %include %s | FileCheck %s --check-prefix=DOCS
// RUN: costate-tblgen -gen-rule-list %include %s | FileCheck %s --check-prefix=LIST

include "costate/Differentiation/Rules.td"
include "mlir/Dialect/Math/IR/MathOps.td"
include "mlir/Dialect/Tensor/IR/TensorOps.td"

// DOCS: | op | kind | rule | convention |
// DOCS: | `math.tanh` | Partials | ∂/∂operand = (1 - y·y) |  |
// DOCS: | `math.powf` | Partials | ∂/∂lhs = rhs·lhs^(rhs-1) | of the base only |
// DOCS: | `math.floor` | Zero |  |  |
// DOCS: | `math.fma` | Bilinear |  |  |
// DOCS: | `tensor.pad` | Linear | linear in source |  |
// DOCS: | `math.sincos` | Compose | sin(operand); cos(operand) |  |
// LIST: math.tanh Partials
// LIST: math.powf Partials

// CHECK: struct TanhOpRule : ::costate::DifferentiableOpInterface::ExternalModel<TanhOpRule, ::mlir::math::TanhOp>
// CHECK: return ::costate::RuleKind::Partials;
// CHECK: ::mlir::Value partial(
// CHECK: case 0:
// CHECK-NEXT: return e.sub(e.one(), e.mul(operation->getResult(0), operation->getResult(0)));
def : PartialsRule<Math_TanhOp, [(Sub (One), (Mul $y, $y))]>;

// An operand with the partial derivative zero is not differentiable.
// CHECK: struct PowFOpRule
// CHECK: bool isDifferentiable(
// CHECK: case 0:
// CHECK-NOT: case 1:
// CHECK: return e.powDerivative(operation->getOperand(0), operation->getOperand(1));
def : PartialsRule<Math_PowFOp, [(PowDerivative $lhs, $rhs), (Zero)]> { let note = "of the base only"; }

// CHECK: struct FloorOpRule
// CHECK: return ::costate::RuleKind::Zero;
// CHECK: return false;
def : ZeroRule<Math_FloorOp>;

// CHECK: struct FmaOpRule
// CHECK: return productOf(builder, ::llvm::cast<Op>(operation), lhs, rhs);
def : BilinearRule<Math_FmaOp>;

// CHECK: struct PadOpRule
// CHECK: if (!(isPlain(op)))
// CHECK-NEXT: return ::costate::RuleKind::None;
// CHECK: op.getODSOperandIndexAndLength(0)
// CHECK: return pushStructural(builder, operation, tangents);
// CHECK: return transposeOf(builder, ::llvm::cast<Op>(operation), operand, ct);
def : StructuralRule<Tensor_PadOp, ["source"]> { let applicable = "isPlain(op)"; }

// CHECK: struct SincosOpRule
// CHECK: values.push_back(e.sin(operation->getOperand(0)));
// CHECK: values.push_back(e.cos(operation->getOperand(0)));
def : ComposeRule<Math_SincosOp, [(Sin $operand), (Cos $operand)]>;

// CHECK: struct CastOpRule
// CHECK: if (isTotal(op))
// CHECK-NEXT: return ::costate::RuleKind::Compose;
// CHECK-NEXT: return ::costate::RuleKind::Linear;
// CHECK: return composeOf(builder, ::llvm::cast<Op>(operation));
def : StructuralRule<Tensor_CastOp, ["source"]> { let composed = "isTotal(op)"; }

// CHECK: static void attachRules(::mlir::MLIRContext *context) {
// CHECK: ::mlir::math::TanhOp::attachInterface<TanhOpRule>(*context);
