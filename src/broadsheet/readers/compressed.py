"""gzip, bzip2, xz and zstd: what they hold is read as if it lay there itself."""

from collections.abc import Iterator
from typing import BinaryIO

from broadsheet.readers.payloads import Found, Reading
from broadsheet.readers.streams import expanded

SUFFIXES = {".gz": "", ".bz2": "", ".xz": "", ".zst": "", ".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar"}


def inner_name(name: str) -> str:
    """The name of what a compressed file holds."""
    for suffix, inner in SUFFIXES.items():
        if name.lower().endswith(suffix):
            return name[: -len(suffix)] + inner
    return name


def read(stream: BinaryIO, reading: Reading, kind: str) -> Iterator[Found]:
    """The records of what is compressed as `kind`."""
    from broadsheet.readers.formats import read_stream

    yield from read_stream(
        expanded(stream, kind, reading), reading._replace(name=inner_name(reading.name), depth=reading.depth + 1)
    )
