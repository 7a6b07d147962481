#===- loops.py - Functions with loops, with the points where they are checked -----------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""As cases.py. Jets to order 3: a jet of order 4 through nested loops is much code and shows nothing new."""
from cases import Case

LOOPS = []


def loop(name, x, outputs, body, order=3, compositions=True, memory_limit=0):
    LOOPS.append(Case(name, x, outputs, body, order=order, compositions=compositions, memory_limit=memory_limit))


LOOP = "%c0 = arith.constant 0 : index\n%c1 = arith.constant 1 : index\n%n = arith.constant 4 : index\n"
loop("for_carried", [0.3, -0.7, 1.9], 3, LOOP + """
  %h = arith.constant 0.1 : f64
  %y, %t = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x, %t = %h) -> (tensor<3xf64>, f64) {
    %sin = math.sin %s : tensor<3xf64>
    %p = arith.mulf %sin, %x : tensor<3xf64>
    %tt = tensor.splat %t : tensor<3xf64>
    %q = arith.mulf %p, %tt : tensor<3xf64>
    %r = arith.addf %s, %q : tensor<3xf64>
    %t2 = arith.addf %t, %h : f64
    scf.yield %r, %t2 : tensor<3xf64>, f64
  }""")
# A lower bound and a step, a swap, and a value that only one of the results needs.
loop("for_two_carried", [0.3, -0.7], 2, """
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %l = arith.constant 3 : i32
  %u = arith.constant 11 : i32
  %step = arith.constant 3 : i32
  %a = tensor.extract %x[%c0] : tensor<2xf64>
  %b = tensor.extract %x[%c1] : tensor<2xf64>
  %p, %q, %unused = scf.for %i = %l to %u step %step iter_args(%s = %a, %t = %b, %w = %a) -> (f64, f64, f64) : i32 {
    %f = arith.sitofp %i : i32 to f64
    %m = arith.mulf %s, %t : f64
    %e = math.exp %m : f64
    %d = arith.divf %e, %f : f64
    %v = arith.mulf %w, %e : f64
    scf.yield %t, %d, %v : f64, f64, f64
  }
  %y = tensor.from_elements %p, %q : tensor<2xf64>""")
loop("for_no_iteration", [0.3, -0.7], 2, LOOP + """
  %z = math.sin %x : tensor<2xf64>
  %y = scf.for %i = %n to %c1 step %c1 iter_args(%s = %z) -> tensor<2xf64> {
    %r = arith.mulf %s, %s : tensor<2xf64>
    scf.yield %r : tensor<2xf64>
  }""")
# The elements of an array, one in each iteration, written and read.
loop("for_elements", [0.3, -0.7, 1.9, 0.4], 4, LOOP + """
  %zero = arith.constant 0.5 : f64
  %y, %last = scf.for %i = %c0 to %n step %c1 iter_args(%o = %x, %s = %zero) -> (tensor<4xf64>, f64) {
    %e = tensor.extract %x[%i] : tensor<4xf64>
    %b = tensor.extract %o[%c0] : tensor<4xf64>
    %m = arith.mulf %e, %s : f64
    %a = arith.addf %m, %b : f64
    %r = math.sin %a : f64
    %o2 = tensor.insert %r into %o[%i] : tensor<4xf64>
    scf.yield %o2, %r : tensor<4xf64>, f64
  }""")
loop("for_slices", [0.3, -0.7, 1.9, 1.1, 0.4, -0.6, 0.8, -0.2], 2, LOOP + """
  %ones = arith.constant dense<1.0> : tensor<2xf64>
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %ones) -> tensor<2xf64> {
    %two = arith.constant 2 : index
    %o = arith.muli %i, %two : index
    %e = tensor.extract_slice %x[%o] [2] [1] : tensor<8xf64> to tensor<2xf64>
    %m = arith.mulf %e, %s : tensor<2xf64>
    %t = math.tanh %m : tensor<2xf64>
    %r = arith.addf %t, %e : tensor<2xf64>
    scf.yield %r : tensor<2xf64>
  }""")
