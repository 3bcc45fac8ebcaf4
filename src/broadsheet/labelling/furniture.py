"""Lines that a source repeats from page to page."""

import hashlib
import re
from collections.abc import Iterable

_DIGITS = re.compile(r"\d")
# For ASCII the same in one pass: small letters, digits as 0, and all that str.split takes for a blank as one; but a
# newline stays.
_FOLDED = bytes(
    ord("0") if chr(code).isdigit() else ord(" ") if chr(code).isspace() and chr(code) != "\n" else ord(chr(code).lower())
    for code in range(128)
).ljust(256, b"\0")


def _folded(lines: str) -> list[bytes]:
    """Lines that newlines divide, case-folded, digits as 0 and blanks single."""
    if lines.isascii():
        return [b" ".join(line.split()) for line in lines.encode().translate(_FOLDED).split(b"\n")]
    folded = _DIGITS.sub("0", lines.casefold()).split("\n")
    return "\n".join([" ".join(line.split()) for line in folded]).encode("utf-8", "surrogatepass").split(b"\n")


def line_hashes(lines: Iterable[str]) -> list[bytes]:
    """Names of lines among a source's furniture, 8 bytes each.

    Case-folded, digits as 0 and blanks single, so that "3 comments" and "12 Comments " differ only in their length.
    """
    joined = "\n".join([line.replace("\n", " ") for line in lines])
    return [hashlib.sha256(line).digest()[:8] for line in _folded(joined)]


def line_hash(line: str) -> str:
    """As `line_hashes`, of one line: 16 hexadecimal digits."""
    return line_hashes([line])[0].hex()
