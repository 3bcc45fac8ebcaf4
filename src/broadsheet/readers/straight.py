"""A page without most of what nobody sees, written in one go where that needs no tree: native/straight.c."""

from functools import cache

import numpy as np

from broadsheet.native import TooLarge, module

# Bytes of `Record` in native/straight.c: of what is given, and of all.
_GIVEN, _RECORD = 12, 24


@cache
def _record() -> int:
    """Where the module looks for what it is to read: `Record` in native/straight.c."""
    return module("straight").call("where", (), ())[0]


def written(html: str) -> bytes | None:
    """What html.parsed makes of a page, byte for byte; None where only the parser can tell."""
    try:
        return written_of_bytes(html.encode())
    except UnicodeEncodeError:
        return None


def written_of_bytes(page: bytes) -> bytes | None:
    """As `written`, of a page in UTF-8; None too where it is none."""
    place = _record()
    try:
        memory = module("straight").call_with_record("straight", place, [page], len(page))
    except TooLarge:
        return None
    reason, first, length = memory[place + _GIVEN : place + _RECORD].view(np.uint32).tolist()
    return None if reason else memory[first : first + length].tobytes()
