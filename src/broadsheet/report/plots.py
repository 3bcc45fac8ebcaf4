"""Plots drawn by matplotlib into SVG that takes its colours from the page, so that it fits light and dark.

Matplotlib writes colours as `style` attributes, which the page's policy forbids. They become presentation
attributes, and the colours of the palette become classes. All lengths are points, 1/72 inch.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

if TYPE_CHECKING:
    from broadsheet.report.drawing import Drawing

# Stand-ins that no other colour is like; the page's style gives each class its colour.
INK, GRID = "#010203", "#010204"
PALETTE = tuple(f"#0102{16 + index:02x}" for index in range(10))
_CLASSES = {INK: "ink", GRID: "grid"} | {colour: f"c{index}" for index, colour in enumerate(PALETTE)}
_WIDTH = 518.4  # the page scales it
# Room around what is drawn: a character of a name, numbers at the left, numbers below, their unit, and nothing.
_CHARACTER, _NUMBERS_LEFT, _NUMBERS_BELOW, _UNIT_BELOW, _EDGE, _TOP = 5.616, 44.64, 21.6, 34.56, 10.8, 7.2
_ROW, _BAR = 16.56, 0.72  # the height of a row of bars, and the bars' share of it
_CELL_ROW, _CELL_HEIGHT, _CELL_WIDTH = 13.68, 0.86, 0.94  # as above, of a grid of cells
# Letters and their size: the base line below the middle and the top of a line, the room below it, a digit's width.
_SIZE, _HALF, _ASCENT, _DESCENT, _DIGIT = 9, 3.42, 6.84, 2.16, 5.73
_TICK, _PAD, _UNIT_PAD = 3.5, 3.5, 4
_THIN, _THICK = 0.6, 0.8
_LEGEND_SIZE, _LEGEND_ROW, _LEGEND_COLUMNS = 8, 12, 4
_SWATCH_WIDTH, _SWATCH_HEIGHT, _SWATCH_GAP, _LEGEND_GAP = 16, 5.6, 6.4, 16


@dataclass(frozen=True, slots=True)
class _Scale:
    """Values from `low` to `high`, drawn from `first` to `last`."""

    low: float
    high: float
    first: float
    last: float

    def at(self, values: Any) -> np.ndarray:
        """Where values are."""
        share = (np.asarray(values, float) - self.low) / (self.high - self.low)
        return self.first + share * (self.last - self.first)

    def ticks(self, room: float) -> tuple[np.ndarray, list[str]]:
        """Where round values are, with at least so much room each, and how they are written."""
        from broadsheet.report.drawing import round_values

        values = round_values(self.low, self.high, min(9, max(1, int(abs(self.last - self.first) / room))))
        places = next(places for places in range(16) if np.allclose(values, values.round(places), atol=0))
        return self.at(values), [f"{value:.{places}f}" for value in values.tolist()]


@dataclass(frozen=True, slots=True)
class _Box:
    """Where values are drawn; places are counted from the left and the top."""

    left: float
    top: float
    right: float
    bottom: float

    def across(self, low: float, high: float) -> _Scale:
        """A scale from left to right."""
        return _Scale(low, high, self.left, self.right)

    def up(self, low: float, high: float) -> _Scale:
        """A scale from the bottom to the top."""
        return _Scale(low, high, self.bottom, self.top)

    def rows(self, number: int) -> _Scale:
        """Rows 0, 1 … from the top, with a little room above and below them."""
        return _Scale(-0.6, number - 0.4, self.top, self.bottom)


# As matplotlib writes a rectangle, and as short as it can be written.
_RECTANGLE = re.compile(r"M (\S+) (\S+) \nL (\S+) \2 \nL \3 (\S+) \nL \1 \4 \nz\n")
_SHORT_RECTANGLE = r"M\1 \2H\3V\4H\1z"


def _declarations(match: re.Match[str]) -> str:
    attributes, classes = [], []
    for declaration in match[1].split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if value in _CLASSES:
            classes.append(f"{name}-{_CLASSES[value]}")
        elif name:
            attributes.append(f'{name}="{value.replace(chr(34), chr(39))}"')
    if classes:
        attributes.append(f'class="{" ".join(classes)}"')
    return " ".join(attributes)


def _inline(svg: str, name: str, label: str) -> Markup:
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'style="([^"]*)"', _declarations, svg)
    svg = _RECTANGLE.sub(_SHORT_RECTANGLE, svg)
    svg = re.sub(r' transform="rotate\(-?0 [^"]*"', "", svg)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'url\(#|href="#', lambda match: match[0] + name + "-", svg)
    svg = re.sub(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', rf'<svg viewBox="\1" role="img" aria-label="{label}">', svg)
    return Markup(re.sub(r"\n\s*", "\n", svg))


def _drawing(height: float) -> "Drawing":
    # A third of a second, which a build that changes no figure does not pay.
    from broadsheet.report.drawing import Drawing

    return Drawing(_WIDTH, height)


def _room(names: Sequence[str]) -> float:
    """What the longest of some names takes: an estimate, as the reader's browser sets the text."""
    widths = (sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in name) for name in names)
    return 2 * _TOP + _CHARACTER * max(widths, default=0)


