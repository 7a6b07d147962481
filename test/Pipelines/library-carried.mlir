// Loops that carry several tensors, and their derivatives backwards, as a library: the new values may be those of one another,
// of one value, of an outer one or constants. The right values are computed in Python, derivatives by complex steps.
//
// RUN: costatec %s --emit=shared -o %t.so
// RUN: %python %S/Inputs/library_carried.py %t.so | FileCheck %s
// CHECK: 24 functions, wrong: none

func.func @both_read(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%p = %a, %q = %b) -> (tensor<2xf64>, tensor<2xf64>) {
    %u = math.sin %q : tensor<2xf64>
    %w = arith.addf %p, %q : tensor<2xf64>
    scf.yield %u, %w : tensor<2xf64>, tensor<2xf64>
  }
  return %r#0, %r#1 : tensor<2xf64>, tensor<2xf64>
}

func.func @swapped(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%p = %a, %q = %b) -> (tensor<2xf64>, tensor<2xf64>) {
    scf.yield %q, %p : tensor<2xf64>, tensor<2xf64>
  }
  return %r#0, %r#1 : tensor<2xf64>, tensor<2xf64>
}

// Two steps in time, the newest carried first and last.
func.func @newest_first(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %two = arith.constant dense<1.9> : tensor<2xf64>
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%u = %b, %p = %a) -> (tensor<2xf64>, tensor<2xf64>) {
    %s = math.sin %u : tensor<2xf64>
    %x = arith.mulf %s, %two : tensor<2xf64>
    %y = arith.subf %x, %p : tensor<2xf64>
    scf.yield %y, %u : tensor<2xf64>, tensor<2xf64>
  }
  return %r#0, %r#1 : tensor<2xf64>, tensor<2xf64>
}

func.func @newest_last(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %two = arith.constant dense<1.9> : tensor<2xf64>
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%p = %a, %u = %b) -> (tensor<2xf64>, tensor<2xf64>) {
    %s = math.sin %u : tensor<2xf64>
    %x = arith.mulf %s, %two : tensor<2xf64>
    %y = arith.subf %x, %p : tensor<2xf64>
    scf.yield %u, %y : tensor<2xf64>, tensor<2xf64>
  }
  return %r#1, %r#0 : tensor<2xf64>, tensor<2xf64>
}

// A cycle of three beside one value that two others take, an outer value and a constant.
func.func @turned(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %half = arith.constant dense<[0.5, 0.25]> : tensor<2xf64>
  %c = arith.addf %a, %b : tensor<2xf64>
  %r:6 = scf.for %i = %c0 to %n step %c1 iter_args(%p = %a, %q = %b, %s = %c, %t = %a, %u = %b, %v = %c)
      -> (tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>) {
    %x = arith.mulf %t, %p : tensor<2xf64>
    %y = arith.addf %x, %v : tensor<2xf64>
    %z = arith.addf %y, %u : tensor<2xf64>
    %w = math.sin %z : tensor<2xf64>
    scf.yield %q, %s, %w, %w, %a, %half
      : tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>
  }
  %d = arith.addf %r#0, %r#4 : tensor<2xf64>
  %e = arith.mulf %r#1, %r#5 : tensor<2xf64>
  %f = arith.mulf %r#2, %r#3 : tensor<2xf64>
  %g = arith.addf %e, %f : tensor<2xf64>
  return %d, %g : tensor<2xf64>, tensor<2xf64>
}

// A loop in a loop that hands its tensors on the other way round.
func.func @nested(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%p = %a, %q = %b) -> (tensor<2xf64>, tensor<2xf64>) {
    %s:2 = scf.for %j = %c0 to %n step %c1 iter_args(%u = %q, %v = %p) -> (tensor<2xf64>, tensor<2xf64>) {
      %x = math.sin %v : tensor<2xf64>
      %y = arith.addf %x, %p : tensor<2xf64>
      scf.yield %v, %y : tensor<2xf64>, tensor<2xf64>
    }
    scf.yield %s#0, %s#1 : tensor<2xf64>, tensor<2xf64>
  }
  return %r#0, %r#1 : tensor<2xf64>, tensor<2xf64>
}

