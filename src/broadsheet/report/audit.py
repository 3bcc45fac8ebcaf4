"""The audit view: a fixed sample of dumps, each beside what was made of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.checks.database import open_database, table_view
from broadsheet.collection import no_search_for_cycles
from broadsheet.page import Page
from broadsheet.records import Article, Block, Document, Evidence, Metadata, Reject, Sentence
from broadsheet.report.html import render
from broadsheet.report.reading import Reading, reading
from broadsheet.schema import arrow_schema
from broadsheet.tables import read_part, table_parts, write_text

_LEAST_CERTAIN, _SOURCES, _REJECTED = 12, 24, 6
_MOST_LINES = 300
# The expected number of characters on the wrong side of the body, if the model's scores are what they say.
_SAMPLE = f"""
WITH doubts AS (
  SELECT document_id, round(sum(("end" - start) * least(score, 1 - score)) / sum("end" - start), 6) AS doubt
  FROM blocks WHERE score IS NOT NULL GROUP BY document_id),
least_certain AS (
  SELECT document_id, 'among the least certain' AS why, row_number() OVER (ORDER BY doubt DESC, document_id) AS place
  FROM doubts WHERE document_id IN (SELECT article_id FROM articles)
  ORDER BY place LIMIT {_LEAST_CERTAIN}),
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
SELECT document_id, why, part FROM found JOIN documents USING (document_id) ORDER BY place
"""
# What the page shows nothing of, and which is the most of its table.
_NOT_SHOWN: dict[str, Any] = {"marks": (), "hints": None, "body": ""}


class _Sampled(NamedTuple):
    """A document of the sample, why it is in it, and the file name of its part, which is the same in all tables."""

    document_id: str
    why: str
    part: str


def _sample(out: Path) -> list[_Sampled]:
    with open_database(threads=1) as connection:
        documents = [str(part.absolute()) for part in table_parts(out, "documents")]
        rows = connection.read_parquet(documents, filename=True, hive_partitioning=False)
        rows.project("document_id, raw_path, raw_record, parse_filename(filename) AS part").create_view("documents")
        for name in ("blocks", "articles", "rejects"):
            table_view(connection, name, name, [part.absolute() for part in table_parts(out, name)])
        return [_Sampled(*row) for row in connection.execute(_SAMPLE).fetchall()]


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


def _readings(out: Path) -> list[Reading]:
    sample = _sample(out)
    pages = _read_pages(out, sample)
    return [reading(f"d{index}", each.why, pages[each.document_id], _MOST_LINES) for index, each in enumerate(sample)]


@no_search_for_cycles()
def write_audit(out: Path) -> None:
    """Write audit.html from the tables of a finished build."""
    readings = _readings(out)
    paths = Counter(each.page.document.raw_path for each in readings if each.page.document)
    shared = {path for path, count in paths.items() if count > 1}
    write_text(out / "audit.html", render("audit.html", "hover.js", readings=readings, shared=shared))


def explained(page: Page, beginning: str) -> str:
    """The page that shows how one dump was read, also where it was rejected."""
    shown = reading("d0", "", page, 10 * _MOST_LINES, beginning if page.document is None else None)
    return render("explained.html", "hover.js", reading=shown)
