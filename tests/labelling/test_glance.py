"""The glance at lines counts as Python does, and passes every line that a closer look would tell something of."""

from dataclasses import astuple
from itertools import chain

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.dates import may_be_relative
from broadsheet.dates.candidates import date_numbers
from broadsheet.dates.finder import unspaced_words
from broadsheet.dates.lexicon import fold, lexicon
from broadsheet.labelling.captions import LIBRARIES, credit_endings, read_caption
from broadsheet.labelling.glance import cut_and_glance, glance_at
from broadsheet.labelling.names import byline_lead, byline_leads
from broadsheet.labelling.phrases import known_phrases, openings_of_corrections, phrase_label, wording_of
from broadsheet.labelling.state import words_of
from broadsheet.lines import lines_and_texts

# Made here, so that no example has to wait for the module.
glance_at([["x"]])
_WHOLE, _BEGINNINGS = known_phrases()
_OF_DATES = lexicon().relative_words | lexicon().after_number | lexicon().joiners | set(lexicon().months)
_KNOWN = sorted({*_WHOLE, *_BEGINNINGS, *frozenset().union(*byline_leads()), *_OF_DATES, *unspaced_words()})
_ODD = st.text(
    alphabet=" \t\xa0\u2003\u3000\x1c\x85'’.,:…!»•*–-|>#(©\xdf\xd7ÀéſıŁ港ア٣²ª12{n}\u200b\ufe0f\ue000→✔🎉", max_size=8
)
_PIECE = (
    st.sampled_from(_KNOWN)
    | _ODD
    | st.text(max_size=6)
    | st.sampled_from([" ", "3", "12", "2016", ". ", "  ", "By", "The quay", "Photo: ", "[photo by Ada]", "5 min read"])
)
_LINES = st.lists(st.lists(_PIECE | _PIECE.map(str.title), min_size=1, max_size=5).map("".join), min_size=1, max_size=9)


def _trimmed(lines: list[str]) -> list[str]:
    return [line.strip() or "x" for line in lines]


@settings(max_examples=400)
@given(_LINES.map(_trimmed))
@example(["\ud800 港口", "x"])
@example(["x" * 5000 + " 3", "ß" * 170])
def test_words_are_those_of_str_split(lines: list[str]) -> None:
    assert glance_at([lines])[0].words == [words_of(line) for line in lines]


@settings(max_examples=100)
@given(st.lists(_LINES.map(_trimmed) | st.just([])))
def test_pages_are_looked_at_together_as_alone(pages: list[list[str]]) -> None:
    for glance, page in zip(glance_at(pages), pages, strict=True):
        alone = glance_at([page])[0]
        assert glance == alone


def _check_that_nothing_is_passed_over(lines: list[str]) -> None:
    glance = glance_at([lines])[0]
    dates, phrases, listed, bylines, credits, last_words, shaped = map(set, glance.places)
    for index, line in enumerate(lines):
        assert index in dates or not (date_numbers(fold(line)) or may_be_relative(line))
        assert index in listed or line[0].isalpha()
        asked, phrase = index in phrases, glance.phrases[index]
        assert phrase is None if asked else wording_of(line) == (phrase, False)
        assert index in bylines or byline_lead(line) == 0
        assert index in credits or read_caption(line) is None
        assert (index in shaped) == (4 <= glance.words[index] <= 22 and len(line) >= 20)
        pieces = line.split()
        few = 1 < len(pieces) <= 4
        assert few if index in last_words else not few or phrase_label(pieces[-1]) != "widget"


@settings(max_examples=600)
@given(_LINES.map(_trimmed))
@example(["Correction: " + "the ferry lands at the quay " * 9])
@example(["3 " + "comments" + "." * 60])
@example(["3 comments" + "." * 160, "— “Correction: " + "the ferry lands at the quay " * 9])
@example(["An old pier [photo by Ada]", "5 dk.", "約5分で読めます", "글 김철수"])
@example(["17 " + " " * 3 + "Mai", "de" + " " * 10 + "2016", "4 Μάϊος", "3 août, May 4"])
def test_nothing_is_passed_over(lines: list[str]) -> None:
    _check_that_nothing_is_passed_over(lines)


_CHARACTERS = [*map(chr, chain(range(0x21, 0xD800), range(0xE000, 0x10000), range(0x1F300, 0x1F700)))]


@pytest.mark.parametrize(
    "around", ["{}", "{0}y{0}", "3 {}mai", "12{}16", "Mai{} 4", "Yesterday{}", "By{} Ada", "Read more{}", "(A.P{}"]
)
def test_each_character_is_read_as_python_reads_it(around: str) -> None:
    lines = _trimmed([around.format(character) for character in _CHARACTERS])
    assert glance_at([lines])[0].words == [words_of(line) for line in lines]
    _check_that_nothing_is_passed_over(lines)


