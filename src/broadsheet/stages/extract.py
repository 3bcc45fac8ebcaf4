"""extract: documents, sources → blocks, articles, metadata, rejects."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from broadsheet.collection import no_search_for_cycles
from broadsheet.extraction import extract as extract_documents
from broadsheet.parameters import Extract
from broadsheet.records import Document, Mark, Source, marks_of
from broadsheet.stages.workers import map_parts
from broadsheet.tables import part_name, read_part, replaced_folder, rows_to_table, table_parts, unpublish, write_part

_TABLES = ("blocks", "articles", "metadata")


@dataclass(frozen=True, slots=True)
class _Task:
    index: int
    part: Path
    sources: dict[str, Source]
    folders: dict[str, Path]
    parameters: Extract


def _strings(column: pa.Array) -> list[str]:
    """The strings of a column in which few stand often, each made once."""
    coded = column.dictionary_encode()
    return list(map(coded.dictionary.to_pylist().__getitem__, coded.indices.to_numpy().tolist()))


def _documents(part: Path) -> list[Document]:
    table = read_part(part)
    column = table.column("marks").combine_chunks()
    flat = column.flatten()
    start, end, tag = (flat.field(name) for name in Mark._fields)
    marks = marks_of(zip(start.to_numpy().tolist(), end.to_numpy().tolist(), _strings(tag), strict=True))
    ends = np.cumsum(column.value_lengths().to_numpy()).tolist()
    rows = table.drop_columns("marks").to_pylist()
    return [Document(**row, marks=marks[first:past]) for row, first, past in zip(rows, [0, *ends], ends, strict=False)]


def read_sources(out: Path) -> dict[str, Source]:
    """The sources of a corpus by name."""
    rows = [row for part in table_parts(out, "sources") for row in read_part(part).to_pylist()]
    return {row["source"]: Source(**row | {"furniture": tuple(row["furniture"])}) for row in rows}


@no_search_for_cycles()
def _extract_part(task: _Task) -> None:
    documents = _documents(task.part)
    found = extract_documents(documents, task.sources, task.parameters)
    rows: dict[str, list[Any]] = {
        "blocks": [block for each in found for block in each.blocks],
        "articles": [each.article for each in found if each.article],
        "metadata": [each.metadata for each in found if each.metadata],
        "rejects": [each.reject for each in found if each.reject],
    }
    for name, folder in task.folders.items():
        write_part(folder / part_name(task.index), rows_to_table(name, rows[name]))


def extract(out: Path, parameters: Extract, workers: int = 1) -> None:
    """Write blocks, articles, metadata and rejects/extract: a part of each for a part of documents."""
    parts, sources = table_parts(out, "documents"), read_sources(out)
    unpublish(out)
    with ExitStack() as stack:
        folders = {name: stack.enter_context(replaced_folder(out / name)) for name in _TABLES}
        folders["rejects"] = stack.enter_context(replaced_folder(out / "rejects" / "extract"))
        tasks = (_Task(index, part, sources, folders, parameters) for index, part in enumerate(parts))
        for _ in map_parts(_extract_part, tasks, workers, "extract", len(parts)):
            pass
