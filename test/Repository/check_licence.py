#===- check_licence.py - Every source names its licence --------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Sources and scripts carry the licence line among their first six lines."""
import tree

LINE = "Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE."
SOURCES = (".h", ".cpp", ".c", ".td", ".py", ".def")


def main():
    arguments = tree.parser(__doc__).parse_args()
    names = [name for name in tree.files(arguments.root)
             if name.endswith(SOURCES) or name.startswith("tools/") and "." not in name.split("/")[-1]]
    findings = [f"{name}:1: the licence line is missing" for name in names
                if LINE not in "\n".join(tree.read(arguments.root, name).split("\n")[:6])]
    tree.finish(findings, len(names))


if __name__ == "__main__":
    main()
