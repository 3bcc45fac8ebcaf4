"""What changed between two corpora, in plain words: what a change of rules or dumps did."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import duckdb

from broadsheet.diff.compare import SAMPLE_ROWS, Comparison, TableDiff
from broadsheet.explain import printable

_SHOWN_MOVES, _WIDTH = 12, 80
_NAMED = {
    "headline": "headlines", "description": "descriptions", "in_language": "languages", "date_published":
    "dates of publication", "date_modified": "dates of change", "byline": "bylines", "authors": "lists of authors",
    "article_section": "sections", "keywords": "lists of keywords", "publisher": "publishers",
    "time_required_minutes": "read times", "images": "lists of images", "dateline": "place lines",
}  # fmt: skip
# A raw record goes from reject to article, or back: by where it lies, as its content is the same.
_TURNED = """
SELECT old.reason, count(*) FROM old_rejects old JOIN new_metadata new USING (raw_path, raw_record)
GROUP BY old.reason ORDER BY 2 DESC, 1"""
_BODIES = """
SELECT count(*), count(*) FILTER (WHERE n.word_count > o.word_count),
       count(*) FILTER (WHERE n.word_count < o.word_count), coalesce(sum(n.word_count - o.word_count), 0)
FROM old_articles o JOIN new_articles n USING (article_id) WHERE o.body <> n.body"""
_MOVES = """
SELECT o.label, n.label, count(*) FROM old_blocks o JOIN new_blocks n USING (document_id, block_index)
WHERE o.label <> n.label GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"""
_BY_SOURCE = """
SELECT source, count(*) FROM (
  SELECT source, article_id FROM new_articles
  WHERE article_id IN (SELECT k0 FROM changes_articles UNION SELECT k0 FROM changes_metadata)
  UNION SELECT source, article_id FROM old_articles
  WHERE article_id IN (SELECT k0 FROM changes_articles WHERE change = 'removed'))
GROUP BY source ORDER BY 2 DESC, 1"""


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _turned(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for query, before, now in (
        (_TURNED, "rejected before", "articles now"),
        (
            _TURNED.replace("old_", "was_").replace("new_", "old_").replace("was_", "new_"),
            "articles before",
            "rejected now",
        ),
    ):
        rows = connection.execute(query).fetchall()
        if rows:
            reasons = ", ".join(f"{count:,} {reason}" for reason, count in rows)
            yield f"{_count(sum(count for _, count in rows), 'dump')} {before}, {now} ({reasons})"


def _bodies(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    count, longer, shorter, words = connection.execute(_BODIES).fetchone() or (0, 0, 0, 0)
    if count:
        yield (
            f"{_count(count, 'body', 'bodies')} changed: {longer:,} longer, {shorter:,} shorter,"
            f" {words:+,} words in all"
        )


def _metadata(diffs: dict[str, TableDiff]) -> Iterator[str]:
    for table in ("articles", "metadata"):
        for column, found in diffs[table].columns.items():
            if column in _NAMED:
                other = found.changed - found.gained - found.lost
                parts = [(other, "changed"), (found.gained, "found that were not there"), (found.lost, "lost")]
                yield f"{_NAMED[column]}: " + ", ".join(f"{number:,} {what}" for number, what in parts if number)


def in_words(connection: duckdb.DuckDBPyConnection, comparisons: list[Comparison]) -> list[str]:
    """What changed, a line for each finding; none where the corpora are the same."""
    diffs = {each.table.name: each.diff for each in comparisons}
    documents, sentences = diffs["documents"], diffs["sentences"]
    lines = []
    if documents.added or documents.removed:
        lines.append(f"dumps: {documents.added:,} came, {documents.removed:,} went")
    lines += _turned(connection)
    lines += _bodies(connection)
    lines += _metadata(diffs)
    if not sentences.is_same:
        lines.append(f"sentences: {sentences.old_rows:,} before, {sentences.new_rows:,} now")
    moves = connection.execute(_MOVES).fetchall()
    for old, new, count in moves[:_SHOWN_MOVES]:
        lines.append(f"{_count(count, 'line')} read as {old} before, as {new} now")
    if len(moves) > _SHOWN_MOVES:
        rest = sum(count for *_, count in moves[_SHOWN_MOVES:])
        lines.append(f"{_count(rest, 'line')} moved between other labels")
    sources = connection.execute(_BY_SOURCE).fetchall()
    if sources:
        named = ", ".join(f"{printable(source)} {count:,}" for source, count in sources[:_SHOWN_MOVES])
        more = f" and {len(sources) - _SHOWN_MOVES:,} more sources" if len(sources) > _SHOWN_MOVES else ""
        lines.append(f"articles that differ, by source: {named}{more}")
    return lines


def _cut(value: str | None) -> str:
    if value is None:
        return "–"
    text = printable(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _table_lines(diff: TableDiff) -> Iterator[str]:
    yield f"{diff.name}: {diff.added:,} added, {diff.removed:,} removed, {diff.changed:,} changed"
    if diff.new_columns:
        yield f"  new columns: {', '.join(diff.new_columns)}"
    if diff.old_columns:
        yield f"  columns that are gone: {', '.join(diff.old_columns)}"
    if diff.columns:
        yield "  by column: " + ", ".join(f"{name} {found.changed:,}" for name, found in diff.columns.items())
    for sample in diff.samples:
        key = " ".join(printable(str(part)) for part in sample["key"].values())
        yield f"  {sample['change']} {key}"
        for column, value in sample["values"].items():
            yield f"    {column}: {_cut(value['old'])} → {_cut(value['new'])}"


def as_text(old: str, new: str, words: list[str], diffs: list[TableDiff]) -> Iterator[str]:
    """The comparison for people; one line where nothing differs."""
    differing = [diff for diff in diffs if not diff.is_same]
    if not differing:
        yield f"{old} and {new} hold the same rows"
        return
    yield f"From {old} to {new}"
    yield from (f"- {line}" for line in words)
    for diff in differing:
        yield ""
        yield from _table_lines(diff)
        if any(number > SAMPLE_ROWS for number in (diff.added, diff.removed, diff.changed)):
            yield "  … all of them with --parquet FILE"


def as_json(old: str, new: str, words: list[str], diffs: list[TableDiff]) -> dict[str, Any]:
    """The comparison for programs: the same findings, counts and samples."""
    return {
        "old": old,
        "new": new,
        "same": all(diff.is_same for diff in diffs),
        "words": words,
        "tables": {diff.name: asdict(diff) for diff in diffs},
    }
