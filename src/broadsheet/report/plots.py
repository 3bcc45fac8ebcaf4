"""Plots drawn by matplotlib into SVG that takes its colours from the page, so that it fits light and dark.

Matplotlib writes colours as `style` attributes, which the page's policy forbids. They become presentation
attributes, and the colours of the palette become classes.
"""

import io
import re
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Stand-ins that no other colour is like; the page's style gives each class its colour.
INK, GRID = "#010203", "#010204"
PALETTE = tuple(f"#0102{16 + index:02x}" for index in range(10))
_CLASSES = {INK: "ink", GRID: "grid"} | {colour: f"c{index}" for index, colour in enumerate(PALETTE)}
_WIDTH = 7.2  # inches of 72 points; the page scales it
# Room around axes, in inches: of a character of a name, of numbers at the left, of numbers and their unit below.
_CHARACTER, _NUMBERS, _FOOT, _EDGE = 0.078, 0.62, 0.48, 0.15
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "broadsheet",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",  # comes with matplotlib: the layout is the same on every machine
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GRID,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "none",
    "axes.axisbelow": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
}


def _declarations(match: re.Match[str]) -> str:
    attributes, classes = [], []
    for declaration in match[1].split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font":
            size = re.search(r"([\d.]+)px", value)
            attributes.append(f'font-size="{size[1]}"' if size else "")
        elif value in _CLASSES:
            classes.append(f"{name}-{_CLASSES[value]}")
        elif name:
            attributes.append(f'{name}="{value.replace(chr(34), chr(39))}"')
    if classes:
        attributes.append(f'class="{" ".join(classes)}"')
    return " ".join(filter(None, attributes))


def _inline(svg: str, name: str, label: str) -> Markup:
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'style="([^"]*)"', _declarations, svg)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'url\(#|href="#', lambda match: match[0] + name + "-", svg)
    svg = re.sub(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', rf'<svg viewBox="\1" role="img" aria-label="{label}">', svg)
    return Markup(re.sub(r"\n\s*", "\n", svg))


def _room(names: Sequence[str]) -> float:
    """Inches that the longest of some names takes: an estimate, as the reader's browser sets the text."""
    widths = (sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in name) for name in names)
    return 0.2 + _CHARACTER * max(widths, default=0)


def _draw(
    name: str, label: str, height: float, paint: Callable[[Any], None],
    left: Sequence[float] = (_NUMBERS,), top: float = 0.1, bottom: float = _FOOT,
) -> Markup:  # fmt: skip
    """`paint` is given the axes, an array of them where there are several side by side; `left` is the room in inches
    before each. `label` is ours, not of dumps."""
    # Half a second, which a build that changes no figure does not pay. Matplotlib's own layout would double it.
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with matplotlib.rc_context(), warnings.catch_warnings():
        # Letters that the font lacks are drawn by the browser; only their width is then an estimate.
        warnings.filterwarnings("ignore", "Glyph .* missing")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        figure = Figure(figsize=(_WIDTH, height))
        FigureCanvasSVG(figure)
        width = (_WIDTH - sum(left) - _EDGE) / len(left)
        gap = {"wspace": left[1] / width} if len(left) > 1 else {}
        paint(figure.subplots(1, len(left), gridspec_kw=gap))
        figure.subplots_adjust(left[0] / _WIDTH, bottom / height, 1 - _EDGE / _WIDTH, 1 - top / height)
        out = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(out, format="svg", metadata=nothing)
    return _inline(out.getvalue(), name, label)


def _barh(axes: "Axes", names: Sequence[str], stacks: Sequence[tuple[str, Sequence[float]]]) -> None:
    places = range(len(names))
    lefts = [0.0] * len(names)
    for index, (label, values) in enumerate(stacks):
        axes.barh(places, values, left=lefts, height=0.72, color=PALETTE[index % len(PALETTE)], label=label)
        lefts = [left + value for left, value in zip(lefts, values, strict=True)]
    axes.set_yticks(places, names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)


