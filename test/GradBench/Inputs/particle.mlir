// A charged particle between two fixed charges, one of them at (10, 10 - w): it starts at (0, 8) with velocity (0.75, 0) and is
// followed by Euler steps until it crosses the first axis; w is to be such that it does so at the origin. The force is a
// derivative of the potential, so the trajectory is differentiated a second time, by w.

func.func private @potential(%x: f64, %y: f64, %w: f64) -> f64 {
  %one = arith.constant 1.0 : f64
  %ten = arith.constant 10.0 : f64
  %dx = arith.subf %x, %ten : f64
  %xx = arith.mulf %dx, %dx : f64
  %above = arith.subf %ten, %w : f64
  %dy = arith.subf %y, %above : f64
  %yy = arith.mulf %dy, %dy : f64
  %q1 = arith.addf %xx, %yy : f64
  %r1 = math.sqrt %q1 : f64
  %p1 = arith.divf %one, %r1 : f64
  %y2 = arith.mulf %y, %y : f64
  %q2 = arith.addf %xx, %y2 : f64
  %r2 = math.sqrt %q2 : f64
  %p2 = arith.divf %one, %r2 : f64
  %p = arith.addf %p1, %p2 : f64
  return %p : f64
}
costate.derive @potential_gradient = gradient @potential wrt [0, 1]
costate.derive @potential_jvp = jvp @potential wrt [0, 1]

func.func private @slope_r(%x: f64, %y: f64, %w: f64) -> (f64, f64) {
  %p, %gx, %gy = costate.call @potential_gradient(%x, %y, %w) : (f64, f64, f64) -> (f64, f64, f64)
  return %gx, %gy : f64, f64
}

func.func private @slope_f(%x: f64, %y: f64, %w: f64) -> (f64, f64) {
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %p, %gx = costate.call @potential_jvp(%x, %y, %w, %one, %zero) : (f64, f64, f64, f64, f64) -> (f64, f64)
  %q, %gy = costate.call @potential_jvp(%x, %y, %w, %zero, %one) : (f64, f64, f64, f64, f64) -> (f64, f64)
  return %gx, %gy : f64, f64
}

// The square of where the axis is crossed.
func.func private @crossing(%w: f64) -> f64 {
  %x0 = arith.constant 0.0 : f64
  %y0 = arith.constant 8.0 : f64
  %u0 = arith.constant 0.75 : f64
  %v0 = arith.constant 0.0 : f64
  %zero = arith.constant 0.0 : f64
  %dt = arith.constant 0.1 : f64
  %minus_dt = arith.constant -0.1 : f64
  %end:6 = scf.while (%x = %x0, %y = %y0, %u = %u0, %v = %v0)
      : (f64, f64, f64, f64) -> (f64, f64, f64, f64, f64, f64) {
    %sx = arith.mulf %u, %dt : f64
    %sy = arith.mulf %v, %dt : f64
    %nx = arith.addf %x, %sx : f64
    %ny = arith.addf %y, %sy : f64
    %above = arith.cmpf ogt, %ny, %zero : f64
    scf.condition(%above) %nx, %ny, %u, %v, %x, %y : f64, f64, f64, f64, f64, f64
  } do {
  ^bb0(%nx: f64, %ny: f64, %u: f64, %v: f64, %x: f64, %y: f64):
    %gx, %gy = func.call @slope_$inner(%x, %y, %w) : (f64, f64, f64) -> (f64, f64)
    %du = arith.mulf %gx, %minus_dt : f64
    %dv = arith.mulf %gy, %minus_dt : f64
    %nu = arith.addf %u, %du : f64
    %nv = arith.addf %v, %dv : f64
    scf.yield %nx, %ny, %nu, %nv : f64, f64, f64, f64
  }
  %down = arith.negf %end#1 : f64
  %time = arith.divf %down, %end#3 : f64
  %way = arith.mulf %time, %end#2 : f64
  %place = arith.addf %end#0, %way : f64
  %square = arith.mulf %place, %place : f64
  return %square : f64
}
costate.derive @crossing_gradient = gradient @crossing wrt [0]
costate.derive @crossing_jvp = jvp @crossing wrt [0]

func.func private @derivative_r(%w: f64) -> f64 {
  %y, %g = costate.call @crossing_gradient(%w) : (f64) -> (f64, f64)
  return %g : f64
}

func.func private @derivative_f(%w: f64) -> f64 {
  %one = arith.constant 1.0 : f64
  %y, %g = costate.call @crossing_jvp(%w, %one) : (f64, f64) -> (f64, f64)
  return %g : f64
}

$argmin

func.func @control(%w: f64) -> f64 {
  %r = func.call @argmin(%w) : (f64) -> f64
  return %r : f64
}
