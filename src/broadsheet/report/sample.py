"""Which dumps of a corpus the audit view shows: always the same ones of the same corpus.

Of each part its candidates are kept for the next build.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from broadsheet.report.lines import LEAST_CERTAIN, add_up_lines, kept_by_part
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


def _candidates(out: Path, part: str, doubted: Collection[str]) -> dict[str, list[list[str]]]:
    """What the sample may have of a part: id, path, and source or reason.

    `doubted` are the least certain of its articles. Of each source there are so many of the first articles that one of
    them is not among these.
    """
    ids = {(path, index): name for path, index, name in _rows(out, "documents", part, _RECORD + " document_id")}
    paths = {name: path for (path, _), name in ids.items()}
    first: list[list[str]] = []
    done = set[str]()
    for name, source in sorted(_rows(out, "articles", part, "article_id source")):
        if source not in done:
            first.append([name, paths[name], source])
            if name not in doubted:
                done.add(source)
    rejects = _rows(out, "rejects/extract", part, _RECORD + " reason")
    rejected = sorted([ids[path, index], path, reason] for path, index, reason in rejects)
    return {"doubted": [[name, paths[name]] for name in doubted], "first": first, "rejected": rejected[:_REJECTED]}


def sample(out: Path) -> list[Sampled]:
    """The least certain articles, then one of each source, the first of it, then the first that were rejected."""
    parts = [part.name for part in table_parts(out, "documents")]
    doubts = dict(zip(parts, add_up_lines(out, parts).doubts, strict=True))
    most = sorted((row for rows in doubts.values() for row in rows), key=lambda row: (-row[1], row[0]))[:LEAST_CERTAIN]
    least = {name for name, _ in most}
    found = kept_by_part(
        out, "sample", parts, lambda out, part: _candidates(out, part, [row[0] for row in doubts[part]])
    )
    certain: dict[str, Sampled] = {}
    first: dict[str, Sampled] = {}
    rejected: list[Sampled] = []
    for part, candidates in zip(parts, found, strict=True):
        for name, path in candidates["doubted"]:
            certain[name] = Sampled(name, "among the least certain", path, part)
        for name, path, source in candidates["first"]:
            if name not in least and (source not in first or name < first[source].document_id):
                first[source] = Sampled(name, f"one of {source}", path, part)
        rejected += [Sampled(name, f"rejected: {reason}", path, part) for name, path, reason in candidates["rejected"]]
    one_each = [first[source] for source in sorted(first)[:_SOURCES]]
    return [*(certain[name] for name, _ in most), *one_each, *sorted(rejected)[:_REJECTED]]