loop("for_matrix", [0.3, -0.7, 1.9, 1.1, 0.4, -0.6], 2, LOOP + """
  %w = tensor.extract_slice %x[0] [4] [1] : tensor<6xf64> to tensor<4xf64>
  %m = tensor.expand_shape %w [[0, 1]] output_shape [2, 2] : tensor<4xf64> into tensor<2x2xf64>
  %b = tensor.extract_slice %x[4] [2] [1] : tensor<6xf64> to tensor<2xf64>
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %b) -> tensor<2xf64> {
    %p = linalg.matvec ins(%m, %s : tensor<2x2xf64>, tensor<2xf64>) outs(%b : tensor<2xf64>) -> tensor<2xf64>
    %t = math.tanh %p : tensor<2xf64>
    scf.yield %t : tensor<2xf64>
  }""")
loop("for_nested", [0.3, -0.7], 2, LOOP + """
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<2xf64> {
    %k = arith.addi %i, %c1 : index
    %z = scf.for %j = %c0 to %k step %c1 iter_args(%t = %s) -> tensor<2xf64> {
      %a = math.sin %t : tensor<2xf64>
      %b = arith.mulf %a, %s : tensor<2xf64>
      %c = arith.addf %b, %x : tensor<2xf64>
      scf.yield %c : tensor<2xf64>
    }
    %d = arith.mulf %z, %s : tensor<2xf64>
    scf.yield %d : tensor<2xf64>
  }""")
loop("for_in_if_in_for", [0.3, -0.7], 2, LOOP + """
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> tensor<2xf64> {
    %e = tensor.extract %s[%c0] : tensor<2xf64>
    %half = arith.constant 0.35 : f64
    %c = arith.cmpf olt, %e, %half : f64
    %z = scf.if %c -> tensor<2xf64> {
      %w = scf.for %j = %c0 to %n step %c1 iter_args(%t = %s) -> tensor<2xf64> {
        %a = math.cos %t : tensor<2xf64>
        %b = arith.mulf %a, %x : tensor<2xf64>
        scf.yield %b : tensor<2xf64>
      }
      scf.yield %w : tensor<2xf64>
    } else {
      %w = arith.mulf %s, %s : tensor<2xf64>
      scf.yield %w : tensor<2xf64>
    }
    scf.yield %z : tensor<2xf64>
  }""")
# The number of iterations depends on the values: 7 of the first kind, 2 of the second.
loop("while_doubling", [0.3, -0.7], 2, LOOP + """
  %limit = arith.constant 6.0 : f64
  %y, %count = scf.while (%s = %x, %k = %c0) : (tensor<2xf64>, index) -> (tensor<2xf64>, index) {
    %e = tensor.extract %s[%c0] : tensor<2xf64>
    %q = arith.mulf %e, %e : f64
    %c = arith.cmpf olt, %q, %limit : f64
    %z = math.cos %s : tensor<2xf64>
    %w = arith.addf %z, %s : tensor<2xf64>
    scf.condition(%c) %w, %k : tensor<2xf64>, index
  } do {
  ^bb0(%w: tensor<2xf64>, %k: index):
    %d = arith.mulf %w, %w : tensor<2xf64>
    %z = math.sinh %x : tensor<2xf64>
    %r = arith.addf %d, %z : tensor<2xf64>
    %n1 = arith.addi %k, %c1 : index
    scf.yield %r, %n1 : tensor<2xf64>, index
  }""")
