#!/usr/bin/env python3
#===- report-figures.py - The figures of a report as files ---------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------------===#
"""Writes figures of a run's report.html as .svg files that stand alone, with title and legend in the picture.

usage: report-figures.py REPORT.html FOLDER CAPTION=NAME ...   writes the figure with that caption to FOLDER/NAME.svg
"""
import html
import re
import sys
from pathlib import Path

FIGURE = re.compile(r"<figure><figcaption>(.*?)</figcaption>(.*?)(<svg .*?</svg>)", re.DOTALL)
LEGEND = re.compile(r'<span class="([^"]*)"><i></i>(.*?)</span>', re.DOTALL)
VIEW = re.compile(r'<svg viewBox="0 0 (\S+) (\S+)"([^>]*)>')
HEAD = 46  # room above the plot for title and legend


def style(report):
    """The rules that the plots need: colours, and those of axes, lines and dots."""
    text = re.search(r"<style>(.*?)</style>", report, re.DOTALL).group(1)
    colours = re.search(r":root \{.*?\n@media \(prefers-color-scheme: dark\) \{.*?\} \}", text, re.DOTALL).group(0)
    rules = [line for line in text.split("\n") if re.match(r"\.(axis|line|dots|c0)\b", line)]
    return "\n".join([colours, "text { font-family: system-ui, sans-serif; }", *rules])


def figure(report, caption, legend, svg):
    width, height, attributes = VIEW.match(svg).groups()
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {-HEAD} {width} {float(height) + HEAD:g}"{attributes}>',
             f"<style>{style(report)}</style>",
             f'<rect y="{-HEAD}" width="{width}" height="{float(height) + HEAD:g}" fill="var(--paper)"/>',
             f'<text x="14" y="-24" font-size="15" font-weight="600" fill="var(--ink)">{caption}</text>']
    x = 14
    for kind, name in LEGEND.findall(legend):
        parts.append(f'<path class="line {kind}" d="M{x} -7h22"/>'
                     f'<text x="{x + 28}" y="-3" font-size="13" fill="var(--soft)">{name}</text>')
        x += 44 + 7 * len(html.unescape(name))
    return "\n".join(parts) + svg[svg.index(">") + 1:] + "\n"


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    report, folder = Path(sys.argv[1]).read_text(), Path(sys.argv[2])
    figures = {html.unescape(caption): (caption, legend, svg) for caption, legend, svg in FIGURE.findall(report)}
    folder.mkdir(parents=True, exist_ok=True)
    for wanted in sys.argv[3:]:
        caption, _, name = wanted.partition("=")
        if caption not in figures:
            sys.exit(f"{sys.argv[1]}: no figure {caption!r}; there are {', '.join(map(repr, figures))}")
        (folder / f"{name}.svg").write_text(figure(report, *figures[caption]))


if __name__ == "__main__":
    main()
