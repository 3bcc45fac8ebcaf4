"""Functions of the schemas' queries give what Python gives, however columns and texts are cut into pieces."""

import random

import pyarrow as pa
import pytest

from broadsheet.checks import texts

# Blanks of one, two and three bytes, and characters that begin with the same bytes and are none.
LETTERS = "ab \n\t\r\x1c\x85\u00a0\u00a1é\u1680\u1681\u2003\u200b\u2028\u202f\u205f\u2060\u3000\u3001日本😀\u0301 xyz"
OFFSETS = pa.list_(pa.int32())


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


@pytest.mark.parametrize("size", [1, 7, 1 << 18])
def test_functions_of_texts_are_those_of_python(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_PIECE_BYTES", size)
    chance = random.Random(size)
    for _ in range(200):
        lengths = [chance.choice([0, 0, 1, 3, 30]) for _ in range(chance.randrange(9))]
        found = ["".join(chance.choices(LETTERS, k=length)) for length in lengths]
        starts = [[chance.randrange(-5, 40) for _ in range(chance.randrange(4))] for _ in found]
        ends = [[chance.choice([None, chance.randrange(-5, 40)]) for _ in own] for own in starts]
        column = chunked(found, pa.string())
        assert texts.nonblank_lengths(column).to_pylist() == [len("".join(text.split())) for text in found]
        assert texts.line_spans(column).to_pylist() == list(map(spans, found))
        assert texts.slices(column, chunked(starts, OFFSETS), chunked(ends, OFFSETS)).to_pylist() == [
            [text[start:end] for start, end in zip(first, last, strict=True)]
            for text, first, last in zip(found, starts, ends, strict=True)
        ]


def test_slices_need_as_many_starts_as_ends() -> None:
    text = chunked(["abc"], pa.string())
    with pytest.raises(ValueError, match="as many starts as ends"):
        texts.slices(text, chunked([[0, 1]], OFFSETS), chunked([[1]], OFFSETS))
