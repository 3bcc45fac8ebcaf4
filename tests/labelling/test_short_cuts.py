"""Short cuts of the label rules give what the plain way would. All lines are invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.dates import find_dates, may_be_relative
from broadsheet.labelling import names
from broadsheet.labelling.headlines import _WORD, content_stems
from broadsheet.labelling.phrases import LONGEST_LINE, fold, phrase_label, wording_of

_LINES = st.text(alphabet="By vonDİıſ ada_09,'…–•:\tpar", min_size=1, max_size=40).filter(str.strip)


@settings(max_examples=200)
@given(st.text(alphabet="Harbour_ 0189-.,'\n", max_size=60))
def test_stems_of_ascii_are_those_of_its_words(text: str) -> None:
    words = _WORD.findall(text.casefold())
    assert content_stems(text) == {word[:6] for word in words if len(word) > 3 or word.isdigit()}


@settings(max_examples=300)
@given(_LINES)
def test_a_lead_is_found_where_its_pattern_matches(line: str) -> None:
    match = names._lead().match(line) or names._GLUED_BY.match(line)
    first = line.lstrip(names._BEFORE_LEAD)[:1].casefold()
    is_lead = match is not None and first in {lead[0].casefold() for lead in names._words("lead")}
    assert names.byline_lead(line) == (match.end() if match is not None and is_lead else 0)


@pytest.mark.parametrize("line", ["yesterday", "gestern, 14:30", "an hour ago", "hari ini", "昨天", "il y a une heure"])
def test_days_in_words_are_looked_for(line: str) -> None:
    assert find_dates(line)
    assert may_be_relative(line) or any(map(str.isdigit, line))


@settings(max_examples=200)
@given(_LINES)
def test_the_wording_of_a_line_is_that_of_its_parts(line: str) -> None:
    wording = wording_of(line)
    assert wording.pieces == len(line.split())
    assert wording.phrase == phrase_label(line)
    assert wording.has_digits == any(map(str.isdigit, fold(line)))


def test_a_long_line_is_known_by_the_beginning_of_a_correction_only() -> None:
    rest = " the ferry lands at the quay behind the market" * 5
    assert len(rest) > LONGEST_LINE
    assert phrase_label("Correction:" + rest) == "correction"
    assert phrase_label("Comments" + rest) is None
