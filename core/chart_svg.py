"""A figure as SVG, made by the server from the very dict that the page draws.

For whoever has no script, for a document, for an image. It knows what the portal draws: lines with
markers and gaps, dashed paths, points, horizontal bars (stacked or not), labels and upright lines.
"""

from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

from .charts import FONT, INK
from .typography import number

WIDTH, HEIGHT = 800, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 44, 40
GRID = "#dadae8"
#: As many steps at most on the axis of values.
MOST_TICKS = 6
BAR_SHARE = 0.7


@dataclass(frozen=True)
class Axis:
    """Turns values between ``low`` and ``high`` into places between ``start`` and ``end``."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of ``value``, in pixels."""
        width = (self.high - self.low) or 1
        return self.start + (float(value) - self.low) / width * (self.end - self.start)


def svg(figure: dict, title: str, description: str) -> str:
    """Return ``figure`` (as `core.charts.as_data` gives it) as a document of SVG.

    ``title`` and ``description`` are its words for those who do not see it.
    """
    bars = [trace for trace in figure["data"] if trace.get("type") == "bar"]
    parts = _bars(bars, figure["layout"]) if bars else _lines(figure)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" aria-labelledby="t d" font-family="{escape(FONT)}" '
        f'font-size="15" fill="{INK}"><title id="t">{escape(title)}</title>'
        f'<desc id="d">{escape(description)}</desc>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def steps(low: float, high: float) -> list[float]:
    """Return round values from ``low`` to ``high``, at most `MOST_TICKS`."""
    if high <= low:
        high = low + 1
    rough = (high - low) / MOST_TICKS
    size = 10 ** floor(log10(rough))
    step = next(size * times for times in (1, 2, 5, 10) if size * times >= rough)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [each * step for each in range(first, last + 1)]


def words_of(value: float, ticks: list[float]) -> str:
    """Return ``value`` with as many decimals as its axis needs."""
    apart = ticks[1] - ticks[0] if len(ticks) > 1 else 1
    return number(value, max(0, -floor(log10(apart))) if apart < 1 else 0)


def _lines(figure: dict) -> list[str]:
    layout = figure["layout"]
    values = [y for trace in figure["data"] for y in trace["y"] if y is not None]
    low, high = min(values), max(values)
    room = (high - low) * 0.08 or 1
    start = low - room if low < 0 or low - room > 0 else 0
    across = Axis(*layout["xaxis"]["range"], LEFT, WIDTH - RIGHT)
    up = Axis(start, high + room, HEIGHT - BOTTOM, TOP)
    parts = [*_grid(up), *_ticks(across, layout["xaxis"])]
    for trace in figure["data"]:
        parts += _trace(trace, across, up)
    return parts + [_label(each, across, up) for each in layout.get("annotations", ())]


def _grid(up: Axis) -> list[str]:
    ticks = steps(up.low, up.high)
    parts = []
    for value in ticks:
        place = up.at(value)
        parts.append(_stroke(LEFT, place, WIDTH - RIGHT, place, GRID))
        parts.append(_text(LEFT - 8, place + 5, words_of(value, ticks), "end"))
    return parts


def _ticks(across: Axis, axis: dict) -> list[str]:
    pairs = zip(axis["tickvals"], axis["ticktext"], strict=True)
    return [_text(across.at(at), HEIGHT - 12, words, "middle") for at, words in pairs]


def _trace(trace: dict, across: Axis, up: Axis) -> list[str]:
    points = list(zip(trace["x"], trace["y"], strict=True))
    line, marker = trace.get("line", {}), trace.get("marker", {})
    parts = []
    if "lines" in trace["mode"]:
        dash = ' stroke-dasharray="8 6"' if line.get("dash") else ""
        for part in _unbroken(points):
            places = " ".join(f"{across.at(x):.1f},{up.at(y):.1f}" for x, y in part)
            parts.append(
                f'<polyline points="{places}" fill="none" stroke="{line.get("color", INK)}" '
                f'stroke-width="{line.get("width", 2)}"{dash}/>'
            )
    sizes = marker.get("size", 0)
    for place, (x, y) in enumerate(points):
        size = sizes[place] if isinstance(sizes, list) else sizes
        if y is not None and size:
            parts.append(_mark(marker, size, across.at(x), up.at(y)))
    return parts


def _unbroken(points) -> list[list]:
    parts: list[list] = [[]]
    for x, y in points:
        if y is None:
            parts.append([])
        else:
            parts[-1].append((x, y))
    return [part for part in parts if len(part) > 1]


