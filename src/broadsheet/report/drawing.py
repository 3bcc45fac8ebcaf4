"""Shapes and words as SVG, by matplotlib: its figure, its artists, the ticks it finds, its SVG.

Its axes are not used. They measure each word several times, which takes many times as long as all else, and here the
words are set by the reader's browser. All lengths are points, 1/72 inch; places are counted from the left and the top.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal, NamedTuple

import matplotlib
import numpy as np
from matplotlib.artist import Artist

_HELP = "_update_set_signature_and_docstring"


@contextmanager
def _without_help() -> Iterator[None]:
    """Inside, kinds of artists are defined without the text that help() would show of what can be set of each: to put
    it together takes a quarter of matplotlib's import.
    """
    always = vars(Artist).get(_HELP)
    setattr(Artist, _HELP, classmethod(lambda kind: None))
    try:
        yield
    finally:
        setattr(Artist, _HELP, always)


with _without_help():
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from matplotlib.text import Text
    from matplotlib.textpath import text_to_path
    from matplotlib.ticker import MaxNLocator
    from matplotlib.transforms import Affine2D, IdentityTransform

_PLACES = 2  # of a point: more would be seen by nobody
INK = "#010203"  # a stand-in that no other colour is like
FAMILY = "DejaVu Sans"  # comes with matplotlib: the layout is the same on every machine
_SETTINGS: Any = matplotlib.rcParams
_STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "broadsheet"}
_RECTANGLE = (Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY)
_LINE = (Path.MOVETO, Path.LINETO)
_ROUND = (1, 2, 2.5, 5, 10)

Anchor = Literal["left", "center", "right"]


@cache
def _style() -> dict[str, Any]:
    """Matplotlib's own settings, which nothing of this machine has changed, and ours."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        _SETTINGS.update(_STYLE)
        return dict.copy(_SETTINGS)


@contextmanager
def _own_style() -> Iterator[None]:
    """Inside, pictures are the same on every machine. Settings that were checked are not checked again for each."""
    before = dict.copy(_SETTINGS)
    dict.update(_SETTINGS, _style())
    try:
        yield
    finally:
        dict.update(_SETTINGS, before)


class Word(NamedTuple):
    """A text whose base line goes through `y`, and whose `anchor` is at `x`; `angle` is in degrees, leftwards."""

    text: str
    x: float
    y: float
    anchor: Anchor
    size: float
    angle: float = 0


class _Words(Artist):
    """Words at their anchors, which need not be measured."""

    zorder = 3

    def __init__(self, words: Sequence[Word], height: float) -> None:
        super().__init__()
        self._words = words
        self._height = height

    def draw(self, renderer: Any) -> None:
        pen, place = renderer.new_gc(), Text(rotation_mode="anchor")
        pen.set_foreground(INK)
        fonts = {size: FontProperties(family=FAMILY, size=size) for size in {word.size for word in self._words}}
        for word in self._words:
            place.set_position((word.x, self._height - word.y))
            place.set_horizontalalignment(word.anchor)
            renderer.draw_text(pen, word.x, word.y, word.text, fonts[word.size], word.angle, mtext=place)


def _columns(*values: Any) -> np.ndarray:
    """Numbers, or arrays of them, as float[shapes, values]."""
    return np.stack([each.ravel() for each in np.broadcast_arrays(*values)], axis=-1).astype(float)


class Drawing:
    """A picture of so many points; what comes later lies above."""

    def __init__(self, width: float, height: float) -> None:
        self._figure = Figure(figsize=(width / 72, height / 72), frameon=False)
        self._downward = Affine2D.from_values(1, 0, 0, -1, 0, height)
        self._height = height
        self._words: list[Word] = []

    def _add(self, points: np.ndarray, codes: Sequence[Any], **look: Any) -> None:
        """Shapes that have the same codes, as one path; `points` are float[shapes, codes, 2]."""
        if len(points):
            path = Path(points.reshape(-1, 2).round(_PLACES), np.tile(np.array(codes, Path.code_type), len(points)))
            self._figure.add_artist(PathPatch(path, transform=self._downward, **look))

    def rectangles(self, left: Any, top: Any, right: Any, bottom: Any, colour: str, opacity: float = 1) -> None:
        """Filled rectangles, those without any area left out."""
        sides = _columns(left, top, right, bottom)
        sides = sides[(sides[:, 0] != sides[:, 2]) & (sides[:, 1] != sides[:, 3])]
        corners = sides[:, [0, 1, 2, 1, 2, 3, 0, 3, 0, 1]].reshape(-1, 5, 2)
        self._add(corners, _RECTANGLE, facecolor=colour, alpha=opacity, linewidth=0)

    def lines(self, left: Any, top: Any, right: Any, bottom: Any, colour: str, width: float) -> None:
        """Straight lines."""
        ends = _columns(left, top, right, bottom).reshape(-1, 2, 2)
        self._add(ends, _LINE, edgecolor=colour, fill=False, linewidth=width)

    def circles(self, x: np.ndarray, y: np.ndarray, areas: np.ndarray, colour: str, opacity: float) -> None:
        """Filled circles, by the areas of the squares around them."""
        places = np.column_stack([x, y]).round(_PLACES)
        for area in np.unique(areas):  # those of one size are short: each refers to the first
            circles = PathCollection(
                [Path.circle(radius=0.5)], [area], offsets=places[areas == area], offset_transform=self._downward,
                transform=IdentityTransform(), facecolors=colour, alpha=opacity, linewidths=0,
            )  # fmt: skip
            self._figure.add_artist(circles)

    def words(self, texts: Sequence[str], x: Any, y: Any, anchor: Anchor, size: float, angle: float = 0) -> None:
        """Words, as `Word` has them."""
        _, across, down = np.broadcast_arrays(np.empty(len(texts)), x, y)
        for text, left, top in zip(texts, across.tolist(), down.tolist(), strict=True):
            self._words.append(Word(text, round(left, _PLACES), round(top, _PLACES), anchor, size, angle))

    def svg(self) -> str:
        """All of it; the same bytes each time."""
        self._figure.add_artist(_Words(self._words, self._height))
        out = io.StringIO()
        with _own_style():
            nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
            FigureCanvasSVG(self._figure).print_figure(out, format="svg", metadata=nothing)
        return out.getvalue()


def round_values(low: float, high: float, most: int) -> np.ndarray:
    """Round values from `low` to `high`, about as many as `most`."""
    found = np.asarray(MaxNLocator(most, steps=_ROUND).tick_values(low, high))
    slack = (high - low) * 1e-9
    return found[(found >= low - slack) & (found <= high + slack)]


def text_width(text: str, size: float) -> float:
    """Width of a text as matplotlib's own font has it."""
    width, _, _ = text_to_path.get_text_width_height_descent(text, FontProperties(family=FAMILY, size=size), False)
    return float(width)
