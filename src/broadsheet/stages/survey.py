"""survey: documents → sources.

Workers observe the documents of a part, a row each; DuckDB adds up the rows of all parts and goes to disk when
they do not fit, so memory does not grow with the corpus. Only decisions are kept as a table; the observations lie
in the state, for the next build.
"""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from broadsheet.errors import UsageError
from broadsheet.parameters import Survey
from broadsheet.records import Source
from broadsheet.sources import read_source_file
from broadsheet.stages.kept import (
    NOTHING_KNOWN,
    Made,
    Part,
    bring_up_to_date,
    code_key,
    document_key,
    entry_path,
    keep_only,
    kept_files,
    key_of,
    known_of,
    part_files,
    place_of,
    read_entry,
    write_entry,
)  # fmt: skip
from broadsheet.stages.workers import IN_THIS_PROCESS, Care, Workers, carefully
from broadsheet.storage import Place
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

_MEMORY_LIMIT = "200MB"
_OBSERVATIONS = ".state/observations"
_SOURCES = ".state/sources.json"
_SCHEMA = pa.schema(
    [
        ("document_id", pa.string()),
        ("source", pa.string()),
        ("signature", pa.uint64()),
        ("lines", pa.list_(pa.uint64())),
        ("day_month", pa.int64()),
        ("month_day", pa.int64()),
        ("language", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class _Task:
    out: Path
    index: int
    part: Path
    digest: str
    folder: Path
    code: str


def _rows(ids: Sequence[str], seen: Sequence[Observation]) -> pa.Table:
    """What documents show, a row each; hashes as numbers, which DuckDB groups faster than strings."""
    columns = {name: [getattr(each, name) for each in seen] for name in _SCHEMA.names[1:]}
    offsets = np.cumsum([0, *map(len, columns["lines"])], dtype=np.int32)
    numbers = pa.array(np.concatenate([np.zeros(0, np.uint64), *columns["lines"]]))
    arrays = {
        "document_id": ids,
        **columns,
        "signature": [int(each.signature, 16) if each.signature else None for each in seen],
        "lines": pa.ListArray.from_arrays(pa.array(offsets), numbers),
    }
    return pa.table(arrays, schema=_SCHEMA)


def _observe_part(task: _Task, care: Care) -> Made:
    digest = task.digest or file_sha256(task.part)
    key = key_of(task.code, digest)

    @cache
    def documents() -> list[tuple[str, str, str]]:
        table = read_part(task.part, ["document_id", "source", "text"])
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))

    def keys() -> dict[str, str]:
        return {document_id: document_key(task.code, source, text) for document_id, source, text in documents()}

    def make(wanted: set[str]) -> dict[str, pa.Table]:
        some = [each for each in documents() if each[0] in wanted]
        seen = carefully(
            lambda some: observe([each[1] for each in some], [each[2] for each in some]),
            some,
            lambda each: Observation(each[1], "", np.zeros(0, np.uint64), 0, 0, None),
            care,
        )
        return {_OBSERVATIONS: _rows([each[0] for each in some], seen)}

    inputs = {"documents": digest}
    place = place_of(task.part, "document_id")
    part = Part(task.out, "survey", task.index, {_OBSERVATIONS: task.folder}, inputs, key, place, not care.lost)
    return bring_up_to_date(part, keys, make, lambda: {document_id: source for document_id, source, _ in documents()})


@dataclass(frozen=True, slots=True)
class _Counts:
    """What the documents of a source show together; `lines` with the number of pages they stand on."""

    pages: int
    day_month: int
    month_day: int
    languages: Counter[str | None]
    lines: list[tuple[str, int]]


def _counts(parts: Sequence[Path], sources: Collection[str], least: int, spill: Path) -> dict[str, _Counts]:
    """By source: its distinct pages, orders of dates, languages, and the lines on at least `least` of its pages."""
    if not sources:
        return {}
    with duckdb.connect(config={"memory_limit": _MEMORY_LIMIT, "temp_directory": str(spill)}) as connection:
        return _counted(connection, parts, sources, least)


def _counted(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Path], sources: Collection[str], least: int
) -> dict[str, _Counts]:
    connection.execute("CREATE TABLE counted AS SELECT unnest(?) AS source", [list(sources)])
    connection.read_parquet(list(map(str, parts)), hive_partitioning=False).create_view("parts")
    connection.execute("CREATE VIEW observed AS SELECT * FROM parts SEMI JOIN counted USING (source)")
    totals = connection.sql(
        "SELECT source, count(DISTINCT signature), sum(day_month), sum(month_day), histogram(coalesce(language, ''))"
        " FROM observed GROUP BY source"
    ).fetchall()
    # Most sources of a folder of single pages have too few for any line to stand on as many.
    large = [source for source, pages, *_ in totals if pages >= least]
    repeated = connection.execute(
        "SELECT source, line, count(DISTINCT signature) AS pages"
        " FROM (SELECT source, signature, unnest(lines) AS line FROM observed"
        " SEMI JOIN (SELECT unnest(CAST(? AS VARCHAR[])) AS source) USING (source))"
        " GROUP BY source, line HAVING pages >= ?",
        [large, least],
    ).fetchall()
    lines: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for source, line, count in repeated:
        lines[source].append((f"{line:016x}", count))
    return {
        source: _Counts(
            pages,
            int(day_month),
            int(month_day),
            Counter({language or None: count for language, count in spoken.items()}),
            lines[source],
        )
        for source, pages, day_month, month_day, spoken in totals
    }


