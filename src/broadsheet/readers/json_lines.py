"""JSON Lines: a line is a record, its bytes the payload. Blank lines are none."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from broadsheet.encodings import NotText, decode
from broadsheet.readers.payloads import Failure, Found, Reading
from broadsheet.readers.rows import read_row
from broadsheet.readers.streams import read_lines


def _no_number(_: str) -> None:
    """NaN and Infinity, which JSON has not and many write: no value."""


def parse(text: str | bytes) -> Any:
    """A JSON value. Raises ValueError on everything that is none."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def read_object(content: bytes, reading: Reading) -> Found:
    """The record of a JSON object whose bytes are its payload."""
    try:
        value, encoding = parse(content), "utf-8"
    except UnicodeDecodeError:
        decoded = decode(content, reading.encoding, reading.encoding_confidence)
        if isinstance(decoded, NotText):
            return Failure(decoded.reason, decoded.detail, content, reading.member)
        try:
            value, encoding = parse(decoded.text), decoded.encoding
        except ValueError as error:
            return Failure("malformed", f"no JSON: {error}", content, reading.member)
    except ValueError as error:
        return Failure("malformed", f"no JSON: {error}", content, reading.member)
    if not isinstance(value, dict):
        return Failure("malformed", f"JSON, but no object: {type(value).__name__}", content, reading.member)
    return read_row(value, content, encoding, reading)


def read(stream: BinaryIO, reading: Reading) -> Iterator[Found]:
    """The records of a stream of lines."""
    for line in read_lines(stream, reading.maximum_bytes):
        if isinstance(line, int):
            detail = f"a line of {line} bytes, more than the limit of {reading.maximum_bytes}"
            yield Failure("too_large", detail, None, reading.member, line)
        elif not line.isspace():
            yield read_object(line.rstrip(b"\r\n"), reading)


def count(stream: BinaryIO, reading: Reading, stop: int) -> int:
    """How many records `read` would give of the next `stop` bytes, which end at the end of a line."""
    left, records = stop, 0
    for line in read_lines(stream, reading.maximum_bytes):
        records += isinstance(line, int) or not line.isspace()
        left -= line if isinstance(line, int) else len(line)
        if left <= 0:
            break
    return records
