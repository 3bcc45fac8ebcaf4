"""Lines that a source repeats from page to page."""

import hashlib
import re
from collections.abc import Collection

_ASCII = bytes(range(128))
# Digits as 0, and all that str.split takes for a blank as one; but a newline stays.
_FOLDED = bytes(
    ord("0")
    if chr(code).isdigit()
    else ord(" ")
    if chr(code).isspace() and code != ord("\n")
    else ord(chr(code).lower())
    for code in range(128)
) + bytes(range(128, 256))
_DIGIT_OR_BLANK = re.compile(r"[\d\s]")


def _folded(lines: str) -> list[bytes]:
    """Lines that newlines divide, case-folded, digits as 0 and blanks single, in UTF-8.

    All lines are treated at once, as bytes: of the characters beyond ASCII few are digits or blanks.
    """
    content = (lines if lines.isascii() else lines.casefold()).encode("utf-8", "surrogatepass")
    others = content.translate(None, _ASCII).decode("utf-8", "surrogatepass")
    for character in set(_DIGIT_OR_BLANK.findall(others)):
        content = content.replace(character.encode(), b"0" if character.isdecimal() else b" ")
    content = content.translate(_FOLDED)
    while b"  " in content:
        content = content.replace(b"  ", b" ")
    return content.replace(b" \n", b"\n").replace(b"\n ", b"\n").strip(b" ").split(b"\n")


def line_hashes(lines: Collection[str]) -> list[bytes]:
    """Names of lines among a source's furniture, 8 bytes each.

    Case-folded, digits as 0 and blanks single, so that "3 comments" and "12 Comments " differ only in their length.
    """
    if not lines:
        return []
    joined = "\n".join([line.replace("\n", " ") for line in lines])
    sha256 = hashlib.sha256
    return [sha256(line).digest()[:8] for line in _folded(joined)]


def line_hash(line: str) -> str:
    """As `line_hashes`, of one line: 16 hexadecimal digits."""
    return line_hashes([line])[0].hex()
