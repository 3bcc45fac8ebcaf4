"""Parquet on disk: writing parts that are the same bytes each time, and reading tables.

With readers and stage scripts this is the only place that touches disk.
"""

import glob
import hashlib
import json
import os
import secrets
import shutil
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.errors import UsageError
from broadsheet.records import Marks, columns_of
from broadsheet.schema import arrow_schema, dictionary_columns, tables

if TYPE_CHECKING:
    import pandas as pd

    from broadsheet.storage import Place

# What is made last, to be looked at.
PAGES = ("report.html", "audit.html")
# Small enough that one article's sentences come back in milliseconds (page index), large enough to compress.
_ROW_GROUP_ROWS = 32768


class UnfinishedCorpusWarning(UserWarning):
    """The folder has no manifest.json: its build was not finished, or its checks failed."""


def rows_to_table(name: str, rows: Iterable[Any]) -> pa.Table:
    """Records of a table (with an attribute for each column) as an Arrow table of its schema."""
    schema, rows = arrow_schema(name), list(rows)
    if rows and getattr(rows[0], "_fields", None) == tuple(schema.names):
        # Named tuples in the order of the schema are turned into columns at once.
        values: Iterable[Sequence[Any]] = zip(*rows, strict=True)
    else:
        values = (list(map(attrgetter(field), rows)) for field in schema.names)
    return columns_to_table(name, values)


def documents_to_table(name: str, documents: Sequence[Sequence[Any]]) -> pa.Table:
    """The columns that each document has of a table, in order of its schema, as one Arrow table. The last is no text:
    a text in place of a column stands in each row.
    """
    if not documents:
        return arrow_schema(name).empty_table()
    counts = [len(columns[-1]) for columns in documents]
    return columns_to_table(name, (_joined(columns, counts) for columns in zip(*documents, strict=True)))


def _joined(columns: Sequence[Any], counts: Sequence[int]) -> pa.Array | np.ndarray | Iterable[Any]:
    """A column of several documents, which have so many rows each, as one."""
    if isinstance(columns[0], str):
        return pa.array(columns, pa.string()).take(pa.array(np.repeat(np.arange(len(counts)), counts)))
    arrays = [column for column in columns if isinstance(column, np.ndarray)]
    return np.concatenate(arrays) if arrays else chain.from_iterable(columns)


