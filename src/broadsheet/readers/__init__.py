"""Readers: from what lies in raw/ to raw records and documents.

`listing` says which files are records or hold them, `units` cuts large containers into pieces, `formats` decides
what format bytes are in and knows the module of each, which has a function
`read(stream, reading) -> Iterator[Payload | Failure]` (`payloads`). Here these become raw records, with their place
in the corpus, and documents.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from broadsheet.encodings import Decoded, NotText, codec_name, decode, reads_as_utf8
from broadsheet.parameters import Ingest
from broadsheet.readers.listing import RawFile, list_raw, percent_encoded
from broadsheet.readers.payloads import Failure, Found, Payload, Unreadable
from broadsheet.readers.unit_digest import Whole, read_whole, unit_sha256
from broadsheet.readers.units import Unit, list_units, read_found
from broadsheet.records import Document, Marks, RawRecord, Reject, Rendered
from broadsheet.sources import SourceFile

__all__ = [
    "RawFile", "Unit", "Whole", "list_raw", "list_units", "percent_encoded", "read_content", "read_unit", "read_whole",
    "to_document", "unit_sha256",
]  # fmt: skip

_MARKUP = ("text/html", "application/xhtml+xml")
# What pages call by the left name is the right one, as browsers read it (WHATWG Encoding, section 4.2): Python's names,
# and labels that Python does not know.
_AS_BROWSERS = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
                "shift_jis": "cp932", "euc_kr": "cp949", "tis-620": "cp874"}  # fmt: skip
_LABELS = {"x-sjis": "cp932", "windows-874": "cp874", "dos-874": "cp874", "x-gbk": "gb18030"}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def _numbered(
    found: Iterable[Found], source: str, raw_path: str, first: int, whole: Whole | None = None
) -> Iterator[RawRecord | Reject]:
    index = first
    for each in found:
        if isinstance(each, Failure):
            digest = None if each.content is None else hashlib.sha256(each.content).hexdigest()
            size = each.size if each.content is None else len(each.content)
            yield Reject(raw_path, index, each.member, digest, size, "ingest", each.reason, each.detail)
        else:
            known = whole.sha256 if whole and each.content is whole.content else None
            yield RawRecord(
                source, raw_path, index, each.member, each.content, each.media_type, each.encoding, each.url,
                each.retrieved_at, each.visible, each.stated, known,
            )  # fmt: skip
        index += each.records if isinstance(each, Failure) else 1


def read_unit(
    unit: Unit, source_file: SourceFile, parameters: Ingest, whole: Whole | None = None
) -> Iterator[RawRecord | Reject]:
    """The raw records of a unit, each with its index in its file, and a reject for each that cannot be read, or for
    all that is left of a container that breaks off. Never raises on what a file holds.

    `whole` is its file where that has been read already.
    """
    content = whole.content if whole else None
    found = read_found(unit, parameters, source_file.encoding, source_file.columns, content)
    yield from _numbered(found, unit.file.source, unit.file.raw_path, unit.first_record, whole)


def read_content(
    content: bytes, name: str, source: str, source_file: SourceFile, parameters: Ingest, media_type: str | None = None
) -> Iterator[RawRecord | Reject]:
    """The raw records of a file's bytes, as `read_unit` gives them; a media type of a page is believed."""
    from broadsheet.readers.formats import page_type, read_stream
    from broadsheet.readers.units import reading_of

    def found() -> Iterator[Found]:
        reading = reading_of(parameters, source_file.encoding, source_file.columns, name)
        try:
            if content and media_type in ("text/plain", *_MARKUP):
                yield Payload(content, None, page_type(content, media_type))
            else:
                yield from read_stream(io.BytesIO(content), reading)
        except Unreadable as error:
            yield Failure(error.reason, error.detail, None, None, len(content))

    yield from _numbered(found(), source, name, 0)


def _as_browsers(encoding: str | None) -> str | None:
    if encoding is None:
        return None
    name = _LABELS.get(encoding.strip().lower()) or codec_name(encoding)
    return _AS_BROWSERS.get(name, name) if name else None


