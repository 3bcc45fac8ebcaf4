"""What the schemas' queries ask of texts, with Python's blanks and offsets: columns in, columns out.

Texts stay UTF-8, and a piece of them is worked on at a time: its arrays fit in a processor's cache, and however long
the texts of a query are, they take no more memory than that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_PIECE_BYTES = 1 << 18
_NEWLINE = ord("\n")
# What a byte says of the character that begins there.
_NONE_OR_BLANK, _NOT_BLANK, _MAY_BE_BLANK = 0, 1, 2
# An end behind all texts: Arrow's offsets are no larger.
_LAST = np.iinfo(np.int32).max


@cache
def blanks() -> str:
    """Every character that `str.isspace` calls blank; all are in the basic plane."""
    return "".join(filter(str.isspace, map(chr, range(0x10000))))


@cache
def _byte_kinds() -> np.ndarray:
    """What each byte says of the character that begins there, uint8[256]."""
    kinds = np.full(256, _NOT_BLANK, np.uint8)
    kinds[0x80:0xC0] = _NONE_OR_BLANK  # inside a character
    for blank in blanks():
        encoded = blank.encode()
        kinds[encoded[0]] = _NONE_OR_BLANK if len(encoded) == 1 else _MAY_BE_BLANK
    return kinds


@cache
def _wide_blanks(length: int) -> np.ndarray:
    """The blanks of as many bytes in UTF-8, each as a number, int32[blanks]."""
    encoded = (blank.encode() for blank in blanks())
    return np.array([int.from_bytes(each, "big") for each in encoded if len(each) == length], np.int32)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some texts after one another: their UTF-8, uint8[bytes], and where each begins and the last ends, int[texts + 1].

    `rows` is where they stand in the column.
    """

    rows: slice
    content: np.ndarray
    edges: np.ndarray

    def not_blank(self) -> np.ndarray:
        """Whether a character that is not blank begins at each byte, bool[bytes]."""
        kinds = _byte_kinds().take(self.content, mode="clip")  # no byte is outside, which "raise" would look for
        at = np.flatnonzero(kinds == _MAY_BE_BLANK)
        if len(at):
            last = len(self.content) - 1
            two = self.content[at].astype(np.int32) << 8 | self.content[np.minimum(at + 1, last)]
            three = two << 8 | self.content[np.minimum(at + 2, last)]
            kinds[at] = ~(np.isin(two, _wide_blanks(2)) | np.isin(three, _wide_blanks(3)))
        return kinds.view(bool)

    def begins(self) -> np.ndarray | None:
        """Whether a character begins at each byte, bool[bytes]; None where one does at all of them."""
        begins = self.content & 0xC0 != 0x80
        return None if begins.all() else begins


def _pieces(texts: pa.Array) -> Iterator[_Piece]:
    """A column of texts without a null, some at a time: as many as fit, or one."""
    _, offsets, content = texts.buffers()
    edges = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    content = np.frombuffer(content or b"", np.uint8)
    first = 0
    while first < len(texts):
        fit = int(np.searchsorted(edges, edges[first] + _PIECE_BYTES, "right")) - 1
        last = min(max(fit, first + 1), len(texts))
        own = edges[first : last + 1]
        yield _Piece(slice(first, last), content[own[0] : own[-1]], own - own[0])
        first = last