def columns_to_table(name: str, columns: Iterable[pa.Array | np.ndarray | Iterable[Any]]) -> pa.Table:
    """Values of each column of a table, in order of its schema, as an Arrow table."""
    schema = arrow_schema(name)
    arrays = [_column(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _column(column: pa.Array | np.ndarray | Iterable[Any], kind: pa.DataType) -> pa.Array:
    """Values as an array; marks may be columns already."""
    if isinstance(column, pa.Array):
        return column
    if isinstance(column, np.ndarray):
        return pa.array(column, kind)
    values = list(column)
    if pa.types.is_list(kind) and any(isinstance(value, Marks) for value in values):
        return _marks_column([columns_of(value) for value in values], kind)
    return pa.array(values, kind)


def _marks_column(pages: Sequence[Marks], kind: pa.DataType) -> pa.Array:
    """Marks as lists of structs, without an object in Python for each of the hundreds of a page."""
    # The names of one page after those of another: what most share is not looked for.
    names = list(chain.from_iterable(page.names for page in pages))
    firsts = np.cumsum([0, *(len(page.names) for page in pages)]).tolist()
    codes = np.concatenate([page.code + first for page, first in zip(pages, firsts, strict=False)])
    tags = pa.DictionaryArray.from_arrays(codes, pa.array(names, pa.string()))
    start, end = (np.concatenate([getattr(page, name) for page in pages]) for name in ("start", "end"))
    fields = list(kind.value_type)
    structs = pa.StructArray.from_arrays([pa.array(start), pa.array(end), tags.dictionary_decode()], fields=fields)
    offsets = np.cumsum([0, *(len(page.code) for page in pages)], dtype=np.int32)
    return pa.ListArray.from_arrays(offsets, structs, type=kind)


def _write(path: Path, content: bytes | pa.Buffer) -> None:
    """Write a file beside its place and move it in, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two machines may have a process of the same number, and work on one part when one of them was taken for lost.
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        error.filename = str(path)  # a full disk does not say where
        raise
    finally:
        beside.unlink(missing_ok=True)


def write_part(path: Path, table: pa.Table) -> str:
    """Write a part; the SHA-256 of its file, hexadecimal.

    Bytes depend on the rows alone: chunks are combined and row groups fixed (pyarrow's bytes
    otherwise follow the chunking in memory), and the schema is the declared one (that of rows which
    were read from Parquet names the items of a list otherwise). Parts are small, and zstd finds what repeats: for most
    columns a dictionary would make them larger, and reading and writing slower.
    """
    repeated: Sequence[str] = ()
    if name := (table.schema.metadata or {}).get(b"table", b"").decode():
        schema, repeated = arrow_schema(name), dictionary_columns(name)
        table = table if table.schema.equals(schema, check_metadata=True) else table.cast(schema)
    buffer = pa.BufferOutputStream()
    pq.write_table(
        table.combine_chunks(),
        buffer,
        compression="zstd",
        row_group_size=_ROW_GROUP_ROWS,
        use_dictionary=list(repeated),
        write_page_index=True,
        store_schema=True,
    )
    content = buffer.getvalue()
    _write(path, content)
    return hashlib.sha256(content).hexdigest()


def write_json(path: Path, value: Any) -> None:
    """Write JSON with sorted keys."""
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    _write(path, text.encode())


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def former_folders(folder: Path) -> tuple[Path, Path]:
    """Where parts of a table may lie while it is replaced: its place, and what a build that was killed left."""
    return folder, folder.with_name(f".{folder.name}.left")


def write_content(path: Path, content: bytes) -> None:
    """Write bytes."""
    _write(path, content)


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8."""
    _write(path, text.encode())


@contextmanager
def replaced_folder(folder: Path) -> Iterator[Path]:
    """A fresh folder that takes the place of `folder` when the block ends without an error."""
    place, left = former_folders(folder)
    _keep_what_was_left(folder, left)
    # A name of its own: a worker of a killed build that still writes does not write here.
    beside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    beside.mkdir(parents=True)
    yield beside
    # What a worker that was killed had begun to write; another one has written it whole.
    for each in beside.glob(".part-*"):
        each.unlink()
    # DVC's outs and a reader's open files are of the folder, so the swap is of the folder as a whole.
    old = folder.with_name(f".{folder.name}.old")
    if place.exists():
        place.replace(old)
    beside.replace(place)
    for each in (old, left):
        shutil.rmtree(each, ignore_errors=True)


def _keep_what_was_left(folder: Path, left: Path) -> None:
    """Of the folders that killed builds left beside `folder`, keep the fullest as `left`."""
    found = sorted(
        folder.parent.glob(f".{glob.escape(folder.name)}.*"), key=lambda each: -sum(1 for _ in each.iterdir())
    )
    for each in found[1:]:
        shutil.rmtree(each)
    if found and found[0] != left:
        found[0].replace(left)


def check_folder(folder: "Place", advice: str) -> None:
    """Raise UsageError where `folder` is a file, or nothing at all; `advice` says what to name instead."""
    if not folder.is_dir():
        is_file = isinstance(folder, Path) and folder.exists()
        found = "this is a file, not a folder" if is_file else "there is no such folder"
        raise UsageError(f"{folder}: {found}; {advice}")


def unpublish(out: Path) -> None:
    """Mark a corpus as unfinished: its manifest, and what was drawn of it, go before anything of it is changed."""
    for name in ("manifest.json", *PAGES):
        (out / name).unlink(missing_ok=True)


def part_name(index: int) -> str:
    """File name of a part; names sort as the parts do."""
    return f"part-{index:06d}.parquet"


def table_folders(folder: Path, name: str) -> list[Path]:
    """The folders of a table's parts: one, or one a stage for rejects."""
    stages = tables()[name].stages
    return [folder / name / stage for stage in stages] if len(stages) > 1 else [folder / name]


def table_parts(folder: Path, name: str) -> list[Path]:
    """Parts of a table in order of their rows."""
    return [path for each in table_folders(folder, name) for path in sorted(each.glob("part-*.parquet"))]


def read_part(path: Path, columns: Sequence[str] | None = None, repeated: Sequence[str] = ()) -> pa.Table:
    """One part as an Arrow table, in columns' order of the schema unless `columns` says otherwise.

    Columns of `repeated` texts come as dictionaries, one a row group. On one thread: parts are small, and there are
    workers for many; threads cost up to half as much again.
    """
    file = pq.ParquetFile(path, read_dictionary=repeated)
    if file.num_row_groups < 2 or not repeated:
        return file.read(columns=columns, use_threads=False)
    # Several at once Arrow does not read with dictionaries within lists.
    groups = (file.read_row_group(group, columns, use_threads=False) for group in range(file.num_row_groups))
    return pa.concat_tables(groups)


def least_text(path: Path, column: str) -> str | None:
    """The least text of a column of a part, as its footer says; None where it has none."""
    footer = pq.read_metadata(path)
    place = footer.schema.names.index(column)
    groups = (footer.row_group(index).column(place).statistics for index in range(footer.num_row_groups))
    return min((group.min for group in groups if group and group.has_min_max), default=None)


def content_hash(table: pa.Table) -> str:
    """SHA-256 of the rows' values, whatever writer, chunking or platform: the logical hash of a part.

    Each column is hashed as its type's name, its validity and its values in little-endian bytes.
    """
    digest = hashlib.sha256()
    for field, column in zip(table.schema, table.columns, strict=True):
        # Items of a list are named as in Parquet, whether they have been there or not.
        kind = str(field.type).replace("list<item: ", "list<element: ")
        digest.update(f"{field.name}:{kind}:{len(column)}\n".encode())
        _hash_array(digest, pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], field.type))
    return digest.hexdigest()


