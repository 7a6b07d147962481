//===- StrategyAttrs.td - How a constraint is enforced -----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_STRATEGY_ATTRS
#define COSTATE_STRATEGY_ATTRS

include "costate/Dialect/IR/CostateDialect.td"
include "costate/Dialect/IR/Real.td"
include "costate/Dialect/IR/AttrInterfaces.td"
include "mlir/IR/EnumAttr.td"

def Costate_PenaltyKind : I32EnumAttr<"PenaltyKind", "a function that is zero only where a violation is", [
    I32EnumAttrCase<"square", 0>, I32EnumAttrCase<"huber", 1>]> {
  let cppNamespace = "::costate";
}
def Costate_TanabeMode : I32EnumAttr<"TanabeMode", "what one multiplier of the Tanabe flow belongs to", [
    I32EnumAttrCase<"reduction", 0>, I32EnumAttrCase<"per_sample", 1>]> {
  let cppNamespace = "::costate";
}
def Costate_TanabeDecay : I32EnumAttr<"TanabeDecay", "how fast the flow lets a violation decay", [
    I32EnumAttrCase<"exact", 0>, I32EnumAttrCase<"at_least", 1>]> {
  let cppNamespace = "::costate";
}

def Costate_MonitorAttr : AttrDef<Costate_Dialect, "Monitor", [Costate_StrategyAttrInterface]> {
  let mnemonic = "monitor";
  let summary = "The constraint is only measured and logged";
  let description = [{
    The constraint does not change the step: its violation is evaluated and logged. This is the
    unconstrained run that others are compared with.

    ```mlir
    costate.subject_to "mass" @mass(x) == 0.0 over @interior by #costate.monitor
    ```
  }];
  let extraClassDeclaration = [{
    ::llvm::StringRef getStrategyName() const { return getMnemonic(); }
    bool admitsInequalities() const { return true; }
  }];
}

def Costate_PenaltyAttr : AttrDef<Costate_Dialect, "Penalty", [Costate_StrategyAttrInterface]> {
  let mnemonic = "penalty";
  let summary = "The violation is added to the objective";
  let description = [{
    Adds weight · mean of ρ(g) over the set to the objective, with ρ the square or the Huber function with
    threshold `delta`. Of an inequality g <= 0 only the positive part counts.

    ```mlir
    #costate.penalty<kind = huber, delta = 6.0, weight = 1.0>
    ```
  }];
  let parameters = (ins DefaultValuedParameter<"::costate::PenaltyKind", "::costate::PenaltyKind::square",
                                               "square or huber">:$kind,
                        Costate_RealOr<"1.0", "threshold of the Huber function">:$delta,
                        Costate_RealOr<"1.0", "factor of the term">:$weight);
  let assemblyFormat = "(`<` struct(params)^ `>`)?";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    ::llvm::StringRef getStrategyName() const { return getMnemonic(); }
    bool admitsInequalities() const { return true; }
  }];
}

def Costate_TanabeAttr : AttrDef<Costate_Dialect, "Tanabe", [Costate_StrategyAttrInterface]> {
  let mnemonic = "tanabe";
  let summary = "Multipliers from the Tanabe flow, solved at every step";
  let description = [{
    The step goes along −(∇f + Jᵀλ) with (J Jᵀ) λ = −J∇f + gain·g, so that the violation decays like e^(−gain·t).
    `mode = reduction`: one multiplier for the constraint reduced over the batch by `reduce` (the mean of the
    square or of the Huber function with threshold `delta`). `mode = per_sample`: multipliers for every point.
    `decay = at_least`: the direction nearest to ∇f along which ‖g‖ decays at least so fast; there are no
    multipliers (λ = 0) where ∇f alone does it. `exact` holds back a descent of f that would be faster.

    ```mlir
    #costate.tanabe<mode = reduction, reduce = huber, delta = 6.0>
    #costate.tanabe<mode = per_sample, decay = at_least, gain = 1.0>
    ```
  }];
  let parameters = (ins "::costate::TanabeMode":$mode,
                        DefaultValuedParameter<"::costate::PenaltyKind", "::costate::PenaltyKind::huber",
                                               "how violations of a batch reduce to one">:$reduce,
                        Costate_RealOr<"6.0", "threshold of the Huber function">:$delta,
                        DefaultValuedParameter<"::costate::TanabeDecay", "::costate::TanabeDecay::exact",
                                               "exactly e^(−gain·t), or at least so fast">:$decay,
                        Costate_RealOr<"1.0", "rate of the decay in the flow's time">:$gain);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    ::llvm::StringRef getStrategyName() const { return getMnemonic(); }
    bool admitsInequalities() const { return false; }
  }];
}

#endif // COSTATE_STRATEGY_ATTRS
