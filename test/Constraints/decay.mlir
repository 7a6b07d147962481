// The objective 5 |w|^2 alone lowers w like e^(-10 t). Tanabe's equality holds that back to e^(-gain t); with at_least it
// is let be, and only where the objective is too slow do multipliers help.
// RUN: rm -rf %t && mkdir -p %t && cd %t
// RUN: costatec %s -o exact && ./exact train --run-dir exact-run --log-every 1 --quiet
// RUN: %python %S/Inputs/rate.py exact-run zero 0.001 | FileCheck %s --check-prefix=ONE
// RUN: costatec %s --strategy='#costate.tanabe<mode = per_sample, gain = 3.0>' -o three && ./three train --run-dir three-run --log-every 1 --quiet
// RUN: %python %S/Inputs/rate.py three-run zero 0.001 | FileCheck %s --check-prefix=THREE
// RUN: costatec %s --strategy='#costate.tanabe<mode = per_sample, decay = at_least>' -o free && ./free train --run-dir free-run --log-every 1 --quiet
// RUN: %python %S/Inputs/rate.py free-run zero 0.001 | FileCheck %s --check-prefix=TEN
// RUN: costatec %s --strategy='#costate.tanabe<mode = per_sample, decay = at_least, gain = 20.0>' -o helped && ./helped train --run-dir helped-run --log-every 1 --quiet
// RUN: %python %S/Inputs/rate.py helped-run zero 0.001 | FileCheck %s --check-prefix=TWENTY
// The reduction, of squares: |w|^2 decays like that, so |w| half as fast.
// RUN: costatec %s --strategy='#costate.tanabe<mode = reduction, reduce = square, gain = 3.0>' -o reduced && ./reduced train --run-dir reduced-run --log-every 1 --quiet
// RUN: %python %S/Inputs/rate.py reduced-run zero 0.001 | FileCheck %s --check-prefix=HALF
// RUN: costatec %s --strategy='#costate.tanabe<mode = reduction, reduce = square, decay = at_least>' -o reduced-free && ./reduced-free train --run-dir reduced-free-run --log-every 1 --quiet
// RUN: %python %S/Inputs/rate.py reduced-free-run zero 0.001 | FileCheck %s --check-prefix=TEN
// One rate for the norm of both squares, so one for both components where they are equal.
// RUN: sed 's/init \[0.5, -0.25\]/init [0.5, -0.5]/' %s > equal.mlir
// RUN: costatec equal.mlir --strategy='#costate.tanabe<mode = reduction, reduce = square, decay = at_least, gain = 40.0>' -o reduced-helped && ./reduced-helped train --run-dir reduced-helped-run --log-every 1 --quiet
// RUN: %python %S/Inputs/rate.py reduced-helped-run zero 0.001 | FileCheck %s --check-prefix=TWENTY
// No slope, so no multiplier: w^2 at zero, and a violation that stays.
// RUN: sed -e 's/init \[0.5, -0.25\]/init [0.0, 0.0]/' -e 's/@w_itself(x) ==/@square_less_one(x) ==/' %s > flat.mlir
// RUN: costatec flat.mlir --strategy='#costate.tanabe<mode = per_sample, decay = at_least>' -o flat && not ./flat train --run-dir flat-run --log-every 1 > flat.log 2>&1 && FileCheck %s --check-prefix=FLAT < flat-run/metrics.csv && FileCheck %s --check-prefix=STAYS < flat.log
// ONE: rate 1.0
// THREE: rate 3.0
// TEN: rate 10.
// TWENTY: rate 20.
// HALF: rate 1.5
// STAYS: error: infeasible: the violation 'zero' is 1
// FLAT: ,zero.lambda,zero.rank_deficient,zero.condition{{$}}
// FLAT: {{^}}100,{{.*}},0,1,inf{{$}}

costate.variable @w init [0.5, -0.25] : tensor<2xf64>
costate.residual @w_itself(%x: tensor<1xf64>) -> tensor<2xf64> {
  %w = costate.read @w : tensor<2xf64>
  costate.yield %w : tensor<2xf64>
}
costate.residual @square_less_one(%x: tensor<1xf64>) -> tensor<2xf64> {
  %w = costate.read @w : tensor<2xf64>
  %square = arith.mulf %w, %w : tensor<2xf64>
  %one = arith.constant dense<1.0> : tensor<2xf64>
  %r = arith.subf %square, %one : tensor<2xf64>
  costate.yield %r : tensor<2xf64>
}
costate.problem @decay {
  costate.sample @point (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 1
  costate.minimize "norm" square(@w_itself(x)) over @point weight 5.0
  costate.subject_to "zero" @w_itself(x) == 0.0 over @point by #costate.tanabe<mode = per_sample>
  costate.train by #costate.euler<dt = 0.001> steps 100
}
