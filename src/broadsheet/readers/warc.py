"""WARC, WET included: `response`, `resource` and `conversion` records; the others of a WARC are no raw records."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from broadsheet.readers.http import decoded_body
from broadsheet.readers.payloads import Failure, Found, Payload, Reading, Unreadable

_TAIL_BYTES = 1 << 16


class _Watched:
    """A stream for fastwarc, which takes one that ends within a header for one that ends: it keeps the last bytes."""

    def __init__(self, stream: BinaryIO, stop: int | None) -> None:
        self._stream = stream
        self._stop = stop
        self.count = 0
        self.tail = b""

    def read(self, size: int) -> bytes:
        if self._stop is not None:
            size = min(size, self._stop - self.count)
        block = self._stream.read(size) if size else b""
        self.count += len(block)
        self.tail = (self.tail + block)[-_TAIL_BYTES:]
        return block

    def broken_header(self, behind: int) -> bool:
        """Whether the stream ends within a header that begins behind this offset."""
        header = max(self.tail.rfind(b"\nWARC/"), 0 if self.tail.startswith(b"WARC/") else -1)
        if header < 0 or self.count - len(self.tail) + header < behind:
            return False
        return b"\n\r\n" not in self.tail[header + 1 :] and b"\n\n" not in self.tail[header + 1 :]


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


def _body(record: Any, reading: Reading) -> tuple[bytes, str]:
    """A record's payload and its Content-Type."""
    warc_type = record.headers.get("Content-Type", "")
    if not record.is_http or record.record_type.name != "response":
        return record.reader.read(), "" if warc_type.startswith("application/http") else warc_type
    try:
        record.parse_http(quirks_mode=True)
    except OSError as error:
        raise Unreadable("malformed", f"the HTTP headers: {error}") from error
    headers = record.http_headers
    if headers is None or record.reader is None:
        raise Unreadable("malformed", "no HTTP headers")
    body = decoded_body(
        record.reader.read(),
        headers.get("Transfer-Encoding", ""),
        headers.get("Content-Encoding", ""),
        headers.get("Content-Length", ""),
        reading,
    )
    return body, headers.get("Content-Type", "")


def _read_record(record: Any, reading: Reading) -> Found:
    from broadsheet.readers.formats import page_type

    content = b""
    try:
        content, content_type = _body(record, reading)
        if len(content) > reading.maximum_bytes:
            raise Unreadable("too_large", f"{len(content)} bytes, more than the limit of {reading.maximum_bytes}")
        if not content:
            raise Unreadable("empty", "a response without a body")
        if record.headers.get("WARC-Truncated"):
            raise Unreadable("truncated", f"as the record says: {record.headers.get('WARC-Truncated')[:60]}")
        declared, charset = _content_type(content_type)
        media_type = page_type(content, declared)
    except Unreadable as error:
        return Failure(error.reason, error.detail, content or None, reading.member)
    url = (record.headers.get("WARC-Target-URI") or "").strip(" <>")
    return Payload(
        content,
        reading.member,
        media_type,
        charset,
        url or None,
        _time(record.headers.get("WARC-Date")),
    )


def records(stream: BinaryIO, stop: int | None = None) -> Iterator[Any]:
    """fastwarc's records of every type, up to `stop` bytes from here. Raises Unreadable where the WARC breaks off."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    watched = _Watched(stream, stop)
    behind = -1
    try:
        for record in ArchiveIterator(
            watched, record_types=WarcRecordType.any_type, parse_http=False, quirks_mode=True, stream_detect=False
        ):
            behind = record.stream_pos + record.content_length
            yield record
    except OSError as error:
        raise Unreadable("malformed", f"behind byte {max(behind, 0)}: {error}") from error
    if watched.count and behind < 0:
        raise Unreadable("malformed", "no WARC record in it")
    if watched.broken_header(behind):
        raise Unreadable("truncated", "it breaks off within a record's header")


def is_raw_record(record: Any) -> bool:
    """Whether a record counts."""
    return record.record_type.name in ("response", "resource", "conversion")


def read(stream: BinaryIO, reading: Reading, stop: int | None = None) -> Iterator[Found]:
    """The records of a WARC that is not compressed, or of its next `stop` bytes."""
    for record in records(stream, stop):
        if not is_raw_record(record):
            continue
        length = record.content_length
        if length > 2 * reading.maximum_bytes:
            detail = f"said to have {length} bytes, more than the limit of {reading.maximum_bytes}"
            yield Failure("too_large", detail, None, reading.member)
            continue
        record.freeze()
        if len(record.reader.read()) < length:
            raise Unreadable("truncated", f"a record of {length} bytes breaks off")
        record.reader.seek(0)
        yield _read_record(record, reading)
