"""A page as native/render.c reads it, or native/straight.c for it: text, marks, lines and where the page states
something, as columns."""

from functools import cache
from typing import NamedTuple

import numpy as np

from broadsheet.native import TooLarge, module
from broadsheet.readers.elements import TAGS, tables

# Kinds of rows of `Found.facts`, as native/render.c numbers them.
META, LANGUAGE, CANONICAL, TIME, ITEM, TITLE, JSON, SPAN, AUTHOR = range(9)
# Rows of a kind that a page of usual size has at most; one with more is read again with room for twice as many.
_ROWS = 4096
# Columns of int32.
_MARK, _FACT = 3, 4
# Bytes of `Record` in native/render.c: of what is given, and of all.
_GIVEN, _RECORD = 20, 68
_PAGE = 65_536  # bytes of memory


class Found(NamedTuple):
    """What is found in a page. Positions are code points of the text."""

    text: str
    marks: np.ndarray  # int32[3, marks]: starts, ends, places in elements.TAGS or behind them in `paths`
    paths: list[int]  # hardly ever one twice
    facts: list[list[int]]  # kind, start, end, how many of `values` are theirs, one after the other
    values: list[str]  # what the page states


@cache
def _names() -> int:
    """Where what names say stands in the module's memory: `Names` in native/render.c."""
    keep = module("page").keep
    places = [keep(np.frombuffer(each, np.uint8)) for table in tables() for each in table]
    return keep(np.array([*places, *(len(table.slots) for table in tables()), len(TAGS)], np.uint32))


@cache
def _record() -> int:
    """Where the module looks for what it is to read: `Record` in native/render.c."""
    return module("page").call("where", (), ())[0]


def walk(page: bytes) -> Found:
    """What is found in a page (UTF-8, as turbohtml writes a parsed one).

    Raises TooLarge where that takes more memory than a module can have.
    """
    found, needed = _read("render", page)
    if found is None:
        raise TooLarge(needed * _PAGE)
    return found


def walk_straight(page: bytes) -> Found | None:
    """What would be found in a page when it is parsed; None where only the parser can tell, or where it is no UTF-8."""
    try:
        return _read("straight", page)[0]
    except TooLarge:
        return None


def _read(function: str, page: bytes) -> tuple[Found | None, int]:
    """What a function finds in a page, or None and the pages of memory that it needs."""
    place = _record()
    memory = module("page").call_with_record(function, place, [page], _names(), len(page), _ROWS)
    reason, needed, text, marks, paths, facts, values, *counts = (
        memory[place + _GIVEN : place + _RECORD].view(np.uint32).tolist()
    )
    if reason or needed:
        return None, needed
    size, marks_count, paths_count, facts_count, values_size = counts
    found = Found(
        str(memory[text : text + size].data, "utf-8"),
        memory[marks : marks + 4 * _MARK * marks_count].view(np.int32).reshape(-1, _MARK).T.copy(),
        memory[paths : paths + 4 * paths_count].view(np.uint32).tolist(),
        memory[facts : facts + 4 * _FACT * facts_count].view(np.int32).reshape(-1, _FACT).tolist(),
        str(memory[values : values + values_size].data, "utf-8").split("\0")[:-1],
    )
    return found, 0
