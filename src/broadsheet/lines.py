"""From text to lines, and lines that were wrapped by hand back to paragraphs.

A line ends at LF only; blank is what str.isspace says; a span is trimmed of blanks.
"""

from collections.abc import Sequence
from itertools import count, pairwise, repeat
from operator import itemgetter
from typing import NamedTuple

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


def lines_and_texts(text: str) -> tuple[list[Line], list[str]]:
    """The lines of `text` that hold a non-blank character, in order, and what stands in each."""
    found, texts, place, follows_blank = [], [], 0, True
    for line in text.split("\n"):
        size, trimmed = len(line), line.strip()
        if trimmed:
            length = len(trimmed)
            indent = 0 if size == length else size - len(line.lstrip())
            start = place + indent
            found.append((start, start + length, indent, follows_blank))
            texts.append(trimmed)
        follows_blank = not trimmed
        place += size + 1
    # A page has hundreds: made in one go, without a call of Python for each.
    return list(map(tuple.__new__, repeat(Line), found)), texts


def cut_lines(text: str) -> list[Line]:
    """The lines of `text` that hold a non-blank character, in order."""
    return lines_and_texts(text)[0]


def _long_runs(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Runs of two or more lines with no blank line and no deeper indent between them, as half-open index pairs.

    No run at all where one holds a line that is too wide to have been wrapped, which many pages show early.
    """
    starts, before = [], -1
    for index, (start, end, indent, follows_blank) in enumerate(lines):
        if follows_blank or index == 0 or indent > before:
            starts.append(index)
        elif end - start > _WIDEST:
            return []
        before = indent
    return [(first, end) for first, end in pairwise([*starts, len(lines)]) if end - first > 1]


def _is_spaceless(character: str) -> bool:
    """Whether words of the character's script are written without spaces (Chinese, Japanese, Thai)."""
    return "\u0e00" <= character <= "\u0eff" or "\u3040" <= character <= "\u30ff" or "\u4e00" <= character <= "\u9fff"


def _is_filled(text: str, line: Line, following: Line, width: int) -> bool:
    """Whether the next line's first word would not have fitted on this one."""
    if _is_spaceless(text[following.start]):
        return line.indent + line.end - line.start >= width - 2
    word = text[following.start : following.end].split(None, 1)[0]
    return line.indent + line.end - line.start + 1 + len(word) > width


def _single(lines: Sequence[Line]) -> list[Unit]:
    """Each line as a unit of its own."""
    starts, ends = map(itemgetter(0), lines), map(itemgetter(1), lines)
    return list(map(tuple.__new__, repeat(Unit), zip(starts, ends, count(), count())))


def cut_units(text: str, lines: Sequence[Line]) -> list[Unit]:
    """Lines as units, those of a hard-wrapped paragraph as one.

    A document is hard-wrapped when most of its characters stand in runs of lines each of which is
    so full that the next word would have gone beyond the document's width.
    """
    long_runs = _long_runs(lines)
    if not long_runs:
        return _single(lines)
    width = max(indent + end - start for run in long_runs for start, end, indent, _ in lines[slice(*run)])
    if not _NARROWEST // 2 <= width <= _WIDEST:
        return _single(lines)
    wrapped = [
        (first, end)
        for first, end in long_runs
        if all(_is_filled(text, lines[k], lines[k + 1], width) for k in range(first, end - 1))
    ]
    inside = sum(lines[k].end - lines[k].start for first, end in wrapped for k in range(first, end))
    spaceless = wrapped and _is_spaceless(text[lines[wrapped[0][0]].start])
    total = sum(line.end - line.start for line in lines)
    if inside < _WRAPPED_SHARE * total or (width < _NARROWEST and not spaceless):
        return _single(lines)
    first_to_end = dict(wrapped)
    units, index = [], 0
    while index < len(lines):
        end = first_to_end.get(index, index + 1)
        units.append(Unit(lines[index].start, lines[end - 1].end, index, end - 1))
        index = end
    return units


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
