"""From bytes to text: which character encoding a payload is in.

The order is that of the contract: byte order mark, strict UTF-8, a declared encoding that
decodes strictly (stateful 7-bit ones first, because their bytes are valid UTF-8), detection
above a confidence. Nothing is ever replaced: a payload that does not decode whole is undecodable.
"""

import codecs
import re
from dataclasses import dataclass

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STATEFUL = {"iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_ext", "iso2022_kr", "hz", "utf-7"}
_SURROGATE = re.compile("[\ud800-\udfff]")
# Detection looks at this many bytes; more do not change its mind, and it reads about 1 MB/s.
_DETECTION_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without byte order mark, and the Python name of its encoding."""

    text: str
    encoding: str


@dataclass(frozen=True, slots=True)
class NotText:
    """Why a payload is no text: `reason` is undecodable, truncated or binary."""

    reason: str
    detail: str


def reads_as_utf8(content: bytes, declared: str | None) -> bool:
    """Whether a payload, if it is valid UTF-8, is that: no byte order mark and nothing declared comes before."""
    stated = codec_name(declared) if declared else None
    return stated not in _STATEFUL and not content.startswith(tuple(mark for mark, _ in _BYTE_ORDER_MARKS))


def codec_name(name: str) -> str | None:
    """Python's name of a text encoding, or None for one that it does not know."""
    try:
        found = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return None
    # codecs.lookup also finds byte-to-byte codecs such as zlib and rot13, which decode no text.
    return found.name if getattr(found, "_is_text_encoding", True) else None


def _strict(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _detect(content: bytes, confidence: float) -> Decoded | NotText:
    import chardet

    guess = chardet.detect(content[:_DETECTION_BYTES])
    name, score = guess["encoding"], guess["confidence"] or 0.0
    encoding = codec_name(name) if name else None
    if encoding is None or score < confidence:
        return NotText("undecodable", f"no encoding found: best guess {name} with confidence {score:.2f}")
    text = _strict(content, encoding)
    if text is None:
        return NotText("undecodable", f"not valid {encoding}, the best guess with confidence {score:.2f}")
    return Decoded(text, encoding)


def _decode(content: bytes, declared: str | None, confidence: float) -> Decoded | NotText:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            if (marked := _strict(content[len(mark) :], encoding)) is not None:
                return Decoded(marked, encoding)
            reason = "truncated" if encoding != "utf-8" and len(content) % 2 else "undecodable"
            return NotText(reason, f"not valid {encoding}, which its byte order mark names")
    stated = codec_name(declared) if declared else None
    if stated in _STATEFUL and (text := _strict(content, stated)) is not None:
        return Decoded(text, stated)
    if (text := _strict(content, "utf-8")) is not None:
        return Decoded(text, "utf-8")
    if b"\x00" in content[:_DETECTION_BYTES] and stated is None:
        return NotText("binary", "NUL bytes, and no byte order mark of UTF-16 or UTF-32")
    if stated and (text := _strict(content, stated)) is not None:
        return Decoded(text, stated)
    return _detect(content, confidence)


def _holds(found: Decoded, content: bytes, character: str) -> bool:
    """Whether a text has an ASCII character; in UTF-8 its bytes are searched ten times as fast."""
    return character.encode() in content if found.encoding == "utf-8" else character in found.text


def decode(
    content: bytes, declared: str | None = None, confidence: float = 0.12, as_written: bool = False
) -> Decoded | NotText:
    """The text of a payload, or why it has none; CRLF and CR read as LF, unless it is wanted as it is written.

    `declared` is an encoding that the record or source.yaml states; `confidence` is the least
    with which detection is believed (0 to 1).
    """
    found = _decode(content, declared, confidence)
    if isinstance(found, NotText):
        return found
    if _holds(found, content, "\x00"):
        return NotText("binary", f"NUL characters in text read as {found.encoding}")
    text = found.text.removeprefix("\ufeff")
    if not as_written and _holds(found, content, "\r"):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Only the stateful decoders let half of a surrogate pair through; Parquet could not hold it.
    if found.encoding in _STATEFUL and _SURROGATE.search(text):
        return NotText("undecodable", f"lone surrogates in text read as {found.encoding}")
    return Decoded(text, found.encoding)
