// First values of parameters: their moments and bounds are those of the formulas, no two layers begin alike, the variable
// holds what it is given, and the seed decides.
// RUN: rm -rf %t && mkdir %t
// RUN: %python -c "n = 100; print(','.join(f'x[{i}]' for i in range(n))); print(('1,' * n)[:-1])" > %t/x.csv
// RUN: costate-run %s train --quiet --data %t/x.csv --run-dir %t/a --seed 5
// RUN: %python %S/Inputs/check_initializers.py %t/a/checkpoints/step-00000001.safetensors > %t/a.txt
// RUN: FileCheck %s --input-file=%t/a.txt
// RUN: costate-run %s train --quiet --data %t/x.csv --run-dir %t/b --seed 5
// RUN: %python %S/Inputs/check_initializers.py %t/b/checkpoints/step-00000001.safetensors | diff - %t/a.txt
// RUN: costate-run %s train --quiet --data %t/x.csv --run-dir %t/c --seed 6
// RUN: %python %S/Inputs/check_initializers.py %t/c/checkpoints/step-00000001.safetensors > %t/c.txt
// RUN: FileCheck %s --input-file=%t/c.txt
// RUN: not diff %t/a.txt %t/c.txt
// CHECK: 11 parameters as their initialisers say, 0 otherwise

costate.network @n(%x: tensor<100xf64>) -> tensor<60xf64> {
  %0 = costate.dense %x -> 60 named "glorot_uniform" init(glorot_uniform) bias(0.25) : tensor<100xf64> -> tensor<60xf64>
  %1 = costate.dense %x -> 60 named "glorot_normal" init(glorot_normal) no_bias : tensor<100xf64> -> tensor<60xf64>
  %2 = costate.dense %x -> 60 named "he_uniform" init(he_uniform) no_bias : tensor<100xf64> -> tensor<60xf64>
  %3 = costate.dense %x -> 60 named "he_normal" init(he_normal) no_bias : tensor<100xf64> -> tensor<60xf64>
  %4 = costate.dense %x -> 60 named "lecun_normal" init(lecun_normal) no_bias : tensor<100xf64> -> tensor<60xf64>
  %5 = costate.dense %x -> 60 named "normal" init(normal<1.5, 0.5>) no_bias : tensor<100xf64> -> tensor<60xf64>
  %6 = costate.dense %x -> 60 named "uniform" init(uniform<-1.0, 3.0>) no_bias : tensor<100xf64> -> tensor<60xf64>
  %7 = costate.dense %x -> 60 named "another" init(he_normal) no_bias : tensor<100xf64> -> tensor<60xf64>
  %8 = costate.fourier %x -> 30 named "frequencies" scale 2.0 trainable : tensor<100xf64> -> tensor<60xf64>
  %a = arith.addf %0, %1 : tensor<60xf64>
  %b = arith.addf %2, %3 : tensor<60xf64>
  %c = arith.addf %4, %5 : tensor<60xf64>
  %d = arith.addf %6, %7 : tensor<60xf64>
  %e = arith.addf %a, %b : tensor<60xf64>
  %f = arith.addf %c, %d : tensor<60xf64>
  %g = arith.addf %e, %f : tensor<60xf64>
  %h = arith.addf %g, %8 : tensor<60xf64>
  costate.yield %h : tensor<60xf64>
}
costate.variable @given init [1.0, -2.0, 3.5] : tensor<3xf64>
costate.residual @values(%x: tensor<100xf64>) -> tensor<3xf64> {
  %v = costate.read @given : tensor<3xf64>
  costate.yield %v : tensor<3xf64>
}

// The step has no size: what the checkpoint holds is what the parameters began with.
costate.problem @p {
  costate.data @s (x: tensor<100xf64>)
  costate.minimize "n" square(@n(x)) over @s
  costate.minimize "v" square(@values(x)) over @s
  costate.train by #costate.sgd<lr = 1.0e-300> steps 1
}
