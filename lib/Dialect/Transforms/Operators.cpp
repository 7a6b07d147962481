//===- Operators.cpp - Derivative ops as weighted sums of partial derivatives -----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Operators.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

/// The components of all inputs in order.
static SmallVector<Variable> variablesOf(ValueRange inputs) {
  SmallVector<Variable> variables;
  for (Value input : inputs)
    for (int64_t i = 0, n = cast<ShapedType>(input.getType()).getNumElements(); i != n; ++i)
      variables.push_back({cast<BlockArgument>(input), i});
  return variables;
}

Operator costate::readOperator(OperatorOp op) {
  SmallVector<Variable> variables = variablesOf(op.getInputs());
  Operator result;
  for (auto term : op.getTerms().getAsRange<TermAttr>()) {
    Partial partial;
    for (int64_t index : term.getIndices())
      partial.push_back(variables[index]);
    llvm::sort(partial);
    result[partial] += term.getWeight();
  }
  return result;
}

OperatorOp costate::createOperator(OpBuilder &builder, Location loc, Value value, const Operator &terms) {
  std::map<unsigned, BlockArgument> arguments;
  for (auto &[partial, weight] : terms)
    for (const Variable &variable : partial)
      arguments[variable.input.getArgNumber()] = variable.input;
  SmallVector<Value> inputs;
  DenseMap<Value, int64_t> first;
  int64_t count = 0;
  for (auto [number, input] : arguments) {
    inputs.push_back(input);
    first[input] = count;
    count += cast<ShapedType>(input.getType()).getNumElements();
  }
  SmallVector<std::pair<SmallVector<int64_t>, double>> sorted;
  for (auto &[partial, weight] : terms) {
    SmallVector<int64_t> indices;
    for (const Variable &variable : partial)
      indices.push_back(first[variable.input] + variable.component);
    llvm::sort(indices);
    sorted.emplace_back(indices, weight);
  }
  llvm::sort(sorted);
  SmallVector<Attribute> attributes;
  for (auto &[indices, weight] : sorted)
    attributes.push_back(TermAttr::get(builder.getContext(), Real(weight), indices));
  return OperatorOp::create(builder, loc, value.getType(), value, inputs, builder.getArrayAttr(attributes));
}

namespace {

/// Rewrites one derivative op.
class OperatorLowering {
public:
  explicit OperatorLowering(Operation *op) : builder(op), loc(op->getLoc()) {}

  Value partial(Value value, ArrayRef<Variable> variables) {
    Partial sorted(variables.begin(), variables.end());
    llvm::sort(sorted);
    return createOperator(builder, loc, value, {{sorted, 1.0}});
  }

  Value lower(DiffOp op) {
    SmallVector<Variable> variables;
    for (auto [input, components] :
         llvm::zip(op.getInputs(), op.getIndices().getAsRange<DenseI64ArrayAttr>()))
      for (int64_t component : components.asArrayRef())
        variables.push_back({cast<BlockArgument>(input), component});
    return partial(op.getValue(), variables);
  }

  Value lower(LaplacianOp op) {
    Operator terms;
    SmallVector<Variable> variables = variablesOf(op.getInputs());
    SmallVector<int64_t> components = llvm::to_vector(llvm::seq<int64_t>(0, variables.size()));
    if (op.getComponents())
      components.assign(op.getComponents()->begin(), op.getComponents()->end());
    for (int64_t i : components)
      terms[{variables[i], variables[i]}] += 1.0;
    return createOperator(builder, loc, op.getValue(), terms);
  }

  /// Derivatives of a field by each variable, side by side along the last dimension.
  Value sideBySide(ArrayRef<Value> parts, RankedTensorType type) {
    auto extent = static_cast<int64_t>(parts.size());
    int64_t rows = type.getNumElements() / extent;
    auto column = RankedTensorType::get({rows, 1}, type.getElementType());
    SmallVector<Value> columns;
    for (Value part : parts)
      columns.push_back(tensor::ExpandShapeOp::create(builder, loc, column, part,
                                                      SmallVector<ReassociationIndices>{{0, 1}}));
    Value matrix = extent == 1 ? columns[0] : Value(tensor::ConcatOp::create(builder, loc, 1, columns));
    return matrix;
  }

  Value lower(JacobianOp op) { return jacobian(op.getValue(), op.getInputs(), op.getResult().getType()); }

  Value lower(GradOp op) {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    Value matrix = jacobian(op.getValue(), op.getInputs(), type);
    return tensor::CollapseShapeOp::create(builder, loc, type, matrix,
                                           SmallVector<ReassociationIndices>{{0, 1}});
  }

  Value lower(HessianOp op) {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    int64_t d = type.getDimSize(0);
    SmallVector<Variable> variables = variablesOf(op.getInputs());
    SmallVector<Value> parts;
    for (const Variable &first : variables)
      for (const Variable &second : variables)
        parts.push_back(partial(op.getValue(), {first, second}));
    Value row = sideBySide(parts, RankedTensorType::get({1, d * d}, type.getElementType()));
    Value flat =
        tensor::CollapseShapeOp::create(builder, loc, row, SmallVector<ReassociationIndices>{{0, 1}});
    return tensor::ExpandShapeOp::create(builder, loc, type, flat, SmallVector<ReassociationIndices>{{0, 1}});
  }

  Value lower(DivOp op) {
    Value sum;
    for (auto [i, variable] : llvm::enumerate(variablesOf(op.getInputs()))) {
      Value derivative = partial(op.getValue(), variable);
      OpFoldResult offset = builder.getIndexAttr(i), one = builder.getIndexAttr(1);
      Value component = tensor::ExtractSliceOp::create(
          builder, loc, cast<RankedTensorType>(op.getResult().getType()), derivative, offset, one, one);
      sum = sum ? Value(arith::AddFOp::create(builder, loc, sum, component)) : component;
    }
    return sum;
  }

private:
  Value jacobian(Value value, ValueRange inputs, Type type) {
    SmallVector<Value> parts;
    for (const Variable &variable : variablesOf(inputs))
      parts.push_back(partial(value, variable));
    return sideBySide(parts, cast<RankedTensorType>(type));
  }

  OpBuilder builder;
  Location loc;
};

} // namespace

void costate::lowerToOperators(func::FuncOp function) {
  SmallVector<Operation *> work;
  function.walk([&](Operation *op) {
    if (isa<DiffOp, GradOp, DivOp, LaplacianOp, JacobianOp, HessianOp>(op))
      work.push_back(op);
  });
  for (Operation *op : work) {
    OperatorLowering lowering(op);
    Value replacement = llvm::TypeSwitch<Operation *, Value>(op)
                            .Case<DiffOp, GradOp, DivOp, LaplacianOp, JacobianOp, HessianOp>(
                                [&](auto derivative) { return lowering.lower(derivative); });
    op->getResult(0).replaceAllUsesWith(replacement);
    op->erase();
  }
}
