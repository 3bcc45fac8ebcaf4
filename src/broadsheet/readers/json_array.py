"""A JSON file: an array of rows, read element by element, or one object, which is one record."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from broadsheet.readers import json_lines
from broadsheet.readers.payloads import Failure, Found, Reading, Unreadable
from broadsheet.readers.rows import canonical_json, read_row
from broadsheet.readers.streams import read_all

_BLOCK = 1 << 18
_STRUCTURE = re.compile(rb'["{}\[\],]')
_IN_STRING = re.compile(rb'["\\]')
# Under one of these an object that is no article itself holds its articles.
_ROWS = ("articles", "items", "results", "data", "documents", "rows")


class _Elements:
    """Cuts an array into the bytes of its elements; it knows strings and brackets and leaves the rest to the parser."""

    def __init__(self, stream: BinaryIO, maximum_bytes: int) -> None:
        self._read = getattr(stream, "read1", stream.read)
        self._maximum = maximum_bytes
        self._depth = 0
        self._in_string = False
        self._skip = False
        self._blocks: list[bytes] = []
        self._size = 0

    def _keep(self, block: bytes) -> None:
        self._size += len(block)
        if self._size <= self._maximum:
            self._blocks.append(block)
        else:
            self._blocks.clear()

    def _take(self) -> bytes | int:
        element: bytes | int = b"".join(self._blocks) if self._size <= self._maximum else self._size
        self._blocks, self._size = [], 0
        return element

    def _cut(self, block: bytes) -> Iterator[bytes | int]:
        """Elements that end in a block; one that does not end stays for the next. After the last comes None's place."""
        place = kept = 0
        if self._skip:
            place, self._skip = 1, False
        while self._depth >= 0:
            found = (_IN_STRING if self._in_string else _STRUCTURE).search(block, place)
            if found is None:
                break
            mark, place = found.group(), found.end()
            if self._in_string:
                if mark == b'"':
                    self._in_string = False
                elif place < len(block):
                    place += 1
                else:
                    self._skip = True
            elif mark == b'"':
                self._in_string = True
            elif mark in b"{[":
                self._depth += 1
            elif mark in b"}]":
                self._depth -= 1
            if self._depth < 0 or (mark == b"," and self._depth == 0 and not self._in_string):
                self._keep(block[kept : place - 1])
                kept = place
                yield self._take()
        if self._depth >= 0:
            self._keep(block[kept:])

    def __iter__(self) -> Iterator[bytes | int]:
        while self._depth >= 0 and (block := self._read(_BLOCK)):
            yield from self._cut(block)
        if self._depth >= 0:
            raise Unreadable("truncated", "the JSON array breaks off")


def _read_element(element: bytes, reading: Reading) -> Found:
    try:
        value = json_lines.parse(element)
        content = canonical_json(value)
    except ValueError as error:
        return Failure("malformed", f"no JSON: {error}", element, reading.member)
    if not isinstance(value, dict):
        return Failure("malformed", f"JSON, but no object: {type(value).__name__}", content, reading.member)
    return read_row(value, content, "utf-8", reading)


def _read_array(stream: BinaryIO, reading: Reading) -> Iterator[Found]:
    blank = 0
    for element in _Elements(stream, reading.maximum_bytes):
        if isinstance(element, int):
            detail = f"an element of {element} bytes, more than the limit of {reading.maximum_bytes}"
            yield Failure("too_large", detail, None, reading.member, element)
        elif element.strip():
            # Only the last of an array may be no element at all: "[]" and a comma before the bracket.
            for _ in range(blank):
                yield Failure("malformed", "nothing between two commas", b"", reading.member)
            blank = 0
            yield _read_element(element, reading)
        else:
            blank += 1


def _read_object(content: bytes, reading: Reading) -> Iterator[Found]:
    try:
        value = json_lines.parse(content)
    except ValueError:
        value = None
    if isinstance(value, dict):
        rows = next((value[name] for name in _ROWS if isinstance(value.get(name), list)), None)
        if rows and all(isinstance(row, dict) for row in rows) and not isinstance(value.get("text"), str):
            for row in rows:
                yield _read_element(canonical_json(row), reading)
            return
    yield json_lines.read_object(content, reading)


def read(stream: BinaryIO, reading: Reading) -> Iterator[Found]:
    """The records of a JSON file that is no JSON Lines."""
    start = stream.read(1)
    while start.isspace() or (start in (b"\xef", b"\xbb", b"\xbf") and start):
        start = stream.read(1)
    if start == b"[":
        yield from _read_array(stream, reading)
    else:
        yield from _read_object(start + read_all(stream, reading.maximum_bytes), reading)
