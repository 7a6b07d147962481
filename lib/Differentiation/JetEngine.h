//===- JetEngine.h - Derivatives of any order on demand ----------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// A *channel* is a sum Σ w_α ∂^α of partial derivatives with |α| ≥ 1. With ∂^α written as an index, and
// binomials of multi-indices:
//
//   linear op     op(x)_L = op(x_L)
//   bilinear op   (a·b)_L = a_L·b + a·b_L + Σ_α w_α Σ_{0<β<α} C(α,β) a_β·b_{α-β}
//   A·y = b      A·y_L   = b_L - A_L·y - Σ_α w_α Σ_{0<β<α} C(α,β) A_β·y_{α-β}
//   y = φ(x)      y_L     = Σ_j p_j (x_j)_L + Σ_α w_α Σ_j Σ_{0≤β<α-e_i} C(α-e_i,β) (x_j)_{β+e_i}
//   (p_j)_{α-e_i-β}
//
// with p_j = ∂φ/∂x_j and e_i any direction with α_i > 0. The sum L as a whole passes only through what is
// linear in its top order, so a Laplacian costs one channel and not one for each direction. The derivatives
// of p_j are of lower order, so the recursion ends. Several derivatives of order four and more in one sum may
// be written with every e_i, each by its share α_i / |α|: factors of order three and more that meet the same
// factor are then a channel again, as ∂_x Δ and ∂_y Δ are for Δ², which so takes nine channels in the plane.
// Where φ has one operand, the tower φ', φ'', … is differentiated once as expressions of that operand, and
// the second order is φ''·Σ w x_i x_j.
//
// A variable may be several directions at once. Its first derivatives then stand for one in each direction,
// and each product of two of them is summed over the directions where it is made.
//
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_JETENGINE_H
#define COSTATE_LIB_DIFFERENTIATION_JETENGINE_H

#include "ExprBuilder.h"
#include "MultiIndex.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"
#include "costate/Differentiation/ImplicitFunction.h"
#include "costate/Differentiation/Jet.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallBitVector.h"
#include <map>

namespace costate {

/// Sorted by index, each index once.
using Channel = llvm::SmallVector<std::pair<MultiIndex, double>>;

/// weight · x_inner · p_outer, summed over the directions that `direction` stands for, if it is there.
struct ChainTerm {
  double weight;
  Channel inner, outer;
  unsigned order; ///< Of the derivative that it belongs to.
  mlir::Value direction;
};

class JetEngine {
public:
  JetEngine(mlir::OpBuilder &builder, llvm::ArrayRef<JetVariable> variables, SumDirections sumDirections)
      : builder(builder), variables(variables), sumDirections(std::move(sumDirections)) {}

  mlir::FailureOr<mlir::Value> derivative(mlir::Value value, llvm::ArrayRef<JetTerm> terms);
  JetBuilder::ChannelCount countChannels() const;

private:
  using Task = std::pair<mlir::Value, Channel>;
  struct TaskLess {
    bool operator()(const Task &a, const Task &b) const {
      if (a.first != b.first)
        return a.first.getAsOpaquePointer() < b.first.getAsOpaquePointer();
      return a.second < b.second;
    }
  };
  template <typename T> using TaskMap = std::map<Task, T, TaskLess>;

  /// An elementwise function of one operand, or a member of its tower of derivatives.
  struct Unary {
    mlir::Value operand;
    mlir::Value derivative; // null until it is asked for; see `derivativeKnown`
    bool derivativeKnown = false;
    mlir::Value root;   // the result of the op that the tower belongs to
    unsigned floor = 0; // how often the function was differentiated
  };
  /// Expressions grow from floor to floor by a factor; above this one they are differentiated op by op, with
  /// a number of products that is the order of the derivative.
  static constexpr unsigned highestFloor = 4;

  /// Checks that no derivative by the variables is lost on the way.
  mlir::LogicalResult verify();

  // Demand: what a step lacks is put on the stack, and the step is begun again when that is there.
  void solve(mlir::Value value, const Channel &channel);
  bool need(mlir::Value value, const Channel &channel);
  /// The derivative, which has been computed before; null if zero. May emit a scaling.
  mlir::Value get(mlir::Value value, const Channel &channel);
  /// Leaves only terms that can differ from zero, the first with weight one; returns the factor taken out.
  double normalize(mlir::Value value, Channel &channel);
  static Channel single(const MultiIndex &index) { return {{index, 1.0}}; }
  /// What the products of first derivatives in ∂^alpha are summed over; null where a variable is one
  /// direction.
  mlir::Value summedOver(const MultiIndex &alpha) const { return variables[firstDirection(alpha)].direction; }

