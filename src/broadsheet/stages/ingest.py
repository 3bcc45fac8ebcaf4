"""ingest: raw → documents, rejects.

A part is a run of units (files, and pieces of large containers) in order of raw_path, cut where a hash of the path
says so: a file that comes or goes changes the part that it lies in and no other. A run that turns out to hold more
than its files' sizes tell, such as a container that cannot be cut, becomes several parts. Duplicates are known only
when all parts have been read, so parts are written with all their documents first, and those few that hold a later
copy of an earlier record are written again without it.
"""

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.collection import no_search_for_cycles
from broadsheet.errors import UsageError
from broadsheet.parameters import Ingest
from broadsheet.readers import Unit, list_raw, list_units, read_unit, to_document
from broadsheet.records import Document, Reject
from broadsheet.sources import SourceFile, read_source_file
from broadsheet.stages.workers import map_parts
from broadsheet.tables import part_name, read_part, replaced_folder, rows_to_table, unpublish, write_json, write_part


@dataclass(frozen=True, slots=True)
class _Task:
    index: int
    units: tuple[Unit, ...]
    source_files: dict[str, SourceFile]
    parameters: Ingest
    documents: Path
    rejects: Path


@dataclass(frozen=True, slots=True)
class _Duplicates:
    """Rows of a part's documents that are copies, and the index of each in the part."""

    index: int
    rows: tuple[int, ...]
    documents: Path
    rejects: Path


class _Written(NamedTuple):
    """A part of a task: the name of its two files, its documents' ids as bytes, shape (documents, 10) of uint8, and
    the number of its raw records."""

    name: str
    ids: np.ndarray
    raw_records: int


# A reject has no text and still takes memory.
_LEAST_BYTES = 1024


def _opens_part(unit: Unit, parameters: Ingest) -> bool:
    digest = hashlib.sha256(unit.file.raw_path.encode()).digest()
    return unit.first_record > 0 or int.from_bytes(digest[:8], "big") % parameters.part_records == 0


def cut_parts(units: Iterable[Unit], parameters: Ingest) -> Iterator[list[Unit]]:
    """Runs of units: a part ends before a file whose path's hash says so, or when it is large."""
    part: list[Unit] = []
    size = 0
    for unit in units:
        if part and (_opens_part(unit, parameters) or size + unit.size > parameters.part_bytes):
            yield part
            part, size = [], 0
        part.append(unit)
        size += unit.size
    if part:
        yield part


def _read_records(task: _Task) -> Iterator[tuple[int, Document | Reject]]:
    """What became of each raw record of a task, and how many bytes it had."""
    for unit in task.units:
        source_file = task.source_files[unit.file.source]
        for record in read_unit(unit, source_file, task.parameters):
            if isinstance(record, Reject):
                yield 0, record
            else:
                yield len(record.content), to_document(record, source_file, task.parameters)


def _write_part(task: _Task, number: int, rows: list[Document | Reject]) -> _Written:
    documents = [row for row in rows if isinstance(row, Document)]
    rejects = [row for row in rows if isinstance(row, Reject)]
    name = f"{task.index:06d}-{number:06d}"
    write_part(task.documents / name, rows_to_table("documents", documents))
    write_part(task.rejects / name, rows_to_table("rejects", rejects))
    ids = b"".join(bytes.fromhex(document.document_id) for document in documents)
    return _Written(name, np.frombuffer(ids, np.uint8).reshape(-1, 10), len(rows))


@no_search_for_cycles()
def _read_part(task: _Task) -> list[_Written]:
    """Write the documents and rejects of a task, in as many parts as they take."""
    written: list[_Written] = []
    rows: list[Document | Reject] = []
    size = 0
    for record_bytes, row in _read_records(task):
        record_bytes = max(record_bytes, _LEAST_BYTES)
        if rows and size + record_bytes > max(task.parameters.part_bytes, _LEAST_BYTES * len(task.units)):
            written.append(_write_part(task, len(written), rows))
            rows, size = [], 0
        rows.append(row)
        size += record_bytes
    written.append(_write_part(task, len(written), rows))
    return written