// Branches that yield what is carried, and parts of it.
func.func @branches(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %half = arith.constant 0.5 : f64
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%p = %a, %q = %b) -> (tensor<2xf64>, tensor<2xf64>) {
    %e = tensor.extract %p[%c0] : tensor<2xf64>
    %above = arith.cmpf ogt, %e, %half : f64
    %s:2 = scf.if %above -> (tensor<2xf64>, tensor<2xf64>) {
      scf.yield %q, %p : tensor<2xf64>, tensor<2xf64>
    } else {
      %x = math.cos %p : tensor<2xf64>
      %y = tensor.insert %e into %q[%c1] : tensor<2xf64>
      scf.yield %x, %y : tensor<2xf64>, tensor<2xf64>
    }
    %z = arith.addf %s#1, %q : tensor<2xf64>
    scf.yield %s#0, %z : tensor<2xf64>, tensor<2xf64>
  }
  return %r#0, %r#1 : tensor<2xf64>, tensor<2xf64>
}

// The second region of a loop takes other values than the first.
func.func @while_computed(%a: tensor<2xf64>, %limit: f64) -> tensor<2xf64> {
  %c0 = arith.constant 0 : index
  %r = scf.while (%x = %a) : (tensor<2xf64>) -> tensor<2xf64> {
    %m = arith.addf %x, %x : tensor<2xf64>
    %e = tensor.extract %x[%c0] : tensor<2xf64>
    %p = arith.cmpf olt, %e, %limit : f64
    scf.condition(%p) %m : tensor<2xf64>
  } do {
  ^bb0(%m: tensor<2xf64>):
    %s = math.sin %m : tensor<2xf64>
    %y = arith.addf %s, %m : tensor<2xf64>
    scf.yield %y : tensor<2xf64>
  }
  return %r : tensor<2xf64>
}

// Three values of other types and in another order.
func.func @while_others(%a: tensor<2xf64>, %b: tensor<1xf64>, %n: index) -> (tensor<1xf64>, tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:4 = scf.while (%i = %c0, %x = %a, %y = %b)
      : (index, tensor<2xf64>, tensor<1xf64>) -> (tensor<1xf64>, tensor<2xf64>, index, tensor<2xf64>) {
    %more = arith.cmpi ult, %i, %n : index
    %z = tensor.insert_slice %y into %x[0] [1] [1] : tensor<1xf64> into tensor<2xf64>
    %u = math.cos %x : tensor<2xf64>
    %next = arith.addi %i, %c1 : index
    scf.condition(%more) %y, %z, %next, %u : tensor<1xf64>, tensor<2xf64>, index, tensor<2xf64>
  } do {
  ^bb0(%y: tensor<1xf64>, %z: tensor<2xf64>, %i: index, %u: tensor<2xf64>):
    %v = tensor.extract_slice %u[1] [1] [1] : tensor<2xf64> to tensor<1xf64>
    %w = arith.addf %y, %v : tensor<1xf64>
    scf.yield %i, %z, %w : index, tensor<2xf64>, tensor<1xf64>
  }
  return %r#0, %r#1, %r#3 : tensor<1xf64>, tensor<2xf64>, tensor<2xf64>
}

func.func @while_swapped(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:3 = scf.while (%i = %c0, %x = %a, %y = %b)
      : (index, tensor<2xf64>, tensor<2xf64>) -> (index, tensor<2xf64>, tensor<2xf64>) {
    %more = arith.cmpi ult, %i, %n : index
    %next = arith.addi %i, %c1 : index
    scf.condition(%more) %next, %y, %x : index, tensor<2xf64>, tensor<2xf64>
  } do {
  ^bb0(%i: index, %y: tensor<2xf64>, %x: tensor<2xf64>):
    %z = math.sin %y : tensor<2xf64>
    %w = arith.addf %z, %x : tensor<2xf64>
    scf.yield %i, %y, %w : index, tensor<2xf64>, tensor<2xf64>
  }
  return %r#1, %r#2 : tensor<2xf64>, tensor<2xf64>
}

