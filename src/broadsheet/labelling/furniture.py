"""Lines that a source repeats from page to page."""

from collections.abc import Sequence
from itertools import compress
from typing import NamedTuple

import numpy as np

from broadsheet import native
from broadsheet.labelling.glance import in_bytes, record

# Where the record of native/lines.c has the addresses of flags, and behind another those of hashes, starts and lengths.
_FLAGS, _PAST = 28, 48


class Hashed(NamedTuple):
    """The lines of a text, which newlines divide: their hashes, and where they stand without the blanks around them."""

    hashes: np.ndarray  # uint64[lines]
    starts: np.ndarray  # int32[lines], code points
    lengths: np.ndarray  # int32[lines], code points, 0 of a blank line


def _hashed(content: bytes, count: int) -> tuple[Hashed, np.ndarray]:
    """The lines of a text in UTF-8, and whether all their characters could be folded (bool[lines])."""
    place = record()
    memory = native.module("lines").call_with_record("hash", place, [content], 0, len(content), count)
    flags, _, hashes, starts, lengths = memory[place + _FLAGS : place + _PAST].view(np.uint32).tolist()
    found = Hashed(
        memory[hashes : hashes + 8 * count].view(np.uint64).copy(),
        memory[starts : starts + 4 * count].view(np.int32).copy(),
        memory[lengths : lengths + 4 * count].view(np.int32).copy(),
    )
    return found, memory[flags : flags + count] != 0


def _folded(lines: Sequence[str]) -> list[str]:
    """Lines with letters that take tables to fold, folded, and with the digits and blanks of ASCII only."""
    text = "\n".join([line.replace("\n", " ") for line in lines]).casefold()
    for character in sorted(set(text)):
        if not character.isascii() and (character.isdecimal() or character.isspace()):
            text = text.replace(character, "0" if character.isdecimal() else " ")
    return text.split("\n")


def _hash_of_folded(lines: Sequence[str]) -> np.ndarray:
    return _hashed(in_bytes(_folded(lines)), len(lines))[0].hashes


def hashed_lines(text: str) -> Hashed:
    """The lines of a text by their hashes (see `line_hashes`), blank ones too."""
    found, known = _hashed(text.encode("utf-8", "surrogatepass"), text.count("\n") + 1)
    if not known.all():
        spans = zip(found.starts[~known].tolist(), found.lengths[~known].tolist(), strict=True)
        found.hashes[~known] = _hash_of_folded([text[start : start + length] for start, length in spans])
    return found


def line_hashes(lines: Sequence[str]) -> np.ndarray:
    """Names of lines (uint64[lines]) among a source's furniture: FNV-1a (Fowler, Noll and Vo) of their UTF-8.

    Case-folded, digits as 0 and blanks single, so that "3 comments" and "12 Comments " differ only in their length.
    """
    if not lines:
        return np.zeros(0, np.uint64)
    found, known = _hashed(in_bytes(lines), len(lines))
    if not known.all():
        found.hashes[~known] = _hash_of_folded(list(compress(lines, (~known).tolist())))
    return found.hashes


def line_hash(line: str) -> str:
    """As `line_hashes`, of one line: 16 hexadecimal digits."""
    return f"{line_hashes([line])[0]:016x}"
