"""ingest: raw → documents, rejects.

A task is a run of units (files, and pieces of large containers) in order of raw_path, cut where a hash of the path
says so, and where there are too many bytes: a file that comes or goes changes the task that it lies in, seldom those
up to the next cut by a hash, and no other. A task becomes a part, or several where it holds more than its files'
sizes tell, such as a container that cannot be cut; how many is known when all are read, so parts get their names
last. Duplicates too are known only then: parts are written with all their documents first, and those few that hold a
later copy of an earlier record are written again without it.
"""

import dataclasses
import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.collection import no_search_for_cycles
from broadsheet.errors import UsageError
from broadsheet.parameters import Ingest
from broadsheet.readers import (
    Unit,
    Whole,
    list_raw,
    list_units,
    read_unit,
    read_whole,
    to_document,
    unit_sha256,
)
from broadsheet.records import Document, Reject
from broadsheet.sources import SourceFile, read_source_file
from broadsheet.stages.described import leave
from broadsheet.stages.kept import code_key, entry_path, keep_only, kept_files, key_of, put, read_entry, write_entry
from broadsheet.stages.workers import IN_THIS_PROCESS, Care, Workers, one_by_one
from broadsheet.storage import Place
from broadsheet.tables import (
    check_folder,
    part_name,
    read_part,
    replaced_folder,
    rows_to_table,
    unpublish,
    write_json,
    write_part,
)


@dataclass(frozen=True, slots=True)
class _Task:
    out: Path
    index: int
    units: tuple[Unit, ...]
    source_files: dict[str, SourceFile]
    parameters: Ingest
    folders: dict[str, Path]
    code: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a task: `name` of its files and their SHA-256 by table, number of raw records, its documents' ids,
    10 bytes each, and the rows of those that were left out as `copies`."""

    name: str
    digests: dict[str, str]
    records: int
    ids: bytes
    copies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A task that was read: where its entry lies, what it was made from, its parts."""

    path: Path
    key: str
    parts: tuple[_Part, ...]


# A reject has no text and still takes memory.
_LEAST_BYTES = 1024
# The most records of a part of a container, of `part_records`.
_MOST_RECORDS = 2


