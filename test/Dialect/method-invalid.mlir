// RUN: costate-opt %s -verify-diagnostics -split-input-file

// expected-error@+1 {{delta is 0.000000e+00, but must be positive}}
func.func private @penalty_c1() attributes {a = #costate.penalty<kind = huber, delta = 0.0>}

// -----

// expected-error@+1 {{weight is -1.000000e+00, but must be positive}}
func.func private @penalty_c2() attributes {a = #costate.penalty<weight = -1.0>}

// -----

// expected-error@+1 {{delta is 0.000000e+00, but must be positive}}
func.func private @tanabe_c1() attributes {a = #costate.tanabe<mode = reduction, delta = 0.0>}

// -----

// expected-error@+1 {{gain is 0.000000e+00, but must be positive}}
func.func private @tanabe_c2() attributes {a = #costate.tanabe<mode = per_sample, gain = 0.0>}

// -----

// expected-error@+1 {{lr is 0.000000e+00, but must be positive}}
func.func private @optimizer_c1() attributes {a = #costate.sgd<lr = 0.0>}

// -----

// expected-error@+1 {{dt is -1.000000e+00, but must be positive}}
func.func private @optimizer_c1_euler() attributes {a = #costate.euler<dt = -1.0>}

// -----

// expected-error@+1 {{momentum is 1.000000e+00, but must be at least 0 and below 1}}
func.func private @optimizer_c2() attributes {a = #costate.nesterov<lr = 1.0, momentum = 1.0>}

// -----

// expected-error@+1 {{beta2 is -1.000000e+00, but must be at least 0 and below 1}}
func.func private @optimizer_c2_adam() attributes {a = #costate.adam<beta2 = -1.0>}

// -----

// expected-error@+1 {{decay is 2.000000e+00, but must be at least 0 and below 1}}
func.func private @optimizer_c2_adamw() attributes {a = #costate.adamw<decay = 2.0>}

// -----

// expected-error@+1 {{armijo is 1.000000e+00, but must be at least 0 and below 1}}
func.func private @optimizer_c2_armijo() attributes {a = #costate.gradient_descent<lr = 1.0, armijo = 1.0>}

// -----

// expected-error@+1 {{trials is 0.000000e+00, but must be positive}}
func.func private @optimizer_c3() attributes {a = #costate.gradient_descent<lr = 1.0, armijo = 0.1, trials = 0>}

// -----

// expected-error@+1 {{every is 0, but must be from 1 to 1000000000000000}}
func.func private @schedule_c1() attributes {a = #costate.step<every = 0, factor = 0.5>}

// -----

// expected-error@+1 {{factor is 0.000000e+00, but must be positive}}
func.func private @schedule_c1_factor() attributes {a = #costate.step<every = 1, factor = 0.0>}

// -----

// expected-error@+1 {{rate is -1.000000e+00, but must be positive}}
func.func private @schedule_c1_rate() attributes {a = #costate.exponential<rate = -1.0>}

// -----

// expected-error@+1 {{steps is 0, but must be from 1 to 1000000000000000}}
func.func private @schedule_c1_cosine() attributes {a = #costate.cosine<steps = 0>}

// -----

// expected-error@+1 {{steps is 0, but must be from 1 to 1000000000000000}}
func.func private @schedule_c1_warmup() attributes {a = #costate.warmup<steps = 0, then = #costate.constant>}

// -----

// expected-error@+1 {{final is -1.000000e+00, but must be finite and cannot be negative}}
func.func private @schedule_c2() attributes {a = #costate.cosine<steps = 10, final = -1.0>}

// -----

// expected-error@+1 {{has 1 boundaries and 1 factors, but needs one factor more than boundaries}}
func.func private @schedule_c3() attributes {a = #costate.piecewise<boundaries = [10], factors = [1.0]>}

// -----

// expected-error@+1 {{boundary 10 follows 20, but boundaries must increase}}
func.func private @schedule_c4() attributes {a = #costate.piecewise<boundaries = [20, 10], factors = [1.0, 0.1, 0.01]>}