def stacked_bars(
    name: str, label: str, rows: Sequence[str], stacks: Sequence[tuple[str, Sequence[float]]], unit: str
) -> Markup:
    """Horizontal bars of `stacks` (label, a value for each row), with a legend above."""

    def paint(axes: "Axes") -> None:
        _barh(axes, rows, stacks)
        axes.set_xlabel(unit)
        axes.figure.legend(loc="upper center", ncols=4, fontsize=8, borderaxespad=0)

    legend = 0.1 + 0.19 * -(-len(stacks) // 4)
    return _draw(name, label, _FOOT + legend + 0.1 + 0.23 * len(rows), paint, (_room(rows),), legend)


def two_bars(
    name: str, label: str, left: tuple[str, Sequence[tuple[str, int]]], right: tuple[str, Sequence[tuple[str, int]]]
) -> Markup:
    """Two sets of horizontal bars side by side, each a title and rows of (name, number)."""

    def paint(both: Sequence["Axes"]) -> None:
        for axes, (title, rows) in zip(both, (left, right), strict=True):
            _barh(axes, [row[0] for row in rows], [("", [row[1] for row in rows])])
            axes.set_title(title, fontsize=9, loc="left")

    height = 0.6 + 0.23 * max(1, len(left[1]), len(right[1]))
    rooms = [_room([row[0] for row in rows]) for _, rows in (left, right)]
    return _draw(name, label, height, paint, rooms, top=0.3, bottom=0.3)


def columns(name: str, label: str, rows: Sequence[tuple[str, int]], axis: str) -> Markup:
    """Vertical bars of (name, number), as many ticks as are readable."""

    def paint(axes: "Axes") -> None:
        axes.bar(range(len(rows)), [row[1] for row in rows], width=0.85, color=PALETTE[0])
        step = -(-len(rows) // 10) or 1
        axes.set_xticks(range(0, len(rows), step), [row[0] for row in rows][::step])
        axes.set_xlim(-0.8, max(len(rows), 6) - 0.2)
        axes.set_ylabel("articles")
        axes.set_xlabel(axis)
        axes.grid(axis="y")

    return _draw(name, label, 2.4, paint)


def shades(
    name: str, label: str, rows: Sequence[str], ticks: Sequence[str], shares: Sequence[Sequence[float | None]]
) -> Markup:
    """A grid of cells, each shaded by its share from 0 to 1; empty where there is none."""

    def paint(axes: "Axes") -> None:
        from matplotlib.collections import PolyCollection
        from matplotlib.colors import to_rgba

        cells = [(row, column) for row, values in enumerate(shares) for column, v in enumerate(values) if v is not None]
        corners = [((x, y - 0.43), (x + 0.94, y - 0.43), (x + 0.94, y + 0.43), (x, y + 0.43)) for y, x in cells]
        colours = [to_rgba(PALETTE[0], round(0.06 + 0.94 * (shares[row][column] or 0), 2)) for row, column in cells]
        axes.add_collection(PolyCollection(corners, facecolors=colours, linewidths=0))
        step = -(-len(ticks) // 8) or 1
        axes.set_xticks([index + 0.5 for index in range(0, len(ticks), step)], ticks[::step])
        axes.set_yticks(range(len(rows)), rows)
        axes.set_xlim(0, max(len(ticks), 4))
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)

    return _draw(name, label, 0.4 + 0.19 * len(rows), paint, (_room(rows),), bottom=0.3)


def points(name: str, label: str, rows: Sequence[tuple[float, float, int]], across: str, up: str) -> Markup:
    """Points (x, y, how many), larger where they stand for more."""

    def paint(axes: "Axes") -> None:
        xs, ys, counts = zip(*rows, strict=True) if rows else ((), (), ())
        axes.scatter(
            xs, ys, s=[24 + 12 * min(count, 40) for count in counts], color=PALETTE[0], alpha=0.6, linewidths=0
        )
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        axes.grid()

    return _draw(name, label, 2.8, paint)
