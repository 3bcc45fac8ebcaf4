"""Short cuts of the label rules give what the plain way would. All lines are invented."""

import html
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import evidence
from broadsheet.dates import find_dates, may_be_relative
from broadsheet.labelling import captions, names, phrases
from broadsheet.labelling.headlines_at_once import main_starts
from broadsheet.labelling.phrases import LONGEST_LINE, phrase_label, read_time, wording_of
from broadsheet.stated import headlines, linked_data

_LINES = st.text(alphabet="By vonDİıſ ada_09,'…–•:\tpar", min_size=1, max_size=40).filter(str.strip)


@settings(max_examples=300)
@given(_LINES)
def test_a_lead_is_found_where_its_pattern_matches(line: str) -> None:
    plain = names._lead_pattern(names._longest_first(names._words("lead")))
    match = plain.match(line) or names._GLUED_BY.match(line)
    first = line.lstrip(names._BEFORE_LEAD)[:1].casefold()
    is_lead = match is not None and first in {lead[0].casefold() for lead in names._words("lead")}
    assert names.byline_lead(line) == (match.end() if match is not None and is_lead else 0)


@pytest.mark.parametrize("line", ["yesterday", "gestern, 14:30", "an hour ago", "hari ini", "昨天", "il y a une heure"])
def test_days_in_words_are_looked_for(line: str) -> None:
    assert find_dates(line)
    assert may_be_relative(line) or any(map(str.isdigit, line))


_OF_CREDITS = ["The pier", "Photo", "photo", "Foto", " ", ":", "/", "=", "：", "(", ")", "©", "via ", "AP", "PA Images"]
_OF_CREDITS += [
    "CRÉDİT",
    "ZDJĘCIE",
    "写真",
    "사진=",
    "图/",
    "ιmage",
    "ſource",
    "İmage",
    "ımage",
    "фото ",
    "photo by",
    "．",
]
_CREDITED = st.lists(st.sampled_from(_OF_CREDITS), min_size=1).map("".join)


@settings(max_examples=500)
@given(_CREDITED.filter(str.strip))
def test_a_credit_is_found_where_a_pattern_matches(line: str) -> None:
    bare = line.rstrip()
    matches = (
        match
        for pattern, _, closing in captions._patterns()
        if (not closing or bare[-1] in closing) and (match := pattern.search(bare, max(0, len(bare) - 160)))
    )
    match = None if bare[0] in "©℗" else next(matches, None)
    assert captions.read_caption(line) == (captions._caption_before(bare, match) if match else None)


def test_no_letter_turns_into_a_blank_when_case_is_folded() -> None:
    letters = [chr(code) for code in range(0x110000)]
    assert [each for each in letters if each.isspace() != each.casefold().isspace()] == []


_TIMED = st.lists(st.sampled_from(["3", "12", " ", "min", " min read", "minute", "-", "reading time: ", "x"]))


@settings(max_examples=300)
@given(_TIMED.map("".join).filter(lambda line: len(line) <= 48))
def test_a_read_time_is_found_where_its_pattern_matches(line: str) -> None:
    folded = " ".join(line.casefold().split())
    anywhere = phrases._read_time("|".join(phrases._read_times()))
    match = anywhere.search(folded) or phrases._bare_minutes().fullmatch(folded)
    minutes = None if match is None else int(next(group for group in match.groups() if group is not None))
    assert read_time(line) == minutes


@settings(max_examples=200)
@given(_LINES | st.text(alphabet="•*- #©’'é.:ShareTag sb3", min_size=1, max_size=20).filter(str.strip))
def test_the_wording_of_a_line_is_that_of_its_parts(line: str) -> None:
    assert wording_of(line) == (phrase_label(line), read_time(line) is not None)


def test_a_long_line_is_known_by_the_beginning_of_a_correction_only() -> None:
    rest = " the ferry lands at the quay behind the market" * 5
    assert len(rest) > LONGEST_LINE
    assert phrase_label("Correction:" + rest) == "correction"
    assert phrase_label("Comments" + rest) is None


_WORDS_OF_WORK = sorted(word for key in names._NOT_NAMES for word in names._words(key))
_AROUND = st.sampled_from(["", " ", "Ada Quill, ", ", ", "x", "_", "-", "é", "'"])


