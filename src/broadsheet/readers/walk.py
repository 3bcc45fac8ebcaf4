"""A page as native/render.c reads it: text, marks, lines and where the page states something, as columns."""

from typing import NamedTuple

import numpy as np

from broadsheet.native import module
from broadsheet.readers.elements import tables

# Kinds of rows of `Found.facts`, as native/render.c numbers them.
META, LANGUAGE, CANONICAL, TIME, ITEM, TITLE, JSON, SPAN, AUTHOR = range(9)
# Room for what is found. A page of usual size has no more; else it is read again with more, but for facts.
_ROWS, _FACTS = 4096, 4096
# Columns of int32, of what is given out and of what is set down meanwhile.
_MARK, _PATH, _FACT, _LINE, _SEPARATOR, _OPEN, _TAB = 3, 1, 11, 3, 2, 11, 5
_CACHE, _COUNTS = 1024 * 17, 4
_MOST_MARKS, _FULL = 100_000, -1


class Found(NamedTuple):
    """What is found in a page. Positions are code points of the text."""

    text: str
    marks: np.ndarray  # int32[3, marks]: starts, ends, places in elements.TAGS or -1
    paths: list[int]  # of the marks of which no place is known
    facts: list[list[int]]  # kind, start, end, then offset and length in the page of each of four values


def _read(page: bytes, rows: int) -> Found | None:
    """What is found in a page; None where it has more than so many rows of a kind."""
    elements, names = tables()
    room = len(page) + 1
    marked, lined = min(rows, _MOST_MARKS), 2 * rows  # a tab may begin a line too
    found = [(marked + lined) * _MARK, lined * _PATH, _FACTS * _FACT, _COUNTS]
    work = [marked * _MARK, *(rows * columns for columns in (_LINE, _SEPARATOR, _OPEN, _TAB)), _CACHE]
    returned, (text, marks, paths, facts, counts, *_) = module("render").call_with_record(
        "render",
        [page, *elements, *names],
        [(np.uint8, room), *((np.int32, size) for size in (*found, *work))],
        len(page), len(elements.slots), len(names.slots), room, rows, _FACTS,
    )  # fmt: skip
    if returned == _FULL:
        return None
    size, marks_count, paths_count, facts_count = counts.tolist()
    return Found(
        text[:size].tobytes().decode(),
        marks[: marks_count * _MARK].reshape(-1, _MARK).T.copy(),
        paths[:paths_count].view(np.uint32).tolist(),
        facts[: facts_count * _FACT].reshape(-1, _FACT).tolist(),
    )


def walk(page: bytes) -> Found:
    """What is found in a page (UTF-8, as turbohtml writes a parsed one)."""
    rows = _ROWS
    while (found := _read(page, rows)) is None:
        # Each row is of some bytes of the page.
        if rows > len(page):
            raise AssertionError(f"a page of {len(page)} bytes has more than {rows} rows")
        rows *= 2
    return found
