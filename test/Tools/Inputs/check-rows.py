#===- check-rows.py - The shape of costate-bench --json --------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""One JSON object a row: every network and precision once, all fields there, the ratio that of the seconds."""
import json
import sys

rows = [json.loads(line) for line in open(sys.argv[1])]
compiled = "--without-compiled" not in sys.argv
kinds = {(row["workload"], row["net"], row["precision"]) for row in rows}
assert kinds == {("burgers", net, precision) for net in ("8x20", "4x64") for precision in ("f32", "f64")}, kinds
assert len(rows) == 4, len(rows)
for row in rows:
    assert row["threads"] == 2 and row["points"] == 300, row
    assert row["reference_seconds"] > 0 and row["peak_flops"] > 0 and row["of_peak"] > 0, row
    if compiled:
        assert row["seconds"] > 0 and abs(row["ratio"] - row["seconds"] / row["reference_seconds"]) < 1e-9, row
    else:
        assert row["seconds"] is None and row["ratio"] is None, row