# What is carried for the condition alone has a tangent that folds to zero.
loop("while_condition_alone", [0.3, -0.7], 2, LOOP + """
  %e = tensor.extract %x[%c0] : tensor<2xf64>
  %half = arith.constant 0.5 : f64
  %k, %y, %q = scf.while (%i = %c0, %s = %x, %q = %e) : (index, tensor<2xf64>, f64) -> (index, tensor<2xf64>, f64) {
    %a = arith.cmpi slt, %i, %c1 : index
    %b = arith.cmpf olt, %q, %half : f64
    %c = arith.andi %a, %b : i1
    scf.condition(%c) %i, %s, %q : index, tensor<2xf64>, f64
  } do {
  ^bb0(%i: index, %s: tensor<2xf64>, %q: f64):
    %t = math.tanh %x : tensor<2xf64>
    %u = math.cos %t : tensor<2xf64>
    %v = math.erf %t : tensor<2xf64>
    %d0 = arith.constant dense<-0.35> : tensor<f64>
    %d = linalg.dot ins(%u, %v : tensor<2xf64>, tensor<2xf64>) outs(%d0 : tensor<f64>) -> tensor<f64>
    %g = tensor.extract %d[] : tensor<f64>
    %h = math.sin %g : f64
    %n1 = arith.addi %i, %c1 : index
    scf.yield %n1, %v, %h : index, tensor<2xf64>, f64
  }""")
# The second derivative of a branch has tangents that nothing needs.
loop("if_maximum_of_slices", [0.3, -0.7], 4, LOOP + """
  %e = tensor.extract %x[%c0] : tensor<2xf64>
  %half = arith.constant 0.5 : f64
  %c = arith.cmpf olt, %e, %half : f64
  %t = math.sin %x : tensor<2xf64>
  %y = scf.if %c -> (tensor<4xf64>) {
    %a = tensor.concat dim(0) %t, %t : (tensor<2xf64>, tensor<2xf64>) -> tensor<4xf64>
    %b = tensor.concat dim(0) %t, %x : (tensor<2xf64>, tensor<2xf64>) -> tensor<4xf64>
    %m = arith.maximumf %a, %b : tensor<4xf64>
    scf.yield %m : tensor<4xf64>
  } else {
    %a = tensor.concat dim(0) %x, %x : (tensor<2xf64>, tensor<2xf64>) -> tensor<4xf64>
    scf.yield %a : tensor<4xf64>
  }""")
# Newton's method for the square root, in a loop; the iterations of each differ.
loop("while_in_for", [0.3, 1.7], 2, LOOP + """
  %zero = arith.constant 0.0 : f64
  %half = arith.constant 0.5 : f64
  %small = arith.constant 1.0e-7 : f64
  %two = arith.constant 2 : index
  %y = scf.for %i = %c0 to %two step %c1 iter_args(%o = %x) -> tensor<2xf64> {
    %a = tensor.extract %o[%i] : tensor<2xf64>
    %b = math.exp %a : f64
    %r = scf.while (%g = %b) : (f64) -> f64 {
      %q = arith.divf %b, %g : f64
      %d = arith.subf %g, %q : f64
      %m = math.absf %d : f64
      %c = arith.cmpf ogt, %m, %small : f64
      scf.condition(%c) %g : f64
    } do {
    ^bb0(%g: f64):
      %q = arith.divf %b, %g : f64
      %s = arith.addf %g, %q : f64
      %h = arith.mulf %s, %half : f64
      scf.yield %h : f64
    }
    %o2 = tensor.insert %r into %o[%i] : tensor<2xf64>
    scf.yield %o2 : tensor<2xf64>
  }""")

# Checkpoints: blocks of 4 of 10 iterations, 3 snapshots, and a loop of loops with both.
STEP = """
    %sin = math.sin %s : tensor<2xf64>
    %p = arith.mulf %sin, %x : tensor<2xf64>
    %f = arith.index_cast %i : index to i64
    %g = arith.sitofp %f : i64 to f64
    %gg = tensor.splat %g : tensor<2xf64>
    %small = arith.constant dense<0.03> : tensor<2xf64>
    %h = arith.mulf %gg, %small : tensor<2xf64>
    %q = arith.addf %p, %h : tensor<2xf64>
    %r = math.tanh %q : tensor<2xf64>
    scf.yield %r : tensor<2xf64>
  }"""
