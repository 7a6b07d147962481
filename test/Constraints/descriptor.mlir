// What the descriptor of a program says of the problem: every statement in its place, with its numbers.
// RUN: costate-opt %s -costate-lower-networks -costate-insert-multipliers -o %t.mlir
// RUN: %python -c "import json, re, sys; text = re.search(r'costate.program = \"(.*?)\"[,}]', open(sys.argv[1]).read()).group(1); p = json.loads(text.replace(chr(92) + '22', chr(34))); [print(json.dumps({k: v for k, v in each.items() if k != 'loc'}, sort_keys=True)) for key in ('sets', 'metrics') for each in p[key]]; print(p['training'])" %t.mlir | FileCheck %s --match-full-lines

// A face is a dimension and an end of it; no face is every face.
//      CHECK: {"columns": [{"name": "x", "shape": [2]}], "count": 40, "kind": "sample", "name": "walls", "region": {"faces": {{\[\[}}1, 0], [0, 1], [1, 1]], "kind": "faces", "lower": [-1, 0], "upper": [1, 2.5]}, "resample_every": 7, "sampler": "sobol"}
// CHECK-NEXT: {"columns": [{"name": "x", "shape": [2]}], "count": 8, "kind": "sample", "name": "all", "region": {"faces": [], "kind": "faces", "lower": [-1, 0], "upper": [1, 2.5]}, "resample_every": 0, "sampler": "uniform"}
// CHECK-NEXT: {"columns": [{"name": "x", "shape": [2]}], "kind": "sample", "name": "inside", "per_axis": [3, 4], "region": {"kind": "box", "lower": [-1, 0], "upper": [1, 2.5]}, "resample_every": 0, "sampler": "grid"}
// CHECK-NEXT: {"columns": [{"name": "x", "shape": [2]}, {"name": "y", "shape": [1]}], "default_file": "measured.csv", "kind": "data", "name": "measured"}

// An objective has its weight, nothing else has one.
// CHECK-NEXT: {"kind": "objective", "name": "walls", "set": "walls", "weight": 10}
// CHECK-NEXT: {"kind": "objective", "name": "rest", "set": "all", "weight": 1}
// CHECK-NEXT: {"kind": "objective", "name": "fit", "set": "measured", "weight": 0.25}
// CHECK-NEXT: {"kind": "violation", "name": "held", "set": "inside"}
// CHECK-NEXT: {"kind": "violation", "name": "held.max", "set": "inside"}
// CHECK-NEXT: {"kind": "total", "name": "loss"}
// CHECK-NEXT: {'batch': 16, 'batched_sets': ['measured'], 'epochs': 3, 'seed': 5, 'steps': 0}

costate.network @u(%x: tensor<2xf64>) -> tensor<1xf64> {
  %u = costate.dense %x -> 1 : tensor<2xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

costate.problem @described {
  costate.sample @walls (x: tensor<2xf64>) on faces<[-1.0, 0.0], [1.0, 2.5], [[1, 0], [0, 1], [1, 1]]> by sobol count 40 resample 7
  costate.sample @all (x: tensor<2xf64>) on faces<[-1.0, 0.0], [1.0, 2.5], []> by uniform count 8
  costate.sample @inside (x: tensor<2xf64>) in box<[-1.0, 0.0], [1.0, 2.5]> by grid count [3, 4]
  costate.data @measured (x: tensor<2xf64>, y: tensor<1xf64>) file "measured.csv"
  costate.minimize "walls" square(@u(x)) over @walls weight 10.0
  costate.minimize "rest" square(@u(x)) over @all
  costate.minimize "fit" square(@u(x) - y) over @measured weight 0.25
  costate.subject_to "held" @u(x) >= 0.0 over @inside by #costate.penalty<weight = 2.0>
  costate.train by #costate.adam<lr = 0.001> batch 16 epochs 3 seed 5
}
