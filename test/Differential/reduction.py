#===- reduction.py - Smaller programs that fail alike --------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Delta debugging: results are dropped, values replaced by constants or by others of their type, branches and loops by
what is in them, while the program fails alike."""
import time

from operations import splat_constant
from program import Region
from structured import For, Generic, If, While

SECONDS = 600


def regions_of(program):
    """All regions, the innermost last."""
    pending = [f.region for f in program.functions]
    for region in pending:
        yield region
        pending += [r for op in region.ops for r in op.regions]


def sweep(program):
    """Drops ops whose results nobody uses, and functions that nobody calls."""
    changed = True
    while changed:
        used = {id(v) for f in program.functions for v in list(f.returns) + [u for op in f.region.ops for u in op.uses()]}
        changed = False
        for region in list(regions_of(program)):
            kept = [op for op in region.ops if any(id(r) in used for r in op.results)]
            changed |= len(kept) < len(region.ops)
            region.ops = kept
        called = {op.callee for r in regions_of(program) for op in r.ops if hasattr(op, "callee")}
        program.functions = [f for f in program.functions if f.public or f.name in called]
    return program


def replace(program, old, new):
    for region in regions_of(program):
        region.yields = [new if v is old else v for v in region.yields]
        for op in region.ops:
            op.operands = [new if v is old else v for v in op.operands]


def constant(type_):
    return splat_constant(type_, 0.5 if type_.element in ("f", "other") else 0)


def candidates(program, arguments):
    """Functions that make a clone smaller, the boldest first. Each names places by number, which a clone shares."""
    returns = len(program.main.returns)
    for i in range(returns):
        if returns > 1:
            yield lambda p, i=i: p.main.returns.__delitem__(i)
    regions = list(regions_of(program))
    for r, region in enumerate(regions):
        for o in reversed(range(len(region.ops))):
            op = region.ops[o]
            yield lambda p, r=r, o=o: to_constants(p, list(regions_of(p))[r], o)
            for k in range(len(op.operands)):
                for i in range(len(op.results)):
                    if op.operands[k].type == op.results[i].type:
                        yield lambda p, r=r, o=o, k=k, i=i: replace(p, list(regions_of(p))[r].ops[o].results[i],
                                                                   list(regions_of(p))[r].ops[o].operands[k])
            if isinstance(op, If):
                for side in range(len(op.regions)):
                    yield lambda p, r=r, o=o, side=side: unwrap(p, list(regions_of(p))[r], o, side)
            if isinstance(op, For):
                yield lambda p, r=r, o=o: once(p, list(regions_of(p))[r], o)
            if isinstance(op, (For, While, If, Generic)) and len(op.results) > 1:
                for i in range(len(op.results)):
                    yield lambda p, r=r, o=o, i=i: drop_result(p, list(regions_of(p))[r].ops[o], i)
    for i in range(len(program.main.arguments) if arguments else 0):
        yield lambda p, i=i: drop_argument(p, i)


def to_constants(program, region, o):
    op = region.ops[o]
    if not op.regions and not op.operands and type(op).__name__ == "Constant" and not isinstance(op.value, list):
        raise ValueError
    constants = [constant(v.type) for v in op.results]
    region.ops[o:o + 1] = constants
    for old, new in zip(op.results, constants):
        replace(program, old, new.result)


def unwrap(program, region, o, side):
    op = region.ops[o]
    region.ops[o:o + 1] = op.regions[side].ops
    for old, new in zip(op.results, op.regions[side].yields):
        replace(program, old, new)


def once(program, region, o):
    """The body of a loop, run one time."""
    op = region.ops[o]
    body = op.regions[0]
    region.ops[o:o + 1] = body.ops
    yields = list(body.yields)
    for old, new in zip(body.arguments, [op.operands[0]] + op.operands[3:]):
        yields = [new if v is old else v for v in yields]
        replace(program, old, new)
    for old, new in zip(op.results, yields):
        replace(program, old, new)


def drop_result(program, op, i):
    if any(op.results[i] is u for r in regions_of(program) for u in list(r.yields) + [v for q in r.ops for v in q.operands]):
        raise ValueError
    if isinstance(op, While):
        raise ValueError
    region = op.regions[0]
    if isinstance(op, For):
        argument = region.arguments[1 + i]
        users = [op_ for op_ in region.ops if any(u is argument for u in op_.uses())]
        others = [v for k, v in enumerate(region.yields) if k != i and v is argument]
        if users or others:
            raise ValueError
        del region.arguments[1 + i], region.yields[i], op.operands[3 + i]
    elif isinstance(op, Generic):
        k = op.inputs + i
        argument = region.arguments[k]
        if any(any(u is argument for u in q.uses()) for q in region.ops):
            raise ValueError
        del region.arguments[k], region.yields[i], op.operands[k], op.combiners[i]
        op.maps = [m for j, m in enumerate(op.maps) if j != k]
    else:
        for side in op.regions:
            del side.yields[i]
    del op.results[i]


def drop_argument(program, i):
    """A constant takes its place."""
    value = program.main.arguments[i]
    if value.type.element == "f":
        op = constant(value.type)
        if value.type.shape is None or len(program.inputs[i]) <= 8:
            op.value = program.inputs[i]
    else:
        op = splat_constant(value.type, program.inputs[i])
    replace(program, value, op.result)
    program.main.region.ops.insert(0, op)
    del program.main.arguments[i], program.inputs[i]


def reduce_program(program, failure, check, arguments=True):
    """The smallest program found that fails as the given one does, and its failure. `check` gives a failure or
    None. Arguments become constants if they may."""
    end, changed = time.monotonic() + SECONDS, True
    while changed and time.monotonic() < end:
        changed = False
        for change in list(candidates(program, arguments)):
            if time.monotonic() > end:
                break
            smaller = program.clone()
            try:
                change(smaller)
                if sweep(smaller).text() == program.text():
                    continue
            except (ValueError, IndexError, KeyError):
                continue  # There is no such place, or something would read what is gone.
            found = check(smaller)
            if found is not None and found.kind == failure.kind and found.signature == failure.signature:
                program, failure, changed = smaller, found, True
                break
    return program, failure
