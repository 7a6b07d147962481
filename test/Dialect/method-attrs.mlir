// RUN: costate-opt %s | costate-opt | FileCheck %s

// CHECK: attributes {a = #costate.gradient_descent<lr = 1.0, armijo = 0.0001>}
func.func private @gradient_descent() attributes {a = #costate.gradient_descent<lr = 1, armijo = 1.0e-4, shrink = 0.5>}
// CHECK: attributes {a = #costate.sgd<lr = 0.01, momentum = 0.9>}
func.func private @sgd() attributes {a = #costate.sgd<lr = 1.0e-2, momentum = 0.9>}
// CHECK: attributes {a = #costate.nesterov<lr = 0.01>}
func.func private @nesterov() attributes {a = #costate.nesterov<lr = 1.0e-2>}
// CHECK: attributes {a = #costate.adam<lr = 3.0e-05, eps = 1.0e-07>}
func.func private @adam() attributes {a = #costate.adam<eps = 1.0e-7, lr = 3.0e-5>}
// CHECK: attributes {a = #costate.adam}
func.func private @adam_default() attributes {a = #costate.adam}
// CHECK: attributes {a = #costate.adamw<decay = 0.1>}
func.func private @adamw() attributes {a = #costate.adamw<decay = 0.1>}
// CHECK: attributes {a = #costate.euler<dt = 0.30000000000000004>}
func.func private @euler() attributes {a = #costate.euler<dt = 0.30000000000000004>}
// CHECK: attributes {a = #costate.monitor, b = #costate.penalty, c = #costate.tanabe<mode = reduction, reduce = square>}
func.func private @strategies() attributes {a = #costate.monitor, b = #costate.penalty,
                                            c = #costate.tanabe<mode = reduction, reduce = square>}
// CHECK: attributes {a = #costate.tanabe<mode = per_sample, decay = at_least, gain = 2.0>, b = #costate.tanabe<mode = per_sample>}
func.func private @flows() attributes {a = #costate.tanabe<mode = per_sample, gain = 2.0, decay = at_least>,
                                       b = #costate.tanabe<mode = per_sample, decay = exact, gain = 1.0>}
// CHECK: attributes {a = #costate.constant, b = #costate.step<every = 10, factor = 0.5>, c = #costate.exponential<rate = 0.999>}
func.func private @schedules() attributes {a = #costate.constant, b = #costate.step<every = 10, factor = 0.5>,
                                           c = #costate.exponential<rate = 0.999>}
// CHECK: attributes {a = #costate.piecewise<boundaries = [10, 20], factors = [1.0, 0.1, 0.01]>}
func.func private @piecewise() attributes {a = #costate.piecewise<boundaries = [10, 20], factors = [1, 0.1, 0.01]>}
