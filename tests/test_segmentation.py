"""Sentences of many articles at once: the rules in C say what those in Python say, or leave it to them."""

import json
import random
import time
from itertools import chain

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import segmentation
from broadsheet.languages import language_data
from broadsheet.segmentation import Bodies, segment_all, segment_at_once, segment_each
from broadsheet.sentence_rules import sentence_rules
from tests.conftest import ROOT
from tests.test_sentences import HOSTILE, SIZE

LANGUAGES = [*language_data(), "xx", "pt-BR", None]
_MARKS = (
    ". ", "? ", "! ", ".” ", '." ', "?” ", '!" ', "!) ", ".[1] ", "... ", "… ", ".", "?", " ", " ", " ", "\n", "\n\n",
    "\n\n“", '\n\n"', "\n\n»", "\n\n ", " — ", " – ", "''", "``", ",,", ": ", "; ", ":) ", "» ", "« ", ") ", "] ",
    *"\"'„“”‚‘’([¿¡_*-「」。☺\u00a0\u200b\ufe0f\u0301", "😀 ",
)  # fmt: skip
_WORDS = (
    "He", "it", "the", "The", "A", "b", "eBay", "www", "U.S", "p.m", "3", "12", "2019", "5 m", "(Reuters", "[12]",
    "Smith", "Monday, March 4, 2019", "Montag, 4. März 2019", "a)", "(a", "IV", "don't", "’90s", "É", "ß", "Дом", "он",
    "漢字", "한글", "א", "हिन्दी", "ª", "İ", "ſ", "Σ", "²", "٣", "½",
)  # fmt: skip
_PATTERNS = (
    "Ab cd. {} ef", "Ab cd. {}e f", "a{}. De", "ab {} c{}. De", "Ab cd{} Ef", "Ab.{} Cd", "{}b c. d e", "{}",
    "“a?” {}B said", "Ab. “{}c", "'{}a' b{}' c \"{} d\" {}\"e", "Mo{}day, March 4, 2019 A", "ab? 201{}",
)  # fmt: skip
# Those that the rules in C know, and around them.
_CHARACTERS = (
    range(0x700), range(0x1350, 0x1370), range(0x1680, 0x1690), range(0x2000, 0x2C00), range(0x3000, 0x3140),
    range(0xFB00, 0x10000), range(0x1F2F0, 0x1F310), range(0x1FAF0, 0x1FB10),
)  # fmt: skip


def bodies_of(rows: list[tuple[str, str | None]]) -> Bodies:
    """Bodies in a language, whose paragraphs stand anywhere in their documents."""
    counts = [body.count("\n\n") + 1 for body, _ in rows]
    return Bodies(
        pa.array([f"{index:020x}" for index in range(len(rows))]), pa.array([body for body, _ in rows], pa.string()),
        [language for _, language in rows], np.cumsum([0, *counts], dtype=np.int32),
        np.arange(sum(counts), dtype=np.int32) * 7,
    )  # fmt: skip


def assert_same(rows: list[tuple[str, str | None]]) -> None:
    found, expected = segment_at_once(bodies_of(rows)), segment_each(bodies_of(rows))
    if not found.equals(expected):
        assert found.to_pylist() == expected.to_pylist()


def some_text(chance: random.Random, language: str | None) -> str:
    """Words that decide of sentences in a language, and marks."""
    rules = sentence_rules(language or "en")
    own = [*sorted(rules.kinds), *sorted(rules.starters), *rules.speech_verbs, *rules.names_with_marks, *rules.weekdays]
    words = [*chance.sample(own, min(len(own), 30)), *_WORDS]
    pieces = []
    for _ in range(chance.randint(1, 40)):
        word = chance.choice(words)
        pieces += [word.capitalize() if chance.random() < 0.3 else word, chance.choice(_MARKS)]
    return "".join(pieces)


