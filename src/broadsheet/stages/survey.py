"""survey: documents → sources.

Workers count the lines of a part; the counts of all parts are added up by DuckDB, which goes to disk when
they do not fit, so memory does not grow with the corpus. Only decisions are kept as a table; the counts of a part
lie in the state, for the next build.
"""

import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from broadsheet.errors import UsageError
from broadsheet.parameters import Survey
from broadsheet.records import Source
from broadsheet.sources import read_source_file
from broadsheet.stages.kept import code_key, entry_path, keep_only, key_of, place_of, read_entry, write_entry
from broadsheet.stages.workers import IN_THIS_PROCESS, Care, Workers, carefully
from broadsheet.survey import Observation, decide, observe
from broadsheet.tables import (
    file_sha256,
    part_name,
    read_part,
    replaced_folder,
    rows_to_table,
    table_parts,
    unpublish,
    write_part,
)  # fmt: skip

_MEMORY_LIMIT = "300MB"
_COUNTS = pa.schema([("source", pa.string()), ("signature", pa.string()), ("line", pa.string())])


@dataclass(frozen=True, slots=True)
class _Task:
    out: Path
    part: Path
    code: str


@dataclass(frozen=True, slots=True)
class _Observed:
    """A part's `counts` of lines as a file, and of each source its orders of dates and languages, as JSON."""

    place: str
    counts: Path
    sources: dict[str, Any]


def _counts_of(seen: list[Observation]) -> pa.Table:
    """The lines of documents by source and page."""
    return pa.table(
        {
            "source": [each.source for each in seen for _ in each.lines],
            "signature": [each.signature for each in seen for _ in each.lines],
            "line": [line for each in seen for line in each.lines],
        },
        _COUNTS,
    )


def _by_source(seen: list[Observation]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in seen:
        counts = found.setdefault(each.source, {"day_month": 0, "month_day": 0, "languages": {}})
        counts["day_month"] += each.day_month
        counts["month_day"] += each.month_day
        language = each.language or ""
        counts["languages"][language] = counts["languages"].get(language, 0) + 1
    return found


def _observe_part(task: _Task, care: Care) -> _Observed:
    """Write what a part's documents show, or take over what was written."""
    key, place = (
        key_of(task.code, file_sha256(task.part)),
        place_of(read_part(task.part, ["document_id"])["document_id"]),
    )
    path = entry_path(task.out, "survey", place)
    counts = path.with_suffix(".parquet")
    entry = read_entry(path)
    if not (entry and entry["key"] == key and counts.is_file() and file_sha256(counts) == entry["sha256"]):
        table = read_part(task.part, ["source", "text"])
        rows = list(zip(table["source"].to_pylist(), table["text"].to_pylist(), strict=True))
        seen = carefully(
            lambda some: [observe(source, text) for source, text in some],
            rows,
            lambda row: Observation(row[0], "", (), 0, 0, None),
            care,
        )
        entry = {
            "key": "" if care.lost else key,
            "sha256": write_part(counts, _counts_of(seen)),
            "sources": _by_source(seen),
        }
        write_entry(path, entry)
    return _Observed(place, counts, entry["sources"])


def _furniture_counts(
    counts: list[Path], folder: Path, least: int
) -> tuple[dict[str, int], dict[str, list[tuple[str, int]]]]:
    """Distinct pages of each source, and its lines that stand on at least `least` of them, with that number."""
    with duckdb.connect(config={"memory_limit": _MEMORY_LIMIT, "temp_directory": str(folder)}) as connection:
        lines = connection.read_parquet([str(path) for path in counts])
        pages = dict(connection.sql("SELECT source, count(DISTINCT signature) FROM lines GROUP BY source").fetchall())
        repeated = connection.execute(
            "SELECT source, line, count(DISTINCT signature) AS pages FROM lines"
            " GROUP BY source, line HAVING pages >= ?",
            [least],
        ).fetchall()
        del lines
    by_source: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for source, line, count in repeated:
        by_source[source].append((line, count))
    return pages, by_source


def survey(raw: Path, out: Path, parameters: Survey, workers: Workers = IN_THIS_PROCESS) -> dict[str, str]:
    """Write sources: what source.yaml states, and what the documents of each source decide.

    The SHA-256 of each file by its path below `out`.
    """
    tasks = [_Task(out, part, code_key()) for part in table_parts(out, "documents")]
    observed = workers.run(_observe_part, tasks, "survey", lambda task: task.part.stat().st_size)
    orders: dict[str, Counter[str]] = defaultdict(Counter)
    languages: dict[str, Counter[str | None]] = defaultdict(Counter)
    for part in observed:
        for source, seen in part.sources.items():
            orders[source].update(day_month=seen["day_month"], month_day=seen["month_day"])
            languages[source].update({language or None: count for language, count in seen["languages"].items()})
    with tempfile.TemporaryDirectory(prefix="broadsheet-survey-") as name:
        try:
            pages, lines = _furniture_counts(
                [part.counts for part in observed], Path(name), max(1, parameters.furniture_pages)
            )
        except duckdb.Error as error:
            raise UsageError(
                f"survey could not add up the lines of the corpus: {str(error).splitlines()[0]}"
            ) from error
    sources: list[Source] = [
        decide(
            source,
            read_source_file(raw, source),
            pages.get(source, 0),
            lines[source],
            orders[source]["day_month"],
            orders[source]["month_day"],
            languages[source],
            parameters,
        )
        for source in sorted(orders, key=str.encode)
    ]
    unpublish(out)
    with replaced_folder(out / "sources") as folder:
        digest = write_part(folder / part_name(0), rows_to_table("sources", sources))
    names = (entry_path(out, "survey", part.place).name for part in observed)
    keep_only(out, "survey", [*names, *(part.counts.name for part in observed)])
    return {f"sources/{part_name(0)}": digest}
