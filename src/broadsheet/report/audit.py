"""The audit view: a fixed sample of dumps, each beside what was made of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from broadsheet.checks.database import open_database, table_view
from broadsheet.collection import no_search_for_cycles
from broadsheet.page import Page
from broadsheet.records import Article, Block, Document, Evidence, Metadata, Reject, Sentence
from broadsheet.report.html import macro, render
from broadsheet.report.lines import LEAST_CERTAIN, add_up_lines, part_digests
from broadsheet.report.reading import reading
from broadsheet.schema import arrow_schema
from broadsheet.stages.kept import code_key, key_of, read_entry, write_entry
from broadsheet.tables import read_part, table_parts, write_text

_SOURCES, _REJECTED = 24, 6
_MOST_LINES = 300
_SAMPLE = f"""
WITH least_certain AS (
  SELECT document_id, 'among the least certain' AS why, row_number() OVER (ORDER BY doubt DESC, document_id) AS place
  FROM (SELECT unnest(CAST($doubtful AS VARCHAR[])) AS document_id, unnest(CAST($doubts AS DOUBLE[])) AS doubt)
  ORDER BY place LIMIT {LEAST_CERTAIN}),
of_sources AS (
  SELECT article_id, 'one of ' || source, row_number() OVER (ORDER BY source) + 1000 AS place FROM (
    SELECT article_id, source, row_number() OVER (PARTITION BY source ORDER BY article_id) AS number FROM articles
    WHERE article_id NOT IN (SELECT document_id FROM least_certain))
  WHERE number = 1 ORDER BY source LIMIT {_SOURCES}),
rejected AS (
  SELECT document_id, 'rejected: ' || reason, row_number() OVER (ORDER BY document_id) + 2000 AS place
  FROM documents JOIN rejects USING (raw_path, raw_record) WHERE rejects.stage = 'extract'
  ORDER BY document_id LIMIT {_REJECTED}),
