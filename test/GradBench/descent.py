#===- descent.py - Gradient descent as MLIR ---------------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""The solver of GradBench's evals particle and saddle (cpp/gradbench/gd.hpp there) as a loop, for functions of one and of
two variables: MLIR has no functions of functions, so there is a loop for each objective."""


def argmin(name, dimension, objective, gradient, parameters=0):
    """A function NAME(parameters, start) -> point that minimizes OBJECTIVE(parameters, point) -> value by the
    GRADIENT(parameters, point) -> components."""
    names = lambda prefix, count=dimension: ", ".join(f"%{prefix}{i}" for i in range(count))
    reals = lambda count=dimension: ", ".join(["f64"] * count)
    several = f"({reals()})" if dimension > 1 else "f64"
    given = names("p", parameters) + ", " if parameters else ""
    inputs = "(" + reals(parameters + dimension) + ")"

    def call(symbol, point, result, results):
        return f"{result} = func.call @{symbol}({given}{names(point)}) : {inputs} -> {results}"

    def parts(value):
        return [f"%{value}"] if dimension == 1 else [f"%{value}#{i}" for i in range(dimension)]

    def several_of(value):
        return f"%{value}" + (f":{dimension}" if dimension > 1 else "")

    def norm(result, prefix):
        lines = [f"%{result}_{i} = arith.mulf {v}, {v} : f64" for i, v in enumerate(prefix)]
        total = f"%{result}_0"
        for i in range(1, dimension):
            lines.append(f"%{result}_sum{i} = arith.addf {total}, %{result}_{i} : f64")
            total = f"%{result}_sum{i}"
        return "\n".join(lines + [f"%{result} = math.sqrt {total} : f64"])

    state = f"{reals()}, f64, {reals()}, f64, i64, i1"  # the point, its value, its gradient, the step, its age, go on
    carried = f"{names('x')}, %fx, {names('g')}, %eta, %age, %go"
    count = 2 * dimension + 4
    steps = "\n".join(f"%s{i} = arith.mulf %eta, %g{i} : f64\n%n{i} = arith.subf %x{i}, %s{i} : f64\n"
                      f"%d{i} = arith.subf %x{i}, %n{i} : f64" for i in range(dimension))
    arguments = ", ".join([f"%p{i}: f64" for i in range(parameters)] + [f"%start{i}: f64" for i in range(dimension)])
    starts = ", ".join(f"%x{i} = %start{i}" for i in range(dimension))
    slopes = ", ".join(f"%g{i} = {v}" for i, v in enumerate(parts("slope")))
    after = ", ".join(f"%{c}: {t}" for c, t in zip([c.strip("% ") for c in carried.split(",")], state.split(", ")))
    return f"""
func.func private @{name}({arguments}) -> {several} {{
  %close = arith.constant 1.0e-5 : f64
  %first = arith.constant 1.0e-5 : f64
  %two = arith.constant 2.0 : f64
  %half = arith.constant 0.5 : f64
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %ten = arith.constant 10 : i64
  %true = arith.constant true
  %false = arith.constant false
  {call(objective, "start", "%value", "f64")}
  {call(gradient, "start", several_of("slope"), several)}
  %r:{count} = scf.while ({starts}, %fx = %value, {slopes}, %eta = %first, %age = %zero, %go = %true)
      : ({state}) -> ({state}) {{
    scf.condition(%go) {carried} : {state}
  }} do {{
  ^bb0({after}):
    {norm("steepness", [f"%g{i}" for i in range(dimension)])}
    %flat = arith.cmpf ole, %steepness, %close : f64
    %old = arith.cmpi eq, %age, %ten : i64
    %next:{count} = scf.if %flat -> ({state}) {{
      scf.yield {names("x")}, %fx, {names("g")}, %eta, %age, %false : {state}
    }} else {{
      %moved:{count} = scf.if %old -> ({state}) {{
        %longer = arith.mulf %eta, %two : f64
        scf.yield {names("x")}, %fx, {names("g")}, %longer, %zero, %true : {state}
      }} else {{
        {steps}
        {norm("distance", [f"%d{i}" for i in range(dimension)])}
        %near = arith.cmpf ole, %distance, %close : f64
        %tried:{count} = scf.if %near -> ({state}) {{
          scf.yield {names("x")}, %fx, {names("g")}, %eta, %age, %false : {state}
        }} else {{
          {call(objective, "n", "%fn", "f64")}
          %less = arith.cmpf olt, %fn, %fx : f64
          %taken:{count} = scf.if %less -> ({state}) {{
            {call(gradient, "n", several_of("gn"), several)}
            %older = arith.addi %age, %one : i64
            scf.yield {names("n")}, %fn, {", ".join(parts("gn"))}, %eta, %older, %true : {state}
          }} else {{
            %shorter = arith.mulf %eta, %half : f64
            scf.yield {names("x")}, %fx, {names("g")}, %shorter, %zero, %true : {state}
          }}
          scf.yield {", ".join(f"%taken#{i}" for i in range(count))} : {state}
        }}
        scf.yield {", ".join(f"%tried#{i}" for i in range(count))} : {state}
      }}
      scf.yield {", ".join(f"%moved#{i}" for i in range(count))} : {state}
    }}
    scf.yield {", ".join(f"%next#{i}" for i in range(count))} : {state}
  }}
  return {", ".join(f"%r#{i}" for i in range(dimension))} : {reals()}
}}
"""
