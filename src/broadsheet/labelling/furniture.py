"""Lines that a source repeats from page to page."""

import hashlib
import re
from functools import lru_cache

from broadsheet.labelling.phrases import REMEMBERED

_DIGITS = re.compile(r"\d")


@lru_cache(REMEMBERED)
def line_hash(line: str) -> str:
    """Name of a line among a source's furniture: 16 hexadecimal digits.

    Case-folded, digits as 0 and blanks single, so that "3 comments" and "12 Comments " differ only in their length.
    """
    folded = " ".join(_DIGITS.sub("0", line.casefold()).split())
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]
