"""What decides what a unit yields, as a hash: of a piece of a container, only its own bytes are read for it."""

import hashlib
import os
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa

from broadsheet.parameters import Ingest
from broadsheet.readers.listing import RawFile
from broadsheet.readers.payloads import Reading, Unreadable
from broadsheet.readers.units import Unit, open_unit, reading_of

_BLOCK = 1 << 20


class Whole(NamedTuple):
    """The bytes of a file, and their SHA-256, hexadecimal."""

    content: bytes
    sha256: str


_LOCAL_HEADER = 30  # of a zip member, before its name (APPNOTE.TXT, section 4.3.7)


def read_whole(unit: Unit, parameters: Ingest) -> Whole | None:
    """A unit that is a file of no more than `piece_bytes`, read at once; None for others, and where that fails.

    Larger ones are read as streams. A task has `part_bytes` of files at most, so those of one that was read before
    can be kept until it is known whether it has changed.
    """
    file = unit.file
    if unit.kind is not None or file.remote is not None or file.size > parameters.piece_bytes:
        return None
    try:
        handle = os.open(file.path, os.O_RDONLY)
        try:
            content = os.read(handle, file.size + 1)
        finally:
            os.close(handle)
    except OSError:
        return None
    # One that has grown, or is given out in pieces, is read as a stream.
    return Whole(content, hashlib.sha256(content).hexdigest()) if len(content) == file.size else None


def unit_sha256(unit: Unit, parameters: Ingest) -> str:
    """SHA-256, hexadecimal, of what a unit is read from, beside its name; or why its file cannot be read.

    What is added to a container behind a piece, or before it, does not change it.
    """
    digest = hashlib.sha256()
    try:
        if unit.kind is None and unit.file.remote is None:
            _add_file(digest, unit.file)
            return digest.hexdigest()
        with open_unit(unit) as stream:
            if unit.kind in _RANGES:
                _add_piece(digest, stream, unit, reading_of(parameters, None, (), unit.file.path))
                return digest.hexdigest()
            _add(digest, stream, sys.maxsize)
    except OSError as error:
        return f"unreadable: {error.strerror or error}"
    return digest.hexdigest()


def _add_file(digest: Any, file: RawFile) -> None:
    """Add a file's bytes. Most files are small, and a stream takes longer to open than they take to read."""
    handle = os.open(file.path, os.O_RDONLY)
    try:
        while block := os.read(handle, min(file.size + 1, _BLOCK)):
            digest.update(block)
    finally:
        os.close(handle)


def _add(digest: Any, stream: BinaryIO, size: int) -> None:
    while size > 0 and (block := stream.read(min(size, _BLOCK))):
        digest.update(block)
        size -= len(block)


def _add_piece(digest: Any, stream: BinaryIO, unit: Unit, reading: Reading) -> None:
    try:
        for said, start, size in _RANGES[unit.kind or ""](stream, unit, reading):
            digest.update(repr(said).encode("utf-8", "surrogatepass"))
            stream.seek(max(0, start))
            _add(digest, stream, size)
    except (Unreadable, pa.ArrowException, ValueError, OverflowError):
        # Reading will say what is wrong, and any byte may be to blame.
        stream.seek(0)
        _add(digest, stream, sys.maxsize)


def _row_groups(stream: BinaryIO, unit: Unit, reading: Reading) -> Iterator[tuple[Any, int, int]]:
    """What the file says of the piece's columns, and where the bytes of each start and how many they are."""
    from broadsheet.readers.parquet import open_file

    metadata = open_file(stream, reading).metadata
    schema = [str(metadata.schema.column(index)) for index in range(metadata.num_columns)]
    yield (schema, sorted((metadata.metadata or {}).items())), 0, 0
    for index in range(unit.start, unit.stop):
        group = metadata.row_group(index)
        for column in (group.column(number) for number in range(group.num_columns)):
            first = column.dictionary_page_offset if column.has_dictionary_page else column.data_page_offset
            start, size = min(first, column.data_page_offset), column.total_compressed_size
            said = (
                group.num_rows, column.path_in_schema, column.physical_type, column.compression, column.encodings,
                column.num_values, column.data_page_offset - start, size, column.total_uncompressed_size,
            )  # fmt: skip
            yield said, start, size


def _members(stream: BinaryIO, unit: Unit, reading: Reading) -> Iterator[tuple[Any, int, int]]:
    """What the archive says of the piece's members, and where the bytes of each start and how many they are."""
    from broadsheet.readers.zip_archive import open_archive

    for member in open_archive(stream, reading)[1][unit.start : unit.stop]:
        stream.seek(max(0, member.header_offset))
        header = stream.read(_LOCAL_HEADER)
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        said = (
            member.filename, member.orig_filename, member.flag_bits, member.compress_type, member.CRC,
            member.compress_size, member.file_size, member.extra, member.create_system, member.external_attr,
        )  # fmt: skip
        yield said, member.header_offset, _LOCAL_HEADER + names + member.compress_size


_RANGES = {"parquet": _row_groups, "zip_archive": _members}
