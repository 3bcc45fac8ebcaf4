"""Loose pages and text dumps: a file, or an archive's member, is one record, its bytes the payload."""

from collections.abc import Iterator
from typing import BinaryIO

from broadsheet.readers.payloads import Payload, Reading
from broadsheet.readers.streams import read_all


def read(stream: BinaryIO, reading: Reading, media_type: str = "text/plain") -> Iterator[Payload]:
    """The one record of a file."""
    if content := read_all(stream, reading.maximum_bytes):
        yield Payload(content, reading.member, media_type)
