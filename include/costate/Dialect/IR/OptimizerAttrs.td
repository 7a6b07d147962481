//===- OptimizerAttrs.td - How a direction becomes a step of the parameters --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
//
// How a direction becomes a step of the parameters, and how the step size changes.
//
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_OPTIMIZER_ATTRS
#define COSTATE_OPTIMIZER_ATTRS

include "costate/Dialect/IR/CostateDialect.td"
include "costate/Dialect/IR/Real.td"
include "costate/Dialect/IR/AttrInterfaces.td"

class Costate_OptimizerAttr<string name, string attrMnemonic, string stepSize = "getLr()">
    : AttrDef<Costate_Dialect, name, [Costate_OptimizerAttrInterface]> {
  let mnemonic = attrMnemonic;
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    ::llvm::StringRef getOptimizerName() const { return getMnemonic(); }
    double getStepSize() const { return }] # stepSize # [{; }
  }];
}

def Costate_GradientDescentAttr : Costate_OptimizerAttr<"GradientDescent", "gradient_descent"> {
  let summary = "Gradient descent, with a backtracking line search if asked for";
  let description = [{
    θ ← θ − lr·d. With `armijo` > 0 the step is halved (by `shrink`) until the objective falls by at least
    armijo·step·⟨∇f, d⟩, at most `trials` times.

    ```mlir
    #costate.gradient_descent<lr = 1.0, armijo = 1.0e-4>
    ```
  }];
  let parameters = (ins Costate_Real<"step size, the first one tried by the line search">:$lr,
                        Costate_RealOr<"0.0", "fraction of the predicted decrease required; 0: no line search">:$armijo,
                        Costate_RealOr<"0.5", "factor of the step after a failed trial">:$shrink,
                        DefaultValuedParameter<"int64_t", "20", "largest number of trials">:$trials);
}
def Costate_SGDAttr : Costate_OptimizerAttr<"SGD", "sgd"> {
  let summary = "Stochastic gradient descent with momentum";
  let description = [{
    v ← momentum·v + d, θ ← θ − lr·v.

    ```mlir
    #costate.sgd<lr = 1.0e-2, momentum = 0.9>
    ```
  }];
  let parameters = (ins Costate_Real<"step size">:$lr, Costate_RealOr<"0.0", "factor of the last velocity">:$momentum);
}
def Costate_NesterovAttr : Costate_OptimizerAttr<"Nesterov", "nesterov"> {
  let summary = "Nesterov's accelerated gradient";
  let description = [{
    v ← momentum·v + d, θ ← θ − lr·(d + momentum·v).

    ```mlir
    #costate.nesterov<lr = 1.0e-2, momentum = 0.9>
    ```
  }];
  let parameters = (ins Costate_Real<"step size">:$lr, Costate_RealOr<"0.9", "factor of the last velocity">:$momentum);
}
def Costate_AdamAttr : Costate_OptimizerAttr<"Adam", "adam"> {
  let summary = "Adam";
  let description = [{
    m ← β₁m + (1−β₁)d, v ← β₂v + (1−β₂)d², θ ← θ − lr·m̂/(√v̂ + eps), with bias-corrected m̂ and v̂.

    ```mlir
    #costate.adam<lr = 1.0e-3>
    ```
  }];
  let parameters = (ins Costate_RealOr<"1.0e-3", "step size">:$lr,
                        Costate_RealOr<"0.9", "decay of the first moment">:$beta1,
                        Costate_RealOr<"0.999", "decay of the second moment">:$beta2,
                        Costate_RealOr<"1.0e-8", "added to the root of the second moment">:$eps);
  let assemblyFormat = "(`<` struct(params)^ `>`)?";
}
def Costate_AdamWAttr : Costate_OptimizerAttr<"AdamW", "adamw"> {
  let summary = "Adam with decoupled weight decay";
  let description = [{
    As `adam`, and θ ← θ − lr·decay·θ.

    ```mlir
    #costate.adamw<lr = 1.0e-3, decay = 1.0e-2>
    ```
  }];
  let parameters = (ins Costate_RealOr<"1.0e-3", "step size">:$lr,
                        Costate_RealOr<"0.9", "decay of the first moment">:$beta1,
                        Costate_RealOr<"0.999", "decay of the second moment">:$beta2,
                        Costate_RealOr<"1.0e-8", "added to the root of the second moment">:$eps,
                        Costate_RealOr<"0.01", "weight decay">:$decay);
  let assemblyFormat = "(`<` struct(params)^ `>`)?";
}
def Costate_EulerAttr : Costate_OptimizerAttr<"Euler", "euler", "getDt()"> {
  let summary = "The flow itself, by explicit Euler steps";
  let description = [{
    θ ← θ + dt·θ̇: follows the flow that the strategy defines, which keeps its guarantee of decay.

    ```mlir
    #costate.euler<dt = 1.0e-2>
    ```
  }];
  let parameters = (ins Costate_Real<"length of a step in the flow's time">:$dt);
}