def _stated_encoding(record: RawRecord, shown: bytes, source_file: SourceFile) -> str | None:
    """The encoding that is stated of what is shown of a record: by the record, by the page itself, by source.yaml."""
    stated = record.encoding
    if record.media_type in _MARKUP:
        from broadsheet.readers.html import declared_encoding

        stated = _as_browsers(stated or declared_encoding(shown))
    return stated or source_file.encoding


def _visible_text(record: RawRecord, source_file: SourceFile, parameters: Ingest) -> Decoded | NotText:
    """What is shown of a record, as text; the newlines of pages as they are, which their parser reads as LF."""
    shown = record.content if record.visible is None else record.visible
    if isinstance(shown, bytes):
        stated = _stated_encoding(record, shown, source_file)
        return decode(shown, stated, parameters.encoding_confidence, record.media_type in _MARKUP)
    if "\x00" in shown:
        return NotText("binary", "NUL characters in the column of the text")
    if _LONE_SURROGATE.search(shown):
        return NotText("undecodable", "lone surrogates in the column of the text")
    return Decoded(shown.replace("\r\n", "\n").replace("\r", "\n"), record.encoding or "utf-8")


def _page(record: RawRecord, source_file: SourceFile, parameters: Ingest) -> tuple[Rendered, str] | NotText:
    """A page as a reader sees it, and its encoding; or why it has none."""
    from broadsheet.native import TooLarge
    from broadsheet.readers.html import render, render_bytes, render_parsed

    shown = record.content if record.visible is None else record.visible
    is_tried = False
    try:
        if isinstance(shown, bytes) and reads_as_utf8(shown, _stated_encoding(record, shown, source_file)):
            if rendered := render_bytes(shown):
                return rendered, "utf-8"
            is_tried = True
        decoded = _visible_text(record, source_file, parameters)
        if isinstance(decoded, NotText):
            return decoded
        # What takes the parser as bytes does so as the text that they are.
        takes_parser = is_tried and decoded.encoding == "utf-8"
        return (render_parsed if takes_parser else render)(decoded.text), decoded.encoding
    except TooLarge as error:
        return NotText("too_large", f"to read the page takes {error}")


def _hints(hints: dict[str, Any], stated: dict[str, Any]) -> str | None:
    from broadsheet.readers.rows import canonical_json

    merged = {**hints, "record": stated} if stated else hints
    # What cannot be written, such as half of a surrogate pair, is shown as a question mark.
    return canonical_json(merged, "replace").decode() if merged else None


def to_document(record: RawRecord, source_file: SourceFile, parameters: Ingest) -> Document | Reject:
    """A raw record as a document, or as a reject with its reason.

    What the record states of itself comes before what source.yaml states.
    """
    digest = record.sha256 or hashlib.sha256(record.content).hexdigest()

    def reject(reason: str, detail: str) -> Reject:
        return Reject(
            record.raw_path, record.raw_record, record.raw_member, digest, len(record.content), "ingest", reason, detail
        )

    hints: dict[str, Any] = {}
    marks: Marks | tuple[()] = ()
    if record.media_type in _MARKUP:
        page = _page(record, source_file, parameters)
        if isinstance(page, NotText):
            return reject(page.reason, page.detail)
        rendered, encoding = page
        text, marks, hints = rendered.text, rendered.marks, rendered.hints
    else:
        decoded = _visible_text(record, source_file, parameters)
        if isinstance(decoded, NotText):
            return reject(decoded.reason, decoded.detail)
        text, encoding = decoded.text, decoded.encoding
    if not text or text.isspace():
        return reject("empty", "no character but blanks")
    return Document(
        document_id=digest[:20],
        source=record.source,
        raw_path=record.raw_path,
        raw_record=record.raw_record,
        raw_member=record.raw_member,
        raw_sha256=digest,
        raw_bytes=len(record.content),
        media_type=record.media_type or "text/plain",
        encoding=encoding,
        url=record.url and record.url.encode("utf-8", "replace").decode(),
        retrieved_at=record.retrieved_at or source_file.retrieved_at,
        text=text,
        marks=marks,
        hints=_hints(hints, record.stated),
    )