def test_gold_sentences_are_cut_the_same() -> None:
    cases = json.loads((ROOT / "tests" / "sentences.json").read_text(encoding="utf-8"))
    rows = [(" ".join(case["sentences"]), case["language"]) for case in cases]
    assert_same([*rows, *((f"{body}\n\n{body}", language) for body, language in rows)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_and_marks_of_a_language(language: str | None) -> None:
    chance = random.Random(f"sentences {language}")
    assert_same([(some_text(chance, language), language) for _ in range(300)])


@given(
    st.lists(st.tuples(st.text(st.sampled_from("".join(_MARKS) + "aBé19ДиΣ"), max_size=80), st.sampled_from(LANGUAGES)))
)
def test_any_marks(rows: list[tuple[str, str | None]]) -> None:
    if rows:
        assert_same(rows)


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_every_character_where_it_decides(pattern: str) -> None:
    assert_same([(pattern.replace("{}", chr(code)), "en") for code in chain.from_iterable(_CHARACTERS)])


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("Dr. Pellow said on Jan. 5 that the pier at No. 3 was sold. It was built in 1905 by A. B. Lisle.", "en"),
        ("“Why not?” Mrs. Pellow asked. “We were told at 3 p.m. that it had been (almost!) done.” Nobody spoke.", "en"),
        ("Am 3. Mai kam Prof. Harms z. B. nach Delport. „Das war gut“, sagte er. Niemand widersprach.", "de"),
        ("Мост открыли в 1905 г. Жители рады. «Мы ждали», — сказал А. Б. Лис.", "ru"),
        ("시장은 다리를 열었다. 주민들은 기뻤다.", "ko"),
    ],
)
def test_what_is_common_is_not_left_to_python(monkeypatch: pytest.MonkeyPatch, body: str, language: str) -> None:
    expected = segment_each(bodies_of([(body, language)]))
    monkeypatch.setattr(segmentation, "split_line", None)
    monkeypatch.setattr(segmentation, "quotation_spans", None)
    found = segment_at_once(bodies_of([(body, language)]))
    assert found.equals(expected)
    assert found.num_rows > 1


def test_some_of_the_bodies() -> None:
    rows = [
        ("It rained. Nobody came.\n\nHe left.", "en"),
        ("", "en"),
        ("Es regnete.\n\n\n\n", "de"),
        ("雨だ。誰も。", "ja"),
    ]
    all_of_them = bodies_of(rows)
    for some in ([0], [1, 2], [3], [0, 1, 2, 3], [2, 3]):
        found, ids = segment_at_once(all_of_them.take(some)), all_of_them.article_id.take(pa.array(some))
        own = [row for row in segment_each(all_of_them).to_pylist() if row["article_id"] in ids.to_pylist()]
        assert found.to_pylist() == own
    assert segment_all(all_of_them.take([])).num_rows == 0


@pytest.mark.parametrize("paragraphs", [1, 3])
def test_another_number_of_paragraphs_is_an_error(paragraphs: int) -> None:
    bodies = bodies_of([("It rained.\n\nNobody came.", "en")])
    wrong = bodies._replace(
        paragraphs=np.array([0, paragraphs], np.int32), paragraph_start=np.arange(paragraphs, dtype=np.int32)
    )
    for cut in (segment_at_once, segment_each):
        with pytest.raises(ValueError, match=r"paragraphs|zip"):
            cut(wrong)


def test_few_bodies_and_large_ones_are_cut_by_the_rules_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = bodies_of([("It rained. Nobody came. " * 20, "en")])
    expected = segment_each(bodies)
    monkeypatch.setattr(segmentation, "segment_each", None)
    for fewest, most in ((1000, 2000), (0, 100)):
        monkeypatch.setattr(segmentation, "_FEWEST", fewest)
        monkeypatch.setattr(segmentation, "_MOST", most)
        with pytest.raises(TypeError):
            segment_all(bodies)
    monkeypatch.setattr(segmentation, "_MOST", 1000)
    assert segment_all(bodies).equals(expected)


@pytest.mark.parametrize("name", HOSTILE)
def test_time_for_a_character_is_flat(name: str) -> None:
    text = HOSTILE[name].encode("utf-8", "replace").decode()

    def seconds(piece: str) -> float:
        bodies = bodies_of([(piece, "en")])
        began = time.process_time()
        segment_at_once(bodies)
        return time.process_time() - began

    seconds(text[:1000])
    # Quadratic time would be eight times as long for each character; the floor is for the clock and other work.
    assert seconds(text) < 8 * 3 * max(seconds(text[: SIZE // 8]), 0.02)
    assert_same([(text[:2000], "en")])