for name, count, scheme in (("all", 10, '"all"'), ("every", 10, "{every = 4}"), ("every_one", 10, "{every = 1}"),
                            ("every_many", 10, "{every = 50}"), ("snapshots", 13, "{snapshots = 3}"),
                            ("one_snapshot", 5, "{snapshots = 1}"), ("many_snapshots", 4, "{snapshots = 9}"),
                            ("no_steps", 1, "{snapshots = 3}"), ("bytes_all", 10, "{bytes = 320}"),
                            ("bytes_every", 10, "{bytes = 256}"), ("bytes_snapshots", 10, "{bytes = 90}")):
    loop(f"checkpoint_{name}", [0.3, -0.7], 2, LOOP + f"""
  %m = arith.constant {count} : index
  %y = scf.for %i = %c1 to %m step %c1 iter_args(%s = %x) -> tensor<2xf64> {{""" + STEP + f" {{checkpoint = {scheme}}}",
         order=1, compositions=name in ("every", "snapshots"))
loop("checkpoint_nested", [0.3, -0.7], 2, LOOP + """
  %m = arith.constant 7 : index
  %y = scf.for %k = %c0 to %n step %c1 iter_args(%t = %x) -> tensor<2xf64> {
    %a = arith.addf %t, %x : tensor<2xf64>
    %z = scf.for %i = %c0 to %m step %c1 iter_args(%s = %a) -> tensor<2xf64> {""" + STEP + """ {checkpoint = {snapshots = 2}}
    scf.yield %z : tensor<2xf64>
  } {checkpoint = {every = 3}}""", order=1, compositions=False)
loop("checkpoint_while", [0.3, -0.7], 2, LOOP + """
  %limit = arith.constant 2.0 : f64
  %small = arith.constant dense<0.1> : tensor<2xf64>
  %y = scf.while (%s = %x) : (tensor<2xf64>) -> tensor<2xf64> {
    %e = tensor.extract %s[%c0] : tensor<2xf64>
    %c = arith.cmpf olt, %e, %limit : f64
    scf.condition(%c) %s : tensor<2xf64>
  } do {
  ^bb0(%s: tensor<2xf64>):
    %z = math.cosh %s : tensor<2xf64>
    %d = arith.mulf %z, %small : tensor<2xf64>
    %r = arith.addf %s, %d : tensor<2xf64>
    scf.yield %r : tensor<2xf64>
  } attributes {checkpoint = {snapshots = 3}}""", order=1, compositions=False)
# Schemes that a memory limit chooses: blocks, snapshots, and of nested loops one that runs again.
for name, limit in (("blocks", 256), ("snapshots", 110)):
    loop(f"memory_{name}", [0.3, -0.7], 2, LOOP + """
  %m = arith.constant 10 : index
  %y = scf.for %i = %c0 to %m step %c1 iter_args(%s = %x) -> tensor<2xf64> {""" + STEP, order=1, compositions=False,
         memory_limit=limit)
for limit in (2000, 1000, 500, 250):
    loop(f"memory_nested_{limit}", [0.3, -0.7], 2, LOOP + """
  %m = arith.constant 7 : index
  %w = scf.for %k = %c0 to %n step %c1 iter_args(%t = %x) -> tensor<2xf64> {
    %a = arith.addf %t, %x : tensor<2xf64>
    %z = scf.for %i = %c0 to %m step %c1 iter_args(%s = %a) -> tensor<2xf64> {""" + STEP + """
    scf.yield %z : tensor<2xf64>
  }
  %y = scf.for %i = %c0 to %m step %c1 iter_args(%s = %w) -> tensor<2xf64> {""" + STEP, order=1, compositions=False,
         memory_limit=limit)
