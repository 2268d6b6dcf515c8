"""Just enough of SVG for charts: a canvas with text, lines, boxes and polylines."""
from xml.sax.saxutils import escape

FONT = "font-family='Helvetica, Arial, sans-serif'"
INK, MUTED, GRID = "#1f2933", "#52606d", "#d9e2ec"
COLOURS = ["#d9622b", "#3d6fb4", "#5b8f45", "#8a5aa3"]


class Canvas:
    """Collects shapes; coordinates are pixels from the upper left corner."""

    def __init__(self, width, height):
        self.width, self.height, self.parts = width, height, []

    def text(self, x, y, text, size=12, anchor="start", colour=INK, bold=False, turn=None):
        weight = " font-weight='bold'" if bold else ""
        turned = f" transform='rotate({turn} {x:.1f} {y:.1f})'" if turn else ""
        self.parts.append(
            f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' text-anchor='{anchor}' "
            f"fill='{colour}' {FONT}{weight}{turned}>{escape(text)}</text>")

    def line(self, x1, y1, x2, y2, colour=GRID, width=1.0, dash=None):
        dashes = f" stroke-dasharray='{dash}'" if dash else ""
        self.parts.append(
            f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' "
            f"stroke='{colour}' stroke-width='{width}'{dashes}/>")

    def box(self, x, y, width, height, colour):
        self.parts.append(
            f"<rect x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{max(height, 0):.1f}' "
            f"fill='{colour}'/>")

    def dot(self, x, y, colour, radius=4):
        self.parts.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius}' fill='{colour}'/>")

    def polyline(self, points, colour, width=2.0, dash=None):
        dashes = f" stroke-dasharray='{dash}'" if dash else ""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(
            f"<polyline points='{path}' fill='none' stroke='{colour}' "
            f"stroke-width='{width}'{dashes}/>")

    def save(self, path):
        head = (f"<svg xmlns='http://www.w3.org/2000/svg' width='{self.width}' "
                f"height='{self.height}' viewBox='0 0 {self.width} {self.height}'>")
        back = f"<rect width='{self.width}' height='{self.height}' fill='white'/>"
        path.write_text("\n".join([head, back] + self.parts + ["</svg>"]) + "\n")


def number(value):
    """A figure with about three digits."""
    size = abs(value)
    decimals = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2 if size >= 0.1 else 3
    return f"{value:,.{decimals}f}"


def nice_ticks(top, count=4):
    """Round steps from 0 to `top` or just above."""
    if top <= 0:
        return [0, 1]
    raw, unit = top / count, 1.0
    while unit > raw:
        unit /= 10
    while unit * 10 <= raw:
        unit *= 10
    step = next(unit * factor for factor in (1, 2, 2.5, 5, 10) if unit * factor >= raw)
    ticks = [0.0]
    while ticks[-1] < top:
        ticks.append(ticks[-1] + step)
    return ticks
