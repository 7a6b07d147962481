#===- check_layout.py - Top level, length and white space of every file ------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""The top level holds what the architecture names and nothing else; sources stay short."""
import tree

TOP_LEVEL = {"include", "lib", "tools", "test", "docs", "CMakeLists.txt", "README.md"}
CONVENTIONS = {"LICENSE", "CMakePresets.json"}
TEXT = (".h", ".cpp", ".c", ".td", ".py", ".def", ".mlir", ".test", ".md", ".txt", ".json", ".in", ".toml")
WARN_LINES = 600
MAX_LINES = 800


def main():
    arguments = tree.parser(__doc__).parse_args()
    names = tree.files(arguments.root)
    findings = []

    top = {name.split("/")[0] for name in names}
    findings += [f"{entry}: not allowed at the top level" for entry in sorted(top)
                 if entry not in TOP_LEVEL | CONVENTIONS and not entry.startswith(".")]
    findings += [f"{entry}: missing at the top level" for entry in sorted(TOP_LEVEL - top)]

    for name in names:
        script = name.startswith("tools/") and "." not in name.split("/")[-1]
        if not name.endswith(TEXT) and not script:
            continue
        text = tree.read(arguments.root, name)
        lines = text.split("\n")
        if text and not text.endswith("\n"):
            findings.append(f"{name}:{len(lines)}: no line break at the end")
        findings += [f"{name}:{number}: white space at the end of the line"
                     for number, line in enumerate(lines, 1) if line != line.rstrip()]
        if name.startswith(("include/", "lib/", "tools/")) and len(lines) > WARN_LINES:
            message = f"{name}: {len(lines)} lines; {WARN_LINES} is long, {MAX_LINES} too long for one concept"
            if len(lines) > MAX_LINES:
                findings.append(message)
            else:
                print("warning:", message)
    tree.finish(findings, len(names))


if __name__ == "__main__":
    main()
