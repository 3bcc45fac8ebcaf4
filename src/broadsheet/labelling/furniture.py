"""Lines that a source repeats from page to page."""

import hashlib
import re
from functools import lru_cache

from broadsheet.labelling.phrases import REMEMBERED

_DIGITS = re.compile(r"\d")
# For ASCII the same in one pass: small letters, digits as 0, and all that str.split takes for a blank as one.
_FOLDED = bytes(
    ord("0") if chr(code).isdigit() else ord(" ") if chr(code).isspace() else ord(chr(code).lower())
    for code in range(128)
).ljust(256, b"\0")


@lru_cache(REMEMBERED)
def line_hash(line: str) -> str:
    """Name of a line among a source's furniture: 16 hexadecimal digits.

    Case-folded, digits as 0 and blanks single, so that "3 comments" and "12 Comments " differ only in their length.
    """
    if line.isascii():
        return hashlib.sha256(b" ".join(line.encode().translate(_FOLDED).split())).hexdigest()[:16]
    folded = " ".join(_DIGITS.sub("0", line.casefold()).split())
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]
