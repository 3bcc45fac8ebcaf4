"""How one dump was read, line by line, for a terminal."""

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from broadsheet.errors import UsageError
from broadsheet.page import Page, read_page, rejected
from broadsheet.parameters import Parameters
from broadsheet.readers import RawFile, Unit, percent_encoded, read_unit
from broadsheet.records import Reject, Source
from broadsheet.sources import SourceFile, read_source_file
from broadsheet.stages.extract import read_sources
from broadsheet.tables import check_folder, table_parts

# Bytes of a dump that cannot be read that are shown.
_SHOWN = 256

_RESET = "\x1b[0m"
_COLOURS = {
    "headline": "\x1b[1;35m", "description": "\x1b[35m", "kicker": "\x1b[35m", "byline": "\x1b[36m",
    "date_published": "\x1b[36m", "date_modified": "\x1b[36m", "read_time": "\x1b[36m", "caption": "\x1b[33m",
    "credit": "\x1b[33m", "body": "\x1b[32m", "subheading": "\x1b[1;32m", "list_item": "\x1b[32m",
}  # fmt: skip
_FURNITURE = "\x1b[2m"
_WIDTH = 100


def printable(text: str) -> str:
    """Text of a dump without what could drive a terminal: control characters and overrides of direction as escapes."""
    return "".join(
        character if character.isprintable() or character == " " else f"\\u{ord(character):04x}" for character in text
    )


def _shortened(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _lines(page: Page, colour: bool) -> Iterator[str]:
    assert page.document is not None
    for block in page.blocks:
        text = _shortened(page.document.text[block.start : block.end])
        score = "     " if block.score is None else f"{block.score:.3f}"
        line = f"{block.label:<14} {score} {block.method:<22} {text}"
        yield f"{_COLOURS.get(block.label, _FURNITURE)}{line}{_RESET}" if colour else line


def values_of(page: Page) -> dict[str, str | None]:
    """The values of a page that holds an article, as text, by the name of their column."""
    assert page.article is not None and page.metadata is not None
    article, metadata = page.article, page.metadata
    values: dict[str, Any] = {
        "headline": article.headline,
        "description": article.description,
        "date_published": metadata.date_published
        and f"{metadata.date_published.isoformat()} "
        f"({metadata.date_published_precision}: {metadata.date_published_text})",
        "date_modified": metadata.date_modified and metadata.date_modified.isoformat(),
        "byline": metadata.byline,
        "authors": ", ".join(metadata.authors) or None,
        "article_section": metadata.article_section,
        "keywords": ", ".join(metadata.keywords) or None,
        "dateline": metadata.dateline,
        "publisher": metadata.publisher,
        "url": metadata.url,
        "time_required_minutes": metadata.time_required_minutes,
        "images": "; ".join(f"{image['caption']} [{image['credit']}]" for image in metadata.images) or None,
        "in_language": article.in_language,
        "body": f"{article.paragraph_count} paragraphs, {len(page.sentences)} sentences, {article.word_count} words",
    }
    return {name: None if value is None else str(value) for name, value in values.items()}


def _values(page: Page) -> Iterator[str]:
    for name, value in values_of(page).items():
        yield f"{name:<21} {'–' if value is None else printable(value)}"


def _source_of(file: Path, corpus: Path | None) -> tuple[Source, SourceFile]:
    """What is known of the source of a dump: its folder's name in the corpus, and the source.yaml beside it."""
    name = percent_encoded(file.resolve().parent.name.encode())
    source_file = read_source_file(file.resolve().parent.parent, file.resolve().parent.name)
    if corpus is None:
        return Source(name, timezone=source_file.timezone, date_order=source_file.date_order), source_file
    check_folder(corpus, "name one that `broadsheet build RAW OUT` has made")
    if not table_parts(corpus, "sources"):
        raise UsageError(f"{corpus}: no table sources here; name a folder that `broadsheet build RAW OUT` has made")
    sources = read_sources(corpus)
    if name not in sources:
        raise UsageError(f"{corpus}: no source {name!r}, the folder that {file} lies in; it has {', '.join(sources)}")
    return sources[name], source_file


def read_dump(file: Path, corpus: Path | None, parameters: Parameters, index: int = 0) -> tuple[Page, bytes]:
    """A dump as the stages would read it, and its bytes.

    `index` is that of the record in a container. Raises UsageError where there is no such file, record, corpus or
    source.
    """
    if not file.is_file():
        found = "this is a folder; name a dump in it" if file.is_dir() else "there is no such file"
        raise UsageError(f"{file}: {found}")
    source, source_file = _source_of(file, corpus)
    unit = Unit(RawFile(str(file), file.name, source.source, file.stat().st_size), file.stat().st_size)
    records = read_unit(unit, source_file, parameters.ingest)
    record = next(itertools.islice(records, index, None), None) if 0 <= index <= sys.maxsize else None
    if record is None:
        raise UsageError(f"{file}: there is no record {index} in it; they are counted from 0")
    if isinstance(record, Reject):
        with file.open("rb") as opened:
            return rejected(record), opened.read(_SHOWN)
    return read_page(record, source_file, source, parameters), record.content


def explain(page: Page, colour: bool) -> Iterator[str]:
    """Lines that show how a dump was read: each of its lines beside label, score and method, then what came of it."""
    if page.document is not None:
        yield f"{page.document.document_id}  {page.document.encoding}  {page.document.raw_bytes} bytes"
        yield f"{'label':<14} {'score':<5} {'method':<22} line"
        yield from _lines(page, colour)
        yield ""
    if page.reject is not None:
        yield f"reject: {page.reject.reason}: {page.reject.detail}"
    else:
        yield from _values(page)