def _decided_before(out: Path, keys: dict[str, str]) -> dict[str, Source]:
    """The sources of the last build that have the same keys."""
    entry = read_entry(out / _SOURCES)
    files = kept_files(out, entry) if entry and entry["key"] == code_key() else None
    if not entry or not files:
        return {}
    before = (Source(**row | {"furniture": tuple(row["furniture"])}) for row in read_part(files["sources"]).to_pylist())
    return {each.source: each for each in before if keys.get(each.source, "") == entry["sources"].get(each.source)}


def _decided(
    raw: Place, out: Path, parameters: Survey, observed: Sequence[Made], spill: Path
) -> tuple[dict[str, Source], dict[str, str]]:
    """The sources by name, and a key of all that each was decided from.

    Only those are counted whose key is another one than in the last build.
    """
    seen: dict[str, list[str]] = defaultdict(list)
    parts: dict[str, list[Path]] = defaultdict(list)
    for part in observed:
        (path,) = part.files
        for source, key in part.groups.items():
            seen[source].append(key)
            parts[source].append(out / path)
    stated = {source: read_source_file(raw, source) for source in sorted(seen)}
    keys = {source: key_of(parameters, stated[source], seen[source]) for source in stated}
    decided = _decided_before(out, keys)
    new = [source for source in stated if source not in decided]
    among = sorted({path for source in new for path in parts[source]})
    for source, found in _counts(among, new, max(1, parameters.furniture_pages), spill).items():
        decided[source] = decide(
            source, stated[source], found.pages, found.lines, found.day_month, found.month_day, found.languages,
            parameters,
        )  # fmt: skip
    return decided, keys


def survey(
    raw: Place,
    out: Path,
    parameters: Survey,
    workers: Workers = IN_THIS_PROCESS,
    files: Mapping[str, str] = NOTHING_KNOWN,
) -> dict[str, str]:
    """Write sources: what source.yaml states, and what the documents of each source decide.

    The SHA-256 of each file by its path below `out`; `files` are those that are known.
    """
    with replaced_folder(out / _OBSERVATIONS) as folder:
        tasks = [
            _Task(out, index, part, known_of(out, part, files), folder, code_key())
            for index, part in enumerate(table_parts(out, "documents"))
        ]
        observed = workers.run(_observe_part, tasks, "survey", lambda task: task.part.stat().st_size)
    keep_only(out, "survey", (entry_path(out, "survey", part.place).name for part in observed))
    with tempfile.TemporaryDirectory(prefix="broadsheet-survey-") as name:
        try:
            decided, keys = _decided(raw, out, parameters, observed, Path(name))
        except duckdb.Error as error:
            raise UsageError(f"survey: the lines could not be added up: {str(error).splitlines()[0]}") from error
    sources = sorted(decided.values(), key=lambda each: each.source.encode())
    unpublish(out)
    with replaced_folder(out / "sources") as folder:
        digest = write_part(folder / part_name(0), rows_to_table("sources", sources))
    entry = {"key": code_key(), "files": part_files(0, {"sources": digest}), "sources": keys}
    write_entry(out / _SOURCES, entry)
    return {f"sources/{part_name(0)}": digest}
