"""Sentences: lossless on any text, and cut where a reader would."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import split_sentences


def cut(text: str, language: str | None = "en") -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["Dr. Ruth Pellow paid £2.5 million at 3 p.m. on Monday.", "She has met them four times."]),
        ("en", ["The 25th anniversary [October 18] was marked in silence.", "Nobody spoke."]),
        ("en", ["“I saw it.", "It was large,” he said."]),
        ("de", ["Am 3. Mai kamen rund 1.200 Menschen.", "Es regnete."]),
        ("fr", ["M. Dupré est parti.", "Il reviendra."]),
        ("ru", ["В 2019 г. мост закрыли.", "Его откроют весной."]),
        ("zh", ["市长说：“明年完工。”", "居民很高兴。"]),
        ("ja", ["「来年には完成する」と市長は述べた。", "住民は喜んだ。"]),
        ("ar", ["افتتح الجسر أمس.", "هل يكفي؟", "لا أحد يعلم."]),
    ],
)
def test_sentences_of_a_language(language: str, sentences: list[str]) -> None:
    separator = "" if language in ("zh", "ja") else " "
    assert cut(separator.join(sentences), language) == sentences


def test_a_newline_always_ends_a_sentence() -> None:
    assert cut("The vote was\nclose. It rained") == ["The vote was", "close.", "It rained"]


def test_a_wrapped_paragraph_without_spaces_is_not_cut_at_its_newlines() -> None:
    line = "港の新しい橋が開通し、市長は集まった住民を前に喜びを語った"
    assert len(cut(f"{line}\n{line}\n{line}\nと述べた。", "ja")) == 1


@given(
    st.text(alphabet=st.sampled_from(".!?…。！ \n\t\u00a0\u200b“”\"'()aBé漢あ1א؟\ud800"), max_size=200),
    st.sampled_from([None, "en", "de", "zh", "ja", "ar", "hi", "xx", "pt-BR"]),
)
def test_every_character_is_in_one_sentence(text: str, language: str | None) -> None:
    spans = split_sentences(text, language)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    inside = "".join(text[start:end] for start, end in spans)
    assert "".join(inside.split()) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