@pytest.mark.parametrize("word", sorted(_OF_DATES | unspaced_words()))
def test_words_of_dates_are_known(word: str) -> None:
    _check_that_nothing_is_passed_over([word, f"{word} 4", f"4. {word}", f"{word} 2016", f"x {word.upper()}: {word}."])


@pytest.mark.parametrize("sign", [":", " : ", "：", "/", " / ", "=", "＝"])
def test_words_for_credits_are_known(sign: str) -> None:
    words = sorted(credit_endings())
    _check_that_nothing_is_passed_over([f"The pier. {word}{sign}Ada" for word in words])
    _check_that_nothing_is_passed_over([f"{word.upper()}{sign}Ada" for word in words])


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_are_known(library: str) -> None:
    lines = [
        f"The pier. Ada{between}{library.title()}" for between in ("/", "/ ", " via ", " via  ", ". Via ", " (AP/")
    ]
    _check_that_nothing_is_passed_over([*lines, *(f"{line})" for line in lines), *(f"{line} 2020" for line in lines)])


def test_openings_of_corrections_are_known() -> None:
    rest = " the ferry lands at the quay" * 9
    openings = sorted(openings_of_corrections(99))
    _check_that_nothing_is_passed_over([opening + rest for opening in openings])
    _check_that_nothing_is_passed_over(["•  " + opening.upper() + rest for opening in openings])


def test_most_lines_of_prose_are_passed_over() -> None:
    prose = ["Every ferry was late.", "Harbour pilots met at dawn – and Ömer’s sister with them."]
    prose += [
        "Паром опоздал на пристань",
        "Η πόλη κοιμάται ακόμη",
        "渡船停靠在旧码头。",
        "여객선이 부두에 닿는다",
        "המעבורת איחרה",
    ]
    prose += ["Ferry: late at a/b = c"]
    prose += ["A crew of 12 left quay 7 early", "Łódź żegna stary prom", "The best 9 elections"]
    assert not any(glance_at([prose])[0].places[:-1])


_FURNITURE = ["Read more", "Lire aussi :", "» Mehr zum Thema", "MORE ON THIS:", "12 comments"]
_FURNITURE += ["РЕКЛАМА", "広告", "구독", "شارك"]


@pytest.mark.parametrize("phrase", _FURNITURE)
def test_furniture_is_known_at_a_glance(phrase: str) -> None:
    glance = glance_at([["Every quay is wet.", phrase]])[0]
    assert (glance.places.phrase, glance.phrases) == ([], [None, wording_of(phrase).phrase])
    assert glance.phrases[1] is not None


@pytest.mark.parametrize(
    "line", ["2 minute read.", "फोटो", "ÄNDERUNGEN½", "-" * 9 + "Read more", "Correction: it is" + " wet" * 40]
)
def test_what_is_not_surely_known_gets_a_closer_look(line: str) -> None:
    assert glance_at([["Every quay is wet.", line]])[0].places.phrase == [1]


@given(
    st.sampled_from(sorted({*_WHOLE, *_BEGINNINGS})),
    st.sampled_from(["", " ", "x", ":", " 7", "…", "ß", "é", "3"]),
    st.sampled_from(["", "• ", "— ", "_", "(", "..", "__ "]),
)
def test_what_begins_or_ends_otherwise_is_labelled_as_by_a_closer_look(phrase: str, end: str, start: str) -> None:
    for line in (start + phrase + end, (start + phrase + end).upper().strip() or "x"):
        glance = glance_at([[line]])[0]
        assert glance.places.phrase or wording_of(line) == (glance.phrases[0], False)


_TEXTS = st.text(alphabet=" \t\n\x0b\x1c\x85\xa0\u2028\u3000aé漢🜁3.:", max_size=99) | _LINES.map("\n".join)


@given(st.lists(_TEXTS, min_size=1, max_size=4))
@example(["", "\n", " \n\nBy Ada\n", "\ud800\u2003\n" + "x" * 40 + "\xa0\t \n é"])
def test_pages_are_cut_as_they_are_by_lines_and_seen_as_they_are_then(pages: list[str]) -> None:
    cut = list(map(lines_and_texts, pages))
    found = cut_and_glance(pages)
    assert [(list(each.lines), each.texts) for each in found] == [(list(lines), texts) for lines, texts in cut]
    assert [each.glance for each in found] == glance_at([texts for _, texts in cut])
    assert all(column.dtype == own.dtype for each, (lines, _) in zip(found, cut, strict=True)
               for column, own in zip(astuple(each.lines), astuple(lines), strict=True))  # fmt: skip


def test_all_blanks_of_python_are_blanks() -> None:
    blanks = [character for character in map(chr, range(0x3100)) if character.isspace() and character != "\n"]
    (found,) = cut_and_glance(["\n".join(f"{blank * 3}x{blank}y{blank}{blank}" for blank in blanks)])
    assert found.texts == [f"x{blank}y" for blank in blanks]
    assert found.lines.indent.tolist() == [3] * len(blanks)
