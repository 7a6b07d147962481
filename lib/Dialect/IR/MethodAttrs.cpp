//===- MethodAttrs.cpp - Verifiers of strategies, optimizers and schedules ------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "MethodAttrs.h"
#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace costate;

using EmitError = function_ref<InFlightDiagnostic()>;

static LogicalResult positive(EmitError emitError, StringRef name, double value) {
  if (!(value > 0) || std::isinf(value))
    return emitError() << name << " is " << value << ", but must be positive";
  return success();
}

/// For numbers of steps.
static LogicalResult steps(EmitError emitError, StringRef name, int64_t value) {
  if (value < 1 || value > largestSetting)
    return emitError() << name << " is " << value << ", but must be from 1 to " << largestSetting;
  return success();
}

/// For decays and momenta: at least 0 and below 1.
static LogicalResult fraction(EmitError emitError, StringRef name, double value) {
  if (!(value >= 0 && value < 1))
    return emitError() << name << " is " << value << ", but must be at least 0 and below 1";
  return success();
}

//===------------------------------------------------------------------------------------------------------===//
// Strategies
//===------------------------------------------------------------------------------------------------------===//

LogicalResult PenaltyAttr::verify(EmitError emitError, PenaltyKind, Real delta, Real weight) {
  return failure(failed(positive(emitError, "delta", delta)) ||
                 failed(positive(emitError, "weight", weight)));
}

LogicalResult TanabeAttr::verify(EmitError emitError, TanabeMode, PenaltyKind, Real delta, TanabeDecay,
                                 Real gain) {
  return failure(failed(positive(emitError, "delta", delta)) || failed(positive(emitError, "gain", gain)));
}

//===------------------------------------------------------------------------------------------------------===//
// Optimizers
//===------------------------------------------------------------------------------------------------------===//

LogicalResult GradientDescentAttr::verify(EmitError emitError, Real lr, Real armijo, Real shrink,
                                          int64_t trials) {
  if (failed(positive(emitError, "lr", lr)) || failed(fraction(emitError, "armijo", armijo)) ||
      failed(fraction(emitError, "shrink", shrink)))
    return failure();
  return positive(emitError, "trials", static_cast<double>(trials));
}

LogicalResult SGDAttr::verify(EmitError emitError, Real lr, Real momentum) {
  return failure(failed(positive(emitError, "lr", lr)) || failed(fraction(emitError, "momentum", momentum)));
}

LogicalResult NesterovAttr::verify(EmitError emitError, Real lr, Real momentum) {
  return failure(failed(positive(emitError, "lr", lr)) || failed(fraction(emitError, "momentum", momentum)));
}

LogicalResult AdamAttr::verify(EmitError emitError, Real lr, Real beta1, Real beta2, Real eps) {
  return failure(failed(positive(emitError, "lr", lr)) || failed(fraction(emitError, "beta1", beta1)) ||
                 failed(fraction(emitError, "beta2", beta2)) || failed(positive(emitError, "eps", eps)));
}

LogicalResult AdamWAttr::verify(EmitError emitError, Real lr, Real beta1, Real beta2, Real eps, Real decay) {
  return failure(failed(AdamAttr::verify(emitError, lr, beta1, beta2, eps)) ||
                 failed(fraction(emitError, "decay", decay)));
}

LogicalResult EulerAttr::verify(EmitError emitError, Real dt) { return positive(emitError, "dt", dt); }

//===------------------------------------------------------------------------------------------------------===//
// Schedules
//===------------------------------------------------------------------------------------------------------===//

namespace {
/// Builds a descriptor field by field.
class Descriptor {
public:
  Descriptor(MLIRContext *context, StringRef kind) : builder(context) {
    set("kind", builder.getStringAttr(kind));
  }
  Descriptor &set(StringRef name, Attribute value) {
    fields.set(name, value);
    return *this;
  }
  Descriptor &set(StringRef name, double value) { return set(name, builder.getF64FloatAttr(value)); }
  Descriptor &set(StringRef name, int64_t value) { return set(name, builder.getI64IntegerAttr(value)); }
  operator DictionaryAttr() { return fields.getDictionary(builder.getContext()); }
  Builder builder;

private:
  NamedAttrList fields;
};
} // namespace

DictionaryAttr ConstantScheduleAttr::getDescriptor() const { return Descriptor(getContext(), getMnemonic()); }

LogicalResult StepScheduleAttr::verify(EmitError emitError, int64_t every, Real factor) {
  return failure(failed(steps(emitError, "every", every)) || failed(positive(emitError, "factor", factor)));
}
DictionaryAttr StepScheduleAttr::getDescriptor() const {
  return Descriptor(getContext(), getMnemonic()).set("every", getEvery()).set("factor", double(getFactor()));
}