def _hash_array(digest: Any, array: pa.Array) -> None:
    # Most columns have no null, and what stands in for nulls takes longer than all else.
    has_nulls = array.null_count > 0
    digest.update(array.is_valid().to_numpy(zero_copy_only=False).tobytes() if has_nulls else b"\1" * len(array))
    kind = array.type
    if pa.types.is_list(kind):
        lengths = array.value_lengths()
        digest.update((lengths.fill_null(0) if has_nulls else lengths).to_numpy().astype("<i8").tobytes())
        _hash_array(digest, array.flatten())
    elif pa.types.is_struct(kind):
        for index in range(kind.num_fields):
            _hash_array(digest, array.field(index))
    elif pa.types.is_string(kind):
        _hash_texts(digest, array.fill_null("") if has_nulls else array)
    elif pa.types.is_boolean(kind):
        digest.update((array.fill_null(False) if has_nulls else array).to_numpy(zero_copy_only=False).tobytes())
    else:
        number = array.view(pa.int64()) if pa.types.is_timestamp(kind) else array
        numbers = (number.fill_null(0) if has_nulls else number).to_numpy()
        digest.update(numbers.astype(numbers.dtype.newbyteorder("<"), copy=False).tobytes())


def _hash_texts(digest: Any, array: pa.Array) -> None:
    """Add the lengths of texts in UTF-8, none of them null, and their bytes."""
    places, content = text_bytes(array)
    digest.update(np.diff(places).astype("<i8").tobytes())
    digest.update(content[places[0] : places[-1]])


def text_bytes(array: pa.Array) -> tuple[np.ndarray, memoryview]:
    """Where each text of an array begins (int32[texts + 1]) in the bytes that all have in UTF-8, null being none."""
    _, places, content = array.buffers()
    # Without any text there may be no buffer.
    begins = np.frombuffer(places or b"\0\0\0\0", "<i4")[array.offset : array.offset + len(array) + 1]
    return begins, memoryview(content or b"")


def read_table(
    name: str,
    folder: str | os.PathLike[str] = "processed",
    columns: Sequence[str] | None = None,
    filters: Any = None,
) -> "pd.DataFrame":
    """A table of a built corpus as a pandas DataFrame with Arrow-backed types.

    `columns` names the columns to read, `filters` is what `pyarrow.parquet.read_table` takes, such as
    `[("in_language", "==", "de")]`. Warns with UnfinishedCorpusWarning where the build was not finished
    or its checks failed. Raises UsageError for a table or column that does not exist, or a folder
    that holds no corpus.
    """
    import pandas as pd

    schema, place = arrow_schema(name), Path(folder)
    if unknown := [column for column in columns or () if column not in schema.names]:
        raise UsageError(f"{name} has no column {unknown[0]!r}; columns are {', '.join(schema.names)}")
    parts = table_parts(place, name)
    if not parts:
        check_folder(place, f"build the tables with: broadsheet build RAW {place}")
        raise UsageError(f"{place}: no table {name} here; build it with: broadsheet build RAW {place}")
    if not (place / "manifest.json").is_file():
        warnings.warn(
            f"{place} has no manifest.json: its build was not finished or its checks failed (see {place}/checks)",
            UnfinishedCorpusWarning,
            stacklevel=2,
        )
    # An explicit schema keeps types and column order, and reads parts with no row as well.
    table = pq.read_table([str(part) for part in parts], columns=columns, filters=filters, schema=schema)
    return table.to_pandas(types_mapper=pd.ArrowDtype)
