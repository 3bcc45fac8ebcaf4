"""Sentences: lossless on any text, and cut where a reader would."""

import json
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import split_sentences
from broadsheet.languages import language_data, language_table
from broadsheet.sentence_rules import sentence_rules

CASES = json.loads((Path(__file__).parent / "sentences.json").read_text(encoding="utf-8"))
LANGUAGES = [*language_data(), "ca", "xx", "no", "pt-BR", "zh-Hant", None]


def cut(text: str, language: str | None = "en") -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['language']}: {case['rule']}")
def test_sentences_of_a_language(case: dict[str, str | list[str]]) -> None:
    sentences = case["sentences"]
    assert isinstance(sentences, list)
    separator = "" if case["language"] in ("zh", "ja") else " "
    assert cut(separator.join(sentences), str(case["language"])) == sentences


def test_every_language_with_words_has_a_case() -> None:
    with_rules = {code for code, data in language_data().items() if "sentences" in data}
    assert with_rules <= {case["language"] for case in CASES}


@pytest.mark.parametrize("name", ["sentences", "identification"])
def test_a_table_read_alone_is_the_same(name: str) -> None:
    assert all(language_table(code, name) == data.get(name, {}) for code, data in language_data().items())


@pytest.mark.parametrize("language", [code for code, data in language_data().items() if "sentences" in data])
def test_words_are_written_as_the_rules_expect(language: str) -> None:
    table = language_data()[language]["sentences"]
    for key in ("never", "before_number", "abbreviations"):
        words = table.get(key, [])
        assert all(word == word.strip(". ") for word in words), key
        assert len(words) == len(set(words)), key
    assert all(word == word.lower() for word in table.get("starters", []))
    assert sentence_rules(language).has_spaces == (language not in ("zh", "ja"))


def test_a_newline_always_ends_a_sentence() -> None:
    assert cut("The vote was\nclose. It rained") == ["The vote was", "close.", "It rained"]


@pytest.mark.parametrize("newline", ["\r\n", "\n\n", "\n \n", "\n\u2028"])
def test_newlines_of_every_kind_leave_no_blank_behind(newline: str) -> None:
    assert cut(f"It rained.{newline}Nobody came.{newline}") == ["It rained.", "Nobody came."]


def test_a_wrapped_paragraph_without_spaces_is_not_cut_at_its_newlines() -> None:
    line = "港の新しい橋が開通し、市長は集まった住民を前に喜びを語った"
    assert len(cut(f"{line}\n{line}\n{line}\nと述べた。", "ja")) == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("市长说明年完工。居民很高兴。", None),
        ("В порту открыли мост. Жители рады.", None),
        ("افتتح الجسر أمس. هل يكفي؟", None),
        ("पुल कल खुला। लोग खुश हैं।", None),
        ("הגשר נפתח אתמול. התושבים שמחים.", None),
    ],
)
def test_the_script_decides_where_no_language_is_known(text: str, language: None) -> None:
    assert len(cut(text, language)) == 2


@given(
    st.text(
        alphabet=st.sampled_from(".!?…。！ \n\t\r\u00a0\u200b“”„«»\"'()[]19-—:;,😀aBéМ漢あ1א؟।\ud800\u0301\ufeff"),
        max_size=200,
    ),
    st.sampled_from(LANGUAGES),
)
def test_every_character_is_in_one_sentence(text: str, language: str | None) -> None:
    spans = split_sentences(text, language)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    inside = "".join(text[start:end] for start, end in spans)
    assert "".join(inside.split()) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


SIZE = 80_000
HOSTILE = {
    "full stops": "." * SIZE,
    "full stops, then a letter": "." * SIZE + "a",
    "spaced stops": ". " * (SIZE // 2),
    "stops and quotation marks": '."' * (SIZE // 2),
    "quotation marks": '. "' + '"' * SIZE,
    "spaced quotation marks": ". " + '" ' * (SIZE // 2),
    "open brackets": "(" * SIZE + "! A",
    "marks in brackets": "(a! ) " * (SIZE // 6),
    "closed brackets": "a!) B " * (SIZE // 6),
    "footnotes": "a. " + "[1] " * (SIZE // 4),
    "blanks": "a." + " " * SIZE + "b",
    "no-break spaces": "a.\u00a0" * (SIZE // 3),
    "zero-width characters": "A.\u200b " * (SIZE // 4),
    "variation selectors": "." + "\ufe0f." * (SIZE // 2),
    "surrogates": "a.\ud800 B" * (SIZE // 5),
    "dashes": ". — A" * (SIZE // 5),
    "initials": "A. B. " * (SIZE // 6),
    "emoji": "😀 " * (SIZE // 2),
    "one word": "a" * SIZE + ". B",
    "CJK stops": "。」" * (SIZE // 2),
    "spaced CJK stops": "。 」 " * (SIZE // 4),
    "half-width questions": "城?" * (SIZE // 2),
    "dates": "Monday, March 4, 2019 " * (SIZE // 22),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_time_for_a_character_is_flat(name: str, language: str) -> None:
    text = HOSTILE[name]

    def seconds(piece: str) -> float:
        began = time.process_time()
        split_sentences(piece, language)
        return time.process_time() - began

    seconds(text[:1000])
    # Quadratic time would be eight times as long for each character; the floor is for the clock and other work.
    assert seconds(text) < 8 * 3 * max(seconds(text[: SIZE // 8]), 0.02)