found AS (FROM least_certain UNION ALL FROM of_sources UNION ALL FROM rejected)
SELECT document_id, why, raw_path, part FROM found JOIN documents USING (document_id) ORDER BY place
"""
# What the page shows nothing of, and which is the most of its table.
_NOT_SHOWN: dict[str, Any] = {"marks": (), "hints": None, "body": ""}


class _Sampled(NamedTuple):
    """A document of the sample, why it is in it, and the file name of its part, which is the same in all tables."""

    document_id: str
    why: str
    raw_path: str
    part: str


class _Shown(NamedTuple):
    """What the page has of a document: its place there, why it is shown, and its title and itself as HTML."""

    name: str
    why: str
    title: Markup
    content: Markup


def _sample(out: Path) -> list[_Sampled]:
    parts = table_parts(out, "documents")
    with open_database(threads=1) as connection:
        rows = connection.read_parquet([str(part.absolute()) for part in parts], filename=True, hive_partitioning=False)
        rows.project("document_id, raw_path, raw_record, parse_filename(filename) AS part").create_view("documents")
        for name in ("articles", "rejects"):
            table_view(connection, name, name, [part.absolute() for part in table_parts(out, name)])
        doubts = add_up_lines(out, [part.name for part in parts]).doubts
        values = {"doubtful": [each[0] for each in doubts], "doubts": [each[1] for each in doubts]}
        return [_Sampled(*row) for row in connection.execute(_SAMPLE, values).fetchall()]


def _values(column: pa.ChunkedArray) -> list[Any]:
    values = column.to_pylist()
    return list(map(tuple, values)) if pa.types.is_list(column.type) else values


def _read(out: Path, table: str, kind: Any, key: str, parts: Mapping[str, Sequence[str]]) -> Iterator[Any]:
    """Rows of a table as records of `kind`: of each part those whose `key` is one of its values."""
    schema = arrow_schema(table.partition("/")[0])
    columns = [name for name in schema.names if name not in _NOT_SHOWN]
    names = getattr(kind, "_fields", None) or [field.name for field in fields(kind)]
    for part, values in parts.items():
        rows = read_part(out / table / part, columns)
        rows = rows.filter(pc.is_in(rows[key], pa.array(values, schema.field(key).type)))
        found = {name: _values(column) for name, column in zip(columns, rows.columns, strict=True)}
        yield from map(kind, *(found.get(name) or repeat(_NOT_SHOWN.get(name), len(rows)) for name in names))


def _read_pages(out: Path, sample: Sequence[_Sampled]) -> dict[str, Page]:
    """The pages of a sample by document_id, as far as the view shows them; no part is read that has none of them."""
    parts: dict[str, list[str]] = defaultdict(list)
    for each in sample:
        parts[each.part].append(each.document_id)
    documents = {found.document_id: found for found in _read(out, "documents", Document, "document_id", parts)}
    paths = {part: [documents[name].raw_path for name in own] for part, own in parts.items()}
    rejected = _read(out, "rejects/extract", Reject, "raw_path", paths)
    rejects = {(found.raw_path, found.raw_record): found for found in rejected}
    rows: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for table, kind in (
        ("blocks", Block), ("articles", Article), ("metadata", Metadata), ("evidence", Evidence),
        ("sentences", Sentence),
    ):  # fmt: skip
        key = "document_id" if table == "blocks" else "article_id"
        for row in _read(out, table, kind, key, parts):
            rows[table, getattr(row, key)].append(row)
    return {
        name: Page(
            document,
            rows["blocks", name],
            next(iter(rows["articles", name]), None),
            next(iter(rows["metadata", name]), None),
            rows["sentences", name],
            rejects.get((document.raw_path, document.raw_record)),
            rows["evidence", name],
        )
        for name, document in documents.items()
    }


def _keys(out: Path, sample: Sequence[_Sampled]) -> list[str]:
    """A key of all that what the page has of each document is made from."""
    digests, paths = part_digests(out), Counter(each.raw_path for each in sample)
    return [
        key_of(index, each.document_id, each.why, paths[each.raw_path] > 1, digests[each.part])
        for index, each in enumerate(sample)
    ]


def _made(out: Path, sample: Sequence[_Sampled], indexes: Sequence[int]) -> Iterator[tuple[Markup, Markup]]:
    """Title and content of some documents of the sample."""
    pages, paths = _read_pages(out, [sample[index] for index in indexes]), Counter(each.raw_path for each in sample)
    for index in indexes:
        name, why, path, _ = sample[index]
        found = reading(f"d{index}", why, pages[name], _MOST_LINES)
        yield macro("title", found.page, paths[path] > 1), macro("audited", found, paths[path] > 1)


def _shown(out: Path) -> list[_Shown]:
    """What the page has of each document of the sample; of one whose part is as it was, what the last page had."""
    sample, state = _sample(out), out / ".state" / "audit.json"
    keys, entry = _keys(out, sample), read_entry(state)
    before = entry["shown"] if entry and entry["key"] == code_key() else {}
    new = [index for index, key in enumerate(keys) if key not in before]
    made = dict(zip((keys[index] for index in new), _made(out, sample, new), strict=True))
    shown = {key: made.get(key) or before[key] for key in keys}
    write_entry(state, {"key": code_key(), "shown": shown})
    return [
        _Shown(f"d{index}", each.why, *map(Markup, shown[key]))
        for index, (each, key) in enumerate(zip(sample, keys, strict=True))
    ]


@no_search_for_cycles()
def write_audit(out: Path) -> None:
    """Write audit.html from the tables of a finished build."""
    write_text(out / "audit.html", render("audit.html", "hover.js", shown=_shown(out)))


def explained(page: Page, beginning: str) -> str:
    """The page that shows how one dump was read, also where it was rejected."""
    shown = reading("d0", "", page, 10 * _MOST_LINES, beginning if page.document is None else None)
    return render("explained.html", "hover.js", reading=shown)
