#!/usr/bin/env python3
"""Draws the reports of `martlet bench compare --out`: bars of medians with their ranges.

Usage: comparison.py OUT.svg RESULT.json [RESULT.json ...]

Each file adds its peer; where several files measured the first server, the first file's figures
are drawn. Loads are those of the first file.
"""
import json
import sys
from pathlib import Path

from svg import COLOURS, GRID, INK, MUTED, Canvas, nice_ticks, number

PANELS = [
    ("output_tokens_per_second", "Output tokens a second", "more is better"),
    ("ttft_median_ms", "Time to first token, median ms", "less is better"),
    ("tpot_median_ms", "Time for each further token, median ms", "less is better"),
    ("cpu_ms_per_output_token", "Processor ms an output token", "less is better"),
    ("e2e_p99_ms", "Whole request, 99th percentile, ms", "less is better"),
    ("peak_rss_mib", "Peak resident memory, MiB", "less is better"),
]
WIDTH, HEIGHT, COLUMNS = 400, 250, 2


def figures(report, side):
    """(load, metric) to median, min, max."""
    found = {}
    for load in report["loads"]:
        for metric in load["metrics"]:
            if metric[side]:
                found[load["load"], metric["name"]] = metric[side]
    return found


def panel(canvas, x, y, title, remark, names, groups, values):
    """One chart; `values[group][server]` is None or a spread."""
    left, top, bottom = x + 56, y + 44, y + HEIGHT - 44
    right = x + WIDTH - 12
    canvas.text(x + 12, y + 20, title, 14, bold=True)
    canvas.text(x + 12, y + 36, remark, 11, colour=MUTED)
    spreads = [v for row in values for v in row if v]
    ticks = nice_ticks(max(v["max"] for v in spreads))
    height = lambda value: bottom - (bottom - top) * value / ticks[-1]
    for tick in ticks:
        canvas.line(left, height(tick), right, height(tick), GRID)
        canvas.text(left - 6, height(tick) + 4, number(tick), 10, "end", MUTED)
    span = (right - left) / len(groups)
    width = min(46, span * 0.8 / len(names))
    for g, (group, row) in enumerate(zip(groups, values)):
        start = left + span * g + (span - width * len(names)) / 2
        for s, spread in enumerate(row):
            if not spread:
                continue
            middle = start + width * (s + 0.5)
            canvas.box(start + width * s + 1, height(spread["median"]), width - 2,
                       bottom - height(spread["median"]), COLOURS[s])
            if spread["max"] > spread["min"]:
                canvas.line(middle, height(spread["min"]), middle, height(spread["max"]), INK, 1.5)
            above = min(height(spread["median"]), height(spread["max"]))
            canvas.text(middle, above - 4, number(spread["median"]), 10, "middle")
        canvas.text(left + span * (g + 0.5), bottom + 16, group, 11, "middle", MUTED)
    canvas.line(left, bottom, right, bottom, INK)


def load_name(load):
    """Long enough to tell loads apart, short enough for an axis."""
    return f"{load['concurrency']} × {load['input_tokens']}→{load['output_tokens']}"


def draw(reports, out):
    loads = reports[0]["loads"]
    servers = [(reports[0]["subject"]["label"], figures(reports[0], "subject"))]
    servers += [(r["peer"]["label"], figures(r, "peer")) for r in reports]
    names = [name for name, _ in servers]
    panels = []
    for metric, title, remark in PANELS:
        values = [[found.get((load["load"], metric)) for _, found in servers] for load in loads]
        if any(v for row in values for v in row):
            panels.append((title, remark, values))
    rows = (len(panels) + COLUMNS - 1) // COLUMNS
    canvas = Canvas(WIDTH * COLUMNS, rows * HEIGHT + 72)
    position = 12
    for name, colour in zip(names, COLOURS):
        canvas.box(position, 14, 12, 12, colour)
        canvas.text(position + 18, 25, name, 13)
        position += 44 + 8 * len(name)
    machine = reports[0]["machine"]
    canvas.text(12, rows * HEIGHT + 44, "Requests at a time × tokens in → tokens out; median and "
                f"range of {loads[0]['rounds']} rounds", 11, colour=MUTED)
    canvas.text(12, rows * HEIGHT + 60, f"{machine['processor']}, {machine['processors']} "
                f"processors, {reports[0]['date'][:10]}", 11, colour=MUTED)
    for index, (title, remark, values) in enumerate(panels):
        x, y = index % COLUMNS * WIDTH, index // COLUMNS * HEIGHT + 34
        panel(canvas, x, y, title, remark, names, [load_name(load) for load in loads], values)
    canvas.save(out)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    draw([json.loads(Path(p).read_text()) for p in sys.argv[2:]], Path(sys.argv[1]))


main()
