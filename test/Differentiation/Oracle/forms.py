#===- forms.py - Forms of front ends, with the points where they are checked ------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Functions as in cases.py in forms that have no rule of their own: bodies and maps of linalg.generic, control flow, memory
and complex numbers. Upstream lowers the functions themselves, so that differences see the form as it was written."""
from cases import Case

FORMS = []


def form(name, x, outputs, body, order=2, compositions=True, floor=1e-3, **options):
    FORMS.append(Case(name, x, outputs, body, order=order, compositions=compositions, floor=floor, **options))


def maps(*texts):
    return "indexing_maps = [" + ", ".join(f"affine_map<{text}>" for text in texts) + "]"


ELEMENTWISE = 'iterator_types = ["parallel"]'
SUM = 'iterator_types = ["reduction"]'
SIX = [0.3, -0.7, 1.9, 1.1, 0.4, -0.6]
SCALARS = "%c0 = arith.constant 0 : index\n%c1 = arith.constant 1 : index\n%n = arith.constant 6 : index\n"


def to_vector(scalar):
    return f"%y = tensor.from_elements {scalar} : tensor<1xf64>"


# Extrema by comparison and selection
for name, predicate, chosen, start in (("maximum", "ogt", "%v, %m", "-1.0e300"), ("minimum", "ult", "%v, %m", "1.0e300"),
                                       ("maximum_otherwise", "ole", "%m, %v", "-1.0e300")):
    form(f"{name}_by_select", SIX, 2, f"""
  %s = math.sin %x : tensor<6xf64>
  %a = tensor.expand_shape %s [[0, 1]] output_shape [2, 3] : tensor<6xf64> into tensor<2x3xf64>
  %least = arith.constant dense<{start}> : tensor<2xf64>
  %y = linalg.generic {{{maps("(i, j) -> (i, j)", "(i, j) -> (i)")}, iterator_types = ["parallel", "reduction"]}}
    ins(%a : tensor<2x3xf64>) outs(%least : tensor<2xf64>) {{
  ^bb0(%e: f64, %m: f64):
    %v = arith.mulf %e, %e : f64
    %more = arith.cmpf {predicate}, %v, %m : f64
    %next = arith.select %more, {chosen} : f64
    linalg.yield %next : f64
  }} -> tensor<2xf64>""")
# The largest element and where it is, which says what else is read.
form("largest_and_its_place", SIX, 1, f"""
  %s = math.sin %x : tensor<6xf64>
  %least = arith.constant dense<-1.0e300> : tensor<f64>
  %nowhere = arith.constant dense<0> : tensor<index>
  %m, %p = linalg.generic {{{maps("(i) -> (i)", "(i) -> ()", "(i) -> ()")}, {SUM}}}
    ins(%s : tensor<6xf64>) outs(%least, %nowhere : tensor<f64>, tensor<index>) {{
  ^bb0(%e: f64, %most: f64, %place: index):
    %i = linalg.index 0 : index
    %more = arith.cmpf ogt, %e, %most : f64
    %next = arith.select %more, %e, %most : f64
    %there = arith.select %more, %i, %place : index
    linalg.yield %next, %there : f64, index
  }} -> (tensor<f64>, tensor<index>)
  %at = tensor.extract %p[] : tensor<index>
  %e = tensor.extract %x[%at] : tensor<6xf64>
  %f = tensor.extract %m[] : tensor<f64>
  %g = arith.mulf %e, %f : f64
  {to_vector("%g")}""")
# The element that is nearest to a number: what is carried depends on what else is carried.
form("nearest_element", SIX, 1, f"""
  %far = arith.constant dense<1.0e300> : tensor<f64>
  %none = arith.constant dense<0.0> : tensor<f64>
  %target = arith.constant 0.9 : f64
  %d, %v = linalg.generic {{{maps("(i) -> (i)", "(i) -> ()", "(i) -> ()")}, {SUM}}}
    ins(%x : tensor<6xf64>) outs(%far, %none : tensor<f64>, tensor<f64>) {{
  ^bb0(%e: f64, %least: f64, %value: f64):
    %difference = arith.subf %e, %target : f64
    %distance = math.absf %difference : f64
    %nearer = arith.cmpf olt, %distance, %least : f64
    %next = arith.select %nearer, %distance, %least : f64
    %that = arith.select %nearer, %e, %value : f64
    linalg.yield %next, %that : f64, f64
  }} -> (tensor<f64>, tensor<f64>)
  %p = arith.mulf %d, %v : tensor<f64>
  %y = tensor.expand_shape %p [] output_shape [1] : tensor<f64> into tensor<1xf64>""")


def elementwise(name, body, x=SIX, m=("(i) -> (i)",), **options):
    """`body` takes %e and gives %r."""
    form(name, x, len(x), f"""
  %o = tensor.empty() : tensor<{len(x)}xf64>
  %y = linalg.generic {{{maps(*m, "(i) -> (i)")}, {ELEMENTWISE}}} ins({", ".join("%x" for _ in m)} : {", ".join(f"tensor<{len(x)}xf64>" for _ in m)})
    outs(%o : tensor<{len(x)}xf64>) {{
  ^bb0({"".join(f"%{name}: f64, " for name in "efg"[:len(m)])}%unused: f64):
    {body}
    linalg.yield %r : f64
  }} -> tensor<{len(x)}xf64>""", **options)


# Conditionals in a body. At zero the branch that is not taken divides by zero.
elementwise("if_in_body", """
    %z = arith.constant 0.001 : f64
    %one = arith.constant 1.0 : f64
    %third = arith.constant -0.16666666666666666 : f64
    %a = math.absf %e : f64
    %p = arith.cmpf ogt, %a, %z : f64
    %r = scf.if %p -> f64 {
      %s = math.sin %e : f64
      %q = arith.divf %s, %e : f64
      scf.yield %q : f64
    } else {
      %q = arith.mulf %e, %e : f64
      %h = arith.mulf %q, %third : f64
      %q1 = arith.addf %h, %one : f64
      scf.yield %q1 : f64
    }""", x=[0.3, -0.7, 0.0, 1.1])
elementwise("nested_if_in_body", """
    %z = arith.constant 0.0 : f64
    %p = arith.cmpf ogt, %e, %z : f64
    %r, %also = scf.if %p -> (f64, f64) {
      %one = arith.constant 1.0 : f64
      %large = arith.cmpf ogt, %e, %one : f64
      %t = scf.if %large -> f64 {
        %l = math.log %e : f64
        scf.yield %l : f64
      } else {
        %w = math.sqrt %e : f64
        scf.yield %w : f64
      }
      %u = arith.mulf %t, %e : f64
      scf.yield %u, %e : f64, f64
    } else {
      scf.yield %e, %z : f64, f64
    }""", order=3)
# An element that is there only if the condition holds: no selection.
elementwise("if_that_reads", """
    %one = arith.constant 1 : index
    %i = linalg.index 0 : index
    %p = arith.cmpi uge, %i, %one : index
    %r = scf.if %p -> f64 {
      %j = arith.subi %i, %one : index
      %b = tensor.extract %x[%j] : tensor<6xf64>
      %q = arith.mulf %b, %e : f64
      scf.yield %q : f64
    } else {
      scf.yield %e : f64
    }""")
elementwise("loop_in_body", """
    %lower = arith.constant 0 : index
    %upper = arith.constant 3 : index
    %step = arith.constant 1 : index
    %r = scf.for %k = %lower to %upper step %step iter_args(%s = %e) -> f64 {
      %t = math.sin %s : f64
      %u = arith.mulf %t, %e : f64
      scf.yield %u : f64
    }""")
elementwise("index_in_body", """
    %i = linalg.index 0 : index
    %k = arith.index_cast %i : index to i64
    %f = arith.sitofp %k : i64 to f64
    %s = math.sin %e : f64
    %r = arith.mulf %s, %f : f64""")

# Maps
elementwise("rotated_index", "%r = arith.mulf %e, %f : f64",
            m=("(i) -> ((i + 1) mod 6)", "(i) -> ((i + 2) mod 6)"))
elementwise("repeated_index", "%r = arith.mulf %e, %f : f64", m=("(i) -> (i mod 3)", "(i) -> (i floordiv 2)"))
elementwise("reversed_index", "%r = arith.mulf %e, %f : f64", m=("(i) -> (i)", "(i) -> (5 - i)"))
elementwise("many_jumps", "%r = arith.mulf %e, %f : f64", m=("(i) -> (i)", "(i) -> ((i * 5) mod 12)"),
            x=[0.1 * i - 0.55 for i in range(12)])
form("diagonal", [0.3, -0.7, 1.9, 1.1, 0.4, -0.6, 0.8, 1.3, -0.2], 3, f"""
  %s = math.sin %x : tensor<9xf64>
  %a = tensor.expand_shape %s [[0, 1]] output_shape [3, 3] : tensor<9xf64> into tensor<3x3xf64>
  %o = tensor.empty() : tensor<3xf64>
  %y = linalg.generic {{{maps("(i) -> (i, i)", "(i) -> (2 - i, (i + 1) mod 3)", "(i) -> (i)")}, {ELEMENTWISE}}}
    ins(%a, %a : tensor<3x3xf64>, tensor<3x3xf64>) outs(%o : tensor<3xf64>) {{
  ^bb0(%e: f64, %f: f64, %unused: f64):
    %r = arith.mulf %e, %f : f64
    linalg.yield %r : f64
  }} -> tensor<3xf64>""")
form("two_loops_in_one_index", SIX, 6, f"""
  %b = arith.constant dense<[0.5, -0.3]> : tensor<2xf64>
  %o = arith.constant dense<0.0> : tensor<6xf64>
  %y = linalg.generic {{{maps("(i, j) -> ((2 * i + j) mod 6)", "(i, j) -> (j)", "(i, j) -> (i)")}, iterator_types = ["parallel", "reduction"]}}
    ins(%x, %b : tensor<6xf64>, tensor<2xf64>) outs(%o : tensor<6xf64>) {{
  ^bb0(%e: f64, %f: f64, %acc: f64):
    %s = math.exp %e : f64
    %p = arith.mulf %s, %f : f64
    %r = arith.addf %acc, %p : f64
    linalg.yield %r : f64
  }} -> tensor<6xf64>""")


# Folds
def fold(name, body, **options):
    """`body` takes %e and %acc and gives %r. The initial value is the first element."""
    form(name, SIX, 1, f"""
  %s = math.cos %x : tensor<6xf64>
  %first = tensor.extract_slice %x[0] [1] [1] : tensor<6xf64> to tensor<f64>
  %g = linalg.generic {{{maps("(i) -> (i)", "(i) -> ()")}, {SUM}}} ins(%s : tensor<6xf64>) outs(%first : tensor<f64>) {{
  ^bb0(%e: f64, %acc: f64):
    {body}
    linalg.yield %r : f64
  }} -> tensor<f64>
  %y = tensor.expand_shape %g [] output_shape [1] : tensor<f64> into tensor<1xf64>""", **options)


fold("difference", "%r = arith.subf %acc, %e : f64", order=3)
fold("alternating_difference", "%r = arith.subf %e, %acc : f64")
fold("quotient", "%r = arith.divf %acc, %e : f64")
fold("sum_of_squares_by_fma", "%r = math.fma %e, %e, %acc : f64")
fold("two_summands", "%q = arith.mulf %e, %e : f64\n%t = arith.subf %acc, %q : f64\n%r = arith.addf %e, %t : f64")
fold("polynomial", "%q = arith.mulf %acc, %e : f64\n%one = arith.constant 1.0 : f64\n%r = arith.addf %q, %one : f64")
form("matvec_by_fma", SIX, 2, f"""
  %m = tensor.extract_slice %x[0] [4] [1] : tensor<6xf64> to tensor<4xf64>
  %a = tensor.expand_shape %m [[0, 1]] output_shape [2, 2] : tensor<4xf64> into tensor<2x2xf64>
  %b = tensor.extract_slice %x[4] [2] [1] : tensor<6xf64> to tensor<2xf64>
  %y = linalg.generic {{{maps("(i, j) -> (i, j)", "(i, j) -> (j)", "(i, j) -> (i)")}, iterator_types = ["parallel", "reduction"]}}
    ins(%a, %b : tensor<2x2xf64>, tensor<2xf64>) outs(%b : tensor<2xf64>) {{
  ^bb0(%e: f64, %f: f64, %acc: f64):
    %s = math.sin %e : f64
    %t = math.exp %f : f64
    %r = math.fma %s, %t, %acc : f64
    linalg.yield %r : f64
  }} -> tensor<2xf64>""", order=3)
# Dyadic values and a step that f32 holds exactly; differences of a product are exact.
form("matvec_of_f32_into_f64", [0.5, -0.75, 2.0, 1.25, 0.25, -1.5], 2, """
  %t = arith.truncf %x : tensor<6xf64> to tensor<6xf32>
  %m = tensor.extract_slice %t[0] [4] [1] : tensor<6xf32> to tensor<4xf32>
  %a = tensor.expand_shape %m [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>
  %b = tensor.extract_slice %t[4] [2] [1] : tensor<6xf32> to tensor<2xf32>
  %z = arith.constant dense<0.0> : tensor<2xf64>
  %y = linalg.matvec ins(%a, %b : tensor<2x2xf32>, tensor<2xf32>) outs(%z : tensor<2xf64>) -> tensor<2xf64>""",
     step=0.25, order=1, compositions=False)
# Two outputs, one of which is transposed.
form("sum_and_square", SIX, 1, f"""
  %z = arith.constant dense<0.0> : tensor<f64>
  %a, %b = linalg.generic {{{maps("(i) -> (i)", "(i) -> ()", "(i) -> ()")}, {SUM}}}
    ins(%x : tensor<6xf64>) outs(%z, %z : tensor<f64>, tensor<f64>) {{
  ^bb0(%e: f64, %sum: f64, %square: f64):
    %s = arith.addf %sum, %e : f64
    %q = arith.mulf %e, %e : f64
    %t = arith.addf %square, %q : f64
    linalg.yield %s, %t : f64, f64
  }} -> (tensor<f64>, tensor<f64>)
  %p = arith.mulf %a, %b : tensor<f64>
  %y = tensor.expand_shape %p [] output_shape [1] : tensor<f64> into tensor<1xf64>""")
form("softmax", SIX, 6, """
  %a = tensor.expand_shape %x [[0, 1]] output_shape [2, 3] : tensor<6xf64> into tensor<2x3xf64>
  %o = tensor.empty() : tensor<2x3xf64>
  %s = linalg.softmax dimension(1) ins(%a : tensor<2x3xf64>) outs(%o : tensor<2x3xf64>) -> tensor<2x3xf64>
  %y = tensor.collapse_shape %s [[0, 1]] : tensor<2x3xf64> into tensor<6xf64>""")

# Tensors that a region computes
form("generate", SIX, 3, """
  %y = tensor.generate {
  ^bb0(%i: index):
    %two = arith.constant 2 : index
    %j = arith.muli %i, %two : index
    %e = tensor.extract %x[%j] : tensor<6xf64>
    %f = tensor.extract %x[%i] : tensor<6xf64>
    %s = math.sin %e : f64
    %p = arith.mulf %s, %f : f64
    tensor.yield %p : f64
  } : tensor<3xf64>""")
form("reshape", SIX, 3, """
  %shape = arith.constant dense<[3, 2]> : tensor<2xindex>
  %a = tensor.reshape %x(%shape) : (tensor<6xf64>, tensor<2xindex>) -> tensor<3x2xf64>
  %z = arith.constant dense<0.0> : tensor<3xf64>
  %s = math.sin %a : tensor<3x2xf64>
  %y = linalg.reduce { arith.addf } ins(%s : tensor<3x2xf64>) outs(%z : tensor<3xf64>) dimensions = [1]""")

# Control flow
form("affine_for", SIX, 1, f"""
  %z = arith.constant 0.5 : f64
  %s = affine.for %i = 1 to 5 iter_args(%acc = %z) -> f64 {{
    %j = affine.apply affine_map<(i) -> (5 - i)>(%i)
    %e = tensor.extract %x[%i] : tensor<6xf64>
    %f = tensor.extract %x[%j] : tensor<6xf64>
    %g = affine.if affine_set<(i) : (i - 3 >= 0)>(%i) -> f64 {{
      %u = arith.mulf %e, %acc : f64
      affine.yield %u : f64
    }} else {{
      affine.yield %f : f64
    }}
    %h = math.sin %g : f64
    %next = arith.addf %h, %acc : f64
    affine.yield %next : f64
  }}
  {to_vector("%s")}""")
form("index_switch", SIX, 6, SCALARS + """
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%o = %x) -> tensor<6xf64> {
    %e = tensor.extract %o[%i] : tensor<6xf64>
    %r = scf.index_switch %i -> f64
    case 1 {
      %s = math.sin %e : f64
      scf.yield %s : f64
    }
    case 4 {
      %s = math.exp %e : f64
      scf.yield %s : f64
    }
    default {
      %s = arith.mulf %e, %e : f64
      scf.yield %s : f64
    }
    %next = tensor.insert %r into %o[%i] : tensor<6xf64>
    scf.yield %next : tensor<6xf64>
  }""")
form("forall", SIX, 6, """
  %y = scf.forall (%i) in (3) shared_outs(%o = %x) -> (tensor<6xf64>) {
    %two = arith.constant 2 : index
    %j = arith.muli %i, %two : index
    %a = tensor.extract_slice %x[%j] [2] [1] : tensor<6xf64> to tensor<2xf64>
    %b = tensor.extract_slice %o[%i] [2] [1] : tensor<6xf64> to tensor<2xf64>
    %p = arith.mulf %a, %b : tensor<2xf64>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %p into %o[%j] [2] [1] : tensor<2xf64> into tensor<6xf64>
    }
  }""")
form("parallel_sum", SIX, 1, SCALARS + f"""
  %z = arith.constant 0.25 : f64
  %s = scf.parallel (%i) = (%c0) to (%n) step (%c1) init (%z) -> f64 {{
    %e = tensor.extract %x[%i] : tensor<6xf64>
    %q = math.sin %e : f64
    scf.reduce(%q : f64) {{
    ^bb0(%a: f64, %b: f64):
      %t = arith.addf %a, %b : f64
      scf.reduce.return %t : f64
    }}
  }}
  {to_vector("%s")}""")

# A size that is known when it runs, and depends on the point.
form("slice_of_dynamic_size", SIX, 1, SCALARS + f"""
  %zero = arith.constant 0.0 : f64
  %z = arith.constant dense<0.0> : tensor<f64>
  %e = tensor.extract %x[%c0] : tensor<6xf64>
  %p = arith.cmpf ogt, %e, %zero : f64
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %size = arith.select %p, %c3, %c4 : index
  %s = tensor.extract_slice %x[1] [%size] [1] : tensor<6xf64> to tensor<?xf64>
  %t = math.tanh %s : tensor<?xf64>
  %d = linalg.dot ins(%s, %t : tensor<?xf64>, tensor<?xf64>) outs(%z : tensor<f64>) -> tensor<f64>
  %r = tensor.extract %d[] : tensor<f64>
  {to_vector("%r")}""")

# Memory
form("scalar_in_memory", SIX, 1, SCALARS + f"""
  %m = memref.alloca() : memref<f64>
  %start = arith.constant 0.5 : f64
  memref.store %start, %m[] : memref<f64>
  scf.for %i = %c0 to %n step %c1 {{
    %e = tensor.extract %x[%i] : tensor<6xf64>
    %acc = memref.load %m[] : memref<f64>
    %p = arith.mulf %e, %acc : f64
    %s = math.sin %p : f64
    %positive = arith.cmpf ogt, %e, %start : f64
    scf.if %positive {{
      %t = arith.addf %s, %e : f64
      memref.store %t, %m[] : memref<f64>
    }} else {{
      memref.store %e, %m[] : memref<f64>
    }}
  }}
  %r = memref.load %m[] : memref<f64>
  {to_vector("%r")}""")
# A recurrence on a buffer, in rows that are views of it.
form("rows_in_memory", SIX, 3, SCALARS + """
  %m = memref.alloc() : memref<4x3xf64>
  affine.for %i = 0 to 3 {
    %e = tensor.extract %x[%i] : tensor<6xf64>
    affine.store %e, %m[0, %i] : memref<4x3xf64>
  }
  affine.for %k = 1 to 4 {
    affine.for %i = 0 to 3 {
      %before = affine.load %m[%k - 1, %i] : memref<4x3xf64>
      %e = tensor.extract %x[%i] : tensor<6xf64>
      %s = math.sin %before : f64
      %p = arith.mulf %s, %e : f64
      affine.store %p, %m[%k, %i] : memref<4x3xf64>
    }
  }
  %w = memref.subview %m[2, 0] [1, 3] [1, 1] : memref<4x3xf64> to memref<3xf64, strided<[1], offset: 6>>
  %last = memref.subview %m[3, 0] [1, 3] [1, 1] : memref<4x3xf64> to memref<3xf64, strided<[1], offset: 9>>
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
    ins(%w : memref<3xf64, strided<[1], offset: 6>>) outs(%last : memref<3xf64, strided<[1], offset: 9>>) {
  ^bb0(%a: f64, %b: f64):
    %p = arith.mulf %a, %b : f64
    linalg.yield %p : f64
  }
  %r = memref.alloc() : memref<3xf64>
  memref.copy %last, %r : memref<3xf64, strided<[1], offset: 9>> to memref<3xf64>
  %y = bufferization.to_tensor %r restrict : memref<3xf64> to tensor<3xf64>
  memref.dealloc %m : memref<4x3xf64>""")
# A body that loads a buffer itself, through a view of its own.
form("loads_in_body", SIX, 4, """
  %m = memref.alloc() : memref<6xf64>
  %y0 = memref.alloc() : memref<4xf64>
  bufferization.materialize_in_destination %x in restrict writable %m : (tensor<6xf64>, memref<6xf64>) -> ()
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%y0 : memref<4xf64>) {
  ^bb0(%o: f64):
    %i = linalg.index 0 : index
    %tail = memref.subview %m[2] [4] [1] : memref<6xf64> to memref<4xf64, strided<[1], offset: 2>>
    %a = memref.load %m[%i] : memref<6xf64>
    %b = memref.load %tail[%i] : memref<4xf64, strided<[1], offset: 2>>
    %p = arith.mulf %a, %b : f64
    %s = math.sin %p : f64
    linalg.yield %s : f64
  }
  %y = bufferization.to_tensor %y0 restrict : memref<4xf64> to tensor<4xf64>""")
form("products_in_memory", SIX, 2, SCALARS + """
  %a = memref.alloca() : memref<2x2xf64>
  %b = memref.alloca() : memref<2xf64>
  %c = memref.alloca() : memref<2xf64>
  %f = memref.collapse_shape %a [[0, 1]] : memref<2x2xf64> into memref<4xf64>
  %two = arith.constant 2 : index
  %four = arith.constant 4 : index
  scf.for %i = %c0 to %four step %c1 {
    %e = tensor.extract %x[%i] : tensor<6xf64>
    memref.store %e, %f[%i] : memref<4xf64>
  }
  scf.for %i = %c0 to %two step %c1 {
    %j = arith.addi %i, %four : index
    %e = tensor.extract %x[%j] : tensor<6xf64>
    memref.store %e, %b[%i] : memref<2xf64>
  }
  %zero = arith.constant 0.0 : f64
  %limit = arith.constant 3 : index
  %end = scf.while (%k = %c0) : (index) -> index {
    %more = arith.cmpi ult, %k, %limit : index
    scf.condition(%more) %k : index
  } do {
  ^bb0(%k: index):
    linalg.fill ins(%zero : f64) outs(%c : memref<2xf64>)
    linalg.matvec ins(%a, %b : memref<2x2xf64>, memref<2xf64>) outs(%c : memref<2xf64>)
    linalg.map { math.sin } ins(%c : memref<2xf64>) outs(%b : memref<2xf64>)
    %next = arith.addi %k, %c1 : index
    scf.yield %next : index
  }
  %y = tensor.generate {
  ^bb0(%i: index):
    %e = memref.load %b[%i] : memref<2xf64>
    tensor.yield %e : f64
  } : tensor<2xf64>""")

# Outputs of other maps: what is a reduction for one goes over elements of another, and only one says how long a loop is.
form("outputs_of_other_maps", SIX, 2, f"""
  %a = tensor.expand_shape %x [[0, 1]] output_shape [2, 3] : tensor<6xf64> into tensor<2x3xf64>
  %whole = tensor.empty() : tensor<3x2xf64>
  %ones = arith.constant dense<1.0> : tensor<2xf64>
  %s, %q = linalg.generic {{{maps("(i, j) -> (i, j)", "(i, j) -> (j, i)", "(i, j) -> (i)")},
      iterator_types = ["parallel", "reduction"]}}
    ins(%a : tensor<2x3xf64>) outs(%whole, %ones : tensor<3x2xf64>, tensor<2xf64>) {{
  ^bb0(%e: f64, %unused: f64, %sum: f64):
    %t = math.sin %e : f64
    %p = arith.mulf %t, %e : f64
    %next = arith.addf %sum, %p : f64
    linalg.yield %t, %next : f64, f64
  }} -> (tensor<3x2xf64>, tensor<2xf64>)
  %y = linalg.reduce {{arith.mulf}} ins(%s : tensor<3x2xf64>) outs(%q : tensor<2xf64>) dimensions = [0]""")
form("extent_of_another_output", SIX[:2], 2, f"""
  %whole = tensor.empty() : tensor<2x3xf64>
  %ones = arith.constant dense<1.0> : tensor<2xf64>
  %s, %q = linalg.generic {{{maps("(i, j) -> (i)", "(i, j) -> (i, j)", "(i, j) -> (i)")},
      iterator_types = ["parallel", "reduction"]}}
    ins(%x : tensor<2xf64>) outs(%whole, %ones : tensor<2x3xf64>, tensor<2xf64>) {{
  ^bb0(%e: f64, %unused: f64, %sum: f64):
    %j = linalg.index 1 : index
    %k = arith.index_cast %j : index to i64
    %f = arith.sitofp %k : i64 to f64
    %g = arith.mulf %f, %e : f64
    %t = math.cos %g : f64
    %next = arith.addf %sum, %t : f64
    linalg.yield %g, %next : f64, f64
  }} -> (tensor<2x3xf64>, tensor<2xf64>)
  %y = linalg.reduce {{arith.addf}} ins(%s : tensor<2x3xf64>) outs(%q : tensor<2xf64>) dimensions = [1]""")

# Padding that cuts, by what is constant and what is not. (Upstream takes no negative amounts.)
for name, low, high, size, amount in (("cut", -2, 1, 5, 0), ("cut_and_padded", -3, 3, 6, 0), ("moved", "%k", "%m", 6, 2),
                                      ("moved_back", "%k", "%m", 6, -2)):
    for kind, value in (("constant", "%one"), ("by_value", "%v")):
        form(f"padding_{name}_{kind}", SIX, size, f"""
  %zero = arith.constant 0 : index
  %amount = arith.constant {amount} : index
  %one = arith.constant 1.0 : f64
  %x0 = tensor.extract %x[%zero] : tensor<6xf64>
  %small = arith.cmpf olt, %x0, %one : f64
  %k = arith.select %small, %amount, %zero : index
  %m = arith.subi %zero, %k : index
  %v = math.sin %x0 : f64
  %s = arith.mulf %x, %x : tensor<6xf64>
  %y = tensor.pad %s low[{low}] high[{high}] {{
  ^bb0(%i: index):
    tensor.yield {value} : f64
  }} : tensor<6xf64> to tensor<{size}xf64>""")

# Complex numbers
PARTS = """
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %x0 = tensor.extract %x[%c0] : tensor<4xf64>
  %x1 = tensor.extract %x[%c1] : tensor<4xf64>
  %x2 = tensor.extract %x[%c2] : tensor<4xf64>
  %x3 = tensor.extract %x[%c3] : tensor<4xf64>
  %u = complex.create %x0, %x1 : complex<f64>
  %v = complex.create %x2, %x3 : complex<f64>
