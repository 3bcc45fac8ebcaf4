"""Rows of parts in memory, as checks ask for them: read once, whatever the number of queries.

Of the rows of all parts only a few columns are asked for together. Those of a part are kept in `.state/columns/` for
the next build, known by the SHA-256 of the part's file and by the code. DuckDB takes what is in memory as it is, so a
file of kept columns begins with the SHA-256 (64 hexadecimal digits) of what follows, which is an Arrow file.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.checks.parts import Parts
from broadsheet.schema import dictionary_columns, tables
from broadsheet.stages.kept import NOTHING_KNOWN, code_key
from broadsheet.tables import read_part, write_content

Rows = dict[str, pa.Table]
# What reading raises where a file is broken.
BROKEN = (pa.ArrowException, OSError)
_RECORD = ("raw_path", "raw_record", "raw_sha256")
_CODE, _DIGEST = b"code", b"sha256"
_DIGITS = 64
# Bytes of the columns that are asked of all parts together. A larger corpus is asked through its files.
_MOST_BYTES = 16_000_000


def _repeated(name: str) -> list[str]:
    """Columns of a table whose texts repeat: as dictionaries they are sooner read, and compared."""
    table = tables()[name]
    of_document = table.document_column if table.key != (table.document_column,) else None
    return [*dictionary_columns(name), *([of_document] if of_document else [])]


def _read(file: Path, name: str, columns: Collection[str]) -> pa.Table:
    repeated = [column for column in _repeated(name) if column in columns]
    rows = read_part(file, list(columns), repeated)
    # DuckDB, which looks through the texts of files, takes those in memory as they are.
    rows.validate(full=True)
    return rows


class Columns:
    """Of all parts of a corpus those columns of tables that `wanted` names, as far as they have been added or kept.

    `digests` are the SHA-256 of files by path below `folder`, as far as they are known: the columns of those are kept.
    """

    def __init__(
        self,
        folder: Path,
        stage: str,
        wanted: Mapping[str, list[str]],
        digests: Mapping[str, str] = NOTHING_KNOWN,
    ) -> None:
        self._folder, self._stage, self._wanted, self._digests = folder, stage, wanted, digests
        self._added: dict[Path, pa.RecordBatch] = {}
        self._size = 0

    def add(self, name: str, file: Path, rows: pa.Table) -> None:
        """Take what is wanted of the rows of a file of the table `name`."""
        if name in self._wanted and self._size <= _MOST_BYTES:
            batch = _batch(rows, self._wanted[name])
            self._size += batch.nbytes
            self._added[file] = batch

    def rows(self, parts: Mapping[str, Parts]) -> Rows | None:
        """All rows of the wanted tables, to be kept for the next build; None where they are too many.

        Raises `BROKEN` where a file cannot be read.
        """
        found: Rows = {}
        for name in self._wanted:
            kept = self._kept(name)
            batches: dict[Path, pa.RecordBatch] = {}
            for file in parts[name].files:
                if self._size > _MOST_BYTES:
                    return None
                batches[file] = self._of(name, file, kept)
                self._size += 0 if file in self._added else batches[file].nbytes
            self._keep(name, batches, kept)
            found[name] = pa.Table.from_batches(list(batches.values()))
        return found

    def _digest(self, file: Path) -> str:
        return self._digests.get(file.relative_to(self._folder).as_posix(), "")

    def _of(self, name: str, file: Path, kept: Mapping[str, pa.RecordBatch]) -> pa.RecordBatch:
        batch = self._added.get(file, kept.get(self._digest(file)))
        if batch is not None:
            return batch
        return _batch(_read(file, name, self._wanted[name] or tables()[name].key[-1:]), self._wanted[name])

    def _place(self, name: str) -> Path:
        return self._folder / ".state" / "columns" / f"{self._stage}-{name}"

    def _kept(self, name: str) -> dict[str, pa.RecordBatch]:
        """What the last build kept of a table, by the SHA-256 of parts."""
        try:
            kept = memoryview(self._place(name).read_bytes())
        except FileNotFoundError:
            return {}
        content = kept[_DIGITS:]
        if hashlib.sha256(content).hexdigest().encode() != kept[:_DIGITS]:
            return {}
        reader = pa.ipc.open_file(pa.py_buffer(content))
        if reader.schema.metadata[_CODE] != code_key().encode():
            return {}
        found = map(reader.get_batch_with_custom_metadata, range(reader.num_record_batches))
        return {each.custom_metadata[_DIGEST].decode(): each.batch for each in found}

    def _keep(self, name: str, batches: Mapping[Path, pa.RecordBatch], kept: Mapping[str, pa.RecordBatch]) -> None:
        known = {digest: batch for file, batch in batches.items() if (digest := self._digest(file))}
        if not known or known.keys() == kept.keys():
            return
        sink = pa.BufferOutputStream()
        schema = next(iter(known.values())).schema.with_metadata({_CODE: code_key()})
        with pa.ipc.new_file(sink, schema) as writer:
            for digest, batch in known.items():
                writer.write_batch(batch, custom_metadata={_DIGEST: digest})
        content = sink.getvalue()
        write_content(self._place(name), hashlib.sha256(content).hexdigest().encode() + content)


def _batch(rows: pa.Table, columns: Collection[str]) -> pa.RecordBatch:
    """Columns of a table in one piece and without dictionaries; with no column it still has as many rows."""
    if not columns:
        return pa.record_batch({"nothing": pa.nulls(len(rows))})
    arrays = {}
    for name in columns:
        column = rows[name].combine_chunks()
        column = pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column
        arrays[name] = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    return pa.record_batch(arrays)


def read_rows(
    parts: Mapping[str, Parts], columns: Mapping[str, Collection[str]], added_to: Columns | None = None
) -> Rows:
    """The rows of parts of tables, with the columns that are named. Raises `BROKEN` where a file cannot be read."""
    found: Rows = {}
    for name, own in columns.items():
        read = []
        for file in parts[name].files:
            rows = _read(file, name, own)
            if added_to:
                added_to.add(name, file, rows)
            read.append(rows)
        found[name] = pa.concat_tables(read)
    return found


def only_changed(rows: Rows, changed: Iterable[str]) -> Rows:
    """Rows without those of any document that is not among `changed`.

    Rows of documents that are not in the table of documents stay. A reject goes with the document of its record.
    """
    documents = rows["documents"]
    ids = documents["document_id"]
    is_unchanged = pc.invert(pc.is_in(ids, pa.array(sorted(changed), pa.string())))
    unchanged = ids.filter(is_unchanged)
    records = set(_records(documents.filter(is_unchanged))) if len(rows.get("rejects", ())) else set()
    return {name: table.filter(_others(name, table, unchanged, records)) for name, table in rows.items()}


def _others(
    name: str, table: pa.Table, unchanged: pa.ChunkedArray, records: set[tuple[str, int, str]]
) -> pa.Array | pa.ChunkedArray:
    """Which rows of a table are of none of the `unchanged` documents, which have these `records`."""
    if column := tables()[name].document_column:
        return pc.invert(pc.is_in(table[column], unchanged.combine_chunks()))
    return pa.array([record not in records for record in _records(table)], pa.bool_())


def _records(rows: pa.Table) -> Iterator[tuple[str, int, str]]:
    return zip(*(rows[name].to_pylist() for name in _RECORD), strict=True)
