"""zip: each member is read as if it lay there itself, in the order of the archive's directory."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from broadsheet.readers.archive_names import is_record_member, member_name
from broadsheet.readers.payloads import Failure, Found, Reading, Unreadable
from broadsheet.readers.streams import Limited, read_all

# A file of Microsoft's Office is a zip with this in it.
_OFFICE = "[Content_Types].xml"


class _Member(Limited):
    """A member's bytes. What the archive claims of their number is not believed."""

    def __init__(self, stream: BinaryIO, compressed_bytes: int, reading: Reading) -> None:
        super().__init__("zip", reading)
        self._stream = stream
        self._compressed = compressed_bytes

    def _next(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except zipfile.BadZipFile as error:
            raise self._fail("malformed", str(error)) from error
        except EOFError:
            raise self._fail("truncated", "it breaks off") from None


def open_archive(stream: BinaryIO, reading: Reading) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """The archive and those of its members that are records or hold them. Raises Unreadable."""
    source = stream if stream.seekable() else io.BytesIO(read_all(stream, reading.maximum_bytes))
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        # Its directory is the last thing in a zip: without it the names and sizes of members are unknown.
        raise Unreadable("truncated", f"no directory at its end: {error}") from error
    members = archive.infolist()
    if any(member.filename == _OFFICE for member in members):
        raise Unreadable("unsupported", "office documents are not read")
    # ZipInfo.is_dir takes the last character of a name, which a damaged directory may leave empty.
    files = (member for member in members if not member.filename.endswith("/"))
    return archive, [member for member in files if is_record_member(member.filename)]


def open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, reading: Reading) -> BinaryIO:
    """A stream of a member's bytes. Raises Unreadable."""
    if member.flag_bits & 1:
        raise Unreadable("unsupported", "the member is encrypted")
    try:
        stream = archive.open(member)
    except NotImplementedError as error:
        raise Unreadable("unsupported", f"the member's compression: {error}") from error
    except (zipfile.BadZipFile, RuntimeError, ValueError, OSError, EOFError, zlib.error) as error:
        raise Unreadable("malformed", f"the member: {error}") from error
    return io.BufferedReader(_Member(stream, member.compress_size, reading))  # type: ignore[arg-type]


def read(stream: BinaryIO, reading: Reading, members: range | None = None) -> Iterator[Found]:
    """The records of an archive, or of some of its members."""
    from broadsheet.readers.formats import read_stream

    archive, found = open_archive(stream, reading)
    for member in found if members is None else found[members.start : members.stop]:
        name = member_name(member.filename, reading.member)
        inner = reading._replace(name=member.filename, member=name, depth=reading.depth + 1)
        try:
            yield from read_stream(open_member(archive, member, reading), inner)
        except Unreadable as error:
            yield Failure(error.reason, error.detail, None, name)
