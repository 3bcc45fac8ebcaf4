"""A page as native/render.c reads it: text, marks, lines and where the page states something, as columns."""

from typing import NamedTuple

import numpy as np

from broadsheet.native import module
from broadsheet.readers.elements import tables

# Kinds of rows of `Found.facts`, as native/render.c numbers them.
META, LANGUAGE, CANONICAL, TIME, ITEM, TITLE, JSON, SPAN, AUTHOR = range(9)
# Room for what is found. A page of usual size has no more; else it is read again with more, but for facts.
_ROWS, _FACTS = 4096, 4096
_MARK, _LINE, _SEPARATOR, _FACT, _OPEN, _TAB = 3, 3, 2, 11, 15, 2  # columns
_CACHE, _COUNTS = 1024 * 17, 6
_FULL = -1


class Found(NamedTuple):
    """What is found in a page. Positions are code points of the text."""

    text: str
    length: int
    marks: np.ndarray  # int32[marks, 3]: start, end, place in elements.TAGS; in the order in which elements end
    lines: np.ndarray  # int32[lines, 3]: begin, end of the text before, path; in no order
    separators: np.ndarray  # int32[separators, 2]: position of what was put between two texts, and its length
    facts: list[list[int]]  # kind, start, end, then offset and length in the page of each of four values


def _read(page: bytes, rows: int) -> Found | None:
    """What is found in a page; None where it has more than so many rows of a kind."""
    elements, names = tables()
    kinds = [(np.int32, columns * rows) for columns in (_MARK, _LINE, _SEPARATOR)]
    work = [(np.int32, _OPEN * rows), (np.int32, _TAB * rows), (np.int32, _CACHE)]
    room = len(page) + 1
    returned, (text, marks, lines, separators, facts, counts, *_) = module("render").call_with_record(
        "render",
        [page, *elements, *names],
        [(np.uint8, room), *kinds, (np.int32, _FACT * _FACTS), (np.int32, _COUNTS), *work],
        len(page), len(elements.slots), len(names.slots), room, rows, _FACTS,
    )  # fmt: skip
    if returned == _FULL:
        return None
    size, length, *counted = counts.tolist()
    arrays = [
        array[: columns * count].reshape(-1, columns)
        for array, columns, count in zip(
            (marks, lines, separators, facts), (_MARK, _LINE, _SEPARATOR, _FACT), counted, strict=True
        )
    ]
    return Found(text[:size].tobytes().decode(), length, *(array.copy() for array in arrays[:3]), arrays[3].tolist())


def walk(page: bytes) -> Found:
    """What is found in a page (UTF-8, as turbohtml writes a parsed one)."""
    rows = _ROWS
    while (found := _read(page, rows)) is None:
        # Each row is of some bytes of the page.
        if rows > len(page):
            raise AssertionError(f"a page of {len(page)} bytes has more than {rows} rows")
        rows *= 8
    return found
