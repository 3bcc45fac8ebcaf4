"""ingest: raw → documents, rejects.

A part is a run of files in order of raw_path, cut where a hash of the path says so: a file that comes
or goes changes the part that it lies in and no other. Duplicates are known only when all parts
have been read, so parts are written with all their documents first, and those few that hold a later
copy of an earlier record are written again without it.
"""

import dataclasses
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.errors import UsageError
from broadsheet.parameters import Ingest
from broadsheet.readers import RawFile, list_raw, read_file, to_document
from broadsheet.records import Document, Reject
from broadsheet.sources import SourceFile, read_source_file
from broadsheet.stages.kept import (
    code_key,
    entry_path,
    keep_only,
    key_of,
    made,
    part_files,
    read_entry,
    take_over,
    write_entry,
)  # fmt: skip
from broadsheet.stages.workers import IN_THIS_PROCESS, Care, Workers, carefully
from broadsheet.tables import (
    file_sha256,
    part_name,
    read_part,
    replaced_folder,
    rows_to_table,
    unpublish,
    write_json,
    write_part,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Task:
    out: Path
    index: int
    files: tuple[RawFile, ...]
    source_files: dict[str, SourceFile]
    parameters: Ingest
    folders: dict[str, Path]
    code: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A part that was read: its documents' ids, 10 bytes each, and the rows of those that were left out as `copies`."""

    place: str
    records: int
    ids: bytes
    copies: tuple[int, ...]
    files: dict[str, str]


def _opens_part(file: RawFile, parameters: Ingest) -> bool:
    digest = hashlib.sha256(file.raw_path.encode()).digest()
    return int.from_bytes(digest[:8], "big") % parameters.part_records == 0


def cut_parts(files: list[RawFile], parameters: Ingest) -> Iterator[list[RawFile]]:
    """Runs of files: a part ends before a file whose path's hash says so, or when it is large."""
    part: list[RawFile] = []
    size = 0
    for file in files:
        if part and (_opens_part(file, parameters) or size + file.size > parameters.part_bytes):
            yield part
            part, size = [], 0
        part.append(file)
        size += file.size
    if part:
        yield part


def _content_key(file: RawFile, parameters: Ingest) -> str:
    """What decides what is read from a file, beside its name and source.yaml."""
    if file.size > parameters.maximum_bytes:
        return f"{file.size} bytes"
    try:
        return file_sha256(Path(file.path))
    except OSError as error:
        return f"unreadable: {error.strerror}"


def _key(task: _Task) -> str:
    files = [(file.raw_path, _content_key(file, task.parameters)) for file in task.files]
    return key_of(task.code, task.parameters, files, sorted(task.source_files.items()))


def _place(task: _Task) -> str:
    return key_of(task.files[0].raw_path)


def _records_of(file: RawFile, source_file: SourceFile, parameters: Ingest) -> list[Document | Reject]:
    return [
        record if isinstance(record, Reject) else to_document(record, source_file, parameters)
        for record in read_file(file, parameters.maximum_bytes)
    ]


def _crashed(file: RawFile) -> list[Document | Reject]:
    detail = "the process that read the file died twice"
    return [Reject(file.raw_path, 0, None, None, file.size, "ingest", "crashed", detail)]


def _records(task: _Task, care: Care) -> tuple[pa.Table, pa.Table]:
    """Documents, copies included, and rejects of a part."""
    found = carefully(
        lambda files: [_records_of(file, task.source_files[file.source], task.parameters) for file in files],
        task.files,
        _crashed,
        care,
    )
    documents = (record for records in found for record in records if isinstance(record, Document))
    rejects = (record for records in found for record in records if isinstance(record, Reject))
    return rows_to_table("documents", documents), rows_to_table("rejects", rejects)


def _ids(documents: pa.Table) -> bytes:
    return bytes.fromhex("".join(documents["document_id"].to_pylist()))


def _write(task: _Task, documents: pa.Table, rejects: pa.Table) -> dict[str, str]:
    """Write a part; the SHA-256 of its files by table."""
    tables = {"documents": documents, "rejects/ingest": rejects}
    return {name: write_part(task.folders[name] / part_name(task.index), table) for name, table in tables.items()}


def _entry(key: str, ids: bytes, copies: Sequence[int], task: _Task, digests: dict[str, str]) -> dict[str, Any]:
    return {"key": key, "ids": ids.hex(), "copies": list(copies), "files": part_files(task.index, digests)}


def _keep(task: _Task, entry: dict[str, Any], records: int) -> _Read:
    """Keep the entry of a part; what is handed back of it."""
    place = _place(task)
    entry |= {"records": records}
    write_entry(entry_path(task.out, "ingest", place), entry)
    ids = bytes.fromhex(entry["ids"])
    return _Read(place, records, ids, tuple(entry["copies"]), made(place, entry).files)


def _read_part(task: _Task, care: Care) -> _Read:
    """Write a part's documents, copies included, and its rejects; or take them over, without copies."""
    key = _key(task)
    entry = read_entry(entry_path(task.out, "ingest", _place(task)))
    if take_over(task.out, entry, key, task.folders, task.index):
        assert entry is not None
        digests = {table: file["sha256"] for table, file in entry["files"].items()}
        return _keep(task, _entry(key, bytes.fromhex(entry["ids"]), entry["copies"], task, digests), entry["records"])
    documents, rejects = _records(task, care)
    entry = _entry("" if care.lost else key, _ids(documents), (), task, _write(task, documents, rejects))
    return _keep(task, entry, documents.num_rows + rejects.num_rows)


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
    """A part that was read, and the rows of its documents that are to be left out as copies."""

    task: _Task
    read: _Read
    rows: tuple[int, ...]


def _drop_copies(copies: _Copies, care: Care) -> _Read:
    """Write a part again with other copies left out than those that are."""
    task, path = copies.task, entry_path(copies.task.out, "ingest", copies.read.place)
    name = part_name(task.index)
    # Copies that are left out are in the files no more, and a worker that died may have left out these.
    if copies.read.copies or care.alone:
        documents, rejects = _records(task, care)
        if _ids(documents) != copies.read.ids:
            raise UsageError(f"{task.files[0].path} or a file after it changed while it was read; run again")
    else:
        documents, rejects = (read_part(task.folders[table] / name) for table in ("documents", "rejects/ingest"))
    found = [
        Reject(
            **{key: row[key] for key in _SHARED},
            stage="ingest",
            reason="exact_duplicate",
            detail="the same bytes as an earlier record",
            duplicate_of=row["document_id"],
        )
        for row in documents.take(pa.array(copies.rows, pa.int64())).select([*_SHARED, "document_id"]).to_pylist()
    ]
    rejects = pa.concat_tables([rejects, rows_to_table("rejects", found)])
    # Byte order of raw_path, not a locale's; Arrow compares strings by their UTF-8.
    rejects = rejects.take(pc.sort_indices(rejects, [("raw_path", "ascending"), ("raw_record", "ascending")]))
    keep = np.ones(documents.num_rows, bool)
    keep[list(copies.rows)] = False
    digests = _write(task, documents.filter(pa.array(keep)), rejects)
    key = (read_entry(path) or {"key": ""})["key"]
    return _keep(task, _entry(key, copies.read.ids, copies.rows, task, digests), copies.read.records)


def _copies(read: list[_Read]) -> list[tuple[int, ...]]:
    """For each part the rows of its documents that are copies of a record before them."""
    counts = [len(part.ids) // 10 for part in read]
    ids = np.frombuffer(b"".join(part.ids for part in read), np.uint8).reshape(-1, 10)
    rows = np.flatnonzero(later_copies(ids))
    first = np.concatenate([[0], np.cumsum(counts)])
    found: list[list[int]] = [[] for _ in read]
    for row, part in zip(rows, np.searchsorted(first, rows, side="right") - 1, strict=True):
        found[part].append(int(row - first[part]))
    return [tuple(each) for each in found]


def ingest(raw: Path, out: Path, parameters: Ingest, workers: Workers = IN_THIS_PROCESS) -> dict[str, str]:
    """Write documents and rejects/ingest of the raw records below `raw`; the SHA-256 of each file by its path below
    `out`. Raises UsageError where there are no raw records.
    """
    if not raw.is_dir():
        raise UsageError(f"{raw}: there is no such folder; name the folder that holds the dumps")
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
                {file.source: source_files[file.source] for file in part},
                parameters,
                folders,
                code_key(),
            )
            for index, part in enumerate(cut_parts(files, parameters))
        ]
        read = workers.run(_read_part, tasks, "ingest", lambda task: sum(file.size for file in task.files))
        again = [
            _Copies(tasks[index], read[index], rows)
            for index, rows in enumerate(_copies(read))
            if rows != read[index].copies
        ]
        for copies, part in zip(again, workers.run(_drop_copies, again, "ingest: copies"), strict=True):
            read[copies.task.index] = part
        records = sum(part.records for part in read)
    write_json(out / ".state" / "accounting.json", {"raw_records": records, "not_records": others})
    keep_only(out, "ingest", (entry_path(out, "ingest", part.place).name for part in read))
    return {name: digest for part in read for name, digest in part.files.items()}