def later_copies(ids: np.ndarray) -> np.ndarray:
    """Which rows of `ids`, shape (records, 10) of uint8, are equal to an earlier row: booleans."""
    # The first 8 bytes as a number find the candidates, the others decide.
    numbers = np.ascontiguousarray(ids[:, :8]).view(np.uint64).ravel()
    order = np.argsort(numbers, kind="stable")
    equal = np.zeros(len(ids), bool)
    equal[1:] = numbers[order][1:] == numbers[order][:-1]
    equal[:-1] |= equal[1:]
    copies = np.zeros(len(ids), bool)
    seen = set()
    for row in np.sort(order[equal]):
        key = ids[row].tobytes()
        copies[row] = key in seen
        seen.add(key)
    return copies


def _drop_copies(task: _Duplicates) -> None:
    name = part_name(task.index)
    documents = read_part(task.documents / name)
    copies = documents.take(task.rows).select([*_SHARED, "document_id"]).to_pylist()
    found = [
        Reject(
            **{key: row[key] for key in _SHARED},
            stage="ingest",
            reason="exact_duplicate",
            detail="the same bytes as an earlier record",
            duplicate_of=row["document_id"],
        )
        for row in copies
    ]
    rejects = pa.concat_tables([read_part(task.rejects / name), rows_to_table("rejects", found)])
    # Byte order of raw_path, not a locale's; Arrow compares strings by their UTF-8.
    rejects = rejects.take(pc.sort_indices(rejects, [("raw_path", "ascending"), ("raw_record", "ascending")]))
    keep = np.ones(documents.num_rows, bool)
    keep[list(task.rows)] = False
    write_part(task.documents / name, documents.filter(pa.array(keep)))
    write_part(task.rejects / name, rejects)


_SHARED = tuple(
    field.name
    for field in dataclasses.fields(Reject)
    if field.name not in ("stage", "reason", "detail", "duplicate_of")
)


def ingest(raw: Path, out: Path, parameters: Ingest, workers: int = 1) -> None:
    """Write documents and rejects/ingest of the raw records below `raw`. Raises UsageError where there are none."""
    if not raw.is_dir():
        raise UsageError(f"{raw}: there is no such folder; name the folder that holds the dumps")
    files, others = list_raw(raw)
    if not files:
        raise UsageError(f"{raw}: no raw records ({others} other files); put the dumps into {raw}/<source>/")
    source_files = {source: read_source_file(raw, source) for source in sorted({file.source for file in files})}
    parts = list(cut_parts(list_units(files, parameters), parameters))
    unpublish(out)
    with replaced_folder(out / "documents") as documents, replaced_folder(out / "rejects" / "ingest") as rejects:
        tasks = (
            _Task(
                index,
                tuple(part),
                {unit.file.source: source_files[unit.file.source] for unit in part},
                parameters,
                documents,
                rejects,
            )
            for index, part in enumerate(parts)
        )
        written = [each for task in map_parts(_read_part, tasks, workers, "ingest", len(parts)) for each in task]
        for index, each in enumerate(written):
            for folder in (documents, rejects):
                (folder / each.name).rename(folder / part_name(index))
        ids = [each.ids for each in written]
        copies = later_copies(np.concatenate(ids))
        by_part: dict[int, list[int]] = defaultdict(list)
        part_of = np.repeat(np.arange(len(ids)), [len(part) for part in ids])
        first = np.concatenate([[0], np.cumsum([len(part) for part in ids])])
        for row in np.flatnonzero(copies):
            by_part[int(part_of[row])].append(int(row - first[part_of[row]]))
        again = [_Duplicates(index, tuple(rows), documents, rejects) for index, rows in by_part.items()]
        for _ in map_parts(_drop_copies, again, workers, "ingest: copies", len(again)):
            pass
        raw_records = sum(each.raw_records for each in written)
    write_json(out / ".state" / "accounting.json", {"raw_records": raw_records, "not_records": others})
