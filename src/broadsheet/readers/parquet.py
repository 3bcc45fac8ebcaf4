"""Parquet: a row is a record, its canonical JSON the payload."""

import io
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.readers.payloads import Failure, Found, Reading, Unreadable
from broadsheet.readers.rows import canonical_json, plain_value, read_row
from broadsheet.readers.streams import read_all

# Pages in columns are large: few rows at a time keep memory bounded.
_BATCH = 64


def open_file(stream: BinaryIO, reading: Reading) -> pq.ParquetFile:
    """The file; out of what cannot be searched, such as an archive's member, only up to the limit."""
    source = stream if stream.seekable() else io.BytesIO(read_all(stream, reading.maximum_bytes))
    try:
        return pq.ParquetFile(source, pre_buffer=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable("malformed", f"no Parquet: {' '.join(str(error).split())[:300]}") from error


def read(stream: BinaryIO, reading: Reading, row_groups: range | None = None) -> Iterator[Found]:
    """The records of a file, or of some of its row groups."""
    file = open_file(stream, reading)
    groups = list(row_groups if row_groups is not None else range(file.num_row_groups))
    if not groups:
        return
    try:
        for batch in file.iter_batches(_BATCH, groups, use_threads=False):
            for row in batch.to_pylist():
                yield _read_row(row, reading)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise Unreadable("malformed", f"Parquet breaks off: {' '.join(str(error).split())[:300]}") from error


def _read_row(row: dict[str, object], reading: Reading) -> Found:
    entries = plain_value(row)
    content = canonical_json(entries)
    if len(content) > reading.maximum_bytes:
        detail = f"a row of {len(content)} bytes, more than the limit of {reading.maximum_bytes}"
        return Failure("too_large", detail, None, reading.member, len(content))
    return read_row(entries, content, "utf-8", reading)
