"""Plots as SVG that takes its colours from the page, so that it fits light and dark.

They are written element by element: to import a plotting library and to have it lay out a plot took longer than all
else of a small build. The browser sets the text; how wide it will be is estimated, generously.
"""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

# Units of the drawings, which the page scales: points, 72 an inch.
_WIDTH = 518.0
_SIZE, _SMALL = 9.0, 8.0
_BAR, _THICK = 16.5, 12.0  # from bar to bar, and of a bar
_EDGE = 4.0
_FOOT = 30.0  # below an area: numbers and what they are of
_LEGEND_COLUMNS = 4
_COLOURS = 10
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS = 6

# A label, and a value for each row.
_Stacks = Sequence[tuple[str, Sequence[float]]]


@dataclass(frozen=True, slots=True)
class _Area:
    """Where values are drawn: its edges, and the largest value each way; values begin at 0."""

    left: float
    top: float
    right: float
    bottom: float
    most_across: float = 1.0
    most_up: float = 1.0

    def across(self, value: float) -> float:
        return self.left + (self.right - self.left) * value / self.most_across

    def up(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.most_up


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _svg(label: str, height: float, parts: Sequence[str]) -> Markup:
    """`label` is ours, not of dumps."""
    head = f'<svg viewBox="0 0 {_number(_WIDTH)} {_number(height)}" role="img" aria-label="{label}">'
    return Markup("\n".join([head, *parts, "</svg>"]))


def _text(x: float, y: float, text: str, anchor: str = "start", size: float = _SIZE) -> str:
    """Text whose baseline is at `y`."""
    place = f'x="{_number(x)}" y="{_number(y)}" font-size="{_number(size)}"'
    return f'<text {place} text-anchor="{anchor}" class="fill-ink">{escape(text)}</text>'


def _rectangle(left: float, top: float, right: float, bottom: float, colour: int = 0, opacity: float = 1.0) -> str:
    size = f'x="{_number(left)}" y="{_number(top)}" width="{_number(right - left)}" height="{_number(bottom - top)}"'
    faint = f' fill-opacity="{_number(opacity)}"' if opacity < 1 else ""
    return f'<rect {size}{faint} class="fill-c{colour % _COLOURS}"/>'


def _line(from_x: float, from_y: float, to_x: float, to_y: float) -> str:
    path = f"M{_number(from_x)} {_number(from_y)}L{_number(to_x)} {_number(to_y)}"
    return f'<path d="{path}" fill="none" stroke-width="0.6" class="stroke-grid"/>'


def _width(text: str, size: float = _SIZE) -> float:
    """An estimate, too large rather than too small."""
    return size * sum(1.05 if unicodedata.east_asian_width(letter) in "WF" else 0.6 for letter in text)


def _ticks(most: float, whole: bool = True) -> list[tuple[float, str]]:
    """Round values from 0 to `most` and how they are written; counts are marked at `whole` numbers."""
    least = most / _TICKS
    power = 10.0 ** math.floor(math.log10(least))
    steps = [step * power for step in _STEPS if step * power >= least]
    step = next((each for each in steps if not whole or each.is_integer()), 1.0)
    values = [index * step for index in range(int(most / step + 1e-9) + 1)]
    return [(value, f"{value:,.0f}" if whole else f"{value:.1f}") for value in values]


def _ticks_across(area: _Area, unit: str, whole: bool = True) -> list[str]:
    """A grid of vertical lines with their numbers, and what these are of."""
    parts = []
    for value, written in _ticks(area.most_across, whole):
        x = area.across(value)
        parts += [_line(x, area.top, x, area.bottom), _text(x, area.bottom + 11, written, "middle")]
    return [*parts, _text((area.left + area.right) / 2, area.bottom + 24, unit, "middle")]


def _ticks_up(area: _Area, unit: str) -> list[str]:
    """A grid of horizontal lines with their numbers, and above them what these are of."""
    parts = [_text(_EDGE, area.top - 8, unit)]
    for value, written in _ticks(area.most_up):
        y = area.up(value)
        parts += [_line(area.left, y, area.right, y), _text(area.left - 4, y + 3, written, "end")]
    return parts


def _room_for_ticks(most: float) -> float:
    return _EDGE + 4 + max(_width(written) for _, written in _ticks(most))


def _room_for(names: Sequence[str], width: float) -> float:
    return min(width / 2, 8 + max(map(_width, names), default=0))


def _bars(
    names: Sequence[str],
    stacks: _Stacks,
    unit: str,
    top: float,
    left: float,
    right: float,
) -> list[str]:
    """Horizontal bars between `left` and `right`, names included."""
    most = max(map(sum, zip(*(values for _, values in stacks), strict=True)), default=0) or 1.0
    area = _Area(left + _room_for(names, right - left), top, right - 12, top + _BAR * max(1, len(names)), 1.03 * most)
    parts = _ticks_across(area, unit, all(isinstance(value, int) for _, values in stacks for value in values))
    for row, name in enumerate(names):
        y = area.top + _BAR * row + (_BAR - _THICK) / 2
        parts.append(_text(area.left - 4, y + 9, name, "end"))
        before = 0.0
        for colour, (_, values) in enumerate(stacks):
            if values[row]:
                ends = area.across(before), area.across(before + values[row])
                parts.append(_rectangle(ends[0], y, ends[1], y + _THICK, colour))
            before += values[row]
    return parts


def _legend(labels: Sequence[str]) -> list[str]:
    parts = []
    for index, label in enumerate(labels):
        x = _EDGE + (index % _LEGEND_COLUMNS) * _WIDTH / _LEGEND_COLUMNS
        y = _EDGE + 13 * (index // _LEGEND_COLUMNS)
        parts += [_rectangle(x, y, x + 14, y + 7, index), _text(x + 19, y + 7, label, size=_SMALL)]
    return parts


def stacked_bars(label: str, rows: Sequence[str], stacks: _Stacks, unit: str) -> Markup:
    """Horizontal bars of `stacks` (label, a value for each row), with a legend above."""
    top = 10 + 13 * -(-len(stacks) // _LEGEND_COLUMNS)
    parts = _legend([name for name, _ in stacks]) + _bars(rows, stacks, unit, top, _EDGE, _WIDTH)
    return _svg(label, top + _BAR * max(1, len(rows)) + _FOOT, parts)


def two_bars(
    label: str, left: tuple[str, Sequence[tuple[str, int]]], right: tuple[str, Sequence[tuple[str, int]]]
) -> Markup:
    """Two sets of horizontal bars side by side, each a title and rows of (name, number)."""
    top, middle, parts = 20.0, _WIDTH / 2, []
    for (title, rows), start, end in ((left, _EDGE, middle - _EDGE), (right, middle + _EDGE, _WIDTH)):
        names, numbers = [name for name, _ in rows], [number for _, number in rows]
        parts += [_text(start, 11, title), *_bars(names, [("", numbers)], "articles", top, start, end)]
    return _svg(label, top + _BAR * max(1, len(left[1]), len(right[1])) + _FOOT, parts)


def columns(label: str, rows: Sequence[tuple[str, int]], axis: str) -> Markup:
    """Vertical bars of (name, number), as many names as are readable."""
    most = 1.05 * max((number for _, number in rows), default=0) or 1.0
    area = _Area(_room_for_ticks(most), 20, _WIDTH - _EDGE, 140, max(len(rows), 6), most)
    parts = _ticks_up(area, "articles")
    step = -(-len(rows) // 10) or 1
    for index, (name, number) in enumerate(rows):
        parts.append(_rectangle(area.across(index + 0.08), area.up(number), area.across(index + 0.92), area.bottom))
        if index % step == 0:
            parts.append(_text(area.across(index + 0.5), area.bottom + 11, name, "middle"))
    parts.append(_text((area.left + area.right) / 2, area.bottom + 24, axis, "middle"))
    return _svg(label, area.bottom + _FOOT, parts)


def shades(label: str, rows: Sequence[str], ticks: Sequence[str], shares: Sequence[Sequence[float | None]]) -> Markup:
    """A grid of cells, each shaded by its share from 0 to 1; empty where there is none."""
    height = 13.5
    left, bottom = _EDGE + _room_for(rows, _WIDTH), _EDGE + height * len(rows)
    area = _Area(left, _EDGE, _WIDTH - 22, bottom, max(len(ticks), 4))
    parts = []
    for row, (name, values) in enumerate(zip(rows, shares, strict=True)):
        y = area.top + height * row
        parts.append(_text(area.left - 4, y + 9, name, "end"))
        for column, value in enumerate(values):
            if value is not None:
                ends = area.across(column), area.across(column + 0.94)
                opacity = round(0.06 + 0.94 * value, 2)
                parts.append(_rectangle(ends[0], y, ends[1], y + 0.86 * height, opacity=opacity))
    step = -(-len(ticks) // 8) or 1
    marked = range(0, len(ticks), step)
    parts += [_text(area.across(column + 0.5), area.bottom + 9, ticks[column], "middle") for column in marked]
    return _svg(label, area.bottom + 14, parts)


def points(label: str, rows: Sequence[tuple[float, float, int]], across: str, up: str) -> Markup:
    """Points (x, y, how many), larger where they stand for more."""
    most_across = 1.05 * max((x for x, _, _ in rows), default=0) or 1.0
    most_up = 1.05 * max((y for _, y, _ in rows), default=0) or 1.0
    area = _Area(_room_for_ticks(most_up), 20, _WIDTH - 12, 168, most_across, most_up)
    parts = _ticks_up(area, up) + _ticks_across(area, across)
    for x, y, count in rows:
        place = f'cx="{_number(area.across(x))}" cy="{_number(area.up(y))}"'
        radius = _number(math.sqrt(24 + 12 * min(count, 40)) / 2)
        parts.append(f'<circle {place} r="{radius}" fill-opacity="0.6" class="fill-c0"/>')
    return _svg(label, area.bottom + _FOOT, parts)
