"""Which files below raw hold records."""

import os
import stat
from operator import attrgetter
from typing import BinaryIO, NamedTuple

from broadsheet.readers.archive_names import is_record_name
from broadsheet.storage import Place, Remote


class RawFile(NamedTuple):
    """A regular file below raw: `path` on disk, or below `remote`; `raw_path` as the tables have it; size in bytes."""

    path: str
    raw_path: str
    source: str
    size: int
    remote: Remote | None = None


def open_raw(file: RawFile) -> BinaryIO:
    """The bytes of a file."""
    if file.remote:
        return file.remote.open(file.path)
    return open(file.path, "rb")  # noqa: PTH123 (a path's bytes, which pathlib would not change either)


def percent_encoded(path: bytes) -> str:
    """A path's bytes as text: "%" and bytes that are not UTF-8 as %XX, everything else as it is."""
    if path.isascii() and b"%" not in path:
        return path.decode("ascii")
    text = path.replace(b"%", b"%25").decode("utf-8", "surrogateescape")
    return "".join(f"%{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in text)


def _raw_path(name: str) -> str:
    """A name as Python has it of the file system, as text."""
    return name if name.isascii() and "%" not in name else percent_encoded(os.fsencode(name))


def _source(raw_path: str) -> str:
    return raw_path.split("/", 1)[0] if "/" in raw_path else "."


def _in_order(files: list[RawFile]) -> list[RawFile]:
    """Files by the bytes of their raw_path in UTF-8, which is the order of their code points."""
    return sorted(files, key=attrgetter("raw_path"))


def _list_remote(raw: Remote) -> tuple[list[RawFile], int]:
    found, others = [], set()
    for name, size in raw.sizes().items():
        parts = name.split("/")
        hidden = next((index for index, part in enumerate(parts) if not is_record_name(part)), None)
        if hidden is None:
            raw_path = percent_encoded(name.encode("utf-8", "surrogateescape"))
            found.append(RawFile(name, raw_path, _source(raw_path), size, raw))
        else:
            # A folder that is passed over counts once, as it does on disk.
            others.add(tuple(parts[: hidden + 1]))
    return _in_order(found), len(others)


def list_raw(raw: Place) -> tuple[list[RawFile], int]:
    """The files below `raw` that are records or hold them, by bytes of raw_path, and how many others there are.

    Others are symbolic links (never followed), hidden files and folders, `*.dvc`, `source.yaml`, `README*`
    and what is no regular file.
    """
    if isinstance(raw, Remote):
        return _list_remote(raw)
    found, others, folders = [], 0, [(str(raw), "")]
    while folders:
        folder, below = folders.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_symlink() or not is_record_name(entry.name):
                    others += 1
                elif entry.is_dir():
                    folders.append((entry.path, below + entry.name + "/"))
                elif stat.S_ISREG((status := entry.stat()).st_mode):
                    raw_path = _raw_path(below + entry.name)
                    found.append(RawFile(entry.path, raw_path, _source(raw_path), status.st_size))
                else:
                    others += 1
    return _in_order(found), others
