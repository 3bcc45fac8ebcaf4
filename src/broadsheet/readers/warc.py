"""WARC, WET included: `response`, `resource` and `conversion` records; the others of a WARC are no raw records.

The framing is read here, because what libraries pass over in silence has to be a reject: fastwarc 2.0 ends without
a word where a file breaks off within a header, takes a wrong or negative length as it comes, and panics on some
streams. A record whose length is wrong is one reject, and reading goes on at the next that begins with "WARC/".
"""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, NamedTuple

from broadsheet.readers.http import decoded_body
from broadsheet.readers.payloads import Failure, Found, Payload, Reading, Unreadable

_COUNTED = ("response", "resource", "conversion")
_HEADER_BYTES = 1 << 16
_BLOCK = 1 << 20
_NEXT = re.compile(rb"\r?\n\r?\n(?=WARC/[01]\.\d)")
_HTTP_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d")


class Record(NamedTuple):
    """A record's header, by names in lower case, and its block. `offset` is that of the header in the stream.

    `block` is None where it is longer than what was asked for; `fault` says what is wrong with the framing, and
    `reach` up to which offset the stream was read to find that out.
    """

    offset: int
    headers: dict[str, str]
    block: bytes | None
    length: int
    fault: Unreadable | None
    reach: int

    @property
    def counts(self) -> bool:
        """Whether it is a raw record."""
        return self.headers.get("warc-type", "").lower() in _COUNTED


class _Stream:
    """A stream that knows where it is, and into which bytes can be put back."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._again = io.BytesIO()
        self.offset = 0

    def _both(self, first: bytes, wanted: int, line: bool) -> bytes:
        if len(first) < wanted and not (line and first.endswith(b"\n")):
            first += (self._stream.readline if line else self._stream.read)(wanted - len(first))
        self.offset += len(first)
        return first

    def line(self) -> bytes:
        return self._both(self._again.readline(_HEADER_BYTES), _HEADER_BYTES, line=True)

    def read(self, size: int) -> bytes:
        return self._both(self._again.read(size), size, line=False)

    def put_back(self, block: bytes) -> None:
        self._again = io.BytesIO(block + self._again.read())
        self.offset -= len(block)


def _headers(lines: list[bytes]) -> dict[str, str]:
    """Headers of a WARC or HTTP record; the first of a name counts, folded lines are joined."""
    headers: dict[str, str] = {}
    name = ""
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text[:1] in (" ", "\t") and name:
            headers[name] += " " + text.strip()
            continue
        name, _, value = text.partition(":")
        name = name.strip().lower()
        headers.setdefault(name, value.strip())
    return headers


def _read_header(stream: _Stream) -> list[bytes]:
    """Lines of a header behind its first, up to the blank one."""
    lines: list[bytes] = []
    size = 0
    while True:
        line = stream.line()
        size += len(line)
        if line in (b"\r\n", b"\n"):
            return lines
        if not line.endswith(b"\n") or size > _HEADER_BYTES:
            reason = "malformed" if size > _HEADER_BYTES else "truncated"
            raise Unreadable(reason, f"it breaks off within a record's header, at byte {stream.offset}")
        lines.append(line)


def _read_block(stream: _Stream, length: int, maximum_bytes: int) -> bytes | None:
    """A record's block, or None for one that is too long, which is passed over."""
    blocks: list[bytes] = []
    left = length
    while left:
        block = stream.read(min(left, _BLOCK))
        if not block:
            raise Unreadable("truncated", f"it breaks off within a record, {left} of {length} bytes before its end")
        left -= len(block)
        if length <= maximum_bytes:
            blocks.append(block)
    return b"".join(blocks) if length <= maximum_bytes else None


def _passed(stream: _Stream) -> bytes:
    """Go on behind blank lines: b"" where a record begins there or the stream ends, else the line that is there."""
    while line := stream.line():
        if line.startswith(b"WARC/"):
            stream.put_back(line)
            return b""
        if not line.isspace():
            return line
    return b""


def _to_next(stream: _Stream) -> None:
    """Go on to where the next record begins, or to the end."""
    while _passed(stream):
        pass


def records(stream: BinaryIO, maximum_bytes: int) -> Iterator[Record]:
    """The records of a WARC, of every type. Raises Unreadable where it breaks off."""
    inner = _Stream(stream)
    _to_next(inner)
    while True:
        offset = inner.offset
        if not inner.line():
            break
        headers = _headers(_read_header(inner))
        stated = headers.get("content-length", "")
        length = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 19 else -1
        fault = None if length >= 0 else Unreadable("malformed", f"Content-Length is {stated[:40]!r}")
        block = _read_block(inner, max(length, 0), maximum_bytes)
        try:
            line = _passed(inner)
        except Unreadable:
            # The record is whole; what breaks off is behind it.
            yield Record(offset, headers, block, length, fault, inner.offset)
            raise
        reach = inner.offset
        if line:
            fault = fault or Unreadable("malformed", f"Content-Length is wrong: the record does not end at {length}")
            if block and (found := _NEXT.search(block, max(0, len(block) - _HEADER_BYTES))):
                inner.put_back(block[found.end() :] + line)  # too long: it holds the beginning of the next
            _to_next(inner)
        yield Record(offset, headers, block, length, fault, reach)
    if not offset:
        raise Unreadable("malformed", "no WARC record in it")


def _time(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat((text or "").strip())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _content_type(value: str) -> tuple[str | None, str | None]:
    """Media type and charset of a Content-Type header."""
    kind, *parameters = value.split(";")
    charset = next((part.split("=", 1)[1] for part in parameters if part.strip().lower().startswith("charset=")), "")
    return kind.strip().lower() or None, charset.strip(" \t\"'") or None


def _body(record: Record, reading: Reading) -> tuple[bytes, str]:
    """A record's payload and its Content-Type. Raises Unreadable."""
    assert record.block is not None
    block, kind = record.block, record.headers.get("content-type", "")
    if not (kind.lower().startswith("application/http") or (not kind and block.startswith(b"HTTP/"))):
        return block, kind
    end = _HTTP_END.search(block)
    if end is None or _STATUS.match(block) is None:
        raise Unreadable("malformed", "no HTTP headers, or no end of them")
    headers = _headers(block[: end.start()].split(b"\n")[1:])
    body = decoded_body(
        block[end.end() :],
        headers.get("transfer-encoding", ""),
        headers.get("content-encoding", ""),
        headers.get("content-length", ""),
        reading,
    )
    return body, headers.get("content-type", "")


def _read_record(record: Record, reading: Reading) -> Found:
    from broadsheet.readers.formats import page_type

    content = b""
    try:
        if record.fault is not None:
            raise record.fault
        if record.block is None:
            raise Unreadable("too_large", f"{record.length} bytes, more than the limit of {reading.maximum_bytes}")
        content, content_type = _body(record, reading)
        if not content:
            raise Unreadable("empty", "a response without a body")
        if cut := record.headers.get("warc-truncated"):
            raise Unreadable("truncated", f"as the record says: {cut[:60]}")
        declared, charset = _content_type(content_type)
        media_type = page_type(content, declared)
    except Unreadable as error:
        return Failure(error.reason, error.detail, content or None, reading.member)
    url = record.headers.get("warc-target-uri", "").strip(" <>")
    retrieved = _time(record.headers.get("warc-date"))
    return Payload(content, reading.member, media_type, charset, url or None, retrieved)


def read(stream: BinaryIO, reading: Reading) -> Iterator[Found]:
    """The records of a WARC that is not compressed."""
    for record in records(stream, reading.maximum_bytes):
        if record.counts:
            yield _read_record(record, reading)
