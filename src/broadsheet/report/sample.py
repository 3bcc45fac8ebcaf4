"""Which dumps of a corpus the audit view shows: always the same ones of the same corpus."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from broadsheet.report.lines import LEAST_CERTAIN, add_up_lines
from broadsheet.tables import read_part, table_parts

_SOURCES, _REJECTED = 24, 6
_RECORD = "raw_path raw_record"


class Sampled(NamedTuple):
    """A document of the sample, why it is in it, and the file name of its part, which is the same in all tables."""

    document_id: str
    why: str
    raw_path: str
    part: str


def _rows(out: Path, table: str, part: str, columns: str) -> Iterator[tuple[Any, ...]]:
    found = read_part(out / table / part, columns.split())
    return zip(*(column.to_pylist() for column in found.columns), strict=True)


def sample(out: Path) -> list[Sampled]:
    """The least certain articles, then one of each source, the first of it, then the first that were rejected."""
    parts = [part.name for part in table_parts(out, "documents")]
    doubts = sorted(add_up_lines(out, parts).doubts, key=lambda row: (-row[1], row[0]))
    least = {name for name, _ in doubts[:LEAST_CERTAIN]}
    certain: dict[str, Sampled] = {}
    first: dict[str, Sampled] = {}
    rejected: list[Sampled] = []
    for part in parts:
        ids = {(path, index): name for path, index, name in _rows(out, "documents", part, _RECORD + " document_id")}
        paths = {name: path for (path, _), name in ids.items()}
        for name in least & paths.keys():
            certain[name] = Sampled(name, "among the least certain", paths[name], part)
        for name, source in _rows(out, "articles", part, "article_id source"):
            if name not in least and (source not in first or name < first[source].document_id):
                first[source] = Sampled(name, f"one of {source}", paths[name], part)
        for path, index, reason in _rows(out, "rejects/extract", part, _RECORD + " reason"):
            rejected.append(Sampled(ids[path, index], f"rejected: {reason}", path, part))
        rejected = sorted(rejected)[:_REJECTED]
    one_each = [first[source] for source in sorted(first)[:_SOURCES]]
    return [*(certain[name] for name, _ in doubts[:LEAST_CERTAIN]), *one_each, *rejected]
