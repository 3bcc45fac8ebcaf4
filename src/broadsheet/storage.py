"""Places of dumps and tables: a folder, or a prefix on any file system that pyarrow or fsspec opens by its URI.

`s3://bucket/prefix`, `gs://…` and `hdfs://…` are Arrow's own; every other scheme is fsspec's, where its package for it
is installed. Credentials and endpoints come from where each of them looks: environment (AWS_ACCESS_KEY_ID,
AWS_ENDPOINT_URL …), configuration files, the machine's role.
"""

import io
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from broadsheet.errors import UsageError
from broadsheet.schema import tables
from broadsheet.tables import PAGES, file_sha256

# Bytes of one request while reading; a container's directory is searched in jumps, so it is not large.
_BUFFER = 1 << 20
_TRANSFERS = 8
_MANIFEST, _SENT = "manifest.json", ".state/sent.json"
_FILES = (_MANIFEST, *PAGES, "metrics.json")
_NOT_SENT = ".state/lock"


class StorageError(UsageError):
    """A file system that cannot be reached or does not do what is asked: never the fault of a dump."""


@contextmanager
def _named(place: str) -> Iterator[None]:
    """Errors of a file system as one line that names the place."""
    try:
        yield
    except (OSError, ValueError, ImportError) as error:
        raise StorageError(f"{place}: {' '.join(str(error).split())[:300]}") from error


@cache
def _opened(uri: str) -> tuple[Any, str]:
    """The file system of a URI, one a process, and the path in it."""
    import pyarrow as pa
    from pyarrow.fs import FileSystem

    with _named(uri):
        try:
            return FileSystem.from_uri(uri)
        except pa.ArrowInvalid as error:
            if "Unrecognized filesystem" not in str(error):
                raise
        return FileSystem.from_uri("fsspec+" + uri)


class _Stream(io.RawIOBase):
    """A file elsewhere. Its errors are not those that readers take for faults of a dump."""

    def __init__(self, place: str, open_file: Callable[[], Any]) -> None:
        self._place = place
        with _named(place):
            self._file = open_file()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with _named(self._place):
            return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Any) -> int:
        with _named(self._place):
            block = self._file.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


@dataclass(frozen=True, slots=True)
class Remote:
    """A folder on another file system; names are paths below it."""

    uri: str

    def __str__(self) -> str:
        return self.uri

    def _path(self, name: str) -> tuple[Any, str]:
        system, path = _opened(self.uri)
        return system, f"{path}/{name}" if name else path

    def is_dir(self) -> bool:
        """Whether it is there. Raises StorageError where that cannot be known."""
        from pyarrow.fs import FileType

        system, path = self._path("")
        with _named(self.uri):
            return system.get_file_info(path).type == FileType.Directory

    def sizes(self) -> dict[str, int]:
        """All files below it with their size in bytes; empty where it is not there. Raises StorageError."""
        from pyarrow.fs import FileSelector, FileType

        system, path = self._path("")
        with _named(self.uri):
            found = system.get_file_info(FileSelector(path, recursive=True, allow_not_found=True))
        past = len(path.strip("/")) + 1
        return {each.path.strip("/")[past:]: each.size for each in found if each.type == FileType.File}

    def open(self, name: str) -> BinaryIO:
        """A file's bytes. Opening and reading raise StorageError."""
        system, path = self._path(name)
        return io.BufferedReader(_Stream(f"{self.uri}/{name}", lambda: system.open_input_file(path)), _BUFFER)

    def _write(self, name: str, content: BinaryIO) -> None:
        system, path = self._path(name)
        with _named(f"{self.uri}/{name}"):
            if system.type_name != "s3":  # which has no folders
                system.create_dir(path.rpartition("/")[0], recursive=True)
            with system.open_output_stream(path, compression=None) as stream:  # not by its name either
                shutil.copyfileobj(content, stream, _BUFFER)

    def _delete(self, name: str) -> None:
        system, path = self._path(name)
        with _named(f"{self.uri}/{name}"):
            system.delete_file(path)


Place = Path | Remote


def place_of(text: str) -> Place:
    """What a path or URI names. Raises StorageError where nothing here opens such a URI."""
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text):
        return Path(text)
    from pyarrow.fs import LocalFileSystem

    system, path = _opened(text.rstrip("/"))
    return Path(path) if isinstance(system, LocalFileSystem) else Remote(text.rstrip("/"))


def read_file(place: Place, name: str) -> bytes | None:
    """The bytes of a file below a place, None where there is none. Raises OSError or StorageError."""
    if isinstance(place, Path):
        return (place / name).read_bytes() if (place / name).is_file() else None
    from pyarrow.fs import FileType

    system, path = place._path(name)
    with _named(f"{place}/{name}"):
        if system.get_file_info(path).type != FileType.File:
            return None
    with place.open(name) as stream:
        return stream.read()


def _is_ours(name: str) -> bool:
    """Whether a build writes a file of this name; nothing else is fetched or removed."""
    folder = name.partition("/")[0]
    return name in _FILES or (name != folder and folder in (*tables(), ".state", "checks", "plots"))


def _each(work: Callable[[str], None], names: Iterable[str]) -> None:
    with ThreadPoolExecutor(_TRANSFERS) as threads:
        for _ in threads.map(work, names):
            pass


def fetch(remote: Remote, folder: Path) -> None:
    """Bring what a build onto `remote` can take over into a folder that has none of it."""

    def bring(name: str) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with remote.open(name) as stream, (folder / name).open("wb") as file:
            shutil.copyfileobj(stream, file, _BUFFER)

    if not (folder / ".state").exists():
        # Hashes decide what is taken over, so it does no harm when this is of an unfinished corpus.
        _each(bring, [name for name in remote.sizes() if _is_ours(name) and name not in (*_FILES, _SENT)])


def send(folder: Path, remote: Remote) -> None:
    """Make `remote` what `folder` is. Its manifest goes first and comes last, so what is half sent is unfinished.

    Files are sent whose SHA-256 is not that in the list of what was sent, which goes and comes with the manifest.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    wanted = {name: file_sha256(path) for name, path in paths.items() if _is_ours(name) and name != _NOT_SENT}
    there = remote.sizes()
    sent = _sent(remote) if _SENT in there else {}
    changed = [
        name
        for name, digest in wanted.items()
        if sent.get(name) != digest or there.get(name) != paths[name].stat().st_size
    ]
    removed = [name for name in there if _is_ours(name) and name not in (*wanted, _SENT)]
    if not changed and not removed:
        return
    first = [name for name in (_MANIFEST, _SENT, *PAGES) if name in there]
    for name in first:
        remote._delete(name)

    def put(name: str) -> None:
        with paths[name].open("rb") as file:
            remote._write(name, file)

    _each(put, (name for name in (*changed, *first) if name in wanted and name != _MANIFEST))
    _each(remote._delete, (name for name in removed if name not in first))
    remote._write(_SENT, io.BytesIO(json.dumps(wanted, indent=1, sort_keys=True).encode()))
    if _MANIFEST in wanted:
        put(_MANIFEST)


def _sent(remote: Remote) -> dict[str, str]:
    """SHA-256 by name of what was sent, as the last one who sent all has left it."""
    try:
        with remote.open(_SENT) as stream:
            found = json.load(stream)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
