#===- report.py - Tables of the results, in Markdown ------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===--------------------------------------------------------------------------------------------------------===#
import json
import os
import platform

import problems


def machine():
    with open("/proc/cpuinfo") as file:
        name = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return {"processor": name, "cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}


def nested(form):
    """Whether derivatives are taken of derivatives, without jets of any kind."""
    return not any(word in form for word in ("jet", "folx", "hand"))


def _duration(quartiles):
    scale, unit = (1e3, "ms") if quartiles[0] >= 1e-3 else (1e6, "µs")
    middle, low, high = (f"{value * scale:.3g}" for value in quartiles)
    return f"{middle} {unit} ({low} to {high})"


def _ratio(quartiles):
    return "{:.3g} ({:.3g} to {:.3g})".format(*quartiles)


def _megabytes(count):
    return f"{count / 1e6:.1f}"


def _rows(lines):
    head, *rest = lines
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *rest])


def table(benchmark, results):
    """One benchmark; the results are those of one or several numbers of threads, the smallest with all forms."""
    results = sorted(results, key=lambda result: result["threads"])
    first = results[0]
    head = ["form", "with", "gradient off by"]
    for result in results:
        words = "thread" if result["threads"] == 1 else "threads"
        head += [f"{result['threads']} {words}", "to Costate"]
    lines = [head + ["memory, MB", "first call, s"]]
    rows = [first["ours"]] + sorted(first["peers"], key=lambda row: row.get("ratio", [1e9])[0])
    for row in rows:
        cells = [row["form"], row["version"], f"{row['error']:.0e}" if row.get("error") else ""]
        for result in results:
            same = [other for other in [result["ours"], *result["peers"]]
                    if (other["form"], other["version"]) == (row["form"], row["version"])]
            if same and "seconds" in same[0]:
                cells += [_duration(same[0]["seconds"]), "" if row is rows[0] else _ratio(same[0]["ratio"])]
            else:
                cells += ["not timed: " + same[0]["refused"] if same and "refused" in same[0] else "", ""]
        cells += [_megabytes(row["bytes"]) if "bytes" in row else "", f"{row['first']:.1f}" if "first" in row else ""]
        lines.append(cells)
    lines[1][-1] = f"{first['compile']:.1f} (costatec)"
    points = f"N = {first['points']}, " if benchmark.kind == "residual" else ""
    return f"### {benchmark.title}\n\n{points}{first['precision']}\n\n{_rows(lines)}\n"


def widths(result):
    lines = [["width", "time", "GFLOP/s", "to its neighbours, by flops", "compiled in, s"]]
    rows = result["rows"]
    cost = [row["seconds"] / row["flops"] for row in rows]
    worst = 0.0
    for number, row in enumerate(rows):
        beside = [cost[k] for k in (number - 1, number + 1) if 0 <= k < len(rows)]
        relative = cost[number] / (sum(beside) / len(beside))
        worst = max(worst, relative)
        lines.append([str(row["width"]), f"{row['seconds'] * 1e3:.2f} ms", f"{1e-9 / cost[number]:.0f}", f"{relative:.2f}",
                      f"{row['compile']:.1f}"])
    return (f"### Widths: Burgers, four layers, N = 10000, f32, {result['threads']} thread\n\n{_rows(lines)}\n\n"
            f"Worst: {worst:.2f}. A network of 20 layers of 256 units compiles in {result['deep']:.1f} s.\n")


def summary(results):
    """Costate's time and rate, and the best peers, of every benchmark."""
    lines = [["benchmark", "threads", "Costate", "GFLOP/s", "best nested peer", "best peer", "memory, best peer's to Costate's",
              "compiled in, s"]]
    for (name, threads), result in results.items():
        benchmark = problems.BENCHMARKS[name]
        timed = [row for row in result["peers"] if "ratio" in row]
        fastest = lambda rows: min(rows, key=lambda row: row["ratio"][0], default=None)
        any_form, nest = fastest(timed), fastest([row for row in timed if nested(row["form"])])
        named = lambda row: f"{row['ratio'][0]:.3g}: {row['version'].split()[0]}, {row['form']}" if row else ""
        rate = benchmark.flops(result["points"]) / result["ours"]["seconds"][0] / 1e9 if benchmark.kind == "residual" else None
        memory = f"{any_form['bytes'] / max(result['ours']['bytes'], 1):.3g}" if any_form else ""
        lines.append([benchmark.title, str(threads), _duration(result["ours"]["seconds"]).split(" (")[0],
                      f"{rate:.0f}" if rate else "", named(nest), named(any_form), memory, f"{result['compile']:.1f}"])
    return _rows(lines) + "\n"


def document(path):
    """Everything of a file of results; of what was measured twice the last."""
    results, width = {}, None
    with open(path) as file:
        for line in file:
            result = json.loads(line)
            if result["benchmark"] == "widths":
                width = result
            else:
                results[result["benchmark"], result["threads"]] = result
    machines = [result["machine"] for result in [*results.values(), *([width] if width else [])]]
    loads = sorted(machine["load"] for machine in machines)
    parts = [f"{machines[0]['cores']} cores of a machine with {machines[0]['processor']}, Python {machines[0]['python']}; its load was "
             f"{loads[0]:.1f} to {loads[-1]:.1f}, these programs' own included.\n"]
    ordered = dict(sorted(results.items(), key=lambda item: (list(problems.BENCHMARKS).index(item[0][0]), item[0][1])))
    parts.append(summary(ordered))
    for name in dict.fromkeys(name for name, _ in ordered):
        parts.append(table(problems.BENCHMARKS[name], [ordered[key] for key in ordered if key[0] == name]))
    if width:
        parts.append(widths(width))
    return "\n".join(parts)
