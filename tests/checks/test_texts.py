"""Functions of the schemas' queries give what Python gives, however columns and texts are cut into pieces."""

import random

import pyarrow as pa
import pytest

from broadsheet.checks import texts

# Blanks of one, two and three bytes, and characters that begin with the same bytes and are none.
LETTERS = "ab \n\t\r\x1c\x85\u00a0\u00a1é\u1680\u1681\u2003\u200b\u2028\u202f\u205f\u2060\u3000\u3001日本😀\u0301 xyz"
OFFSETS = pa.list_(pa.int32())
TEXTS = pa.list_(pa.string())


def chunked(values: list, kind: pa.DataType) -> pa.ChunkedArray:
    """Two chunks that are slices of one array, as a column comes from a query."""
    array = pa.array(values, kind)
    return pa.chunked_array([array.slice(0, len(array) // 2), array.slice(len(array) // 2)], kind)


def spans(text: str) -> list[int]:
    found, place = [], 0
    for line in text.split("\n"):
        if line.strip():
            start = place + len(line) - len(line.lstrip())
            found += [len(found) // 3, start, start + len(line.strip())]
        place += len(line) + 1
    return found


@pytest.mark.parametrize("letters", [LETTERS, "ab \n\t", "日本。\u3000\n"], ids=["mixed", "one byte", "three bytes"])
@pytest.mark.parametrize("size", [1, 7, 1 << 18])
def test_functions_of_texts_are_those_of_python(size: int, letters: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_PIECE_BYTES", size)
    chance = random.Random(size)
    for _ in range(200):
        lengths = [chance.choice([0, 0, 1, 3, 30, 300]) for _ in range(chance.randrange(9))]
        found = ["".join(chance.choices(letters, k=length)) for length in lengths]
        starts = [[chance.randrange(-5, length + 10) for _ in range(chance.randrange(4))] for length in lengths]
        ends = [[chance.choice([None, chance.randrange(-5, 400)]) for _ in own] for own in starts]
        column = chunked(found, pa.string())
        assert texts.nonblank_lengths(column).to_pylist() == [len("".join(text.split())) for text in found]
        assert texts.line_spans(column).to_pylist() == list(map(spans, found))
        cut = [
            [text[start:end] for start, end in zip(first, last, strict=True)]
            for text, first, last in zip(found, starts, ends, strict=True)
        ]
        places = chunked(starts, OFFSETS), chunked(ends, OFFSETS)
        assert texts.slices(column, *places).to_pylist() == cut
        inside = [len("".join("".join(own).split())) for own in cut]
        assert texts.nonblank_inside(column, *places).to_pylist() == inside
        given = [[chance.choice([text, text, text, text[:-1], text + "é"]) for text in own] for own in cut]
        same = [own == other for own, other in zip(given, cut, strict=True)]
        assert texts.are_slices(chunked(given, TEXTS), column, *places).to_pylist() == same


def test_every_blank_is_one_and_nothing_else() -> None:
    every = [chr(code) for code in range(0x11_0000) if not 0xD800 <= code < 0xE000]
    found = texts.nonblank_lengths(pa.chunked_array([every]))
    assert found.to_pylist() == [not character.isspace() for character in every]
    around = pa.chunked_array([[f"{character}x{character}" for character in every]])
    spans = texts.line_spans(around).to_pylist()
    assert spans == [[0, 1, 2] if character.isspace() else [0, 0, 3] for character in every]


def test_texts_that_differ_late_are_not_alike() -> None:
    text = "é" + "x" * 100
    other = [[text[:place] + "y" + text[place + 1 :]] for place in range(len(text))]
    columns = ([text] * len(other), [[0]] * len(other), [[None]] * len(other))
    kinds = (pa.string(), OFFSETS, OFFSETS)
    found = texts.are_slices(chunked(other, TEXTS), *map(chunked, columns, kinds))
    assert not any(found.to_pylist())


@pytest.mark.parametrize("function", [texts.slices, texts.nonblank_inside])
def test_slices_need_as_many_starts_as_ends(function) -> None:
    text = chunked(["abc"], pa.string())
    with pytest.raises(ValueError):
        function(text, chunked([[0, 1]], OFFSETS), chunked([[1]], OFFSETS))
