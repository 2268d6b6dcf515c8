#!/usr/bin/env python3
"""Draws what a machine allows: tokens a second over the number of sequences in a step.

Usage: roofline.py OUT.svg LIMITS.json

LIMITS.json says what the machine reads and computes, and what the model asks for:
{"title": ..., "read_bytes_per_second": ..., "flop_per_second": ...,
 "weight_bytes": ..., "flop_per_token": ..., "cache_bytes_per_token": ..., "context": ...,
 "measured": [{"sequences": 16, "tokens_per_second": ..., "label": ...}]}
A step reads the weights once and every sequence's cache, and computes every sequence's token;
it takes at least the longer of the two times. "measured" may be empty.
"""
import json
import math
import sys
from pathlib import Path

from svg import COLOURS, GRID, INK, MUTED, Canvas, number

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 56, 56


def bounds(limits, count):
    """Tokens a second that reading and computing allow with `count` sequences in a step."""
    cache = limits["cache_bytes_per_token"] * limits["context"] * count
    reading = (limits["weight_bytes"] + cache) / limits["read_bytes_per_second"]
    computing = limits["flop_per_token"] * count / limits["flop_per_second"]
    return count / reading, count / computing


def legend(canvas, line, name, colour, width, dash=None):
    """In the lower right corner, where no curve goes."""
    x, y = WIDTH - RIGHT - 210, HEIGHT - BOTTOM - 60 + 18 * line
    canvas.line(x, y, x + 28, y, colour, width, dash)
    canvas.text(x + 36, y + 4, name, 11)


def draw(limits, out):
    canvas = Canvas(WIDTH, HEIGHT)
    counts = [2 ** (e / 8) for e in range(0, 8 * 7 + 1)]
    low, high = 10.0, 2000.0
    x = lambda count: LEFT + (WIDTH - LEFT - RIGHT) * math.log(count) / math.log(counts[-1])
    share = lambda value: math.log(min(max(value, low), high) / low) / math.log(high / low)
    y = lambda value: HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share(value)
    canvas.text(12, 24, limits["title"], 14, bold=True)
    canvas.text(12, 42, f"reading {number(limits['read_bytes_per_second'] / 1e9)} GB/s, "
                f"computing {number(limits['flop_per_second'] / 1e9)} GFLOP/s, "
                f"{limits['context']} tokens of context each", 11, colour=MUTED)
    for value in (10, 20, 50, 100, 200, 500, 1000, 2000):
        canvas.line(LEFT, y(value), WIDTH - RIGHT, y(value), GRID)
        canvas.text(LEFT - 8, y(value) + 4, f"{value:,}", 11, "end", MUTED)
    for count in (1, 2, 4, 8, 16, 32, 64, 128):
        canvas.line(x(count), TOP, x(count), HEIGHT - BOTTOM, GRID)
        canvas.text(x(count), HEIGHT - BOTTOM + 18, str(count), 11, "middle", MUTED)
    canvas.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, "sequences in a step", 12, "middle")
    canvas.text(18, (TOP + HEIGHT - BOTTOM) / 2, "output tokens a second", 12, "middle", turn=-90)
    both = [bounds(limits, count) for count in counts]
    names = ("bound by reading", "bound by computing")
    for index, name in enumerate(names):
        points = [(x(c), y(b[index])) for c, b in zip(counts, both) if low <= b[index] <= high]
        canvas.polyline(points, COLOURS[index + 1], 1.5, "5 4")
        legend(canvas, index, name, COLOURS[index + 1], 1.5, "5 4")
    canvas.polyline([(x(c), y(min(b))) for c, b in zip(counts, both)], INK, 2.5)
    legend(canvas, 2, "what the machine allows", INK, 2.5)
    for point in limits["measured"]:
        px, py = x(point["sequences"]), y(point["tokens_per_second"])
        canvas.dot(px, py, COLOURS[0])
        canvas.text(px + 8, py + 14, f"{point['label']}: {number(point['tokens_per_second'])}", 11)
    canvas.save(out)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    draw(json.loads(Path(sys.argv[2]).read_text()), Path(sys.argv[1]))


main()
