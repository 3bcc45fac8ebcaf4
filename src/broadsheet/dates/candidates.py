"""A cheap test of which numbers of a line may belong to a date, before anything is read."""

from __future__ import annotations

import re

from broadsheet.dates.lexicon import WHOLE_WORD, lexicon
from broadsheet.dates.numeric import PARTS_JOINED

_NUMBER = re.compile(r"\d+")
_NEXT_WORD = re.compile(rf"[\s.,/'׳॰°:-]{{0,3}}({WHOLE_WORD})?")
_EAST_ASIAN = re.compile(r"\s?[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7a3]")
_GAP = " .,-/'׳॰°·"
LONGEST_NUMBER = 8


def date_numbers(folded: str) -> list[tuple[int, int]]:
    """Start and end of the numbers that may begin or end a date or count a relative one."""
    return [match.span() for match in _NUMBER.finditer(folded) if _is_candidate(folded, *match.span())]


def _is_candidate(folded: str, start: int, end: int) -> bool:
    """Whether the number has a neighbour as the numbers of dates have."""
    if end - start > LONGEST_NUMBER:
        return False
    if end - start == LONGEST_NUMBER or PARTS_JOINED.match(folded, end):
        return True
    words = lexicon()
    # The last letters are enough to tell, and they are there where a blank got lost too.
    before = folded[max(0, start - 12) : start].rstrip(_GAP)
    if before[-3:] in words.month_ends:
        return True
    match = _NEXT_WORD.match(folded, end)
    if match and match[1] and match[1].strip(".") in words.after_number:
        return True
    if end - start == 4 and before.rsplit(None, 1)[-1:] and before.split()[-1] in words.joiners:
        return True
    return not folded.isascii() and _EAST_ASIAN.match(folded, end) is not None
