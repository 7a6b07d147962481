#===- large_callee.py - Prints a module with calls of a large function --------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""@f calls @big, of 300 ops, twice. `kind`: name, where somebody else has the name of the derivative; or what @big takes
or returns: integer, memref or dynamic; or transpose."""
import sys

TYPES = {"dynamic": "tensor<?xf64>"}
kind = sys.argv[1]
type_ = TYPES.get(kind, "f64")
more = {"integer": ", %n: i32", "memref": ", %n: memref<f64>"}.get(kind, "")
extra = more.split(": ")[1] if more else ""
returns = f"({type_}, i32)" if kind == "integer" else type_
if kind == "name":
    print("func.func private @big_tangent_0(%x: f64, %t: f64) -> f64 {\n  return %x : f64\n}")
op = "arith.addf %v{0}, %v0" if kind == "transpose" else "math.sin %v{0}"
print(f"func.func private @big(%v0: {type_}{more}) -> {returns} {{")
for i in range(300):
    print(f"  %v{i + 1} = {op.format(i)} : {type_}")
print(f"  return %v300{', %n' if kind == 'integer' else ''} : {type_}{', i32' if kind == 'integer' else ''}\n}}")
call = lambda name, operand: (f"  %{name}{':2' if kind == 'integer' else ''} = func.call @big(%{operand}{', %n' if more else ''}) : "
                              f"({type_}{', ' + extra if more else ''}) -> {returns}")
first = "#0" if kind == "integer" else ""
outer = "tensor<4xf64>" if kind == "dynamic" else "f64"
local = kind == "memref"  # what a derivative may write
print(f"func.func @f(%x: {outer}{'' if local else more}) -> {outer} {{")
if local:
    print("  %n = memref.alloc() : memref<f64>")
if kind == "dynamic":
    print(f"  %y = tensor.cast %x : {outer} to {type_}")
print(call("a", "y" if kind == "dynamic" else "x"))
print(call("b", "a" + first))
if kind == "dynamic":
    print(f"  %r = tensor.cast %b : {type_} to {outer}\n  return %r : {outer}\n}}")
else:
    print(f"  return %b{first} : {outer}\n}}")
if kind == "transpose":
    print("costate.derive @h = jvp @f wrt [0]")
print(f"costate.derive @g = {'transpose' if kind == 'transpose' else 'jvp'} @f wrt [0]")