// Branches whose results may each be in the buffer of the next: what is read last must be copied first.
func.func @crossed(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c2 = arith.constant 2 : index
  %s = arith.addf %a, %b : tensor<2xf64>
  %u = math.sin %s : tensor<2xf64>
  %v = arith.mulf %u, %b : tensor<2xf64>
  %small = arith.cmpi ult, %n, %c2 : index
  %r:2 = scf.if %small -> (tensor<2xf64>, tensor<2xf64>) {
    scf.yield %s, %u : tensor<2xf64>, tensor<2xf64>
  } else {
    scf.yield %u, %v : tensor<2xf64>, tensor<2xf64>
  }
  return %r#1, %r#0 : tensor<2xf64>, tensor<2xf64>
}

func.func @crossed_carried(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%p = %a, %q = %b) -> (tensor<2xf64>, tensor<2xf64>) {
    %u = math.cos %p : tensor<2xf64>
    %v = math.sin %u : tensor<2xf64>
    %early = arith.cmpi ult, %i, %c2 : index
    %s:3 = scf.if %early -> (tensor<2xf64>, tensor<2xf64>, tensor<2xf64>) {
      scf.yield %q, %u, %p : tensor<2xf64>, tensor<2xf64>, tensor<2xf64>
    } else {
      scf.yield %u, %v, %q : tensor<2xf64>, tensor<2xf64>, tensor<2xf64>
    }
    %w = arith.addf %s#2, %p : tensor<2xf64>
    %x = arith.addf %w, %s#1 : tensor<2xf64>
    scf.yield %x, %s#0 : tensor<2xf64>, tensor<2xf64>
  }
  return %r#1, %r#0 : tensor<2xf64>, tensor<2xf64>
}

// An iteration reads of a shared output what was there before the loop, though another one wrote over it.
func.func @turned_at_once(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c1 = arith.constant 1 : index
  %r:2 = scf.forall (%i) in (2) shared_outs(%p = %a, %q = %b) -> (tensor<2xf64>, tensor<2xf64>) {
    %other = arith.subi %c1, %i : index
    %x = tensor.extract_slice %p[%other] [1] [1] : tensor<2xf64> to tensor<1xf64>
    %same = tensor.extract_slice %q[%i] [1] [1] : tensor<2xf64> to tensor<1xf64>
    %s = math.sin %x : tensor<1xf64>
    %t = arith.mulf %same, %same : tensor<1xf64>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %s into %p[%i] [1] [1] : tensor<1xf64> into tensor<2xf64>
      tensor.parallel_insert_slice %t into %q[%i] [1] [1] : tensor<1xf64> into tensor<2xf64>
    }
  }
  return %r#0, %r#1 : tensor<2xf64>, tensor<2xf64>
}

costate.derive @turned_at_once_vjp = vjp @turned_at_once wrt [0, 1]
func.func @turned_at_once_backwards(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index, %da: tensor<2xf64>, %db: tensor<2xf64>)
    -> (tensor<2xf64>, tensor<2xf64>) {
  %r:4 = costate.call @turned_at_once_vjp(%a, %b, %n, %da, %db)
    : (tensor<2xf64>, tensor<2xf64>, index, tensor<2xf64>, tensor<2xf64>)
    -> (tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>)
  return %r#2, %r#3 : tensor<2xf64>, tensor<2xf64>
}

