"""Byte streams with limits: heads that are looked at and put back, bounded lines and payloads, decompression."""

import bz2
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import pyarrow as pa

from broadsheet.readers.payloads import Reading, Unreadable

HEAD_BYTES = 65536
_BLOCK = 262144
# Of xz: what its own tools write needs less; a header may claim gigabytes.
_LZMA_MEMORY = 256 << 20


class _Chained(io.RawIOBase):
    """A head that was read, then the rest of the stream."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._head:
            size = min(len(buffer), len(self._head))
            buffer[:size] = self._head[:size]
            self._head = self._head[size:]
            return size
        # read1 gives what came before an error first, and the error at the next call.
        read = getattr(self._rest, "read1", self._rest.read)
        block = read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


def read_head(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The first bytes of a stream, up to HEAD_BYTES, and the stream with these still to come.

    Raises Unreadable where not even the first byte can be read.
    """
    if stream.seekable():
        place = stream.tell()
        head = stream.read(HEAD_BYTES)
        stream.seek(place)
        return head, stream
    blocks: list[bytes] = []
    size = 0
    read = getattr(stream, "read1", stream.read)
    while size < HEAD_BYTES:
        try:
            block = read(HEAD_BYTES - size)
        except Unreadable as error:
            if not blocks:
                raise
            return b"".join(blocks), io.BufferedReader(_Chained(b"".join(blocks), _Broken(error)), _BLOCK)
        if not block:
            break
        blocks.append(block)
        size += len(block)
    head = b"".join(blocks)
    return head, io.BufferedReader(_Chained(head, stream), _BLOCK)


class _Broken(io.BytesIO):
    """A stream that has nothing but its error."""

    def __init__(self, error: Unreadable) -> None:
        super().__init__()
        self._error = error

    def read1(self, size: int | None = -1) -> bytes:
        raise self._error


def read_all(stream: BinaryIO, maximum_bytes: int) -> bytes:
    """What is left of a stream. Raises Unreadable where that is more than the limit."""
    blocks: list[bytes] = []
    left = maximum_bytes + 1
    # What is in memory already is taken whole, so that it is known as what it is.
    size = left if isinstance(stream, io.BytesIO) else 1 << 20
    while left > 0 and (block := stream.read(min(left, size))):
        blocks.append(block)
        left -= len(block)
    if left <= 0:
        raise Unreadable("too_large", f"more bytes than the limit of {maximum_bytes}")
    return b"".join(blocks)


def read_lines(stream: BinaryIO, maximum_bytes: int) -> Iterator[bytes | int]:
    """Lines with their LF; of a line longer than the limit its length, and it is never held."""
    while line := stream.readline(maximum_bytes + 1):
        if len(line) <= maximum_bytes or line.endswith(b"\n"):
            yield line
            continue
        length = len(line)
        while not line.endswith(b"\n") and (line := stream.readline(_BLOCK)):
            length += len(line)
        yield length


class _Zlib:
    """zlib's decompressor with the interface of bz2's and lzma's."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


_DECOMPRESSORS: dict[str, Callable[[], Any]] = {
    "gzip": _Zlib,
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(memlimit=_LZMA_MEMORY),
}


class Limited(io.RawIOBase):
    """Expanded bytes, with an eye on how many there are for each compressed one."""

    def __init__(self, kind: str, reading: Reading) -> None:
        self._kind = kind
        self._reading = reading
        self._expanded = 0
        self._compressed = 0
        self._error: Unreadable | None = None

    def readable(self) -> bool:
        return True

    def _next(self, size: int) -> bytes:
        raise NotImplementedError

    def _fail(self, reason: str, detail: str) -> Unreadable:
        return Unreadable(reason, f"{self._kind} stream after {self._expanded} expanded bytes: {detail}")

    def readinto(self, buffer: Any) -> int:
        if self._error is not None:
            raise self._error
        try:
            block = self._next(len(buffer))
            self._expanded += len(block)
            limit = max(self._reading.maximum_bytes, self._compressed * self._reading.maximum_ratio)
            if self._expanded > limit:
                raise self._fail("too_large", f"expands to more than {self._reading.maximum_ratio} times its size")
        except Unreadable as error:
            self._error = error
            raise
        except (zlib.error, lzma.LZMAError, OSError, ValueError, EOFError, pa.ArrowException) as error:
            reason = "truncated" if "truncated" in str(error).lower() else "malformed"
            self._error = self._fail(reason, " ".join(str(error).split()))
            raise self._error from error
        buffer[: len(block)] = block
        return len(block)


class Members(Limited):
    """gzip, bzip2 or xz: members one behind the other; `starts` are (expanded, compressed) offsets of those begun."""

    def __init__(self, stream: BinaryIO, kind: str, reading: Reading, record_starts: bool) -> None:
        super().__init__(kind, reading)
        self._stream = stream
        self._decompressor: Any = None
        self._input = b""
        self.starts: list[tuple[int, int]] | None = [] if record_starts else None

    def _read_input(self) -> bool:
        if not self._input:
            self._input = self._stream.read(_BLOCK)
            self._compressed += len(self._input)
        return bool(self._input)

    def _next(self, size: int) -> bytes:
        while True:
            if self._decompressor is None:
                # Zeros between members and at the end are padding of tapes and disks.
                while self._read_input() and not (rest := self._input.lstrip(b"\x00")):
                    self._input = rest
                if not self._input:
                    return b""
                self._input = self._input.lstrip(b"\x00")
                if self.starts is not None:
                    self.starts.append((self._expanded, self._compressed - len(self._input)))
                self._decompressor = _DECOMPRESSORS[self._kind]()
            data = b""
            if self._decompressor.needs_input:
                if not self._read_input():
                    raise self._fail("truncated", "it breaks off")
                data, self._input = self._input, b""
            found = self._decompressor.decompress(data, size)
            if self._decompressor.eof:
                self._input = self._decompressor.unused_data + self._input
                self._decompressor = None
            if found:
                return found


class _Counted:
    """A stream that says how many bytes were taken from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self.count += len(block)
        return block

    def close(self) -> None:
        self.closed = True


class _Zstandard(Limited):
    """zstd frames, through Arrow, which Python 3.13 and older have no zstd beside."""

    def __init__(self, stream: BinaryIO, reading: Reading) -> None:
        super().__init__("zstd", reading)
        self._counted = _Counted(stream)
        self._inner = pa.CompressedInputStream(pa.PythonFile(self._counted, "r"), "zstd")

    def _next(self, size: int) -> bytes:
        try:
            return self._inner.read(size)
        finally:
            self._compressed = self._counted.count


def expanded(stream: BinaryIO, kind: str, reading: Reading, record_starts: bool = False) -> io.BufferedReader:
    """A stream of the expanded bytes: `kind` is gzip, bzip2, xz or zstd.

    Reading raises Unreadable (truncated, malformed, too_large) where the stream does not go on; all before is given.
    """
    raw = _Zstandard(stream, reading) if kind == "zstd" else Members(stream, kind, reading, record_starts)
    return io.BufferedReader(raw, _BLOCK)


class Section(io.RawIOBase):
    """The bytes of a file from `start` to before `stop`; it closes the file."""

    def __init__(self, stream: BinaryIO, start: int, stop: int) -> None:
        self._stream = stream
        self._left = stop - start
        stream.seek(start)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._stream.read(min(len(buffer), self._left))
        self._left -= len(block)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._stream.close()
        super().close()
