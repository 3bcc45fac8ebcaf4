"""Lines that a source repeats from page to page."""

from collections.abc import Sequence
from itertools import compress

import numpy as np

from broadsheet import native
from broadsheet.labelling.glance import in_bytes, record

# Where the record of native/lines.c has the addresses of flags and, behind another, of hashes.
_FLAGS, _PAST = 28, 40


def _hashed(lines: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of lines, and whether all their characters could be folded (bool[lines])."""
    content, count, place = in_bytes(lines), len(lines), record()
    memory = native.module("lines").call_with_record("hash", place, [content], 0, len(content), count)
    flags, _, hashes = memory[place + _FLAGS : place + _PAST].view(np.uint32).tolist()
    return memory[hashes : hashes + 8 * count].view(np.uint64).copy(), memory[flags : flags + count] != 0


def _folded(lines: Sequence[str]) -> list[str]:
    """Lines with letters that take tables to fold, folded, and with the digits and blanks of ASCII only."""
    text = "\n".join([line.replace("\n", " ") for line in lines]).casefold()
    for character in sorted(set(text)):
        if not character.isascii() and (character.isdecimal() or character.isspace()):
            text = text.replace(character, "0" if character.isdecimal() else " ")
    return text.split("\n")


def line_hashes(lines: Sequence[str]) -> np.ndarray:
    """Names of lines (uint64[lines]) among a source's furniture: the first 8 bytes of SHA-256, the highest first.

    Case-folded, digits as 0 and blanks single, so that "3 comments" and "12 Comments " differ only in their length.
    """
    if not lines:
        return np.zeros(0, np.uint64)
    found, known = _hashed(lines)
    if not known.all():
        found[~known], _ = _hashed(_folded(list(compress(lines, (~known).tolist()))))
    return found


def line_hash(line: str) -> str:
    """As `line_hashes`, of one line: 16 hexadecimal digits."""
    return f"{line_hashes([line])[0]:016x}"