LogicalResult ExponentialScheduleAttr::verify(EmitError emitError, Real rate) {
  return positive(emitError, "rate", rate);
}
DictionaryAttr ExponentialScheduleAttr::getDescriptor() const {
  return Descriptor(getContext(), getMnemonic()).set("rate", double(getRate()));
}

LogicalResult CosineScheduleAttr::verify(EmitError emitError, int64_t steps, Real final) {
  if (!(final >= 0) || std::isinf(final))
    return emitError() << "final is " << double(final) << ", but must be finite and cannot be negative";
  return ::steps(emitError, "steps", steps);
}
DictionaryAttr CosineScheduleAttr::getDescriptor() const {
  return Descriptor(getContext(), getMnemonic()).set("steps", getSteps()).set("final", double(getFinal()));
}

LogicalResult WarmupScheduleAttr::verify(EmitError emitError, int64_t steps, ScheduleAttrInterface) {
  return ::steps(emitError, "steps", steps);
}
DictionaryAttr WarmupScheduleAttr::getDescriptor() const {
  return Descriptor(getContext(), getMnemonic())
      .set("steps", getSteps())
      .set("then", getThen().getDescriptor());
}

LogicalResult PiecewiseScheduleAttr::verify(EmitError emitError, ArrayRef<int64_t> boundaries,
                                            ArrayRef<Real> factors) {
  if (factors.size() != boundaries.size() + 1)
    return emitError() << "has " << boundaries.size() << " boundaries and " << factors.size()
                       << " factors, but needs one factor more than boundaries";
  for (size_t i = 1; i < boundaries.size(); ++i)
    if (boundaries[i] <= boundaries[i - 1])
      return emitError() << "boundary " << boundaries[i] << " follows " << boundaries[i - 1]
                         << ", but boundaries must increase";
  return success();
}
DictionaryAttr PiecewiseScheduleAttr::getDescriptor() const {
  Descriptor descriptor(getContext(), getMnemonic());
  return descriptor.set("boundaries", descriptor.builder.getDenseI64ArrayAttr(getBoundaries()))
      .set("factors", descriptor.builder.getDenseF64ArrayAttr(llvm::to_vector_of<double>(getFactors())));
}

//===------------------------------------------------------------------------------------------------------===//
// Problems in f32
//===------------------------------------------------------------------------------------------------------===//

static Real inF32(Real value) { return Real(static_cast<float>(static_cast<double>(value))); }

LogicalResult costate::verifyInF32(Attribute method, EmitError emitError) {
  return TypeSwitch<Attribute, LogicalResult>(method)
      .Case([&](PenaltyAttr a) {
        return a.verify(emitError, a.getKind(), inF32(a.getDelta()), inF32(a.getWeight()));
      })
      .Case([&](TanabeAttr a) {
        return a.verify(emitError, a.getMode(), a.getReduce(), inF32(a.getDelta()), a.getDecay(),
                        inF32(a.getGain()));
      })
      .Case([&](GradientDescentAttr a) {
        return a.verify(emitError, inF32(a.getLr()), inF32(a.getArmijo()), inF32(a.getShrink()),
                        a.getTrials());
      })
      .Case<SGDAttr, NesterovAttr>(
          [&](auto a) { return a.verify(emitError, inF32(a.getLr()), inF32(a.getMomentum())); })
      .Case([&](AdamAttr a) {
        return a.verify(emitError, inF32(a.getLr()), inF32(a.getBeta1()), inF32(a.getBeta2()),
                        inF32(a.getEps()));
      })
      .Case([&](AdamWAttr a) {
        return a.verify(emitError, inF32(a.getLr()), inF32(a.getBeta1()), inF32(a.getBeta2()),
                        inF32(a.getEps()), inF32(a.getDecay()));
      })
      .Case([&](EulerAttr a) { return a.verify(emitError, inF32(a.getDt())); })
      .Case([&](StepScheduleAttr a) { return a.verify(emitError, a.getEvery(), inF32(a.getFactor())); })
      .Case([&](ExponentialScheduleAttr a) { return a.verify(emitError, inF32(a.getRate())); })
      .Case([&](CosineScheduleAttr a) { return a.verify(emitError, a.getSteps(), inF32(a.getFinal())); })
      .Case([&](WarmupScheduleAttr a) { return verifyInF32(a.getThen(), emitError); })
      .Case<MonitorAttr, ConstantScheduleAttr, PiecewiseScheduleAttr>([](auto) { return success(); })
      .Default([](Attribute) -> LogicalResult { llvm_unreachable("a method with unknown numbers"); });
}