def _opens_part(unit: Unit, number: int, size: int, parameters: Ingest) -> bool:
    """Whether a part of a `number` of units of a `size` ends before this one: for certain before a piece of a
    container, else by chance.

    Seldom as long as it is small, often once it has `part_records` or half of `part_bytes`: with the same odds all
    along, the largest part would be five times as large as most, and grow with the corpus; and a part that is cut for
    its bytes moves the cuts behind it. (The normalized chunking of FastCDC: Xia et al.,
    USENIX ATC 2016.)
    """
    most = parameters.part_records
    is_small = number < most and size < parameters.part_bytes // 2
    one_in = 2 * most if is_small else min(most, max(2, most // 4))
    digest = hashlib.sha256(unit.file.raw_path.encode()).digest()
    return unit.first_record > 0 or int.from_bytes(digest[:8], "big") % one_in == 0


def cut_parts(units: Iterable[Unit], parameters: Ingest) -> Iterator[list[Unit]]:
    """Runs of units: a part ends before a file whose path's hash says so, or when it is large."""
    part: list[Unit] = []
    size = 0
    for unit in units:
        if part and (_opens_part(unit, len(part), size, parameters) or size + unit.size > parameters.part_bytes):
            yield part
            part, size = [], 0
        part.append(unit)
        size += unit.size
    if part:
        yield part


def _key(task: _Task, digests: Iterable[str]) -> str:
    """A key of what a task is made from; `digests` are those of its units."""
    units = [
        (unit.file.raw_path, unit.kind, unit.first_record, digest)
        for unit, digest in zip(task.units, digests, strict=True)
    ]
    return key_of(task.code, task.parameters, units, sorted(task.source_files.items()))


def _entry_path(task: _Task) -> Path:
    return entry_path(task.out, "ingest", key_of(task.units[0].file.raw_path, task.units[0].first_record))


def _keep(read: _Read) -> None:
    """Write the entry of a task."""
    parts = [
        {
            "files": {table: {"name": part.name, "sha256": digest} for table, digest in part.digests.items()},
            "records": part.records,
            "ids": part.ids.hex(),
            "copies": list(part.copies),
        }
        for part in read.parts
    ]
    write_entry(read.path, {"key": read.key, "parts": parts})


def _taken_over(task: _Task, path: Path, key: str) -> _Read | None:
    """The parts of a task from an earlier build, in the new folders and without copies; None where it has to be read.

    The entry stays as it is until they have their final names: so long it tells where they lie.
    """
    entry = read_entry(path)
    if entry is None or entry["key"] != key:
        return None
    files = [kept_files(task.out, part) for part in entry["parts"]]
    parts = []
    for number, (part, found) in enumerate(zip(entry["parts"], files, strict=True)):
        if found is None:
            return None
        name = _name(task, number)
        put(found, task.folders, name)
        digests = {table: file["sha256"] for table, file in part["files"].items()}
        parts.append(_Part(name, digests, part["records"], bytes.fromhex(part["ids"]), tuple(part["copies"])))
    return _Read(path, key, tuple(parts))


# A unit, and its file where that has been read already.
_Given = tuple[Unit, Whole | None]


def _given(task: _Task, digests: list[str]) -> Iterator[_Given]:
    """The units of a task, each with its file as far as it can be read at once; what decides it goes to `digests`."""
    for unit in task.units:
        whole = read_whole(unit, task.parameters)
        digests.append(whole.sha256 if whole else unit_sha256(unit, task.parameters))
        yield unit, whole


def _let_go(given: deque[_Given]) -> Iterator[_Given]:
    """Units that have been read, none of which is kept once the next is asked for."""
    while given:
        yield given.popleft()


def _rows_of(given: _Given, task: _Task) -> Iterator[tuple[int, Document | Reject]]:
    """What became of each raw record of a unit, and how many bytes it had."""
    unit, whole = given
    source_file = task.source_files[unit.file.source]
    for record in read_unit(unit, source_file, task.parameters, whole):
        if isinstance(record, Reject):
            yield 0, record
        else:
            yield len(record.content), to_document(record, source_file, task.parameters)


def _crashed(given: _Given) -> list[tuple[int, Document | Reject]]:
    unit, _ = given
    detail = "the process that read the file died twice"
    size = unit.size if unit.kind else unit.file.size
    return [(0, Reject(unit.file.raw_path, unit.first_record, None, None, size, "ingest", "crashed", detail))]


def _tables_of(rows: Sequence[Document | Reject]) -> tuple[pa.Table, pa.Table]:
    return (
        rows_to_table("documents", (row for row in rows if isinstance(row, Document))),
        rows_to_table("rejects", (row for row in rows if isinstance(row, Reject))),
    )


def _read_tables(task: _Task, care: Care, given: Iterable[_Given]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Documents, copies included, and rejects of each part of a task, of which one at a time is in memory."""
    limit = max(task.parameters.part_bytes, _LEAST_BYTES * len(task.units))
    most = max(_MOST_RECORDS * task.parameters.part_records, len(task.units))
    rows: list[Document | Reject] = []
    size = 0
    for found in one_by_one(lambda each: _rows_of(each, task), given, _crashed, care):
        for record_bytes, row in found:
            record_bytes = max(record_bytes, _LEAST_BYTES)
            if rows and (len(rows) == most or size + record_bytes > limit):
                yield _tables_of(rows)
                rows, size = [], 0
            rows.append(row)
            size += record_bytes
    yield _tables_of(rows)


def _ids(documents: pa.Table) -> bytes:
    return bytes.fromhex("".join(documents["document_id"].to_pylist()))


def _name(task: _Task, number: int) -> str:
    """The file name of part `number` of a task, until all are read."""
    return f"{task.index:06d}-{number:06d}"


def _write(task: _Task, name: str, documents: pa.Table, rejects: pa.Table) -> dict[str, str]:
    """Write a part; the SHA-256 of its files by table."""
    written = {}
    for table, rows in (("documents", documents), ("rejects/ingest", rejects)):
        path = task.folders[table] / name
        written[table] = rows, path, write_part(path, rows)
    leave(task.out, task.code, written)
    return {table: digest for table, (_, _, digest) in written.items()}


@no_search_for_cycles()
def _parts_of(task: _Task, care: Care, given: Iterable[_Given]) -> tuple[_Part, ...]:
    """Write a task's documents, copies included, and its rejects."""
    parts = []
    for number, (documents, rejects) in enumerate(_read_tables(task, care, given)):
        name = _name(task, number)
        digests = _write(task, name, documents, rejects)
        parts.append(_Part(name, digests, documents.num_rows + rejects.num_rows, _ids(documents), ()))
    return tuple(parts)


def _read_part(task: _Task, care: Care) -> _Read:
    """The parts of a task, read or taken over; those that are taken over are without copies."""
    path = _entry_path(task)
    digests: list[str] = []
    given = _given(task, digests)
    if path.is_file():
        kept = deque(given)
        if taken_over := _taken_over(task, path, _key(task, digests)):
            return taken_over
        given = _let_go(kept)
    parts = _parts_of(task, care, given)
    read = _Read(path, "" if care.lost else _key(task, digests), parts)
    _keep(read)
    return read


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


_SHARED = tuple(
    field.name
    for field in dataclasses.fields(Reject)
    if field.name not in ("stage", "reason", "detail", "duplicate_of")
)


@dataclass(frozen=True, slots=True)
class _Copies:
    """A task that was read, and for each of its parts the rows of documents that are to be left out as copies."""

    task: _Task
    read: _Read
    rows: tuple[tuple[int, ...], ...]


def _written_tables(copies: _Copies) -> Iterator[tuple[pa.Table, pa.Table]]:
    folders = copies.task.folders
    for part in copies.read.parts:
        yield read_part(folders["documents"] / part.name), read_part(folders["rejects/ingest"] / part.name)


def _without_copies(documents: pa.Table, rejects: pa.Table, rows: Sequence[int]) -> tuple[pa.Table, pa.Table]:
    found = [
        Reject(
            **{key: row[key] for key in _SHARED},
            stage="ingest",
            reason="exact_duplicate",
            detail="the same bytes as an earlier record",
            duplicate_of=row["document_id"],
        )
        for row in documents.take(pa.array(rows, pa.int64())).select([*_SHARED, "document_id"]).to_pylist()
    ]
    rejects = pa.concat_tables([rejects, rows_to_table("rejects", found)])
    # Byte order of raw_path, not a locale's; Arrow compares strings by their UTF-8.
    rejects = rejects.take(pc.sort_indices(rejects, [("raw_path", "ascending"), ("raw_record", "ascending")]))
    keep = np.ones(documents.num_rows, bool)
    keep[list(rows)] = False
    return documents.filter(pa.array(keep)), rejects


def _changed_meanwhile(task: _Task) -> UsageError:
    return UsageError(f"{task.units[0].file.path} or a file after it changed while it was read; run again")


def _drop_copies(copies: _Copies, care: Care) -> _Read:
    """Write those parts of a task again that have other copies left out than those that are."""
    task, read = copies.task, copies.read
    changed = [rows != part.copies for part, rows in zip(read.parts, copies.rows, strict=True)]
    # Copies that are left out are in the files no more, and a worker that died may have left out these.
    again = care.alone or any(part.copies for part, new in zip(read.parts, changed, strict=True) if new)
    given = ((unit, None) for unit in task.units)
    tables = _read_tables(task, care, given) if again else _written_tables(copies)
    parts = list(read.parts)
    found = 0
    for number, (documents, rejects) in enumerate(tables):
        found += 1
        if again and (number >= len(parts) or _ids(documents) != parts[number].ids):
            raise _changed_meanwhile(task)
        if changed[number]:
            rows = copies.rows[number]
            digests = _write(task, parts[number].name, *_without_copies(documents, rejects, rows))
            parts[number] = dataclasses.replace(parts[number], digests=digests, copies=rows)
    if found < len(parts):
        raise _changed_meanwhile(task)
    read = dataclasses.replace(read, parts=tuple(parts))
    _keep(read)
    return read


def _copies(parts: Sequence[_Part]) -> list[tuple[int, ...]]:
    """For each part the rows of its documents that are copies of a record before them."""
    counts = [len(part.ids) // 10 for part in parts]
    ids = np.frombuffer(b"".join(part.ids for part in parts), np.uint8).reshape(-1, 10)
    rows = np.flatnonzero(later_copies(ids))
    first = np.concatenate([[0], np.cumsum(counts)])
    found: list[list[int]] = [[] for _ in parts]
    for row, part in zip(rows, np.searchsorted(first, rows, side="right") - 1, strict=True):
        found[part].append(int(row - first[part]))
    return [tuple(each) for each in found]


def _leave_out_copies(tasks: Sequence[_Task], read: list[_Read], workers: Workers) -> list[_Read]:
    rows = iter(_copies([part for each in read for part in each.parts]))
    wanted = [tuple(next(rows) for _ in each.parts) for each in read]
    again = [
        _Copies(task, each, copies)
        for task, each, copies in zip(tasks, read, wanted, strict=True)
        if copies != tuple(part.copies for part in each.parts)
    ]
    written = {each.path: each for each in workers.run(_drop_copies, again, "ingest: copies")}
    return [written.get(each.path, each) for each in read]


def _named_in_order(read: Sequence[_Read], folders: dict[str, Path]) -> list[_Read]:
    """Give all parts their final names, and keep them; what else workers that died have left goes."""
    index = 0
    found = []
    for each in read:
        parts = []
        for part in each.parts:
            name = part_name(index)
            for folder in folders.values():
                (folder / part.name).rename(folder / name)
            parts.append(dataclasses.replace(part, name=name))
            index += 1
        found.append(dataclasses.replace(each, parts=tuple(parts)))
        _keep(found[-1])
    for folder in folders.values():
        for path in list(folder.iterdir()):
            if not path.name.startswith("part-"):
                path.unlink()
    return found


@no_search_for_cycles()
def ingest(raw: Place, out: Path, parameters: Ingest, workers: Workers = IN_THIS_PROCESS) -> dict[str, str]:
    """Write documents and rejects/ingest of the raw records below `raw`; the SHA-256 of each file by its path below
    `out`. Raises UsageError where there are no raw records.
    """
    check_folder(raw, "name the folder that holds the dumps")
    files, others = list_raw(raw)
    if not files:
        raise UsageError(f"{raw}: no raw records ({others} other files); put the dumps into {raw}/<source>/")
    source_files = {source: read_source_file(raw, source) for source in sorted({file.source for file in files})}
    unpublish(out)
    with (
        replaced_folder(out / "documents") as documents,
        replaced_folder(out / "rejects" / "ingest") as rejects,
    ):
        folders = {"documents": documents, "rejects/ingest": rejects}
        tasks = [
            _Task(
                out,
                index,
                tuple(part),
                {unit.file.source: source_files[unit.file.source] for unit in part},
                parameters,
                folders,
                code_key(),
            )
            for index, part in enumerate(cut_parts(list_units(files, parameters), parameters))
        ]
        read = workers.run(_read_part, tasks, "ingest", lambda task: sum(unit.size for unit in task.units))
        read = _named_in_order(_leave_out_copies(tasks, read, workers), folders)
    parts = [part for each in read for part in each.parts]
    records = sum(part.records for part in parts)
    write_json(out / ".state" / "accounting.json", {"raw_records": records, "not_records": others})
    keep_only(out, "ingest", (each.path.name for each in read))
    return {f"{table}/{part.name}": digest for part in parts for table, digest in part.digests.items()}