def _with_margin(values: Sequence[float]) -> float:
    """The end of a scale of these values, which are not negative."""
    return 1.05 * max(values, default=0) or 1


def _digits(most: float) -> int:
    return len(f"{most:.0f}")


def _numbers_below(drawing: "Drawing", box: _Box, scale: _Scale) -> None:
    """Ticks with their numbers, and lines from each to the top."""
    x, labels = scale.ticks(max(3 * _SIZE, _UNIT_PAD + _DIGIT * _digits(scale.high)))
    drawing.lines(x, box.top, x, box.bottom, GRID, _THIN)
    _ticks_below(drawing, box, x, labels)


def _ticks_below(drawing: "Drawing", box: _Box, x: np.ndarray, labels: Sequence[str]) -> None:
    drawing.lines(x, box.bottom, x, box.bottom + _TICK, INK, _THICK)
    drawing.words(labels, x, box.bottom + _TICK + _PAD + _ASCENT, "center", _SIZE)


def _numbers_left(drawing: "Drawing", box: _Box, scale: _Scale, unit: str) -> None:
    """Ticks with their numbers, lines from each to the right, and what is counted, upwards."""
    y, labels = scale.ticks(2 * _SIZE)
    drawing.lines(box.left, y, box.right, y, GRID, _THIN)
    drawing.lines(box.left - _TICK, y, box.left, y, INK, _THICK)
    end = box.left - _TICK - _PAD
    drawing.words(labels, end, y + _HALF, "right", _SIZE)
    past = end - _DIGIT * max(map(len, labels), default=0) - _UNIT_PAD - _DESCENT
    drawing.words([unit], past, (box.top + box.bottom) / 2, "center", _SIZE, angle=90)


def _unit_below(drawing: "Drawing", box: _Box, unit: str) -> None:
    y = box.bottom + _TICK + _PAD + 2 * _ASCENT + _DESCENT + _UNIT_PAD
    drawing.words([unit], (box.left + box.right) / 2, y, "center", _SIZE)


def _names_left(drawing: "Drawing", box: _Box, names: Sequence[str]) -> None:
    drawing.words(names, box.left - _PAD, box.rows(len(names)).at(range(len(names))) + _HALF, "right", _SIZE)


def _bars(drawing: "Drawing", box: _Box, names: Sequence[str], stacks: Sequence[Sequence[float]]) -> None:
    """Horizontal bars, a row a name, of stacks of a value a row."""
    ends = np.cumsum([[0.0] * len(names), *stacks], axis=0)
    scale, rows = box.across(0, _with_margin(ends[-1].tolist())), box.rows(len(names))
    _numbers_below(drawing, box, scale)
    places = np.arange(len(names))
    top, bottom = rows.at(places - _BAR / 2), rows.at(places + _BAR / 2)
    for index, (first, last) in enumerate(pairwise(ends)):
        drawing.rectangles(scale.at(first), top, scale.at(last), bottom, PALETTE[index % len(PALETTE)])
    drawing.lines(box.left, box.bottom, box.right, box.bottom, GRID, _THICK)
    _names_left(drawing, box, names)


def _legend(drawing: "Drawing", labels: Sequence[str]) -> None:
    """Colours and what they stand for, in columns at the top."""
    from broadsheet.report.drawing import text_width

    columns = [each.tolist() for each in np.array_split(np.arange(len(labels)), _LEGEND_COLUMNS) if len(each)]
    widths = [max(text_width(labels[index], _LEGEND_SIZE) for index in column) for column in columns]
    steps = [_SWATCH_WIDTH + _SWATCH_GAP + width + _LEGEND_GAP for width in widths]
    x = (_WIDTH - sum(steps) + _LEGEND_GAP) / 2
    for column, step in zip(columns, steps, strict=True):
        for row, index in enumerate(column):
            y = 9.28 + _LEGEND_ROW * row
            drawing.rectangles(x, y - _SWATCH_HEIGHT, x + _SWATCH_WIDTH, y, PALETTE[index % len(PALETTE)])
            drawing.words([labels[index]], x + _SWATCH_WIDTH + _SWATCH_GAP, y, "left", _LEGEND_SIZE)
        x += step


