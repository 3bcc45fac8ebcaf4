"""Which files below raw hold records."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from broadsheet.readers.archive_names import is_record_name


@dataclass(frozen=True, slots=True)
class RawFile:
    """A regular file below raw: `path` on disk, `raw_path` as the tables have it, size in bytes."""

    path: str
    raw_path: str
    source: str
    size: int


def percent_encoded(path: bytes) -> str:
    """A path's bytes as text: "%" and bytes that are not UTF-8 as %XX, everything else as it is."""
    text = path.replace(b"%", b"%25").decode("utf-8", "surrogateescape")
    return "".join(f"%{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in text)


def _files(folder: Path, below: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            yield below + entry.name, entry


def list_raw(raw: Path) -> tuple[list[RawFile], int]:
    """The files below `raw` that are records or hold them, by bytes of raw_path, and how many others there are.

    Others are symbolic links (never followed), hidden files and folders, `*.dvc`, `source.yaml`, `README*`
    and what is no regular file.
    """
    found, others, folders = [], 0, [(raw, "")]
    while folders:
        folder, below = folders.pop()
        for name, entry in _files(folder, below):
            if entry.is_symlink() or not is_record_name(entry.name):
                others += 1
            elif entry.is_dir():
                folders.append((Path(entry.path), name + "/"))
            elif stat.S_ISREG((status := entry.stat()).st_mode):
                raw_path = percent_encoded(os.fsencode(name))
                source = raw_path.split("/", 1)[0] if "/" in raw_path else "."
                found.append(RawFile(entry.path, raw_path, source, status.st_size))
            else:
                others += 1
    return sorted(found, key=lambda file: file.raw_path.encode()), others
