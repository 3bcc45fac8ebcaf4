"""What the schemas' queries ask of texts, with Python's blanks and offsets: columns in, columns out.

Texts stay UTF-8, and a piece of them is worked on at a time: its arrays fit in a processor's cache, and however long
the texts of a query are, they take no more memory than that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_PIECE_BYTES = 1 << 18
_NEWLINE = ord("\n")
# Read as signed numbers, the bytes inside a character are those below this one.
_BEGINS = np.int8(-64)
# An end behind all texts: Arrow's offsets are no larger.
_LAST = np.iinfo(np.int32).max
# Numbers without a gap between them: the least, and how many.
Runs = tuple[tuple[int, int], ...]


@cache
def blanks() -> str:
    """Every character that `str.isspace` calls blank; all are in the basic plane."""
    return "".join(filter(str.isspace, map(chr, range(0x10000))))


@cache
def _runs_of_blanks(length: int, bytes_of_each: int) -> Runs:
    """The blanks of `length` bytes in UTF-8, or their first bytes, each as a number."""
    encoded = (blank.encode() for blank in blanks())
    found = {int.from_bytes(each[:bytes_of_each], "big") for each in encoded if len(each) == length}
    least = sorted(code for code in found if code - 1 not in found)
    return tuple((code, next(count for count in range(1, 256) if code + count not in found)) for code in least)


def _in_runs(codes: np.ndarray, runs: Runs) -> np.ndarray:
    """Whether each unsigned number is in one of a few runs, bool[codes]; quicker than a table."""
    found = np.zeros(len(codes), bool)
    for least, count in runs:
        found |= codes - codes.dtype.type(least) < count  # a lesser one wraps around
    return found


@dataclass(frozen=True)
class _Piece:
    """Some texts after one another: their UTF-8, uint8[bytes], and where each begins and the last ends, int[texts + 1].

    `rows` is where they stand in the column.
    """

    rows: slice
    content: np.ndarray
    edges: np.ndarray

    @cached_property
    def blank(self) -> np.ndarray:
        """Whether each byte is of a blank character, bool[bytes]."""
        content = self.content
        blank = _in_runs(content, _runs_of_blanks(1, 1))
        for length in (2, 3):
            at = np.flatnonzero(_in_runs(content[: 1 - length], _runs_of_blanks(length, 1)))
            codes = sum(content[at + place].astype(np.uint32) << 8 * (length - 1 - place) for place in range(length))
            at = at[_in_runs(codes, _runs_of_blanks(length, length))]
            blank[np.add.outer(at, np.arange(length))] = True
        return blank

    @cached_property
    def not_blank(self) -> np.ndarray:
        """Whether a character that is not blank begins at each byte, bool[bytes]."""
        return ~self.blank & (self.content.view(np.int8) >= _BEGINS)

    @cached_property
    def inside(self) -> np.ndarray:
        """The bytes that stand inside a character, ascending."""
        return np.flatnonzero(self.content.view(np.int8) < _BEGINS)

    def characters(self, places: np.ndarray) -> np.ndarray:
        """How many characters begin before each of `places`, which are bytes."""
        return places - np.searchsorted(self.inside, places)

    def bytes_before(self, places: np.ndarray) -> np.ndarray:
        """How many bytes stand before each of `places`, which are characters."""
        return places + np.searchsorted(self.inside - np.arange(len(self.inside)), places, "right")


def _pieces(texts: pa.Array) -> Iterator[_Piece]:
    """A column of texts without a null, some at a time: as many as fit, or one."""
    edges, content = _edges(texts)
    first = 0
    while first < len(texts):
        fit = int(np.searchsorted(edges, edges[first] + _PIECE_BYTES, "right")) - 1
        last = min(max(fit, first + 1), len(texts))
        own = edges[first : last + 1]
        yield _Piece(slice(first, last), content[own[0] : own[-1]], own - own[0])
        first = last


def _edges(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Where each text of a column begins and the last ends, int32[texts + 1], in what UTF-8, uint8[bytes]."""
    _, offsets, content = texts.buffers()
    edges = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return edges, np.frombuffer(content or b"", np.uint8)


