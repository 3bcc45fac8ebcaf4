"""Readers: from what lies in raw/ to raw records.

Which files are records is decided here; each format is one module with a function
`read(file, content) -> Iterator[RawRecord]`.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from broadsheet.encodings import NotText, decode
from broadsheet.parameters import Ingest
from broadsheet.readers import html, text
from broadsheet.records import Document, RawRecord, Reject, Rendered
from broadsheet.sources import SourceFile

# Formats known by name that no reader takes yet: better a reject with the reason than markup taken for prose.
_UNSUPPORTED = {
    ".mht", ".mhtml", ".xml", ".rss", ".atom", ".warc", ".wet", ".wat", ".json", ".jsonl",
    ".ndjson", ".csv", ".tsv", ".parquet", ".gz", ".zst", ".bz2", ".xz", ".zip", ".tar", ".tgz", ".pdf", ".doc",
    ".docx",
}  # fmt: skip
_HTML = (".html", ".htm", ".xhtml")


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


def _is_record(name: str) -> bool:
    return not (name.startswith((".", "README")) or name.endswith(".dvc") or name == "source.yaml")


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
            if entry.is_symlink() or not _is_record(entry.name):
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


def _reject(file: RawFile, reason: str, detail: str, content: bytes | None = None) -> Reject:
    digest = None if content is None else hashlib.sha256(content).hexdigest()
    return Reject(file.raw_path, 0, None, digest, file.size, "ingest", reason, detail)


def read_file(file: RawFile, maximum_bytes: int) -> Iterator[RawRecord | Reject]:
    """The raw records of a file, or a reject for what cannot be read. Never raises on what a file holds."""
    suffix = Path(file.path).suffix.lower()
    if file.size == 0:
        yield _reject(file, "empty", "the file has no bytes", b"")
    elif suffix in _UNSUPPORTED:
        yield _reject(file, "unsupported", f"{suffix} files are not read")
    elif file.size > maximum_bytes:
        yield _reject(file, "too_large", f"{file.size} bytes, more than the limit of {maximum_bytes}")
    else:
        try:
            content = Path(file.path).read_bytes()
        except OSError as error:
            yield _reject(file, "unreadable", f"the file cannot be read: {error.strerror}")
            return
        yield from (html if suffix in _HTML else text).read(file.source, file.raw_path, content)


def to_document(record: RawRecord, source_file: SourceFile, parameters: Ingest) -> Document | Reject:
    """A raw record as a document, or as a reject with its reason.

    What the record states of itself comes before what source.yaml states.
    """
    digest = hashlib.sha256(record.content).hexdigest()

    def reject(reason: str, detail: str) -> Reject:
        return Reject(
            record.raw_path, record.raw_record, record.raw_member, digest, len(record.content), "ingest", reason, detail
        )

    is_page = record.media_type in html.MEDIA_TYPES
    stated = record.encoding or (html.declared_encoding(record.content) if is_page else None) or source_file.encoding
    decoded = decode(record.content, stated, parameters.encoding_confidence)
    if isinstance(decoded, NotText):
        return reject(decoded.reason, decoded.detail)
    page = html.render(decoded.text) if is_page else Rendered(decoded.text, (), {})
    if not page.text or page.text.isspace():
        return reject("empty", "no character but blanks")
    return Document(
        document_id=digest[:20],
        source=record.source,
        raw_path=record.raw_path,
        raw_record=record.raw_record,
        raw_member=record.raw_member,
        raw_sha256=digest,
        raw_bytes=len(record.content),
        media_type=record.media_type or text.MEDIA_TYPE,
        encoding=decoded.encoding,
        url=record.url,
        retrieved_at=record.retrieved_at or source_file.retrieved_at,
        text=page.text,
        marks=page.marks,
        hints=html.to_json(page.hints) if is_page else None,
    )