  // One step: returns the derivative, or puts what it lacks into `missing`.
  mlir::Value compute(mlir::Value value, const Channel &channel);
  mlir::Value computeVariable(mlir::Value value, const Channel &channel);
  mlir::Value computeLinear(DifferentiableOpInterface op, const Channel &channel);
  mlir::Value computeBilinear(DifferentiableOpInterface op, const Channel &channel);
  /// y with divisor · y = dividend.
  struct Quotient {
    mlir::Value divisor, dividend, result;
    bool commutes;
    llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> multiply;
    llvm::function_ref<mlir::Value(mlir::Value)> divide;
  };
  mlir::Value computeQuotient(const Quotient &quotient, const Channel &channel);
  mlir::Value computeSolve(DifferentiableOpInterface op, const Channel &channel);
  /// Of high order, where partial derivatives of quotients would be quotients without end.
  mlir::Value computeDivision(mlir::arith::DivFOp op, const Channel &channel);
  mlir::Value computeByTangent(mlir::Value value, const Channel &channel);
  mlir::Value computePartials(DifferentiableOpInterface op, const Channel &channel);
  mlir::Value computeUnary(mlir::Value value, const Channel &channel);
  /// The products x_inner · p_outer below the top order of the channel of y = φ(x).
  llvm::SmallVector<ChainTerm> chainTerms(const Channel &channel) const;
  mlir::Value computeConditional(mlir::scf::IfOp op, unsigned result, const Channel &channel);

  // Loops, by a second one that carries channels beside the primal.
  struct Carried {
    unsigned position; // of the primal value
    Channel channel;
  };
  struct ChannelLoop {
    mlir::Operation *loop;
    llvm::SmallVector<Carried> carried,
        forwarded; // what the body takes; `while`: what its second block takes
  };
  mlir::Value computeFor(mlir::scf::ForOp op, unsigned result, const Channel &channel);
  mlir::Value computeWhile(mlir::scf::WhileOp op, unsigned result, const Channel &channel);
  static llvm::SmallVector<Channel> closure(mlir::Operation *loop, const Channel &channel);
  /// Enters what the arguments of the blocks of a loop depend on: the least that is consistent with what goes
  /// into each.
  void settleDependence(mlir::Operation *loop,
                        llvm::ArrayRef<std::pair<mlir::Value, mlir::BlockArgument>> edges);
  llvm::SmallVector<Carried> channelsOf(mlir::ValueRange values, llvm::ArrayRef<Channel> channels);
  void addChannelArguments(mlir::Block &block, mlir::ValueRange originals, unsigned offset,
                           llvm::ArrayRef<Carried> carried);
  bool needAll(mlir::ValueRange values, llvm::ArrayRef<Carried> carried);
  /// `values`, followed by the channels listed, as `builder` stands.
  llvm::SmallVector<mlir::Value> withChannels(mlir::ValueRange values, llvm::ArrayRef<Carried> carried);
  mlir::Value finishLoop(const ChannelLoop &loop, mlir::Operation *original, llvm::ArrayRef<Carried> carried,
                         unsigned result, const Channel &channel);

  /// The derivative of a member of a tower by the operand.
  mlir::Value derivativeOf(mlir::Value value);
  mlir::Value differentiateExpression(mlir::Value value, mlir::Value root);
  mlir::Value partialOf(DifferentiableOpInterface op, unsigned operand);

  /// The variables that a value depends on.
  const llvm::SmallBitVector &dependence(mlir::Value value);

  // Where ops go: after everything that was generated for the op that defines the value.
  void *groupOf(mlir::Value value) const;
  void beginEmission(mlir::Value value);
  void endEmission();

  mlir::OpBuilder &builder;
  llvm::SmallVector<JetVariable> variables;
  SumDirections sumDirections;
  TaskMap<mlir::Value> memo;
  llvm::SmallVector<Task> missing;
  llvm::DenseMap<mlir::Value, llvm::SmallBitVector> dependences;
  llvm::DenseMap<mlir::Value, Unary> unaries;
  llvm::DenseMap<mlir::Value, llvm::DenseMap<mlir::Value, mlir::Value>> expressions; // per root
  llvm::DenseMap<std::pair<mlir::Operation *, unsigned>, mlir::Value> partials;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<mlir::Value>> compositions;
  TaskMap<mlir::scf::IfOp> conditionals;
  std::map<std::pair<mlir::Operation *, Channel>, ChannelLoop> loops;
  /// Arguments of loops that hold a derivative: of which value, and which one. What is computed from them is
  /// differentiated again for equations only.
  llvm::DenseMap<mlir::Value, std::pair<mlir::Value, MultiIndex>> derivativeArguments;
  llvm::SetVector<mlir::Operation *> unsupported;
  bool verified = false;
  bool equationFailed = false;                   // an error has been emitted
  llvm::SetVector<mlir::Block *> equationBlocks; // where derivatives of equations are

  llvm::DenseMap<mlir::Operation *, void *> groups;  // of generated ops
  llvm::DenseMap<void *, mlir::Operation *> cursors; // the last op of a group
  void *openGroup = nullptr;
  mlir::Operation *openCursor = nullptr;
};

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_JETENGINE_H
