"""Lines that a source repeats from page to page."""

import hashlib
import re

_DIGITS = re.compile(r"\d")
_BLANKS = re.compile(r"\s+")


def line_hash(line: str) -> str:
    """Name of a line among a source's furniture: 16 hexadecimal digits.

    Case-folded, digits as 0 and blanks single, so that "3 comments" and "12 Comments " differ only in their length.
    """
    folded = _BLANKS.sub(" ", _DIGITS.sub("0", line.casefold())).strip()
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]