def _array(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def nonblank_lengths(texts: pa.ChunkedArray) -> pa.Array:
    """Number of characters of each text that are not blank, int64[texts]."""
    column = _array(texts)
    found = np.zeros(len(column), np.int64)
    for piece in _pieces(column):
        wide = np.flatnonzero(piece.edges[1:] > piece.edges[:-1])
        if len(wide):
            found[piece.rows][wide] = np.add.reduceat(piece.not_blank, piece.edges[wide], dtype=np.int32)
    return pa.array(found)


def line_spans(texts: pa.ChunkedArray) -> pa.Array:
    """For each text the index, start and end of its lines that are not blank, trimmed, one after the other."""
    lengths: list[np.ndarray] = [np.zeros(0, int)]
    found: list[np.ndarray] = [np.zeros(0, np.int32)]
    for piece in _pieces(_array(texts)):
        spans, counts = _spans(piece)
        found.append(spans.ravel())
        lengths.append(counts * 3)
    return pa.ListArray.from_arrays(_offsets(np.concatenate(lengths)), np.concatenate(found))


def _spans(piece: _Piece) -> tuple[np.ndarray, np.ndarray]:
    """Index, start and end of each line that is not blank, int32[lines, 3], and how many each text has."""
    newlines, edges = np.flatnonzero(piece.content == _NEWLINE), piece.edges
    start = np.sort(np.concatenate([edges[:-1], newlines + 1]), kind="stable")
    end = np.sort(np.concatenate([edges[1:], newlines]), kind="stable")
    start, end = _trimmed(piece.blank, start, end)
    before = np.searchsorted(start, edges)
    counts = np.diff(before)
    index = np.arange(len(start)) - np.repeat(before[:-1], counts)
    of_text = np.repeat(piece.characters(edges[:-1]), counts)
    spans = [index, piece.characters(start) - of_text, piece.characters(end) - of_text]
    return np.stack(spans, axis=1).astype(np.int32), counts


def _trimmed(blank: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Spans without the blanks around them, those that are blank left out."""
    wide = end > start
    start, end = start[wide], end[wide]
    # Few lines begin or end with a blank, so that it is quicker not to look for the first letter of all.
    turns = np.flatnonzero(blank[1:] != blank[:-1]) + 1
    indented = np.flatnonzero(blank[start])
    start[indented] = np.append(turns, len(blank))[np.searchsorted(turns, start[indented], "right")]
    trailing = np.flatnonzero(blank[end - 1])
    end[trailing] = np.append(0, turns)[np.searchsorted(turns, end[trailing] - 1, "right")]
    letters = end > start
    return start[letters], end[letters]


def slices(texts: pa.ChunkedArray, starts: pa.ChunkedArray, ends: pa.ChunkedArray) -> pa.Array:
    """For each text the list of text[start:end] for its starts and ends, both int32 lists."""
    lengths, found = [np.zeros(0, int)], []
    for piece, _, start, end in _cuts(texts, starts, ends):
        content = piece.content.tobytes()
        found += [content[begin:stop] for begin, stop in zip(start.tolist(), end.tolist(), strict=True)]
        lengths.append(end - start)
    offsets = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
    kept = pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(b"".join(found)))
    return pa.ListArray.from_arrays(_offsets(_array(starts).value_lengths().to_numpy()), kept)


def are_slices(
    given: pa.ChunkedArray, texts: pa.ChunkedArray, starts: pa.ChunkedArray, ends: pa.ChunkedArray
) -> pa.Array:
    """Whether `given`, a list of texts for each text, are what `slices` gives, bool[texts]; a null is an empty one."""
    edges, given_content = _edges(_array(given).flatten())
    same = [np.zeros(0, bool)]
    for piece, places, start, end in _cuts(texts, starts, ends):
        own = edges[places[0] : places[-1] + 1]
        content, other = piece.content.tobytes(), given_content[own[0] : own[-1]].tobytes()
        bounds = (each.tolist() for each in (start, end, own[:-1] - own[0], own[1:] - own[0]))
        differ = [content[a:b] != other[c:d] for a, b, c, d in zip(*bounds, strict=True)]
        differing = np.concatenate([[0], np.cumsum(differ, dtype=int)])[places - places[0]]
        same.append(np.diff(differing) == 0)
    return pa.array(np.concatenate(same))


def nonblank_inside(texts: pa.ChunkedArray, starts: pa.ChunkedArray, ends: pa.ChunkedArray) -> pa.Array:
    """Number of characters that are not blank in all that `slices` gives of each text together, int64[texts]."""
    found = [np.zeros(0, int)]
    for piece, places, start, end in _cuts(texts, starts, ends):
        before = np.concatenate([[0], np.cumsum(piece.not_blank, dtype=np.int32)])
        inside = np.concatenate([[0], np.cumsum(before[end] - before[start], dtype=int)])
        found.append(np.diff(inside[places - places[0]]))
    return pa.array(np.concatenate(found))


def _cuts(
    texts: pa.ChunkedArray, starts: pa.ChunkedArray, ends: pa.ChunkedArray
) -> Iterator[tuple[_Piece, np.ndarray, np.ndarray, np.ndarray]]:
    """Texts, which of the starts and ends are of each, int[texts + 1], and the bytes where those begin and end."""
    column, first, last = map(_array, (texts, starts, ends))
    counts = first.value_lengths()
    if not counts.equals(last.value_lengths()):
        raise ValueError("slices(text, starts, ends): there are not as many starts as ends")
    offsets = _offsets(counts.to_numpy())
    first, last = (pc.fill_null(each.flatten(), instead).to_numpy() for each, instead in ((first, 0), (last, _LAST)))
    for piece in _pieces(column):
        places = offsets[piece.rows.start : piece.rows.stop + 1]
        own = slice(places[0], places[-1])
        yield piece, places, *_bytes_of(piece, np.diff(places), first[own], last[own])


def _bytes_of(piece: _Piece, counts: np.ndarray, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where text[first:last] begins and ends in the bytes of a piece; `counts` is how many slices each text has."""
    edges = piece.characters(piece.edges)
    length, of_text = np.repeat(np.diff(edges), counts), np.repeat(edges[:-1], counts)
    start, end = (np.where(each < 0, np.maximum(each + length, 0), np.minimum(each, length)) for each in (first, last))
    return piece.bytes_before(of_text + start), piece.bytes_before(of_text + np.maximum(start, end))


def _offsets(lengths: np.ndarray) -> np.ndarray:
    """Offsets of lists that are so long, int32[lists + 1]."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
