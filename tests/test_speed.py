"""Short cuts taken for speed: each gives what the plain way would."""

import gc
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from broadsheet.collection import no_search_for_cycles
from broadsheet.identifier import languages, probabilities
from broadsheet.labelling.furniture import hashed_lines, line_hash, line_hashes
from broadsheet.language import identify_language, identify_languages
from broadsheet.lines import Line, cut_lines
from tests.conftest import RAW

TEXTS = [path.read_text("utf-8", "ignore")[:600] for path in sorted(RAW.rglob("*.txt"))[::9]]


def _hash_of_folded(line: str) -> str:
    folded = " ".join(re.sub(r"\d", "0", line.casefold()).split())
    found = 0xCBF29CE484222325
    for byte in folded.encode("utf-8", "surrogatepass"):
        found = (found ^ byte) * 0x100000001B3 % 2**64
    return f"{found:016x}"


@pytest.mark.parametrize(
    ("line", "expected"),
    # The values that are published of the hash itself, of which none has a capital, a digit or two blanks.
    [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")],
)
def test_a_line_s_hash_is_the_one_that_is_published(line: str, expected: str) -> None:
    assert line_hash(line) == expected == _hash_of_folded(line)


@settings(deadline=None)
@given(
    st.lists(st.text() | st.text(st.characters(max_codepoint=127)) | st.text("aİß \n\t\x1c\x85\xa0\u30009٣９\ud800"))
)
def test_a_line_s_hash_is_that_of_its_folded_text(lines: list[str]) -> None:
    expected = list(map(_hash_of_folded, lines))
    assert [f"{each:016x}" for each in line_hashes(lines)] == expected
    assert list(map(line_hash, lines)) == expected


@given(st.lists(st.integers(0, 300) | st.sampled_from([55, 56, 63, 64, 119, 120, 1100, 5000]), max_size=40))
def test_lines_of_any_length_are_hashed_beside_one_another(lengths: list[int]) -> None:
    lines = ["".join(chr(97 + (index * place) % 23) for place in range(size)) for index, size in enumerate(lengths)]
    assert list(map(int, line_hashes(lines))) == [int(_hash_of_folded(line), 16) for line in lines]


def test_every_character_is_folded_alone_as_in_company() -> None:
    lines = [f"a {chr(code)}{chr(code)} b" for code in range(0x11000)]
    assert [f"{each:016x}" for each in line_hashes(lines)] == list(map(_hash_of_folded, lines))


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("aZ9 \n\t\x1c\x85\xa0\u3000ßé漢\U0001f600\ud800"))
        | st.integers(0, 40).map(lambda size: "\t" * size + "Some words and 12 " * size + "more \n")
    ).map("".join)
)
def test_lines_of_a_text_are_hashed_where_they_stand(text: str) -> None:
    found = hashed_lines(text)
    lines = text.split("\n")
    assert [f"{each:016x}" for each in found.hashes] == list(map(_hash_of_folded, lines))
    spans = list(zip(found.starts.tolist(), found.lengths.tolist(), strict=True))
    assert [text[start : start + length] for start, length in spans] == list(map(str.strip, lines))
    assert all(text[:start].count("\n") == number for number, (start, length) in enumerate(spans) if length)


@settings(deadline=None)
@given(st.text(st.sampled_from("ab \t\n\u3000\u00a0\x1c")))
def test_lines_are_cut_as_they_are_stripped(text: str) -> None:
    place, blank, expected = 0, True, []
    for line in text.split("\n"):
        if line.strip():
            indent = len(line) - len(line.lstrip())
            expected.append(Line(place + indent, place + len(line.rstrip()), indent, blank))
        place, blank = place + len(line) + 1, not line.strip()
    found = list(cut_lines(text))
    assert found == expected and all(type(line) is Line for line in found)


@pytest.fixture(scope="module")
def library() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def test_languages_are_scored_together_to_the_last_bit_as_the_library_does(library: LanguageIdentifier) -> None:
    texts = ["", "a", "NEW BRIDGE OPENS", "\ud800", *TEXTS]
    found = probabilities(texts)
    expected = np.array([library._decide(text) for text in texts])
    assert np.array_equal(found, expected)
    assert [languages()[index] for index in found.argmax(axis=1)] == [library.classify(text)[0] for text in texts]


@pytest.mark.parametrize("count", [0, 1, 300])
def test_a_language_is_the_same_in_any_company(count: int) -> None:
    texts = (TEXTS * 300)[:count]
    alone = dict(zip(TEXTS, map(identify_language, TEXTS), strict=True))
    assert identify_languages(texts) == [alone[text] for text in texts]


def test_the_search_for_cycles_goes_on_afterwards() -> None:
    @no_search_for_cycles()
    def fails() -> None:
        assert not gc.isenabled()
        with no_search_for_cycles():
            pass
        assert not gc.isenabled()
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            fails()
        assert gc.isenabled()
