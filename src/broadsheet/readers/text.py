"""Text dumps: a file is one record, its bytes the payload."""

from collections.abc import Iterator

from broadsheet.records import RawRecord

MEDIA_TYPE = "text/plain"


def read(source: str, raw_path: str, content: bytes) -> Iterator[RawRecord]:
    """The one record of a text file."""
    yield RawRecord(source, raw_path, 0, None, content, MEDIA_TYPE)