class Costate_ScheduleAttr<string name, string attrMnemonic>
    : AttrDef<Costate_Dialect, name, [DeclareAttrInterfaceMethods<Costate_ScheduleAttrInterface>]> {
  let mnemonic = attrMnemonic;
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}
def Costate_ConstantScheduleAttr : AttrDef<Costate_Dialect, "ConstantSchedule",
                                           [DeclareAttrInterfaceMethods<Costate_ScheduleAttrInterface>]> {
  let mnemonic = "constant";
  let summary = "The step size does not change";
  let description = [{
    ```mlir
    #costate.constant
    ```
  }];
}
def Costate_StepScheduleAttr : Costate_ScheduleAttr<"StepSchedule", "step"> {
  let summary = "The step size is multiplied by a factor every so many steps";
  let description = [{
    ```mlir
    #costate.step<every = 1000, factor = 0.5>
    ```
  }];
  let parameters = (ins "int64_t":$every, Costate_Real<"factor">:$factor);
}
def Costate_ExponentialScheduleAttr : Costate_ScheduleAttr<"ExponentialSchedule", "exponential"> {
  let summary = "The step size is multiplied by a rate at every step";
  let description = [{
    ```mlir
    #costate.exponential<rate = 0.9999>
    ```
  }];
  let parameters = (ins Costate_Real<"factor of one step">:$rate);
}
def Costate_CosineScheduleAttr : Costate_ScheduleAttr<"CosineSchedule", "cosine"> {
  let summary = "The step size falls along half a cosine";
  let description = [{
    From 1 to `final` in `steps` steps, and stays there.

    ```mlir
    #costate.cosine<steps = 1000, final = 0.01>
    ```
  }];
  let parameters = (ins "int64_t":$steps, Costate_RealOr<"0.0", "factor at the end">:$final);
}
def Costate_WarmupScheduleAttr : Costate_ScheduleAttr<"WarmupSchedule", "warmup"> {
  let summary = "The step size rises from zero, then follows another schedule";
  let description = [{
    ```mlir
    #costate.warmup<steps = 100, then = #costate.cosine<steps = 1000>>
    ```
  }];
  let parameters = (ins "int64_t":$steps, AttrParameter<"::costate::ScheduleAttrInterface", "what follows">:$then);
}
def Costate_PiecewiseScheduleAttr : Costate_ScheduleAttr<"PiecewiseSchedule", "piecewise"> {
  let summary = "The step size is multiplied by one factor in each range of steps";
  let description = [{
    `factors` holds one more number than `boundaries`, which increase.

    ```mlir
    #costate.piecewise<boundaries = [1000, 2000], factors = [1.0, 0.1, 0.01]>
    ```
  }];
  let parameters = (ins Costate_Integers<"steps at which the next factor begins">:$boundaries,
                        Costate_Reals<"factors">:$factors);
}

#endif // COSTATE_OPTIMIZER_ATTRS
