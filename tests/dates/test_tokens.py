"""Numbers and words of a line are found as by the one plain pattern. All lines are invented."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.dates.lexicon import WORD, fold
from broadsheet.dates.tokens import tokenize

_PLAIN = re.compile(rf"\d+|{WORD}")
_PIECES = [
    "12",
    "2016",
    "mai",
    "ต.ค.",
    "ม",
    "ิ",
    ".",
    " ",
    "_",
    "é",
    "e\u0301",
    "תאריך",
    "\u05b0",
    "٣",
    "月",
    "²",
    "o'clock",
]


@settings(max_examples=400)
@given(st.text(max_size=30) | st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_words_are_those_of_the_plain_pattern(line: str) -> None:
    folded = fold(line)
    found = [(token.text, token.start, token.end) for token in tokenize(folded)]
    assert found == [(match[0], *match.span()) for match in _PLAIN.finditer(folded)]