def _counts(marks: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """How many marks stand between each of the ascending cuts and the next, int32[cuts - 1]."""
    found = np.zeros(len(cuts) - 1, np.int32)
    wide = np.flatnonzero(cuts[1:] > cuts[:-1])
    if len(wide):
        found[wide] = np.add.reduceat(marks[: cuts[-1]], cuts[wide], dtype=np.int32)
    return found


def _before(marks: np.ndarray, places: np.ndarray) -> np.ndarray:
    """How many marks stand before each of the ascending places, int[places]; quicker than a sum at every place."""
    return np.cumsum(_counts(marks, np.concatenate([[0], places])))


def _array(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def nonblank_lengths(texts: pa.ChunkedArray) -> pa.Array:
    """Number of characters of each text that are not blank, int64[texts]."""
    column = _array(texts)
    found = np.zeros(len(column), np.int64)
    for piece in _pieces(column):
        found[piece.rows] = _counts(piece.not_blank(), piece.edges)
    return pa.array(found)


def line_spans(texts: pa.ChunkedArray) -> pa.Array:
    """For each text the index, start and end of its lines that are not blank, trimmed, one after the other."""
    lengths: list[np.ndarray] = [np.zeros(0, int)]
    found: list[np.ndarray] = [np.zeros(0, np.int32)]
    for piece in _pieces(_array(texts)):
        spans, rows = _spans(piece)
        found.append(spans.ravel())
        lengths.append(np.bincount(rows, minlength=len(piece.edges) - 1) * 3)
    return pa.ListArray.from_arrays(_offsets(np.concatenate(lengths)), np.concatenate(found))


def _spans(piece: _Piece) -> tuple[np.ndarray, np.ndarray]:
    """Index, start and end of each line that is not blank, int32[lines, 3], and the text that it is of, int[lines]."""
    not_blank = piece.not_blank()
    # A newline begins the line behind it here: it is blank, and trimmed.
    cuts = np.sort(np.concatenate([piece.edges, np.flatnonzero(piece.content == _NEWLINE)]), kind="stable")
    before, at = _before(not_blank, cuts), np.flatnonzero(not_blank)
    lines = np.flatnonzero(before[1:] > before[:-1])
    first, last = at[before[lines]], at[before[lines + 1] - 1]
    rows = np.searchsorted(piece.edges, first, "right") - 1
    index = np.arange(len(rows)) - np.searchsorted(rows, rows)
    begins = piece.begins()
    edges = piece.edges
    if begins is not None:
        first, last = _before(begins, np.stack([first, last], axis=1).ravel()).reshape(-1, 2).T
        edges = _before(begins, edges)
    of_text = edges[rows]
    return np.stack([index, first - of_text, last + 1 - of_text], axis=1).astype(np.int32), rows


def slices(texts: pa.ChunkedArray, starts: pa.ChunkedArray, ends: pa.ChunkedArray) -> pa.Array:
    """For each text the list of text[start:end] for its starts and ends, both int32 lists."""
    column, first, last = map(_array, (texts, starts, ends))
    counts = first.value_lengths()
    if not counts.equals(last.value_lengths()):
        raise ValueError("slices(text, starts, ends): there are not as many starts as ends")
    places = _offsets(counts.to_numpy())
    first, last = (pc.fill_null(each.flatten(), instead).to_numpy() for each, instead in ((first, 0), (last, _LAST)))
    lengths, found = [np.zeros(0, int)], []
    for piece in _pieces(column):
        own = slice(places[piece.rows.start], places[piece.rows.stop])
        rows = np.repeat(np.arange(len(piece.edges) - 1), np.diff(places[piece.rows.start : piece.rows.stop + 1]))
        start, end = _bytes_of(piece, rows, first[own], last[own])
        content = piece.content.tobytes()
        found += [content[begin:stop] for begin, stop in zip(start.tolist(), end.tolist(), strict=True)]
        lengths.append(end - start)
    offsets = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
    kept = pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(b"".join(found)))
    return pa.ListArray.from_arrays(places, kept)


def _bytes_of(piece: _Piece, rows: np.ndarray, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where text[first:last] begins and ends in the bytes of a piece; `rows` names the text, int[slices] each."""
    begins = piece.begins()
    places = None if begins is None else np.append(np.flatnonzero(begins), len(piece.content))
    edges = piece.edges if places is None else np.searchsorted(places, piece.edges)
    length = np.diff(edges)[rows]
    start, end = (np.where(each < 0, np.maximum(each + length, 0), np.minimum(each, length)) for each in (first, last))
    start, end = edges[rows] + start, edges[rows] + np.maximum(start, end)
    return (start, end) if places is None else (places[start], places[end])


def _offsets(lengths: np.ndarray) -> np.ndarray:
    """Offsets of lists that are so long, int32[lists + 1]."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
