"""Lines that a source repeats from page to page."""

import hashlib
import re
from collections.abc import Sequence
from itertools import compress

import numpy as np

from broadsheet import native
from broadsheet.labelling.glance import in_bytes, record

_DIGIT = re.compile(r"\d")
# Where the record of native/lines.c has the addresses of flags and, behind another, of hashes.
_FLAGS, _PAST = 28, 40


def _hash_of(line: str) -> int:
    """The hash of any line; native/lines.c has all but those with letters that take tables to fold."""
    folded = " ".join(_DIGIT.sub("0", line.casefold()).split())
    return int.from_bytes(hashlib.sha256(folded.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def line_hashes(lines: Sequence[str]) -> np.ndarray:
    """Names of lines (uint64[lines]) among a source's furniture: the first 8 bytes of SHA-256, the highest first.

    Case-folded, digits as 0 and blanks single, so that "3 comments" and "12 Comments " differ only in their length.
    """
    if not lines:
        return np.zeros(0, np.uint64)
    content, count, place = in_bytes(lines), len(lines), record()
    memory = native.module("lines").call_with_record("hash", place, [content], 0, len(content), count)
    flags, _, hashes = memory[place + _FLAGS : place + _PAST].view(np.uint32).tolist()
    found = memory[hashes : hashes + 8 * count].view(np.uint64).copy()
    unknown = memory[flags : flags + count] == 0
    if unknown.any():
        found[unknown] = list(map(_hash_of, compress(lines, unknown.tolist())))
    return found


def line_hash(line: str) -> str:
    """As `line_hashes`, of one line: 16 hexadecimal digits."""
    return f"{line_hashes([line])[0]:016x}"
