"""The audit view: a fixed sample of dumps, each beside what was made of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from itertools import chain, groupby, repeat
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from broadsheet.collection import no_search_for_cycles
from broadsheet.page import Page
from broadsheet.records import Article, Block, Document, Evidence, Metadata, Reject, Sentence
from broadsheet.report.html import macro, render
from broadsheet.report.lines import part_digests
from broadsheet.report.reading import reading
from broadsheet.report.sample import Sampled, sample
from broadsheet.schema import dictionary_columns
from broadsheet.stages.kept import code_key, key_of
from broadsheet.tables import read_part, write_text

_MOST_LINES = 300
# What the page has something of, by table, and what its rows are found by; the rest of a record is None.
_SHOWN: dict[str, tuple[Any, str]] = {
    "documents": (Document, "document_id raw_path raw_record raw_bytes encoding text"),
    "rejects/extract": (Reject, "raw_path raw_record stage reason detail"),
    "blocks": (Block, "document_id block_index start end paragraph_index label method score"),
    "articles": (Article, "article_id headline description in_language paragraph_count word_count"),
    "metadata": (
        Metadata,
        "article_id date_published date_published_text date_published_precision date_modified byline authors"
        " article_section keywords publisher url time_required_minutes images dateline",
    ),
    "sentences": (Sentence, "article_id sentence_index paragraph_index document_start document_end text"),
    "evidence": (Evidence, "article_id field value chosen origin block_index hint"),
}


class _Shown(NamedTuple):
    """What the page has of a document: its place there, why it is shown, and its title and itself as HTML."""

    name: str
    why: str
    title: Markup
    content: Markup


def _values(column: pa.ChunkedArray) -> list[Any]:
    return (column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column).to_pylist()


def _read(out: Path, table: str, parts: Mapping[str, Sequence[str]]) -> Iterator[Any]:
    """Rows of a table as records: of each part those that are found by one of its values."""
    kind, shown = _SHOWN[table]
    columns = shown.split()
    names = getattr(kind, "_fields", None) or [field.name for field in fields(kind)]
    for part, values in parts.items():
        rows = read_part(out / table / part, columns, dictionary_columns(table.partition("/")[0]))
        rows = rows.filter(pc.is_in(rows[columns[0]], pa.array(values)))
        found = {name: _values(column) for name, column in zip(columns, rows.columns, strict=True)}
        yield from map(kind, *(found.get(name) or repeat(None, len(rows)) for name in names))


def _read_pages(out: Path, sampled: Sequence[Sampled]) -> dict[str, Page]:
    """The pages of a sample by document_id, as far as the view shows them; no part is read that has none of them."""
    parts: dict[str, list[str]] = defaultdict(list)
    paths: dict[str, list[str]] = defaultdict(list)
    for each in sampled:
        parts[each.part].append(each.document_id)
        paths[each.part].append(each.raw_path)
    rejects = {(found.raw_path, found.raw_record): found for found in _read(out, "rejects/extract", paths)}
    rows: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for table in ("blocks", "articles", "metadata", "evidence", "sentences"):
        for name, own in groupby(_read(out, table, parts), attrgetter(_SHOWN[table][1].split()[0])):
            rows[table, name] += own
    return {
        document.document_id: Page(
            document,
            rows["blocks", document.document_id],
            next(iter(rows["articles", document.document_id]), None),
            next(iter(rows["metadata", document.document_id]), None),
            rows["sentences", document.document_id],
            rejects.get((document.raw_path, document.raw_record)),
            rows["evidence", document.document_id],
        )
        for document in _read(out, "documents", parts)
    }


def _keys(out: Path, sampled: Sequence[Sampled]) -> list[str]:
    """A key of all that what the page has of each document is made from."""
    digests, paths = part_digests(out), Counter(each.raw_path for each in sampled)
    return [
        key_of(index, each.document_id, each.why, paths[each.raw_path] > 1, digests[each.part])
        for index, each in enumerate(sampled)
    ]


def _made(out: Path, sampled: Sequence[Sampled], indexes: Sequence[int]) -> Iterator[tuple[Markup, Markup]]:
    """Title and content of some documents of the sample."""
    pages, paths = _read_pages(out, [sampled[index] for index in indexes]), Counter(each.raw_path for each in sampled)
    for index in indexes:
        name, why, path, _ = sampled[index]
        found = reading(f"d{index}", why, pages[name], _MOST_LINES)
        yield macro("title", found.page, paths[path] > 1), macro("audited", found, paths[path] > 1)


def _last_made(state: Path) -> dict[str, tuple[str, str]]:
    """Title and content of what the last page had, by key; nothing where other code made it, or it is cut off."""
    with suppress(OSError, ValueError):
        code, *texts, end = state.read_bytes().decode().split("\0")
        if code == end == code_key():
            return dict(zip(texts[::3], zip(texts[1::3], texts[2::3], strict=True), strict=True))
    return {}


def _shown(out: Path) -> list[_Shown]:
    """What the page has of each document of the sample; of one whose part is as it was, what the last page had."""
    sampled, state = sample(out), out / ".state" / "audit.txt"
    keys, before = _keys(out, sampled), _last_made(state)
    new = [index for index, key in enumerate(keys) if key not in before]
    made = dict(zip((keys[index] for index in new), _made(out, sampled, new), strict=True))
    shown = {key: made.get(key) or before[key] for key in keys}
    if shown != before:
        # As JSON it would take longer than the page. What is visible has no control character.
        texts = chain.from_iterable((key, *texts) for key, texts in shown.items())
        write_text(state, "\0".join([code_key(), *texts, code_key()]))
    return [
        _Shown(f"d{index}", each.why, *map(Markup, shown[key]))
        for index, (each, key) in enumerate(zip(sampled, keys, strict=True))
    ]


@no_search_for_cycles()
def write_audit(out: Path) -> None:
    """Write audit.html from the tables of a finished build."""
    write_text(out / "audit.html", render("audit.html", "hover.js", shown=_shown(out)))


def explained(page: Page, beginning: str) -> str:
    """The page that shows how one dump was read, also where it was rejected."""
    shown = reading("d0", "", page, 10 * _MOST_LINES, beginning if page.document is None else None)
    return render("explained.html", "hover.js", reading=shown)
