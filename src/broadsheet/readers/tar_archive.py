"""tar: each regular member is read as if it lay there itself; links, devices and folders are no records."""

import io
import tarfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from broadsheet.readers.archive_names import is_record_member, member_name
from broadsheet.readers.payloads import Failure, Found, Reading, Unreadable

# Long names and extended headers are held in memory whole; no tool writes one nearly as long.
_MAXIMUM_HEADER_BYTES = 1 << 20


class _Header(tarfile.TarInfo):
    """A header that is believed only as far as memory goes, and one that is broken is no end of the archive."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Header":
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            reason = "truncated" if len(buf) < tarfile.BLOCKSIZE else "malformed"
            raise Unreadable(reason, f"the archive breaks off: {error}") from error

    def _proc_member(self, tar: tarfile.TarFile) -> Any:
        special = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE)
        if self.size < 0 or (self.type in special and self.size > _MAXIMUM_HEADER_BYTES):
            raise Unreadable("malformed", f"the archive has a header of {self.size} bytes")
        return super()._proc_member(tar)  # type: ignore[misc]


def read(stream: BinaryIO, reading: Reading) -> Iterator[Found]:
    """The records of an archive, read from front to back."""
    from broadsheet.readers.formats import read_stream

    whole = _Whole(stream)
    try:
        with tarfile.open(fileobj=whole, mode="r|", tarinfo=_Header, errorlevel=2) as archive:  # type: ignore[call-overload]
            for member in archive:
                # The members that were read are of no more use; there may be millions.
                archive.members = []
                if not member.isreg() or not is_record_member(member.name):
                    continue
                name = member_name(member.name, reading.member)
                inner = reading._replace(name=member.name, member=name, depth=reading.depth + 1)
                content = archive.extractfile(member)
                assert content is not None
                try:
                    yield from read_stream(io.BufferedReader(_Member(content, whole)), inner)
                except Unreadable as error:
                    if whole.broken:
                        raise
                    yield Failure(error.reason, error.detail, None, name)
    except (tarfile.TarError, EOFError, ValueError, OverflowError, OSError) as error:
        reason = "truncated" if "unexpected end" in str(error) else "malformed"
        raise Unreadable(reason, f"the archive: {error}") from error


class _Whole:
    """The stream of the whole archive: what is wrong with it is wrong with all that is left of the archive."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.broken = False

    def read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except Unreadable:
            self.broken = True
            raise


class _Member(io.RawIOBase):
    """A member's bytes."""

    def __init__(self, stream: Any, whole: _Whole) -> None:
        self._stream = stream
        self._whole = whole

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            block = self._stream.read(len(buffer))
        except tarfile.ReadError as error:
            self._whole.broken = True
            raise Unreadable("truncated", "the archive breaks off in a member") from error
        buffer[: len(block)] = block
        return len(block)
