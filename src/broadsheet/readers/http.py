"""The body of an HTTP response as its server meant it: without chunks, without compression."""

import io
import re
import zlib

import pyarrow as pa

from broadsheet.readers.payloads import Reading, Unreadable
from broadsheet.readers.streams import expanded, read_all

_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_CODINGS = {"gzip": "gzip", "x-gzip": "gzip", "zstd": "zstd", "deflate": "deflate", "br": "brotli"}


def _unchunked(body: bytes) -> bytes:
    """A chunked body in one; one that is stored without its chunks, as many crawlers do, as it is."""
    if _CHUNK_SIZE.match(body) is None:
        return body
    chunks: list[bytes] = []
    place = 0
    while (found := _CHUNK_SIZE.match(body, place)) is not None:
        size = int(found.group(1), 16)
        if size == 0:
            return b"".join(chunks)
        chunks.append(body[found.end() : found.end() + size])
        place = found.end() + size
        if place > len(body):
            break
        place += 2 if body[place : place + 2] == b"\r\n" else body[place : place + 1] == b"\n"
    raise Unreadable("truncated", f"the chunked body breaks off at byte {min(place, len(body))}")


def _inflated(body: bytes, reading: Reading) -> bytes:
    """deflate, which servers send with and without zlib's header."""
    for window in (15, -15):
        decompressor = zlib.decompressobj(window)
        try:
            found = decompressor.decompress(body, reading.maximum_bytes + 1)
        except zlib.error:
            continue
        if len(found) > reading.maximum_bytes:
            raise Unreadable("too_large", f"more bytes than the limit of {reading.maximum_bytes}")
        if not decompressor.eof:
            raise Unreadable("truncated", "the deflated body breaks off")
        return found
    raise Unreadable("malformed", "the body is not deflated")


def _without_brotli(body: bytes, reading: Reading) -> bytes:
    try:
        # Arrow waits for more at the end of a stream that breaks off, and then says so.
        return read_all(pa.CompressedInputStream(pa.BufferReader(body), "brotli"), reading.maximum_bytes)
    except (OSError, pa.ArrowException) as error:
        reason = "truncated" if "truncated" in str(error).lower() else "malformed"
        raise Unreadable(reason, f"the body's brotli: {' '.join(str(error).split())}") from error


def _decoded(body: bytes, coding: str, reading: Reading) -> bytes:
    kind = _CODINGS.get(coding)
    if kind is None:
        raise Unreadable("unsupported", f"content coding {coding[:40]!r}")
    if kind == "deflate":
        return _inflated(body, reading)
    if kind == "brotli":
        return _without_brotli(body, reading)
    return read_all(expanded(io.BytesIO(body), kind, reading), reading.maximum_bytes)


def _is_markup(body: bytes) -> bool:
    return body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def decoded_body(body: bytes, transfer_coding: str, content_coding: str, length: str, reading: Reading) -> bytes:
    """The body after transfer and content decoding, given the headers' values, each empty where absent.

    A body that is stored decoded although its headers say otherwise is as it is. Raises Unreadable.
    """
    if "chunked" in transfer_coding.lower():
        body = _unchunked(body)
    elif length.strip().isdigit() and len(body) < int(length[:18]):
        raise Unreadable("truncated", f"{len(body)} bytes of a body of {length.strip()[:18]}")
    for coding in reversed([name.strip().lower() for name in content_coding.split(",")]):
        if coding not in ("", "identity", "none", "utf-8") and body and not _is_markup(body):
            body = _decoded(body, coding, reading)
    return body