// A carried tensor that doubles its extent in each iteration.
func.func @growing(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %start = tensor.cast %a : tensor<2xf64> to tensor<?xf64>
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%t = %start) -> (tensor<?xf64>) {
    %s = math.sin %t : tensor<?xf64>
    %both = tensor.concat dim(0) %t, %s : (tensor<?xf64>, tensor<?xf64>) -> tensor<?xf64>
    scf.yield %both : tensor<?xf64>
  }
  %size = tensor.dim %r, %c0 : tensor<?xf64>
  %middle = arith.divui %size, %c2 : index
  %first = arith.subi %middle, %c1 : index
  %ends = tensor.extract_slice %r[%first] [2] [1] : tensor<?xf64> to tensor<2xf64>
  %last = arith.subi %size, %c2 : index
  %lasts = tensor.extract_slice %r[%last] [2] [1] : tensor<?xf64> to tensor<2xf64>
  %sum = arith.addf %lasts, %b : tensor<2xf64>
  return %ends, %sum : tensor<2xf64>, tensor<2xf64>
}

// The second region takes a tensor whose extent only the first knows.
func.func @while_shrinking(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %r:4 = scf.while (%i = %c0, %x = %a, %y = %b)
      : (index, tensor<2xf64>, tensor<2xf64>) -> (index, tensor<?xf64>, tensor<2xf64>, tensor<2xf64>) {
    %more = arith.cmpi ult, %i, %n : index
    %extent = arith.remui %i, %c2 : index
    %m = arith.addi %extent, %c1 : index
    %part = tensor.extract_slice %x[0] [%m] [1] : tensor<2xf64> to tensor<?xf64>
    scf.condition(%more) %i, %part, %y, %x : index, tensor<?xf64>, tensor<2xf64>, tensor<2xf64>
  } do {
  ^bb0(%i: index, %part: tensor<?xf64>, %y: tensor<2xf64>, %x: tensor<2xf64>):
    %next = arith.addi %i, %c1 : index
    %m = tensor.dim %part, %c0 : tensor<?xf64>
    %u = math.sin %part : tensor<?xf64>
    %z = tensor.insert_slice %u into %y[0] [%m] [1] : tensor<?xf64> into tensor<2xf64>
    scf.yield %next, %z, %x : index, tensor<2xf64>, tensor<2xf64>
  }
  %m = tensor.dim %r#1, %c0 : tensor<?xf64>
  %out = tensor.insert_slice %r#1 into %b[0] [%m] [1] : tensor<?xf64> into tensor<2xf64>
  %sum = arith.addf %r#2, %r#3 : tensor<2xf64>
  return %out, %sum : tensor<2xf64>, tensor<2xf64>
}

// Iterations in any order, which a library runs one after another; what they write is no longer read after.
func.func @at_once(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c1 = arith.constant 1 : index
  %r:2 = scf.forall (%i, %j) in (2, %n) shared_outs(%p = %a, %q = %b) -> (tensor<2xf64>, tensor<2xf64>) {
    %other = arith.subi %c1, %i : index
    %x = tensor.extract_slice %a[%other] [1] [1] : tensor<2xf64> to tensor<1xf64>
    %y = tensor.extract_slice %b[%i] [1] [1] : tensor<2xf64> to tensor<1xf64>
    %s = math.sin %y : tensor<1xf64>
    %z = arith.addf %x, %s : tensor<1xf64>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %z into %p[%i] [1] [1] : tensor<1xf64> into tensor<2xf64>
      tensor.parallel_insert_slice %x into %q[%i] [1] [1] : tensor<1xf64> into tensor<2xf64>
    }
  }
  return %r#0, %r#1 : tensor<2xf64>, tensor<2xf64>
}

// The same where the result is read once, and the cast of the start could seem to be that of each iteration.
func.func @grown(%a: tensor<2xf64>, %n: index) -> tensor<1xf64> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant dense<0.0> : tensor<f64>
  %start = tensor.cast %a : tensor<2xf64> to tensor<?xf64>
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%t = %start) -> (tensor<?xf64>) {
    %s = math.sin %t : tensor<?xf64>
    %d = tensor.dim %t, %c0 : tensor<?xf64>
    %m = arith.addi %d, %d : index
    %e = tensor.empty(%m) : tensor<?xf64>
    %u = tensor.insert_slice %t into %e[0] [%d] [1] : tensor<?xf64> into tensor<?xf64>
    %both = tensor.insert_slice %s into %u[%d] [%d] [1] : tensor<?xf64> into tensor<?xf64>
    scf.yield %both : tensor<?xf64>
  }
  %sum = linalg.reduce { arith.addf } ins(%r : tensor<?xf64>) outs(%zero : tensor<f64>) dimensions = [0]
  %one = tensor.expand_shape %sum [] output_shape [1] : tensor<f64> into tensor<1xf64>
  return %one : tensor<1xf64>
}

