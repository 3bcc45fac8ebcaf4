"""The audit view: a fixed sample of dumps, each beside what was made of it."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.checks.database import open_database, table_view
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
  ORDER BY document_id LIMIT {_REJECTED})
FROM (FROM least_certain UNION ALL FROM of_sources UNION ALL FROM rejected) ORDER BY place
"""


def _sample(out: Path) -> list[tuple[str, str]]:
    """Ids of documents and why each is in the sample."""
    with open_database(threads=1) as connection:
        for name in ("documents", "blocks", "articles", "rejects"):
            table_view(connection, name, name, [part.absolute() for part in table_parts(out, name)])
        return [(found, why) for found, why, _ in connection.execute(_SAMPLE).fetchall()]


def _rows(out: Path, name: str, key: str, ids: Sequence[Any]) -> Iterator[dict[str, Any]]:
    wanted = pa.array(ids, arrow_schema(name).field(key).type)
    for path in table_parts(out, name):
        found = pc.is_in(read_part(path, [key])[key], wanted)
        # The sample is in few of the parts; of the others only the key is read.
        if pc.any(found).as_py():
            yield from read_part(path).filter(found).to_pylist()


def _record(kind: Any, row: dict[str, Any]) -> Any:
    names = getattr(kind, "_fields", None) or [each.name for each in fields(kind)]
    return kind(**{name: tuple(row[name]) if isinstance(row[name], list) else row[name] for name in names})


def read_pages(out: Path, ids: Sequence[str]) -> dict[str, Page]:
    """Pages of a built corpus by document_id, as the tables have them."""
    documents = {row["document_id"]: _record(Document, row) for row in _rows(out, "documents", "document_id", ids)}
    paths = [document.raw_path for document in documents.values()]
    rejects = {(row["raw_path"], row["raw_record"]): row for row in _rows(out, "rejects", "raw_path", paths)}
    of: dict[str, dict[str, list[Any]]] = {}
    for table, kind, key in (
        ("blocks", Block, "document_id"),
        ("articles", Article, "article_id"),
        ("metadata", Metadata, "article_id"),
        ("evidence", Evidence, "article_id"),
        ("sentences", Sentence, "article_id"),
    ):
        for row in _rows(out, table, key, ids):
            of.setdefault(row[key], {}).setdefault(table, []).append(_record(kind, row))
    pages = {}
    for name, document in documents.items():
        found, refused = of.get(name, {}), rejects.get((document.raw_path, document.raw_record))
        (article,), (metadata,) = found.get("articles", [None]), found.get("metadata", [None])
        pages[name] = Page(
            document, found.get("blocks", []), article, metadata, found.get("sentences", []),
            _record(Reject, refused) if refused and article is None else None, found.get("evidence", []),
        )  # fmt: skip
    return pages


def _readings(out: Path) -> list[Reading]:
    sample = _sample(out)
    pages = read_pages(out, [found for found, _ in sample])
    return [reading(f"d{index}", why, pages[found], _MOST_LINES) for index, (found, why) in enumerate(sample)]


def write_audit(out: Path) -> None:
    """Write audit.html from the tables of a finished build."""
    write_text(out / "audit.html", render("audit.html", "hover.js", readings=_readings(out)))


def explained(page: Page, beginning: str) -> str:
    """The page that shows how one dump was read, also where it was rejected."""
    shown = reading("d0", "", page, 10 * _MOST_LINES, beginning if page.document is None else None)
    return render("explained.html", "hover.js", reading=shown)
