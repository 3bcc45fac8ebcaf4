"""What the lines of a corpus add up to, part by part; of a part that is as it was, what the last build counted is kept.

Lines are most of a corpus: to go through those of all parts takes longer than all else of a report.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from broadsheet.checks.database import apart
from broadsheet.stages.kept import code_key, key_of, read_entry, write_entry

LEAST_CERTAIN = 12
_CHARACTERS = """
SELECT lines.part, source, label, CAST(sum("end" - start) AS BIGINT)
FROM lines JOIN documents USING (document_id) GROUP BY ALL ORDER BY ALL
"""
# The expected number of characters on the wrong side of the body, if the model's scores are what they say.
_DOUBTS = f"""
SELECT part, document_id, doubt FROM (
  SELECT part, document_id, round(sum(("end" - start) * least(score, 1 - score)) / sum("end" - start), 6) AS doubt
  FROM lines WHERE score IS NOT NULL GROUP BY part, document_id)
WHERE document_id IN (SELECT article_id FROM articles)
QUALIFY row_number() OVER (PARTITION BY part ORDER BY doubt DESC, document_id) <= {LEAST_CERTAIN}
ORDER BY part, doubt DESC, document_id
"""


class Lines(NamedTuple):
    """Characters of lines by source and label, and the `LEAST_CERTAIN` articles of each part with their doubt."""

    characters: list[tuple[str, str, int]]
    doubts: list[tuple[str, float]]


def part_digests(out: Path) -> dict[str, list[str]]:
    """SHA-256 of the files of each part by its file name, the same in all tables; of a finished build only."""
    found: dict[str, list[str]] = defaultdict(list)
    if (out / "manifest.json").is_file():
        for table in json.loads((out / "manifest.json").read_bytes())["tables"].values():
            for path, file in table["files"].items():
                found[path.rpartition("/")[2]].append(file["sha256"])
    return dict(found)


def _counted(connection: duckdb.DuckDBPyConnection, out: Path, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the lines of some parts add up to, by file name."""
    found: dict[str, dict[str, Any]] = {name: {"characters": [], "doubts": []} for name in names}
    if names:
        with apart(connection):
            for view, table in (("lines", "blocks"), ("documents", "documents"), ("articles", "articles")):
                parts = [str((out / table / name).absolute()) for name in names]
                rows = connection.read_parquet(parts, filename=True, hive_partitioning=False)
                rows.project("* EXCLUDE (filename), parse_filename(filename) AS part").create_view(view)
            for kind, query in (("characters", _CHARACTERS), ("doubts", _DOUBTS)):
                for name, *row in connection.execute(query).fetchall():
                    found[name][kind].append(row)
    return found


def add_up_lines(connection: duckdb.DuckDBPyConnection, out: Path, names: Sequence[str]) -> Lines:
    """What the lines of the parts add up to that have these file names."""
    state, digests = out / ".state" / "lines.json", part_digests(out)
    keys = {name: key_of(digests[name]) for name in names if name in digests}
    entry = read_entry(state)
    before = entry["parts"] if entry and entry["key"] == code_key() else {}
    new = _counted(connection, out, [name for name in names if keys.get(name) not in before])
    parts = {name: new.get(name) or before[keys[name]] for name in names}
    if keys:
        write_entry(state, {"key": code_key(), "parts": {key: parts[name] for name, key in keys.items()}})
    return Lines(
        [tuple(row) for part in parts.values() for row in part["characters"]],
        [tuple(row) for part in parts.values() for row in part["doubts"]],
    )