def stacked_bars(
    name: str, label: str, rows: Sequence[str], stacks: Sequence[tuple[str, Sequence[float]]], unit: str
) -> Markup:
    """Horizontal bars of `stacks` (label, a value for each row), with a legend above."""
    top = _TOP + 13.68 * -(-len(stacks) // _LEGEND_COLUMNS)
    bottom = top + _TOP + _ROW * len(rows)
    drawing = _drawing(bottom + _UNIT_BELOW)
    box = _Box(_room(rows), top, _WIDTH - _EDGE, bottom)
    _bars(drawing, box, rows, [values for _, values in stacks])
    _unit_below(drawing, box, unit)
    _legend(drawing, [each for each, _ in stacks])
    return _inline(drawing.svg(), name, label)


def two_bars(
    name: str, label: str, left: tuple[str, Sequence[tuple[str, int]]], right: tuple[str, Sequence[tuple[str, int]]]
) -> Markup:
    """Two sets of horizontal bars side by side, each a title and rows of (name, number)."""
    bottom = 3 * _TOP + _ROW * max(1, len(left[1]), len(right[1]))
    drawing = _drawing(bottom + _NUMBERS_BELOW)
    rooms = [_room([row[0] for row in rows]) for _, rows in (left, right)]
    width, end = (_WIDTH - sum(rooms) - _EDGE) / 2, 0.0
    for (title, rows), room in zip((left, right), rooms, strict=True):
        box = _Box(end + room, 3 * _TOP, end + room + width, bottom)
        _bars(drawing, box, [row[0] for row in rows], [[row[1] for row in rows]])
        drawing.words([title], box.left, box.top - 6, "left", _SIZE)
        end = box.right
    return _inline(drawing.svg(), name, label)


def _picture(height: float, most: float) -> tuple["Drawing", _Box]:
    """A drawing with numbers up to `most` at the left, and numbers and their unit below."""
    left = max(_NUMBERS_LEFT, 3 * _TOP + _DIGIT * _digits(most))
    return _drawing(height), _Box(left, _TOP, _WIDTH - _EDGE, height - _UNIT_BELOW)


def _left_and_bottom(drawing: "Drawing", box: _Box) -> None:
    drawing.lines(box.left, [box.top, box.bottom], [box.left, box.right], box.bottom, GRID, _THICK)


def columns(name: str, label: str, rows: Sequence[tuple[str, int]], axis: str) -> Markup:
    """Vertical bars of (name, number), as many ticks as are readable."""
    counts, places, step = [row[1] for row in rows], np.arange(len(rows)), -(-len(rows) // 10) or 1
    drawing, box = _picture(172.8, _with_margin(counts))
    across, up = box.across(-0.8, max(len(rows), 6) - 0.2), box.up(0, _with_margin(counts))
    _numbers_left(drawing, box, up, "articles")
    drawing.rectangles(across.at(places - 0.425), up.at(counts), across.at(places + 0.425), box.bottom, PALETTE[0])
    _left_and_bottom(drawing, box)
    _ticks_below(drawing, box, across.at(places[::step]), [row[0] for row in rows][::step])
    _unit_below(drawing, box, axis)
    return _inline(drawing.svg(), name, label)


def shades(
    name: str, label: str, rows: Sequence[str], ticks: Sequence[str], shares: Sequence[Sequence[float | None]]
) -> Markup:
    """A grid of cells, each shaded by its share from 0 to 1; empty where there is none."""
    bottom = _TOP + _CELL_ROW * len(rows)
    drawing = _drawing(bottom + _NUMBERS_BELOW)
    box = _Box(_room(rows), _TOP, _WIDTH - _EDGE, bottom)
    across, down, step = box.across(0, max(len(ticks), 4)), box.rows(len(rows)), -(-len(ticks) // 8) or 1
    values = np.array([[np.nan if share is None else share for share in each] for each in shares], float)
    depths = np.round(0.06 + 0.94 * values, 2)
    for depth in np.unique(depths[~np.isnan(depths)]).tolist():
        y, x = np.nonzero(depths == depth)
        above, below = down.at(y - _CELL_HEIGHT / 2), down.at(y + _CELL_HEIGHT / 2)
        drawing.rectangles(across.at(x), above, across.at(x + _CELL_WIDTH), below, PALETTE[0], depth)
    places = across.at(np.arange(len(ticks))[::step] + 0.5)
    drawing.words(ticks[::step], places, box.bottom + _PAD + _ASCENT, "center", _SIZE)
    _names_left(drawing, box, rows)
    return _inline(drawing.svg(), name, label)


def points(name: str, label: str, rows: Sequence[tuple[float, float, int]], across: str, up: str) -> Markup:
    """Points (x, y, how many), larger where they stand for more."""
    x, y, counts = np.array(rows, float).reshape(-1, 3).T
    drawing, box = _picture(201.6, _with_margin(y.tolist()))
    right, upward = box.across(0, _with_margin(x.tolist())), box.up(0, _with_margin(y.tolist()))
    _numbers_below(drawing, box, right)
    _numbers_left(drawing, box, upward, up)
    drawing.circles(right.at(x), upward.at(y), 24 + 12 * np.minimum(counts, 40), PALETTE[0], 0.6)
    _left_and_bottom(drawing, box)
    _unit_below(drawing, box, across)
    return _inline(drawing.svg(), name, label)
