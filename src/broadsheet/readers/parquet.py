"""Parquet: a row is a record, its canonical JSON the payload."""

import io
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.readers.payloads import Failure, Found, Reading, Unreadable
from broadsheet.readers.rows import canonical_json, plain_value, read_row
from broadsheet.readers.streams import read_all

# Pages in columns are large: few rows at a time keep memory bounded.
_BATCH = 64
# No row group has more, whatever a broken file says.
_MOST_ROWS = 1 << 40


def open_file(stream: BinaryIO, reading: Reading) -> pq.ParquetFile:
    """The file; out of what cannot be searched, such as an archive's member, only up to the limit."""
    source = stream if stream.seekable() else io.BytesIO(read_all(stream, reading.maximum_bytes))
    try:
        return pq.ParquetFile(source, pre_buffer=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable("malformed", f"no Parquet: {' '.join(str(error).split())[:300]}") from error


def rows_of(file: pq.ParquetFile, group: int) -> int:
    """How many rows a row group says that it has: its records are numbered by it, so that it yields no more."""
    return min(max(file.metadata.row_group(group).num_rows, 0), _MOST_ROWS)


def _rows(file: pq.ParquetFile, group: int) -> Iterator[dict[str, object]]:
    for batch in file.iter_batches(_BATCH, [group], use_threads=False):
        yield from batch.to_pylist()


def _read_group(file: pq.ParquetFile, group: int, reading: Reading) -> Iterator[Found]:
    """The records of a row group, and one failure that stands for all that cannot be read of it."""
    left, why = rows_of(file, group), "it has fewer rows than it says"
    try:
        for row in islice(_rows(file, group), left):
            yield _read_row(row, reading)
            left -= 1
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        why = " ".join(str(error).split())[:300]
    if left:
        yield Failure("malformed", f"a row group breaks off: {why}", None, reading.member, records=left)


def read(stream: BinaryIO, reading: Reading, row_groups: range | None = None) -> Iterator[Found]:
    """The records of a file, or of some of its row groups."""
    file = open_file(stream, reading)
    for group in range(file.num_row_groups) if row_groups is None else row_groups:
        yield from _read_group(file, group, reading)


def _read_row(row: dict[str, object], reading: Reading) -> Found:
    entries = plain_value(row)
    content = canonical_json(entries)
    if len(content) > reading.maximum_bytes:
        detail = f"a row of {len(content)} bytes, more than the limit of {reading.maximum_bytes}"
        return Failure("too_large", detail, None, reading.member, len(content))
    return read_row(entries, content, "utf-8", reading)