"""


def complex_form(name, body, x=(0.3, -0.7, 1.9, 1.1), **options):
    """`body` takes %u and %v and gives %r."""
    form(f"complex_{name}", list(x), 2, PARTS + body + """
  %re = complex.re %r : complex<f64>
  %im = complex.im %r : complex<f64>
  %y = tensor.from_elements %re, %im : tensor<2xf64>""", **options)


for op in ("add", "sub", "mul", "div", "pow"):
    complex_form(op, f"%r = complex.{op} %u, %v : complex<f64>", order=3)
for op in ("neg", "conj", "exp", "expm1", "log", "log1p", "sqrt", "rsqrt", "sin", "cos", "tan", "tanh"):
    complex_form(op, f"%w = complex.mul %u, %v : complex<f64>\n%r = complex.{op} %w : complex<f64>")
# Equal parts are no kink of the absolute value.
complex_form("abs_angle", """
  %a = complex.abs %u : complex<f64>
  %b = complex.angle %v : f64
  %r = complex.create %a, %b : complex<f64>""".replace("%v : f64", "%v : complex<f64>"), x=(0.7, -0.7, 1.9, 1.1))
# Where a part is zero, or the other one is the larger, the formulas are others.
for name, v in (("imaginary", (0.0, 1.9)), ("real", (-1.9, 0.0)), ("steep", (0.4, -1.9))):
    complex_form(f"div_{name}", "%r = complex.div %u, %v : complex<f64>", x=(0.3, -0.7, *v), order=3)
    for op in ("log", "log1p", "sqrt", "rsqrt"):
        complex_form(f"{op}_{name}", f"%w = complex.conj %v : complex<f64>\n%r = complex.{op} %w : complex<f64>",
                     x=(0.3, -0.7, abs(v[0]), v[1]), order=3)
complex_form("iteration", """
  %w = scf.for %k = %c0 to %c3 step %c1 iter_args(%z = %u) -> complex<f64> {
    %q = complex.mul %z, %z : complex<f64>
    %s = complex.add %q, %v : complex<f64>
    %small = complex.constant [0.5, -0.25] : complex<f64>
    %t = complex.mul %s, %small : complex<f64>
    scf.yield %t : complex<f64>
  }
  %zero = arith.constant 0.0 : f64
  %p = arith.cmpf ogt, %x0, %zero : f64
  %r = scf.if %p -> complex<f64> {
    scf.yield %w : complex<f64>
  } else {
    scf.yield %v : complex<f64>
  }""")
