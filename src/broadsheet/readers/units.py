"""Units of work: a file, or a piece of a large container, of which several workers each take one.

A container is cut by a first look at it that finds where its records begin and counts them: JSON Lines at
newlines, WARC between records, WARC.gz between those members that begin a record, Parquet between row groups, zip
between members where each is one record. What cannot be cut is one unit and is read as a stream. Records and their
indexes are the same however a container is cut.
"""

import io
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, NamedTuple

from broadsheet.parameters import Ingest
from broadsheet.readers.formats import format_of, read_format, read_stream
from broadsheet.readers.listing import RawFile, open_raw
from broadsheet.readers.payloads import Failure, Found, Reading, Unreadable
from broadsheet.readers.streams import Members, Section, expanded, read_head, read_lines

# Formats of which a member of an archive is exactly one record, whatever is in it.
_ONE_RECORD = ("text", "html", "xhtml", "mhtml", "nitf")


class Unit(NamedTuple):
    """A file, or of a container the piece from `start` to before `stop`: bytes, row groups or members, as its
    `kind` has it. `first_record` is the index of its first raw record, `size` about how many bytes there are to read.
    """

    file: RawFile
    size: int
    kind: str | None = None
    first_record: int = 0
    start: int = 0
    stop: int = 0


class _Cutter:
    """Closes a piece at a possible place once it is large enough."""

    def __init__(self, file: RawFile, kind: str, piece: int) -> None:
        self._file = file
        self._kind = kind
        self._piece = piece
        self._start = 0
        self._first_record = 0
        self._begun = 0
        self.units: list[Unit] = []

    def place(self, offset: int, record: int, done: int) -> None:
        """One may cut before record `record`, which is at `offset`, when `done` bytes lie before it."""
        if record > self._first_record and done - self._begun >= self._piece:
            self._close(offset, done)
            self._start, self._first_record, self._begun = offset, record, done

    def end(self, offset: int, done: int) -> list[Unit]:
        """The pieces, the last up to `offset`; none where there would be but one."""
        if self.units:
            self._close(offset, done)
        return self.units

    def _close(self, offset: int, done: int) -> None:
        self.units.append(
            Unit(self._file, done - self._begun, self._kind, self._first_record, self._start, offset)
        )  # fmt: skip


def _cut_lines(stream: BinaryIO, cutter: _Cutter, size: int, reading: Reading) -> list[Unit]:
    offset = record = 0
    for line in read_lines(stream, reading.maximum_bytes):
        if isinstance(line, int) or not line.isspace():
            cutter.place(offset, record, offset)
            record += 1
        offset += line if isinstance(line, int) else len(line)
    return cutter.end(size, size)


def _cut_warc(
    stream: BinaryIO, cutter: _Cutter, size: int, starts: list[tuple[int, int]] | None, reading: Reading
) -> list[Unit]:
    """`starts` are those of gzip members, by offset in the expanded and in the compressed bytes; it grows meanwhile."""
    from broadsheet.readers.warc import records

    index = reach = 0
    whole = True
    try:
        for record in records(stream, reading.maximum_bytes):
            place = record.offset if starts is None else _start_of(starts, record.offset)
            # Behind a record whose length is wrong, only who reads that one too, as far as it reaches, finds the next.
            if whole and place is not None and record.offset >= reach:
                cutter.place(place, index, place)
            whole = record.fault is None
            if not whole:
                reach = max(reach, record.reach)
            index += record.counts
    except Unreadable:
        pass  # the last piece will come upon it too, and say so
    return cutter.end(size, size)


def _start_of(starts: list[tuple[int, int]], offset: int) -> int | None:
    """Where the gzip member begins whose first expanded byte is at `offset`, if there is one; forgets those before."""
    passed = sum(1 for start, _ in itertools.takewhile(lambda start: start[0] < offset, starts))
    del starts[:passed]
    return starts[0][1] if starts and starts[0][0] == offset else None


def _cut_parquet(stream: BinaryIO, cutter: _Cutter, reading: Reading) -> list[Unit]:
    from broadsheet.readers.parquet import open_file, rows_of

    file = open_file(stream, reading)
    record = done = 0
    for group in range(file.num_row_groups):
        cutter.place(group, record, done)
        record += rows_of(file, group)
        done += file.metadata.row_group(group).total_byte_size
    return cutter.end(file.num_row_groups, done)


