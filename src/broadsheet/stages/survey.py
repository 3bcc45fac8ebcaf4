"""survey: documents → sources.

Workers observe the documents of a part, a row each. Lines of all parts are added up in bounded memory; of a document
beside them the build has 12 bytes at a time. Only decisions are kept as a table; the observations lie in the state, for
the next build.
"""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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
from broadsheet.stages.repeated_lines import RepeatedLines
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
    """What documents show, a row each; hashes as numbers."""
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


def _observed(parts: Iterable[Path], names: pa.Array, columns: list[str]) -> Iterator[tuple[np.ndarray, pa.Table]]:
    """Of each part what the documents of the sources `names` have in `columns`, and which of the names is theirs."""
    for part in parts:
        rows = read_part(part, ["source", *columns])
        own = pc.index_in(rows["source"].combine_chunks(), names)
        yield own.drop_null().to_numpy(), rows.filter(own.is_valid())


def _distinct_pages(sources: np.ndarray, pages: np.ndarray, number: int) -> np.ndarray:
    """How many distinct pages each of a `number` of sources has (int64[number])."""
    order = np.lexsort((pages, sources))
    sources, pages = sources[order], pages[order]
    is_new = np.ones(len(pages), bool)
    is_new[1:] = (np.diff(sources) != 0) | (pages[1:] != pages[:-1])
    return np.bincount(sources[is_new], minlength=number)


def _lines_of(
    parts: Sequence[Path], names: pa.Array, is_large: np.ndarray, least: int, spill: Path
) -> dict[int, list[tuple[str, int]]]:
    """The lines on at least `least` pages of a source that `is_large`, with their number, by the place of its name."""
    repeated = RepeatedLines(spill)
    for own, rows in _observed(parts, names.filter(pa.array(is_large)), ["signature", "lines"]):
        lines = rows["lines"].combine_chunks()
        counts = lines.value_lengths().to_numpy()
        pages = rows["signature"].fill_null(0).to_numpy()
        repeated.add(np.repeat(own, counts), lines.flatten().to_numpy(), np.repeat(pages, counts))
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    places = np.flatnonzero(is_large).tolist()
    for source, line, count in repeated.on_pages(least):
        found[places[source]].append((f"{line:016x}", count))
    return found


def _counts(parts: Sequence[Path], sources: Collection[str], least: int, spill: Path) -> dict[str, _Counts]:
    """By source: its distinct pages, orders of dates, languages, and the lines on at least `least` of its pages.

    `spill` is an empty folder, for lines that are too many.
    """
    if not sources:
        return {}
    names = pa.array(sorted(sources), pa.string())
    pages: list[tuple[np.ndarray, np.ndarray]] = []
    orders = np.zeros((2, len(names)), np.int64)
    languages: dict[int, Counter[str | None]] = defaultdict(Counter)
    for own, rows in _observed(parts, names, ["signature", "day_month", "month_day", "language"]):
        # A document that ended its worker has no signature, and no line.
        is_page = rows["signature"].is_valid().to_numpy()
        pages.append((own[is_page], rows["signature"].drop_null().to_numpy()))
        for order, name in zip(orders, ("day_month", "month_day"), strict=True):
            np.add.at(order, own, rows[name].to_numpy())
        for source, language in zip(own.tolist(), rows["language"].to_pylist(), strict=True):
            languages[source][language] += 1
    every_source, every_page = map(np.concatenate, zip(*pages, strict=True))
    distinct = _distinct_pages(every_source, every_page, len(names))
    # Most sources of a folder of single pages have too few for any line to stand on as many.
    is_large = distinct >= least
    lines = _lines_of(parts, names, is_large, least, spill) if is_large.any() else {}
    counts = zip(names.to_pylist(), distinct.tolist(), *orders.tolist(), strict=True)
    return {
        name: _Counts(number, day_month, month_day, languages[place], lines.get(place, []))
        for place, (name, number, day_month, month_day) in enumerate(counts)
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
        decided, keys = _decided(raw, out, parameters, observed, Path(name))
    sources = sorted(decided.values(), key=lambda each: each.source.encode())
    unpublish(out)
    with replaced_folder(out / "sources") as folder:
        digest = write_part(folder / part_name(0), rows_to_table("sources", sources))
    entry = {"key": code_key(), "files": part_files(0, {"sources": digest}), "sources": keys}
    write_entry(out / _SOURCES, entry)
    return {f"sources/{part_name(0)}": digest}
