"""Numbers and words of a folded line."""

from __future__ import annotations

import re
from typing import NamedTuple

from broadsheet.dates.lexicon import WHOLE_WORD

_TOKEN = re.compile(rf"\d+|{WHOLE_WORD}")
_ASCII_TOKEN = re.compile("[0-9]+|[A-Za-z]+")


class Token(NamedTuple):
    """A run of digits or a word of a folded line; `start` and `end` are code points."""

    text: str
    start: int
    end: int
    is_number: bool


# As far as a weekday, a clock's lead word or a long month's name may stand from a number.
REACH = 40


def tokenize_near(folded: str, spans: list[tuple[int, int]]) -> list[Token]:
    """The numbers and words within 40 code points of one of the ordered `spans`, in order."""
    tokens: list[Token] = []
    window_start, window_end = -1, -REACH - 1
    for start, end in spans:
        if start - REACH > window_end:
            _add_tokens(tokens, folded, window_start, window_end)
            window_start = max(0, start - REACH)
        window_end = end + REACH
    _add_tokens(tokens, folded, window_start, window_end)
    return tokens


def _add_tokens(tokens: list[Token], folded: str, start: int, end: int) -> None:
    """Append the numbers and words between two code points; none for a negative start."""
    if start < 0:
        return
    new = tuple.__new__
    found = (_ASCII_TOKEN if folded.isascii() else _TOKEN).finditer(folded, start, end)
    tokens += [new(Token, (text := match[0], *match.span(), text < ":")) for match in found]  # after the digits


def tokenize(folded: str) -> list[Token]:
    """The numbers and words of a folded line, in order."""
    tokens: list[Token] = []
    _add_tokens(tokens, folded, 0, len(folded))
    return tokens


def word_at(folded: str, position: int) -> Token | None:
    """The number or word that begins at `position`, or None."""
    match = _TOKEN.match(folded, position)
    if not match:
        return None
    return Token(match[0], match.start(), match.end(), match[0][0].isdecimal())