def _mark(marker: dict, size: float, x: float, y: float) -> str:
    colour, symbol, half = marker.get("color", INK), marker.get("symbol", "circle"), size / 2
    is_open = symbol.endswith("-open")
    paint = f'fill="{"#ffffff" if is_open else colour}" stroke="{colour}" stroke-width="2"'
    if symbol.startswith("square"):
        return (
            f'<rect x="{x - half:.1f}" y="{y - half:.1f}" width="{size}" height="{size}" {paint}/>'
        )
    if symbol.startswith("diamond"):
        corners = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
        places = " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)
        return f'<polygon points="{places}" {paint}/>'
    if symbol.startswith("cross"):
        return _stroke(x - half, y, x + half, y, colour, 3) + _stroke(
            x, y - half, x, y + half, colour, 3
        )
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{half}" {paint}/>'


def _bars(traces: list[dict], layout: dict) -> list[str]:
    names = list(dict.fromkeys(name for trace in traces for name in trace["y"]))
    sums = {
        name: sum(dict(zip(trace["y"], trace["x"], strict=True)).get(name) or 0 for trace in traces)
        for name in names
    }
    lines = layout.get("shapes", ())
    high = max([*sums.values(), *(each["x0"] for each in lines), 0])
    low = min([*sums.values(), 0])
    left = 24 + 8 * max(len(name) for name in names)
    across = Axis(low, (high or 1) * 1.08, min(left, WIDTH // 3), WIDTH - RIGHT)
    parts = _upright(across) + _bar_rows(traces, names, across)
    parts += [
        _stroke(across.at(each["x0"]), TOP, across.at(each["x0"]), HEIGHT - BOTTOM, INK, 2, "8 6")
        for each in lines
    ]
    return parts + [
        _text(min(across.at(each["x"]), WIDTH - 8), TOP - 12, each["text"], "end")
        for each in layout.get("annotations", ())
    ]


def _upright(across: Axis) -> list[str]:
    ticks, parts = steps(across.low, across.high), []
    for value in ticks:
        place = across.at(value)
        parts.append(_stroke(place, TOP, place, HEIGHT - BOTTOM, GRID))
        parts.append(_text(place, HEIGHT - 12, words_of(value, ticks), "middle"))
    return parts


def _bar_rows(traces: list[dict], names: list[str], across: Axis) -> list[str]:
    step = (HEIGHT - TOP - BOTTOM) / len(names)
    ends = dict.fromkeys(names, 0.0)
    parts = []
    for place, name in enumerate(names):
        middle = HEIGHT - BOTTOM - step * (place + 0.5)
        parts.append(_text(across.start - 8, middle + 5, name, "end"))
        for trace in traces:
            row = trace["y"].index(name) if name in trace["y"] else None
            if row is None or not trace["x"][row]:
                continue
            value, colours = trace["x"][row], trace["marker"]["color"]
            colour = colours[row] if isinstance(colours, list) else colours
            start, end = across.at(ends[name]), across.at(ends[name] + value)
            ends[name] += value
            parts.append(
                f'<rect x="{min(start, end):.1f}" y="{middle - step * BAR_SHARE / 2:.1f}" '
                f'width="{abs(end - start):.1f}" height="{step * BAR_SHARE:.1f}" fill="{colour}" '
                'stroke="#ffffff"/>'
            )
            parts.append(_bar_words(trace, row, start, end, middle, colour))
    return parts


def _bar_words(trace, row: int, start, end, middle, colour: str) -> str:
    words = str((trace.get("text") or [""] * len(trace["x"]))[row])
    inside = abs(end - start) > 9 * len(words) + 8
    if len(trace["x"]) and not inside:
        return _text(end + 6, middle + 5, words, "start")
    return _text(end - 6, middle + 5, words, "end", "#ffffff" if is_dark(colour) else INK)


def is_dark(colour: str) -> bool:
    """Tell whether white letters are read better on ``colour`` (``#rrggbb``) than dark ones."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def _label(note: dict, across: Axis, up: Axis) -> str:
    anchor = {"left": "start", "right": "end"}.get(note.get("xanchor"), "middle")
    x = across.at(note["x"]) + note.get("xshift", 0)
    y = up.at(note["y"]) - note.get("yshift", 0) + (0 if note.get("yanchor") == "bottom" else 5)
    return _text(x, y, note["text"], anchor, note.get("font", {}).get("color", INK))


def _text(x: float, y: float, words: str, anchor: str, colour: str = INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
        f"{escape(words)}</text>"
    )


def _stroke(x1, y1, x2, y2, colour: str, width: int = 1, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"{dashes}/>'
    )
