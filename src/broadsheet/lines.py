"""From text to lines, and lines that were wrapped by hand back to paragraphs.

A line ends at LF only; blank is what str.isspace says; a span is trimmed of blanks.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

# Wire copy is wrapped at 60 to 80 columns, mail at 72 to 78; nobody wraps prose narrower or wider by hand.
_NARROWEST, _WIDEST = 40, 100
# Share of a document's characters that must stand in wrapped paragraphs for it to be hard-wrapped at all.
_WRAPPED_SHARE = 0.5


class Line(NamedTuple):
    """A line's span in code points of the document, trimmed of blanks; `indent` blanks stood before it."""

    start: int
    end: int
    indent: int
    follows_blank: bool


class Unit(NamedTuple):
    """What is labelled as one: a line, or the lines `first` to `last` (inclusive) of a hard-wrapped paragraph."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of a document as columns, of which a page has hundreds of rows; they come as `Line`."""

    start: np.ndarray  # int32[lines]
    end: np.ndarray  # int32[lines]
    indent: np.ndarray  # int32[lines]
    follows_blank: np.ndarray  # bool[lines]

    def __len__(self) -> int:
        return len(self.start)

    def __iter__(self) -> Iterator[Line]:
        columns = (self.start, self.end, self.indent, self.follows_blank)
        return map(Line, *(column.tolist() for column in columns))


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The units of a document as columns; they come as `Unit`."""

    start: np.ndarray  # int32[units]
    end: np.ndarray  # int32[units]
    first: np.ndarray  # int32[units]
    last: np.ndarray  # int32[units]

    def __len__(self) -> int:
        return len(self.start)

    def __iter__(self) -> Iterator[Unit]:
        return map(Unit, *(column.tolist() for column in (self.start, self.end, self.first, self.last)))


def _lengths(texts: Iterable[str], count: int) -> np.ndarray:
    return np.fromiter(map(len, texts), np.int32, count)


def lines_and_texts(text: str) -> tuple[Lines, list[str]]:
    """The lines of `text` that hold a non-blank character, in order, and what stands in each."""
    pieces = text.split("\n")
    trimmed, count = list(map(str.strip, pieces)), len(pieces)
    lengths = sizes = _lengths(pieces, count)
    indent = np.zeros(count, np.int32)
    if trimmed != pieces:
        lengths = _lengths(trimmed, count)
        indent = sizes - _lengths(map(str.lstrip, pieces), count)
    start = np.cumsum(sizes + 1, dtype=np.int32) - sizes - 1 + indent
    is_line = lengths > 0
    follows_blank = np.ones(count, bool)
    np.logical_not(is_line[:-1], out=follows_blank[1:])
    columns = (start, start + lengths, indent, follows_blank)
    return Lines(*(column[is_line] for column in columns)), list(filter(None, trimmed))


def cut_lines(text: str) -> Lines:
    """The lines of `text` that hold a non-blank character, in order."""
    return lines_and_texts(text)[0]


def _is_spaceless(character: str) -> bool:
    """Whether words of the character's script are written without spaces (Chinese, Japanese, Thai)."""
    return "\u0e00" <= character <= "\u0eff" or "\u3040" <= character <= "\u30ff" or "\u4e00" <= character <= "\u9fff"


def _is_filled(text: str, line: Line, following: Line, width: int) -> bool:
    """Whether the next line's first word would not have fitted on this one."""
    if _is_spaceless(text[following.start]):
        return line.indent + line.end - line.start >= width - 2
    word = text[following.start : following.end].split(None, 1)[0]
    return line.indent + line.end - line.start + 1 + len(word) > width


def _runs(begins: np.ndarray) -> list[tuple[int, int]]:
    """Runs of two or more lines as half-open index pairs, where it is told which lines begin one (bool[lines])."""
    return [(first, end) for first, end in pairwise([*np.flatnonzero(begins).tolist(), len(begins)]) if end - first > 1]


def _goes_on(lines: Lines, firsts: np.ndarray) -> np.ndarray:
    """Which lines (bool[lines]) may go on with a paragraph; none of the `firsts` of pages does."""
    begins = lines.follows_blank.copy()
    begins[1:] |= lines.indent[1:] > lines.indent[:-1]
    begins[firsts] = True
    return ~begins


def may_be_wrapped(pages: Sequence[Lines]) -> list[bool]:
    """Whether each page may be hard-wrapped: most show by the width of their lines that nobody wrapped them."""
    counts = np.array([*map(len, pages)])
    columns = zip(*((page.start, page.end, page.indent, page.follows_blank) for page in pages), strict=True)
    lines = Lines(*map(np.concatenate, columns))
    goes_on = _goes_on(lines, (np.cumsum(counts) - counts)[counts > 0])
    widest = np.zeros(len(pages), np.int32)
    np.maximum.at(widest, np.repeat(np.arange(len(pages)), counts)[goes_on], (lines.end - lines.start)[goes_on])
    found: list[bool] = ((widest > 0) & (widest <= _WIDEST)).tolist()
    return found


def _wrapped_runs(text: str, lines: Lines) -> list[tuple[int, int]]:
    """The hard-wrapped paragraphs of a document as half-open index pairs of lines, none where it is not hard-wrapped.

    It is when most of its characters stand in runs of lines each of which is so full that the next word would have
    gone beyond the document's width. No blank line and no deeper indent is within a run.
    """
    if not may_be_wrapped([lines])[0]:
        return []
    goes_on, sizes = _goes_on(lines, np.zeros(1, np.intp)), lines.end - lines.start
    of_runs = goes_on.copy()
    of_runs[:-1] |= goes_on[1:]
    width, least = int((lines.indent + sizes)[of_runs].max()), _WRAPPED_SHARE * int(sizes.sum())
    if not _NARROWEST // 2 <= width <= _WIDEST or sizes[of_runs].sum() < least:
        return []
    rows = list(lines)
    wrapped = [
        (first, end)
        for first, end in _runs(~goes_on)
        if all(_is_filled(text, rows[k], rows[k + 1], width) for k in range(first, end - 1))
    ]
    inside = sum(int(sizes[first:end].sum()) for first, end in wrapped)
    spaceless = wrapped and _is_spaceless(text[rows[wrapped[0][0]].start])
    if inside < least or (width < _NARROWEST and not spaceless):
        return []
    return wrapped


def lines_as_units(lines: Lines) -> Units:
    """Lines of a document that is not hard-wrapped."""
    places = np.arange(len(lines), dtype=np.int32)
    return Units(lines.start, lines.end, places, places)


def cut_units(text: str, lines: Lines) -> Units:
    """Lines as units, those of a hard-wrapped paragraph as one."""
    wrapped = _wrapped_runs(text, lines)
    if not wrapped:
        return lines_as_units(lines)
    begins = np.ones(len(lines), bool)
    for first, end in wrapped:
        begins[first + 1 : end] = False
    firsts = np.flatnonzero(begins).astype(np.int32)
    lasts = np.append(firsts, np.int32(len(lines)))[1:] - 1
    return Units(lines.start[firsts], lines.end[lasts], firsts, lasts)


def unwrapped(text: str, start: int, end: int) -> str:
    """A hard-wrapped paragraph as one line: each newline reads as one space, so that offsets hold.

    In scripts without spaces between words the newlines stay, because a space would be no part of the text.
    """
    span = text[start:end]
    if "\n" not in span:
        return span
    pieces = span.split("\n")
    joined = pieces[0]
    for piece in pieces[1:]:
        spaceless = joined and piece and _is_spaceless(joined[-1]) and _is_spaceless(piece[0])
        joined += ("\n" if spaceless else " ") + piece
    return joined