@settings(max_examples=500)
@given(st.sampled_from(_WORDS_OF_WORK), _AROUND, _AROUND, st.sampled_from([str, str.upper, str.title, str.lower]))
def test_words_of_work_are_found_where_their_pattern_matches(word: str, before: str, after: str, case: type) -> None:
    text = before + case(word) + after
    for keys in ((), ("titles",), ("organisations",)):
        found, plain = names._other_than_name(text, *keys), names._not_a_name(*keys).search(text)
        assert (found and found.span()) == (plain and plain.span())


def test_every_word_of_work_is_found_alone() -> None:
    for word in _WORDS_OF_WORK:
        for text in (word, word.upper(), f"Ada {word}"):
            assert (names._other_than_name(text) is None) == (names._not_a_name().search(text) is None)


_ADDRESSED = st.lists(
    st.sampled_from(
        ["Ada Quill", " ", "@quill", "ada@quay.org", "quay.com", "www.", "WWW.quay", "http://x", ":", "7 hours"]
    )
    | st.text(alphabet="()[]<>a.@ 7", max_size=4)
).map("".join)


@settings(max_examples=300)
@given(_ADDRESSED)
def test_names_without_addresses_and_ages_are_as_the_patterns_have_them(text: str) -> None:
    plain = names._ADDRESS.sub(" | ", names._PARENTHESES.sub(" ", text))
    assert names._without_addresses(text, " ", " | ") == plain
    assert names._without_age(text) == names._age().sub("", text.rstrip())


@settings(max_examples=200)
@given(st.text(alphabet="Tarn Post|-–—·•»›:~｜ㅣ：é", max_size=30))
def test_edges_of_titles_are_as_the_pattern_has_them(title: str) -> None:
    title = " ".join(title.split())
    assert [edge.span() for edge in headlines._edges(title)] == [
        edge.span() for edge in headlines._EDGE.finditer(title)
    ]


@settings(max_examples=200)
@given(st.text(alphabet="Old pier:-–—", max_size=20), st.text(alphabet="Old pier", max_size=8))
def test_titles_with_a_kicker_are_as_a_pattern_has_them(title: str, shared: str) -> None:
    title = " ".join(title.split())
    behind = [title[match.end() :] for match in re.finditer(r":\s+|\s+[-–—]\s+", title)]
    assert headlines._has_kicker(title, shared) == any(
        headlines._closed(each) == headlines._closed(shared) for each in behind
    )


@settings(max_examples=200)
@given(st.lists(st.sampled_from(["{{", "${{", "<%", "%%", "[Object", "none", "N/A", "-", "pier", " ", "&amp;"])))
def test_strings_are_cleaned_as_the_patterns_have_it(pieces: list[str]) -> None:
    value = "".join(pieces)
    text = " ".join(linked_data._ELEMENT.sub(" ", html.unescape(value)).split())
    is_left = linked_data._LEFT_WITHIN.search(text) or linked_data._LEFT_ALONE.match(text)
    assert linked_data.clean(value) == (None if is_left or not text else text)


@settings(max_examples=200)
@given(st.text(alphabet="Old pier\t", max_size=20), st.text(alphabet="Old pier", max_size=6))
def test_lines_that_have_a_value_are_those_that_have_it_folded(line: str, value: str) -> None:
    value = " ".join(value.split())
    assert evidence._holds(line, value) == (value in line or value in " ".join(line.split()))


_SCORES = st.integers(0, 1000).map(lambda number: np.float32(number / 1000))
_PAGES = st.lists(st.lists(st.tuples(_SCORES, st.integers(1, 900)), max_size=9), min_size=1, max_size=4)


@settings(max_examples=200)
@given(_PAGES)
def test_main_runs_begin_where_sums_rise_most(pages: list[list[tuple[np.float32, int]]]) -> None:
    scores = [np.array([score for score, _ in page], np.float32) for page in pages]
    lengths = [np.array([length for _, length in page], np.int32) for page in pages]
    for own, sizes, found in zip(scores, lengths, main_starts(scores, lengths), strict=True):
        sums = np.concatenate(([0.0], np.cumsum((own - np.float32(0.4)) * np.minimum(sizes, 400).astype(np.int64))))
        end = int(np.argmax(sums - np.minimum.accumulate(sums)))
        assert found == int(np.argmin(sums[: end + 1]))


def test_what_is_remembered_of_lines_is_short() -> None:
    long = "By the time the ferry had left, " * 40 + "(Photo: Ada Quill)"
    remembered = (captions._read_short, names._lead_of_short)
    before = [each.cache_info().misses for each in remembered]
    assert captions.read_caption(long) is None and names.byline_lead(long) == 0
    assert [each.cache_info().misses for each in remembered] == before