costate.derive @grown_jvp = jvp @grown wrt [0]
func.func @grown_forward(%a: tensor<2xf64>, %n: index, %da: tensor<2xf64>) -> tensor<1xf64> {
  %r:2 = costate.call @grown_jvp(%a, %n, %da) : (tensor<2xf64>, index, tensor<2xf64>) -> (tensor<1xf64>, tensor<1xf64>)
  return %r#1 : tensor<1xf64>
}

// Loops and conditions of the affine dialect that carry tensors.
func.func @affine_loop(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %r:2 = affine.for %i = 0 to %n iter_args(%p = %a, %q = %b) -> (tensor<2xf64>, tensor<2xf64>) {
    %w = arith.addf %p, %q : tensor<2xf64>
    affine.yield %q, %w : tensor<2xf64>, tensor<2xf64>
  }
  return %r#0, %r#1 : tensor<2xf64>, tensor<2xf64>
}

func.func @affine_condition(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %r:2 = affine.if affine_set<(d0) : (d0 - 2 >= 0)>(%n) -> (tensor<2xf64>, tensor<2xf64>) {
    affine.yield %b, %a : tensor<2xf64>, tensor<2xf64>
  } else {
    %w = math.sin %a : tensor<2xf64>
    affine.yield %w, %b : tensor<2xf64>, tensor<2xf64>
  }
  return %r#0, %r#1 : tensor<2xf64>, tensor<2xf64>
}

// The cotangents of both starts from those of both ends.
costate.derive @newest_first_vjp = vjp @newest_first wrt [0, 1]
func.func @newest_first_backwards(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index, %da: tensor<2xf64>, %db: tensor<2xf64>)
    -> (tensor<2xf64>, tensor<2xf64>) {
  %r:4 = costate.call @newest_first_vjp(%a, %b, %n, %da, %db)
    : (tensor<2xf64>, tensor<2xf64>, index, tensor<2xf64>, tensor<2xf64>)
    -> (tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>)
  return %r#2, %r#3 : tensor<2xf64>, tensor<2xf64>
}

costate.derive @turned_vjp = vjp @turned wrt [0, 1]
func.func @turned_backwards(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index, %da: tensor<2xf64>, %db: tensor<2xf64>)
    -> (tensor<2xf64>, tensor<2xf64>) {
  %r:4 = costate.call @turned_vjp(%a, %b, %n, %da, %db)
    : (tensor<2xf64>, tensor<2xf64>, index, tensor<2xf64>, tensor<2xf64>)
    -> (tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>)
  return %r#2, %r#3 : tensor<2xf64>, tensor<2xf64>
}

// Tensors that iterations in any order reduce.
func.func @reduced_at_once(%a: tensor<2xf64>, %b: tensor<2xf64>, %n: index) -> (tensor<2xf64>, tensor<2xf64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.parallel (%i) = (%c0) to (%n) step (%c1) init (%a, %b) -> (tensor<2xf64>, tensor<2xf64>) {
    scf.reduce(%b, %a : tensor<2xf64>, tensor<2xf64>) {
    ^bb0(%s: tensor<2xf64>, %v: tensor<2xf64>):
      %t = arith.addf %s, %v : tensor<2xf64>
      scf.reduce.return %t : tensor<2xf64>
    }, {
    ^bb0(%s: tensor<2xf64>, %v: tensor<2xf64>):
      %t = arith.mulf %s, %v : tensor<2xf64>
      scf.reduce.return %t : tensor<2xf64>
    }
  }
  return %r#0, %r#1 : tensor<2xf64>, tensor<2xf64>
}
