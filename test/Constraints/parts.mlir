// Sets know parts of the parameters only. A vector of all parameters is zero where its sets know nothing: so constraints on
// different parameters do not meet in their system and each decays like e^(-t), and what no set knows stays as it was.
//
// RUN: costate-opt %s -costate-lower-networks -costate-insert-multipliers | FileCheck %s
// Each row of the system, and the direction, begins as zeros.
// CHECK-LABEL: func.func @step(
// CHECK-COUNT-3: linalg.fill ins(%{{.*}} : f64) outs(%{{.*}} : tensor<6xf64>) -> tensor<6xf64>
// CHECK-LABEL: func.func @gradient(
// CHECK: linalg.fill ins(%{{.*}} : f64) outs(%{{.*}} : tensor<6xf64>) -> tensor<6xf64>
// RUN: rm -rf %t.run && costate-run %s train --threads 1 --quiet --log-every 1 --run-dir %t.run
// RUN: %python %S/Inputs/rate.py %t.run product 0.001 | FileCheck %s --check-prefix=RATE
// RUN: %python %S/Inputs/rate.py %t.run line 0.001 | FileCheck %s --check-prefix=RATE
// RATE: rate 1.00
// Of two rows that are orthogonal, (2, -0.5) and (1, 0.3), the conditioning is the ratio of their lengths.
// RUN: %python -c "import csv, math, sys; r = next(csv.DictReader(open(sys.argv[1]))); print(round(float(r['line.condition']) - math.hypot(2, 0.5) / math.hypot(1, 0.3), 12), r['line.rank_deficient'])" %t.run/metrics.csv | FileCheck %s --check-prefix=SYSTEM
// SYSTEM: {{^}}{{-?}}0.0 0{{$}}
// RUN: %python -c "import struct, json, sys; b = open(sys.argv[1], 'rb').read(); n = struct.unpack('<Q', b[:8])[0]; at = json.loads(b[8:8 + n])['idle']['data_offsets']; print(struct.unpack('<2d', b[8 + n:][at[0]:at[1]]))" %t.run/checkpoints/step-00000100.safetensors | FileCheck %s --check-prefix=IDLE
// IDLE: (0.75, -0.5)

costate.variable @w init [-0.5, 2.0] : tensor<2xf64>
costate.variable @idle init [0.75, -0.5] : tensor<2xf64>
costate.variable @v init [1.0, -0.5] : tensor<2xf64>

costate.residual @product(%x: tensor<1xf64>) -> tensor<1xf64> {
  %i0 = arith.constant 0 : index
  %i1 = arith.constant 1 : index
  %w = costate.read @w : tensor<2xf64>
  %a = tensor.extract %w[%i0] : tensor<2xf64>
  %b = tensor.extract %w[%i1] : tensor<2xf64>
  %c = arith.mulf %a, %b : f64
  %r = tensor.from_elements %c : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}
costate.residual @line(%x: tensor<1xf64>) -> tensor<1xf64> {
  %v = costate.read @v : tensor<2xf64>
  %slopes = arith.constant dense<[1.0, 0.3]> : tensor<2xf64>
  %p = arith.mulf %v, %slopes : tensor<2xf64>
  %i0 = arith.constant 0 : index
  %i1 = arith.constant 1 : index
  %a = tensor.extract %p[%i0] : tensor<2xf64>
  %b = tensor.extract %p[%i1] : tensor<2xf64>
  %c = arith.addf %a, %b : f64
  %r = tensor.from_elements %c : tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}

costate.problem @parts {
  costate.sample @one (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 3
  costate.sample @two (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 2
  costate.subject_to "product" mean @product(x) == 0.0 over @one by #costate.tanabe<mode = reduction>
  costate.subject_to "line" mean @line(x) == 0.0 over @two by #costate.tanabe<mode = reduction>
  costate.train by #costate.euler<dt = 0.001> steps 100
}
