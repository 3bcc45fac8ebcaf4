"""CSV and TSV: a row below the header is a record, the canonical JSON of the row its payload.

Rows are found in the bytes, each character one byte, and every field is then decoded: so one row in a broken
encoding is that row's reject. It holds for every encoding whose quotes, commas and newlines are those of ASCII.
"""

import codecs
import csv
from collections.abc import Iterator
from typing import BinaryIO

from broadsheet.encodings import NotText, decode
from broadsheet.readers.payloads import Failure, Found, Reading, Unreadable
from broadsheet.readers.rows import canonical_json, read_row
from broadsheet.readers.streams import read_lines

_DELIMITERS = "\t,;|"
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def _transcoded(stream: BinaryIO, encoding: str) -> Iterator[bytes]:
    """Lines of UTF-16 as UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)()
    rest = ""
    try:
        while block := stream.read(1 << 16):
            lines = (rest + decoder.decode(block)).splitlines(keepends=True)
            rest = lines.pop() if lines else ""
            yield from (line.encode() for line in lines)
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise Unreadable("undecodable", f"not valid {encoding}: {error}") from error
    if rest:
        yield rest.encode()


class _Lines:
    """Lines as the csv module wants them, and how many bytes the row that it is in has so far."""

    def __init__(self, lines: Iterator[bytes | int], maximum_bytes: int) -> None:
        self._lines = lines
        self._maximum = maximum_bytes
        self.row_bytes = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.row_bytes += line if isinstance(line, int) else len(line)
            if isinstance(line, int) or self.row_bytes > self._maximum:
                detail = f"a row of more bytes than the limit of {self._maximum}; a quotation mark without its other?"
                raise Unreadable("too_large", detail)
            yield line.decode("latin-1")


def _decoded(fields: list[str], stated: str | None) -> tuple[list[str], str]:
    """Fields in UTF-8 or else the stated encoding. Raises UnicodeError."""
    row = [field.encode("latin-1") for field in fields]
    try:
        return [field.decode() for field in row], "utf-8"
    except UnicodeDecodeError:
        if stated is None:
            raise
        return [field.decode(stated) for field in row], stated


def _encoding(head: bytes, reading: Reading) -> str | None:
    """The encoding of rows that are no UTF-8: the stated one, else what the beginning of the file looks like."""
    found = decode(head[: head.rfind(b"\n") + 1] or head, reading.encoding, reading.encoding_confidence)
    if isinstance(found, NotText) or found.encoding == "utf-8":
        return reading.encoding
    return found.encoding


def _rows(lines: _Lines, delimiter: str, reading: Reading) -> Iterator[list[str]]:
    csv.field_size_limit(reading.maximum_bytes)
    rows = csv.reader(iter(lines), delimiter=delimiter)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable("malformed", f"line {rows.line_num}: {error}") from error
        lines.row_bytes = 0
        if any(row):
            yield row


def read(stream: BinaryIO, reading: Reading) -> Iterator[Found]:
    """The records of a table of text; its first row names the columns."""
    from broadsheet.readers.streams import read_head

    head, stream = read_head(stream)
    mark = next((mark for mark in _UTF_16 if head.startswith(mark)), None)
    encoding = None
    if mark:
        stream.read(len(mark))
        lines: Iterator[bytes | int] = _transcoded(stream, _UTF_16[mark])
        delimiter = "\t" if b"\t" in head.split(b"\n")[0].replace(b"\x00", b"") else ","
    else:
        if head.startswith(codecs.BOM_UTF8):
            stream.read(len(codecs.BOM_UTF8))
        encoding = _encoding(head, reading)
        lines = read_lines(stream, reading.maximum_bytes)
        first = head.split(b"\n", 1)[0].decode("latin-1")
        delimiter = max(_DELIMITERS, key=first.count)
    rows = _rows(_Lines(lines, reading.maximum_bytes), delimiter, reading)
    header = next(rows, None)
    if header is None:
        raise Unreadable("empty", "a table without a row")
    try:
        names, _ = _decoded(header, encoding)
    except (UnicodeError, LookupError) as error:
        raise Unreadable("undecodable", f"the header: {error}") from error
    for row in rows:
        yield _read_row(names, row, encoding, reading)


def _read_row(names: list[str], row: list[str], stated: str | None, reading: Reading) -> Found:
    try:
        fields, encoding = _decoded(row, stated)
    except (UnicodeError, LookupError) as error:
        raw = "\x1f".join(row).encode("latin-1")
        return Failure("undecodable", f"a row: {error}", raw, reading.member)
    if len(fields) > len(names):
        content = canonical_json(fields)
        detail = f"{len(fields)} fields under {len(names)} names of columns"
        return Failure("malformed", detail, content, reading.member)
    entries = dict(zip(names, fields, strict=False))
    return read_row(entries, canonical_json(entries), encoding, reading)