def _cut_zip(stream: BinaryIO, cutter: _Cutter, reading: Reading) -> list[Unit]:
    from broadsheet.readers.zip_archive import open_archive, open_member

    archive, members = open_archive(stream, reading)
    done = 0
    for index, member in enumerate(members):
        cutter.place(index, index, done)
        done += member.compress_size
        try:
            head, _ = read_head(open_member(archive, member, reading))
            if head and format_of(head, member.filename) not in _ONE_RECORD:
                return []
        except Unreadable:
            continue
    return cutter.end(len(members), done)


def _cut(file: RawFile, reading: Reading, piece: int) -> list[Unit]:
    """The pieces of a large file, none where it cannot be cut."""
    with open_raw(file) as stream:
        head, _ = read_head(stream)
        kind = format_of(head, file.path)
        cutter = _Cutter(file, kind, piece)
        if kind == "json_lines":
            return _cut_lines(stream, cutter, file.size, reading)
        if kind == "warc":
            return _cut_warc(stream, cutter, file.size, None, reading)
        if kind == "parquet":
            return _cut_parquet(stream, cutter, reading)
        if kind == "zip_archive":
            return _cut_zip(stream, cutter, reading)
        if kind == "gzip":
            buffered = expanded(stream, kind, reading, record_starts=True)
            inner, plain = read_head(buffered)
            if inner.startswith(b"WARC/"):
                members: Any = buffered.raw
                assert isinstance(members, Members)
                return _cut_warc(plain, _Cutter(file, "warc.gz", piece), file.size, members.starts, reading)
    return []


def reading_of(parameters: Ingest, encoding: str | None, columns: tuple[tuple[str, str], ...], name: str) -> Reading:
    """What readers are told of a file of this name."""
    return Reading(
        parameters.maximum_bytes,
        parameters.maximum_ratio,
        parameters.maximum_depth,
        parameters.encoding_confidence,
        encoding,
        columns,
        name,
    )


def list_units(files: Iterable[RawFile], parameters: Ingest) -> Iterator[Unit]:
    """The units of files, in order; one of more than piece_bytes is cut into pieces of about as many, if it can be."""
    for file in files:
        units: list[Unit] = []
        if file.size > parameters.piece_bytes:
            try:
                units = _cut(file, reading_of(parameters, None, (), file.path), parameters.piece_bytes)
            except (Unreadable, OSError):
                units = []  # reading it will say so
        yield from units or [Unit(file, file.size)]


def open_unit(unit: Unit) -> BinaryIO:
    """The bytes of a unit, or of all its file where it is a piece that is found by the file's directory."""
    stream = open_raw(unit.file)
    if unit.kind in ("json_lines", "warc", "warc.gz"):
        return io.BufferedReader(Section(stream, unit.start, unit.stop), 1 << 18)
    return stream


def _read_piece(stream: BinaryIO, unit: Unit, reading: Reading) -> Iterator[Found]:
    piece = range(unit.start, unit.stop)
    if unit.kind == "parquet":
        yield from read_format("parquet", stream, reading, row_groups=piece)
    elif unit.kind == "zip_archive":
        yield from read_format("zip_archive", stream, reading, members=piece)
    elif unit.kind == "warc.gz":
        inner = reading._replace(depth=reading.depth + 1)
        yield from read_format("warc", expanded(stream, "gzip", inner), inner)
    else:
        assert unit.kind is not None
        yield from read_format(unit.kind, stream, reading)


def read_found(
    unit: Unit,
    parameters: Ingest,
    encoding: str | None,
    columns: tuple[tuple[str, str], ...],
    content: bytes | None = None,
) -> Iterator[Found]:
    """Payloads and failures of a unit, whose bytes are `content` where they have been read, in order.

    Never raises on what a file holds.
    """
    reading = reading_of(parameters, encoding, columns, unit.file.path.rsplit("/", 1)[-1])
    try:
        with open_unit(unit) if content is None else io.BytesIO(content) as stream:
            yield from read_stream(stream, reading) if unit.kind is None else _read_piece(stream, unit, reading)
    except Unreadable as error:
        size = unit.file.size if unit.kind is None and error.reason == "too_large" else 0
        yield Failure(error.reason, error.detail, None, None, size)
    except OSError as error:
        yield Failure("unreadable", f"the file cannot be read: {error.strerror or error}", None, None, unit.file.size)
