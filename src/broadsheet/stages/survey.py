"""survey: documents → sources.

Workers count the lines of a part; the counts of all parts are added up by DuckDB, which goes to disk when
they do not fit, so memory does not grow with the corpus. Only decisions are kept.
"""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.collection import no_search_for_cycles
from broadsheet.parameters import Survey
from broadsheet.records import Source
from broadsheet.sources import read_source_file
from broadsheet.stages.workers import map_parts
from broadsheet.survey import Observation, decide, observe
from broadsheet.tables import part_name, read_part, replaced_folder, rows_to_table, table_parts, unpublish, write_part

_MEMORY_LIMIT = "300MB"


@dataclass(frozen=True, slots=True)
class _Task:
    part: Path
    counts: Path


def _numbers(hashes: Iterable[str]) -> np.ndarray:
    """Hashes of 16 hexadecimal digits as uint64[hashes]."""
    return np.frombuffer(bytes.fromhex("".join(hashes)), ">u8").astype(np.uint64)


@no_search_for_cycles()
def _observe_part(task: _Task) -> list[tuple[str, int, int, str | None]]:
    """Write the part's lines by source and page; source, orders of dates and language of each document."""
    table = read_part(task.part, ["source", "text"])
    rows = zip(table["source"].to_pylist(), table["text"].to_pylist(), strict=True)
    seen: list[Observation] = [observe(source, text) for source, text in rows]
    sizes = [len(each.lines) for each in seen]
    # Hashes are counted as numbers, which DuckDB groups faster than strings.
    counts = pa.table(
        {
            "source": pa.array([each.source for each in seen], pa.string())
            .dictionary_encode()
            .take(pa.array(np.repeat(np.arange(len(seen)), sizes))),
            "signature": np.repeat(_numbers(each.signature for each in seen), sizes),
            "line": _numbers(line for each in seen for line in each.lines),
        }
    )
    pq.write_table(counts, task.counts, compression="none")
    return [(each.source, each.day_month, each.month_day, each.language) for each in seen]


def _furniture_counts(folder: Path, least: int) -> tuple[dict[str, int], dict[str, list[tuple[str, int]]]]:
    """Distinct pages of each source, and its lines that stand on at least `least` of them, with that number."""
    with duckdb.connect(config={"memory_limit": _MEMORY_LIMIT, "temp_directory": str(folder)}) as connection:
        lines = connection.read_parquet([str(path) for path in sorted(folder.glob("*.parquet"))])
        pages = dict(connection.sql("SELECT source, count(DISTINCT signature) FROM lines GROUP BY source").fetchall())
        repeated = connection.execute(
            "SELECT source, line, count(DISTINCT signature) AS pages FROM lines"
            " GROUP BY source, line HAVING pages >= ?",
            [least],
        ).fetchall()
        del lines
    by_source: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for source, line, count in repeated:
        by_source[source].append((f"{line:016x}", count))
    return pages, by_source


def survey(raw: Path, out: Path, parameters: Survey, workers: int = 1) -> None:
    """Write sources: what source.yaml states, and what the documents of each source decide."""
    parts = table_parts(out, "documents")
    orders: dict[str, Counter[str]] = defaultdict(Counter)
    languages: dict[str, Counter[str | None]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory(prefix="broadsheet-survey-") as name:
        folder = Path(name)
        tasks = (_Task(part, folder / part_name(index)) for index, part in enumerate(parts))
        for seen in map_parts(_observe_part, tasks, workers, "survey", len(parts)):
            for source, day_month, month_day, language in seen:
                orders[source].update(day_month=day_month, month_day=month_day)
                languages[source][language] += 1
        pages, lines = _furniture_counts(folder, max(1, parameters.furniture_pages))
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
        write_part(folder / part_name(0), rows_to_table("sources", sources))
