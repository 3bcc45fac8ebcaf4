"""What the schemas' queries ask of texts, with Python's blanks and offsets: columns in, columns out.

Texts stay UTF-8. Some at a time are handed to native/texts.c, so that however long the texts of a query are, they take
no more memory than that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from broadsheet import native

_PIECE_BYTES = 1 << 20
_NEWLINE = ord("\n")
# An end behind all texts: Arrow's offsets are no larger.
_LAST = np.iinfo(np.int32).max
# Characters of a text from each of which its place is kept, as in native/texts.c, and bytes of such a place.
_STRIDE, _ADDRESS = 64, np.uint32
# DuckDB's threads ask at the same time, and a module has one memory.
_ONE_AT_A_TIME = Lock()


@cache
def blanks() -> str:
    """Every character that `str.isspace` calls blank; all are in the basic plane."""
    return "".join(filter(str.isspace, map(chr, range(0x10000))))


@dataclass(frozen=True, slots=True)
class _Texts:
    """Some texts after one another: their UTF-8, uint8[bytes], and where each begins and the last ends, int[texts + 1].

    `rows` is where they stand in the column.
    """

    rows: slice
    content: np.ndarray
    edges: np.ndarray

    def __len__(self) -> int:
        return len(self.edges) - 1


@dataclass(frozen=True, slots=True)
class _Slices:
    """Of some texts which slices are of each, int32[texts + 1], and their starts and ends, int32[slices]."""

    texts: _Texts
    places: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    @property
    def inputs(self) -> list[native.Input]:
        """Arrays as native/texts.c expects them."""
        return [self.texts.content, self.texts.edges, self.places - self.places[0], self.starts, self.ends]

    @property
    def room(self) -> native.Output:
        """Room for the places of characters in the longest text."""
        return _ADDRESS, int(np.diff(self.texts.edges).max()) // _STRIDE + 1


def _call(function: str, texts: _Texts, inputs: list[native.Input], *outputs: native.Output) -> list[np.ndarray]:
    """What a function of native/texts.c puts out for some texts."""
    with _ONE_AT_A_TIME:
        _, found = native.module("texts").call(function, inputs, outputs, len(texts))
        return [each.copy() for each in found]


def nonblank_lengths(texts: pa.ChunkedArray) -> pa.Array:
    """Number of characters of each text that are not blank, int64[texts]."""
    found = [np.zeros(0, np.int32)]
    for some in _pieces(_array(texts)):
        found += _call("lengths", some, [some.content, some.edges], (np.int32, len(some)))
    return pa.array(np.concatenate(found), pa.int64())


def line_spans(texts: pa.ChunkedArray) -> pa.Array:
    """For each text the index, start and end of its lines that are not blank, trimmed, one after the other."""
    lengths: list[np.ndarray] = [np.zeros(0, int)]
    found: list[np.ndarray] = [np.zeros(0, np.int32)]
    for some in _pieces(_array(texts)):
        most = 3 * (int(np.count_nonzero(some.content == _NEWLINE)) + len(some))
        spans, counts = _call("lines", some, [some.content, some.edges], (np.int32, most), (np.int32, len(some)))
        found.append(spans[: 3 * counts.sum()])
        lengths.append(counts * 3)
    return pa.ListArray.from_arrays(_offsets(np.concatenate(lengths)), np.concatenate(found))


def slices(texts: pa.ChunkedArray, starts: pa.ChunkedArray, ends: pa.ChunkedArray) -> pa.Array:
    """For each text the list of text[start:end] for its starts and ends, both int32 lists."""
    columns = zip(texts.to_pylist(), starts.to_pylist(), ends.to_pylist(), strict=True)
    return pa.array(
        [[text[start:end] for start, end in zip(first, last, strict=True)] for text, first, last in columns],
        pa.list_(pa.string()),
    )


def are_slices(
    given: pa.ChunkedArray, texts: pa.ChunkedArray, starts: pa.ChunkedArray, ends: pa.ChunkedArray
) -> pa.Array:
    """Whether `given`, a list of texts for each text, are what `slices` gives, bool[texts]; a null is an empty one."""
    edges, content = _utf8(_array(given).flatten())
    found = [np.zeros(0, np.uint8)]
    for some in _slices(texts, starts, ends):
        own = edges[some.places[0] : some.places[-1] + 1]
        of_given: list[native.Input] = [content[own[0] : own[-1]], own - own[0]]
        found.append(_call("equal", some.texts, some.inputs + of_given, (np.uint8, len(some.texts)), some.room)[0])
    return pa.array(np.concatenate(found).view(bool))


def nonblank_inside(texts: pa.ChunkedArray, starts: pa.ChunkedArray, ends: pa.ChunkedArray) -> pa.Array:
    """Number of characters that are not blank in all that `slices` gives of each text together, int64[texts]."""
    found = [
        _call("inside", some.texts, some.inputs, (np.int64, len(some.texts)), some.room)[0]
        for some in _slices(texts, starts, ends)
    ]
    return pa.array(np.concatenate([np.zeros(0, np.int64), *found]))


def _pieces(texts: pa.Array) -> Iterator[_Texts]:
    """A column of texts without a null, some at a time: as many as fit, or one."""
    edges, content = _utf8(texts)
    first = 0
    while first < len(texts):
        fit = int(np.searchsorted(edges, edges[first] + _PIECE_BYTES, "right")) - 1
        last = min(max(fit, first + 1), len(texts))
        own = edges[first : last + 1]
        yield _Texts(slice(first, last), content[own[0] : own[-1]], own - own[0])
        first = last


def _slices(texts: pa.ChunkedArray, starts: pa.ChunkedArray, ends: pa.ChunkedArray) -> Iterator[_Slices]:
    """As `_pieces`, with the slices of each text. Raises ValueError where there are not as many starts as ends."""
    column, first, last = map(_array, (texts, starts, ends))
    counts = first.value_lengths()
    if not counts.equals(last.value_lengths()):
        raise ValueError("there are not as many starts of slices as ends")
    offsets = _offsets(counts.to_numpy())
    first, last = (pc.fill_null(each.flatten(), instead).to_numpy() for each, instead in ((first, 0), (last, _LAST)))
    for some in _pieces(column):
        places = offsets[some.rows.start : some.rows.stop + 1]
        own = slice(places[0], places[-1])
        yield _Slices(some, places, first[own], last[own])


def _utf8(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Where each text of a column begins and the last ends, int32[texts + 1], in what UTF-8, uint8[bytes]."""
    _, offsets, content = texts.buffers()
    edges = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return edges, np.frombuffer(content or b"", np.uint8)


def _array(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _offsets(lengths: np.ndarray) -> np.ndarray:
    """Offsets of lists that are so long, int32[lists + 1]."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
